"""One attempt at a job: the work beside its lease, and every way in which it can end."""

from __future__ import annotations

import asyncio
import random
import traceback
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import structlog

from store import disk, retries
from store.errors import DiskFull, IllegalMove, StaleAttempt, StoreError, Unavailable
from store.records.dataset import Problem
from store.records.job import Failure, Job
from store.records.worker import WorkAtHand
from store.store import Store
from workers import lease
from workers.childlog import MAX_TRACEBACK
from workers.isolation import Child, ChildDied, StageFault
from workers.joblog import JobLog
from workers.pipeline.progress import BadData, Cancelled
from workers.reporter import Reporter

CANCEL_GRACE_S = 8.0
MAX_PROBLEMS = 25
"""Kept with the job; those of a file are all kept with its version."""
PATIENCE_S = 1.0
LOG_PATIENCE_S = 2.0
"""For lines to be kept before the end that they led to."""
JITTER = 0.2
T = TypeVar("T")
log = structlog.get_logger()


class Attempt:
    """What a task needs: the claimed job, the store, a child process and a scratch folder."""

    def __init__(self, store: Store, job: Job, child: Child, scratch: Path) -> None:
        self.store, self.job, self.scratch = store, job, scratch
        self.log = JobLog(store.job_logs, job)
        self._child = child
        self._stage: str | None = None

    @property
    def at_hand(self) -> WorkAtHand:
        """What it is at, for whoever looks at this worker."""
        return WorkAtHand(self.job.id, self.job.attempt, self._stage)

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
        return await self._child.run(request, on_progress, self.log.heard)

    async def stage_started(self, name: str, total: int = 0) -> None:
        self._stage = self.log.stage = name
        jobs = self.store.jobs
        self.job = await self.patiently(lambda: jobs.stage_started(self.job, name, total))
        self.log.info(f"{name} started", rows=total or None)

    async def stage_done(
        self, name: str, done: int, summary: str, artefacts: tuple[str, ...] = (),
        *, is_kept: bool = False,
    ) -> None:  # fmt: skip
        peak = 0 if is_kept else self._child.peak_bytes
        self.job = await self.patiently(
            lambda: self.store.jobs.stage_done(
                self.job, name, done, summary, artefacts, is_kept=is_kept, peak_bytes=peak
            )
        )
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

    async def run(self, task: Callable[[Attempt], Awaitable[None]]) -> None:
        """Run `task` to one of its ends and write that end down, unless the lease is lost."""
        async with self.log:
            await self._run_to_an_end(task)

    async def _run_to_an_end(self, task: Callable[[Attempt], Awaitable[None]]) -> None:
        try:
            await self._run_held(task)
        except (lease.LeaseLost, StaleAttempt) as lost:
            log.warning("attempt given up", reason=str(lost))
            self.log.warning(f"attempt {self.job.attempt} given up: {lost}")
        except Cancelled:
            await self._settle(self.store.jobs.acknowledge_cancel(self.job))
        except BadData as bad:
            await self._fail(bad.code, str(bad), bad.problems)
        except (ChildDied, StageFault, Unavailable) as fault:
            await self._again(fault.code, str(fault))
        except (asyncio.CancelledError, lease.Drained):
            await self._hand_back()
        except StoreError as refusal:
            await self._fail(refusal.code, str(refusal))
        except Exception as error:
            if isinstance(error, OSError) and disk.is_full(error, self.scratch):
                return await self._again(DiskFull.code, disk.full(self.scratch))
            log.exception("attempt broke")
            self.log.error(f"the worker broke\n{traceback.format_exc()[-MAX_TRACEBACK:]}")
            await self._fail("INTERNAL", "an unexpected fault; the worker's log has its traceback")

    async def _run_held(self, task: Callable[[Attempt], Awaitable[None]]) -> None:
        self.scratch.mkdir(parents=True, exist_ok=True)
        work = asyncio.ensure_future(task(self))
        watcher = asyncio.create_task(lease.watch(self.store, self.job))
        try:
            await asyncio.wait({work, watcher}, return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                return work.result()
            watcher.result()
            await self._stop(work)
            raise Cancelled
        finally:
            work.cancel()
            watcher.cancel()
            await asyncio.wait({work, watcher})

    async def patiently(self, write: Callable[[], Awaitable[T]]) -> T:
        """Try until MongoDB takes it; the lease's end stops this work before another begins."""
        while True:
            try:
                return await write()
            except Unavailable as fault:
                log.warning("the store is out of reach", reason=str(fault))
                await asyncio.sleep(PATIENCE_S)

    async def _stop(self, work: asyncio.Future[None]) -> None:
        """Let the child end at its next batch, or by force after the grace."""
        if self._child.is_idle:  # files are on their way: there is no batch to wait for
            work.cancel()
        await self._child.ask_to_stop()
        await asyncio.wait({work}, timeout=CANCEL_GRACE_S)
        self._child.kill()
        work.cancel()

    async def _fail(self, code: str, message: str, problems: tuple[Problem, ...] = ()) -> None:
        log.info("job failed", code=code, reason=message)
        self.log.problems(problems, len(problems))
        shown = problems[:MAX_PROBLEMS]
        failure = Failure(code, message, retryable=False, stage=self._stage, problems=shown)
        await self._settle(self.store.jobs.fail(self.job, failure))

    async def _again(self, code: str, message: str) -> None:
        """Back to the queue, unless such a fault has no further try."""
        log.warning("attempt failed", code=code, reason=message)
        failure = Failure(code, message, retryable=True, stage=self._stage)
        delay_s = retries.delay_s(code, self.job.failures)
        if delay_s is None:
            await self._settle(self.store.jobs.fail(self.job, failure))
        else:
            delay_s *= 1 + random.uniform(-JITTER, JITTER)  # not all at once after an outage
            self.log.warning(f"tried again in {delay_s:.1f} s: {message}", code=code)
            await self._settle(self.store.jobs.requeue(self.job, failure, delay_s))

    async def _hand_back(self) -> None:
        """This worker or the queue is stopping: a later attempt goes on from the last stage."""
        self.log.info("given back, to go on from the last finished stage")
        await self._settle(self.store.jobs.requeue(self.job, None, 0.0))

    async def _settle(self, write: Awaitable[Any]) -> None:
        """An end that cannot be written is left to the sweeper, who finds the lease run out."""
        await self.log.finish(LOG_PATIENCE_S)
        try:
            try:
                await write
            except StaleAttempt:
                raise
            except IllegalMove:  # a held job refuses its end only when it is being cancelled
                await self.store.jobs.acknowledge_cancel(self.job)
        except StoreError as refused:
            log.warning("the attempt's end was not written", reason=str(refused))
