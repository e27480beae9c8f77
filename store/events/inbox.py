"""A follower's bounded buffer between the reader and a consumer of any speed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from store.records.event import Event

CAPACITY = 1_000


class Inbox:
    """It is behind at first, and again when it overflows: its follower reads the stream then.

    An inbox that is behind keeps nothing, so a follower who never comes back costs nothing. There
    may be thousands of them, each woken for every event: hence a future, and a timer that is not
    set anew each time, in place of an `asyncio.Event` under an `asyncio.timeout`.
    """

    __slots__ = ("_events", "_has_changed", "_since", "_timer", "_waiter", "is_behind")

    def __init__(self) -> None:
        self._events: list[Event] = []
        self._waiter: asyncio.Future[bool] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._since = 0.0
        self._has_changed = False
        self.is_behind = True

    def put(self, events: Sequence[Event]) -> None:
        if self.is_behind:
            return
        if len(self._events) + len(events) > CAPACITY:
            self.fall_behind()
            return
        self._events += events
        self._wake()

    def fall_behind(self) -> None:
        self._events = []
        self.is_behind = True
        self._wake()

    def collect(self) -> None:
        """Keep what comes from now on; called before the read that is to reach the present."""
        self._events = []
        self._has_changed = False
        self.is_behind = False

    async def take(self, timeout_s: float) -> list[Event]:
        """What came, after waiting for the first; nothing once it is behind.

        Raises TimeoutError when nothing came.
        """
        if not self._has_changed and not await self._is_woken(timeout_s):
            raise TimeoutError
        self._has_changed = False
        events, self._events = self._events, []
        return events

    def close(self) -> None:
        """Nobody takes from it any more."""
        if self._timer is not None:
            self._timer.cancel()

    async def _is_woken(self, timeout_s: float) -> bool:
        loop = asyncio.get_running_loop()
        self._waiter, self._since = loop.create_future(), loop.time()
        if self._timer is None:
            self._timer = loop.call_later(timeout_s, self._ring, timeout_s)
        try:
            return await self._waiter
        finally:
            self._waiter = None

    def _ring(self, timeout_s: float) -> None:
        """The timer's time has come: who waits since then has waited long enough."""
        self._timer = None
        if self._waiter is None:
            return
        loop = asyncio.get_running_loop()
        left_s = self._since + timeout_s - loop.time()
        if left_s <= 0:
            self._end(is_woken=False)
        else:
            self._timer = loop.call_later(left_s, self._ring, timeout_s)

    def _wake(self) -> None:
        self._has_changed = True
        self._end(is_woken=True)

    def _end(self, *, is_woken: bool) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(is_woken)
