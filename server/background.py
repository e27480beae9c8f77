"""What a server does beside answering: loops that live as long as it does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import structlog

from server.tasks import end
from store.errors import StoreError

Loop = Callable[[], Awaitable[None]]
REST_S = 1.0

log = structlog.get_logger(__name__)


@asynccontextmanager
async def background(*loops: Loop) -> AsyncIterator[None]:
    """Each runs until the block ends; one that breaks begins anew after a rest."""
    tasks = [asyncio.create_task(_kept_up(loop)) for loop in loops]
    try:
        yield
    finally:
        await end(*tasks)


async def _kept_up(loop: Loop) -> None:
    while True:
        try:
            await loop()
        except StoreError as fault:  # a service is away; its own log tells more
            log.warning("background_waits", reason=str(fault))
        except Exception:
            log.exception("background_broke")
        await asyncio.sleep(REST_S)
