"""Who showed what a moment ago, so that a request need not ask MongoDB who it is from."""

from __future__ import annotations

import time
from collections import OrderedDict

from store.records.viewer import Viewer

KEPT_S = 5.0
"""How long another process's revocation may go unnoticed here."""
MAX_VIEWERS = 10_000


class Recall:
    """Viewers by the digest of what they showed, each for a few seconds."""

    def __init__(self) -> None:
        self._viewers: OrderedDict[str, tuple[Viewer, float]] = OrderedDict()

    def get(self, shown: str) -> Viewer | None:
        viewer, until = self._viewers.get(shown, (None, 0.0))
        return viewer if time.monotonic() < until else None

    def keep(self, shown: str, viewer: Viewer) -> None:
        self._viewers.pop(shown, None)
        self._viewers[shown] = (viewer, time.monotonic() + KEPT_S)
        if len(self._viewers) > MAX_VIEWERS:
            self._viewers.popitem(last=False)

    def forget(self, user_id: str) -> None:
        """Ask about this user anew: something of theirs changed."""
        for shown in [s for s, (viewer, _) in self._viewers.items() if viewer.id == user_id]:
            del self._viewers[shown]
