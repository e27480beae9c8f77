"""How many connections that last one caller may hold in a process: sockets and streams alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from store.errors import Throttled
from store.records.viewer import Viewer

RETRY_S = 10.0


class Places:
    """Those of one process. A key has places of its own, beside those of its owner's sessions."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._taken: Counter[str] = Counter()

    @contextmanager
    def taken(self, by: Viewer | str) -> Iterator[None]:
        """A place while it lasts, for a viewer or whoever calls from that address.

        Raises Throttled when they have none left.
        """
        holder = by if isinstance(by, str) else by.api_key_id or by.id
        if self._taken[holder] >= self._most:
            raise Throttled(f"at most {self._most} sockets and streams a caller", RETRY_S)
        self._taken[holder] += 1
        try:
            yield
        finally:
            self._taken[holder] -= 1
            if not self._taken[holder]:
                del self._taken[holder]
