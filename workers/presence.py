"""A worker's word that it lives, and what it is at: each heartbeat, and whenever that changes."""

from __future__ import annotations

import asyncio
import os
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import structlog

from store.clock import now
from store.errors import StoreError
from store.records.worker import WorkAtHand, WorkerKind, WorkerPresence
from store.store import Store
from store.version import VERSION
from workers import host
from workers.process import worker_name

LOOK_EACH_S = 0.5
log = structlog.get_logger()


@asynccontextmanager
async def present(
    store: Store,
    kind: WorkerKind,
    *,
    slots: int,
    jobs: Callable[[], tuple[WorkAtHand, ...]] = tuple,
    models: Callable[[], tuple[str, ...]] = tuple,
) -> AsyncIterator[None]:
    """This process is a worker of the platform until the block ends, through any outage."""
    word = Word(store, kind, slots, jobs, models)
    keeping = asyncio.create_task(word.keep(), name="presence")
    try:
        yield
    finally:
        keeping.cancel()
        await asyncio.wait({keeping})
        try:
            await store.presence.leave(worker_name(), "stopped")
        except StoreError as fault:
            log.warning("the worker's end was not told", reason=str(fault))


class Word:
    def __init__(
        self,
        store: Store,
        kind: WorkerKind,
        slots: int,
        jobs: Callable[[], tuple[WorkAtHand, ...]],
        models: Callable[[], tuple[str, ...]],
    ) -> None:
        self._store = store
        self._jobs, self._models = jobs, models
        at = now()
        self._said = WorkerPresence(
            id=worker_name(), kind=kind, host=socket.gethostname(), pid=os.getpid(),
            version=VERSION, started_at=at, heartbeat=at, memory_bytes=0,
            memory_total_bytes=host.memory_total_bytes(), cores=host.cores(), slots=slots,
        )  # fmt: skip
        self._untold: str | None = "started"
        self._appeared_at = at

    async def keep(self) -> None:
        """Say it until cancelled."""
        while True:
            try:
                await self._beat()
            except StoreError as fault:
                log.warning("the worker was not heard", reason=str(fault))
            await self._until_due()

    async def _beat(self) -> None:
        memory_bytes = await asyncio.to_thread(host.memory_bytes)
        self._said = replace(
            self._said, memory_bytes=memory_bytes, jobs=self._jobs(), models=self._models()
        )
        was_unknown = await self._store.presence.beat(self._said)
        if was_unknown and self._untold is None:
            self._untold, self._appeared_at = "was heard of again", now()
        if self._untold is not None:
            await self._store.presence.tell_start(self._said, self._appeared_at, self._untold)
            self._untold = None

    async def _until_due(self) -> None:
        heartbeat_s = self._store.settings.heartbeat_s
        due_at = time.monotonic() + heartbeat_s
        while True:
            await asyncio.sleep(min(LOOK_EACH_S, heartbeat_s))
            has_changed = (self._jobs(), self._models()) != (self._said.jobs, self._said.models)
            if has_changed or time.monotonic() >= due_at:
                return
