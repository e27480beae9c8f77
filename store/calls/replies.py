"""Replies on their way back to whoever asked in this process."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import Context
from typing import Any

import structlog
from redis.asyncio import Redis

from store.errors import Unavailable
from store.redis.connection import redis_errors

BATCH = 64
RECONNECT_S = 0.1

log = structlog.get_logger(__name__)


class Replies:
    """One task reads this process's list and hands each reply to its caller.

    It starts with the first call and outlives a Redis that restarts; callers who wait meanwhile
    are told at once, for their call or its reply may be lost.
    """

    def __init__(self, redis: Redis, key: str, block_s: float) -> None:
        self.key = key
        self._redis = redis
        self._block_s = block_s
        self._waiting: dict[bytes, asyncio.Future[bytes]] = {}
        self._task: asyncio.Task[None] | None = None

    @contextmanager
    def expected(self, call_id: str) -> Iterator[asyncio.Future[bytes]]:
        """The reply to a call, or Unavailable; a reply that comes after the block is dropped."""
        if self._task is None or self._task.done():
            # its log lines are about no one call
            self._task = asyncio.create_task(self._read(), name="replies-reader", context=Context())
        future: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._waiting[call_id.encode()] = future
        try:
            yield future
        finally:
            del self._waiting[call_id.encode()]
            if future.done() and not future.cancelled():
                future.exception()  # seen, also where the call failed first: the loop need not warn

    async def close(self) -> None:
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait([task])

    async def _read(self) -> None:
        while True:
            try:
                for entry in await self._next():
                    self._deliver(entry)
            except Unavailable as error:
                log.warning("calls.reader_down", error=str(error))
                self._fail_all(error)
                await asyncio.sleep(RECONNECT_S)

    async def _next(self) -> list[bytes]:
        # its declared type is that of a client that is not asynchronous
        popping: Any = self._redis.blmpop(self._block_s, 1, self.key, direction="LEFT", count=BATCH)
        with redis_errors():
            popped = await popping
        return popped[1] if popped else []

    def _deliver(self, entry: bytes) -> None:
        call_id, _, reply = entry.partition(b" ")
        future = self._waiting.get(call_id)
        if future is not None and not future.done():
            future.set_result(reply)

    def _fail_all(self, error: Unavailable) -> None:
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(error)
