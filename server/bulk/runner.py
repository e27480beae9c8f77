"""The loop in which a server takes bulk operations up: servers know the schema, workers do not."""

from __future__ import annotations

import asyncio
import os
import socket
import time

import structlog

from schema.loaders import Loaders
from server.bulk.run import BulkRun
from server.tasks import end
from store.errors import Unavailable
from store.store import Store

LOOK_EACH_S = 2.0
SWEEP_EACH_S = 5.0

log = structlog.get_logger(__name__)


class BulkRunner:
    """Takes all that `max_running` allows; what it holds when it stops goes back to the queue."""

    def __init__(self, store: Store, loaders: Loaders) -> None:
        self._store = store
        self._loaders = loaders
        self._name = f"{socket.gethostname()}:{os.getpid()}"
        self._running: set[asyncio.Task[None]] = set()
        self._swept_at = 0.0

    async def serve(self) -> None:
        """Until cancelled; what runs goes on while a service is away."""
        try:
            while True:
                try:
                    await self._take_up()
                    await self._sweep()
                    await self._store.queue.heard(LOOK_EACH_S)
                except Unavailable as fault:
                    log.warning("bulk_operations_wait", reason=str(fault))
                    await asyncio.sleep(LOOK_EACH_S)
        finally:
            await end(*self._running)

    async def _take_up(self) -> None:
        jobs = self._store.jobs
        while job := await jobs.claim_next(self._name, is_served=True):
            with structlog.contextvars.bound_contextvars(job=job.id, attempt=job.attempt):
                task = asyncio.create_task(BulkRun(self._store, self._loaders, job).run())
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def _sweep(self) -> None:
        """Mend what other servers left; where no worker runs, nobody else does."""
        if time.monotonic() - self._swept_at < SWEEP_EACH_S:
            return
        self._swept_at = time.monotonic()
        await self._store.jobs.sweep()
        await self._store.operations.sweep()
