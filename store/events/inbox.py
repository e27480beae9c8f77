"""A follower's bounded buffer between the reader and a consumer of any speed."""

from __future__ import annotations

import asyncio
from collections import deque

from store.records.event import Event

CAPACITY = 1_000


class Inbox:
    """It is behind at first, and again when it overflows: its follower reads the stream then.

    An inbox that is behind keeps nothing, so a follower who never comes back costs nothing.
    """

    def __init__(self) -> None:
        self._events: deque[Event] = deque()
        self._changed = asyncio.Event()
        self.is_behind = True

    def put(self, event: Event) -> None:
        if self.is_behind:
            return
        if len(self._events) == CAPACITY:
            self.fall_behind()
            return
        self._events.append(event)
        self._changed.set()

    def fall_behind(self) -> None:
        self._events.clear()
        self.is_behind = True
        self._changed.set()

    def collect(self) -> None:
        """Keep what comes from now on; called before the read that is to reach the present."""
        self._events.clear()
        self._changed.clear()
        self.is_behind = False

    async def take(self, timeout_s: float) -> list[Event]:
        """What came, after waiting for the first; nothing once it is behind.

        Raises TimeoutError when nothing came.
        """
        async with asyncio.timeout(timeout_s):
            await self._changed.wait()
        self._changed.clear()
        events = list(self._events)
        self._events.clear()
        return events
