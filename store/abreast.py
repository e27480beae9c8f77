"""Many small waits at a time: for objects, each of which is soon there but not at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

T = TypeVar("T")
AT_ONCE = 16


async def abreast(do: Callable[[T], Awaitable[object]], items: Sequence[T]) -> None:
    """Await `do` of every item, some at a time.

    An error is raised when those begun beside it have ended; no more are begun then.
    """
    for start in range(0, len(items), AT_ONCE):
        begun = [do(item) for item in items[start : start + AT_ONCE]]
        for outcome in await asyncio.gather(*begun, return_exceptions=True):
            if isinstance(outcome, BaseException):
                raise outcome
