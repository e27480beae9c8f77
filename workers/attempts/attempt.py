"""One attempt at a job, as its task sees it: what it works with, and what it tells."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import structlog

from store.errors import StoreError, Unavailable
from store.jobs import retries
from store.records.job import Job
from store.records.worker import WorkAtHand
from store.store import Store
from workers.attempts.joblog import JobLog
from workers.attempts.reporter import Reporter
from workers.attempts.trail import Trail
from workers.children.isolation import Child, ChildDied, StageFault

PATIENCE_S = 1.0
LOG_PATIENCE_S = 2.0
"""For lines to be kept before the end that they led to."""
T = TypeVar("T")
log = structlog.get_logger()


class Attempt:
    """What a task needs: the claimed job, the store, a child process and a scratch folder."""

    def __init__(self, store: Store, job: Job, child: Child, scratch: Path) -> None:
        self.store, self.job, self.scratch = store, job, scratch
        self.log = JobLog(store.job_logs, job)
        self.trail = Trail(job)
        self.child = child
        self.stage_name: str | None = None

    @property
    def at_hand(self) -> WorkAtHand:
        """What it is at, for whoever looks at this worker."""
        return WorkAtHand(self.job.id, self.job.attempt, self.stage_name)

    def is_last_for(self, fault: ChildDied | StageFault) -> bool:
        """Whether such a fault of this attempt ends the job."""
        return retries.delay_s(fault.code, self.job.failures) is None

    async def stage(self, name: str, request: dict[str, Any], total: int = 0) -> Any:
        """Run one request in the child as the stage `name`, its progress reported."""
        await self.stage_started(name, total)
        return await self.call(request, Reporter(self.store.jobs, self.job, name).progress)

    async def call(
        self, request: dict[str, Any], on_progress: Callable[[int, int], Awaitable[None]]
    ) -> Any:
        """Run one request in the child, as part of whatever stage is under way."""
        return await self.child.run(request, on_progress, self.log.heard)

    async def stage_started(self, name: str, total: int = 0) -> None:
        self.stage_name = self.log.stage = name
        self.trail.stage_started(name)
        jobs = self.store.jobs
        self.job = await self.patiently(lambda: jobs.stage_started(self.job, name, total))
        self.log.info(f"{name} started", rows=total or None)

    async def stage_done(
        self, name: str, done: int, summary: str, artefacts: tuple[str, ...] = (),
        *, is_kept: bool = False, fresh: int | None = None,
    ) -> None:  # fmt: skip
        peak = 0 if is_kept else self.child.peak_bytes
        self.job = await self.patiently(
            lambda: self.store.jobs.stage_done(
                self.job,
                name,
                done,
                summary,
                artefacts,
                is_kept=is_kept,
                fresh=fresh,
                peak_bytes=peak,
            )
        )
        self.trail.stage_done(done, is_kept=is_kept)
        self.log.stage_done(self.job.stage(name))

    async def commit(self, model_version_id: str | None = None) -> None:
        """Before what the job made becomes visible. Raises IllegalMove when a cancel came first."""
        jobs = self.store.jobs
        self.job = await self.patiently(lambda: jobs.commit(self.job, model_version_id))

    async def succeed(self, freed_bytes: int | None = None) -> None:
        """The good end; how long it took is remembered for the next estimate."""
        jobs, estimates = self.store.jobs, self.store.estimates
        await self.log.finish(LOG_PATIENCE_S)
        self.job = await self.patiently(lambda: jobs.succeed(self.job, freed_bytes))
        try:
            await estimates.learn(self.job)
        except StoreError as fault:
            log.warning("nothing learnt of the job's time", reason=str(fault))

    async def patiently(self, write: Callable[[], Awaitable[T]]) -> T:
        """Try until MongoDB takes it; the lease's end stops this work before another begins."""
        while True:
            try:
                return await write()
            except Unavailable as fault:
                log.warning("the store is out of reach", reason=str(fault))
                await asyncio.sleep(PATIENCE_S)
