"""What was found a moment ago, so that a request need not ask MongoDB for it again."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")
MOST = 10_000


class Recall(Generic[T]):
    """Records by what they were found by, each for `kept_s` seconds.

    That is how long another process's change may go unnoticed here; `forget` is for our own.
    """

    def __init__(self, kept_s: float, subject: Callable[[T], str]) -> None:
        self._kept_s = kept_s
        self._subject = subject
        self._known: OrderedDict[str, tuple[T, float]] = OrderedDict()

    def get(self, key: str) -> T | None:
        found = self._known.get(key)
        return found[0] if found and time.monotonic() < found[1] else None

    def keep(self, key: str, record: T) -> None:
        self._known.pop(key, None)
        self._known[key] = (record, time.monotonic() + self._kept_s)
        if len(self._known) > MOST:
            self._known.popitem(last=False)

    def forget(self, subject_id: str) -> None:
        """Ask about this user or model anew: something of theirs changed."""
        for key in [
            k for k, (known, _) in self._known.items() if self._subject(known) == subject_id
        ]:
            del self._known[key]
