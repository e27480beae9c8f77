"""The course of an attempt: the work beside its lease, and every way in which it can end."""

from __future__ import annotations

import asyncio
import random
import traceback
from collections.abc import Awaitable, Callable
from typing import Any

import structlog

from store import disk, lease
from store.errors import DiskFull, IllegalMove, StaleAttempt, StoreError, Unavailable
from store.jobs import retries
from store.records.dataset import Problem
from store.records.job import Failure
from workers.attempts.attempt import LOG_PATIENCE_S, Attempt
from workers.attempts.scratch import occupied
from workers.children.childlog import MAX_TRACEBACK
from workers.children.isolation import ChildDied, StageFault
from workers.pipeline.progress import BadData, Cancelled

CANCEL_GRACE_S = 8.0
JITTER = 0.2
MAX_PROBLEMS = 25
"""Kept with the job; those of a file are all kept with its version."""
Task = Callable[[Attempt], Awaitable[None]]
log = structlog.get_logger()


class Course:
    def __init__(self, attempt: Attempt) -> None:
        self._attempt = attempt
        self._jobs = attempt.store.jobs

    async def run(self, task: Task) -> None:
        """Run `task` to one of its ends and write that end down, unless the lease is lost."""
        async with self._attempt.log:
            await self._run_to_an_end(task)

    async def _run_to_an_end(self, task: Task) -> None:
        try:
            with self._attempt.trail.attempt(), occupied(self._attempt.scratch):
                await self._run_watched(task)
        except (lease.LeaseLost, StaleAttempt) as lost:
            self._give_up(lost)
        except Cancelled:
            await self._settle(self._jobs.acknowledge_cancel(self._attempt.job))
        except BadData as bad:
            await self._fail(bad.code, str(bad), bad.problems)
        except (ChildDied, StageFault, Unavailable) as fault:
            await self._again(fault.code, str(fault))
        except (asyncio.CancelledError, lease.Drained):
            await self._hand_back()
        except StoreError as refusal:
            await self._fail(refusal.code, str(refusal))
        except Exception as error:
            await self._break(error)

    async def _run_watched(self, task: Task) -> None:
        work = asyncio.ensure_future(task(self._attempt))
        watcher = asyncio.create_task(lease.watch(self._attempt.store, self._attempt.job))
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

    async def _stop(self, work: asyncio.Future[None]) -> None:
        """Let the child end at its next batch, or by force after the grace."""
        child = self._attempt.child
        if child.is_idle:  # files are on their way: there is no batch to wait for
            work.cancel()
        await child.ask_to_stop()
        await asyncio.wait({work}, timeout=CANCEL_GRACE_S)
        child.kill()
        work.cancel()

    # -- ends -------------------------------------------------------------------------------------

    def _give_up(self, lost: Exception) -> None:
        log.warning("attempt given up", reason=str(lost))
        self._attempt.log.warning(f"attempt {self._attempt.job.attempt} given up: {lost}")

    async def _break(self, error: Exception) -> None:
        """What nobody foresaw, but for a disk that is full."""
        scratch = self._attempt.scratch
        if isinstance(error, OSError) and disk.is_full(error, scratch):
            return await self._again(DiskFull.code, disk.full(scratch))
        log.error("attempt broke", exc_info=error)
        trace = "".join(traceback.format_exception(error))[-MAX_TRACEBACK:]
        self._attempt.log.error(f"the worker broke\n{trace}")
        await self._fail("INTERNAL", "an unexpected fault; the worker's log has its traceback")

    async def _fail(self, code: str, message: str, problems: tuple[Problem, ...] = ()) -> None:
        log.info("job failed", code=code, reason=message)
        self._attempt.log.problems(problems, len(problems))
        stage, shown = self._attempt.stage_name, problems[:MAX_PROBLEMS]
        failure = Failure(code, message, retryable=False, stage=stage, problems=shown)
        await self._settle(self._jobs.fail(self._attempt.job, failure))

    async def _again(self, code: str, message: str) -> None:
        """Back to the queue, unless such a fault has no further try."""
        log.warning("attempt failed", code=code, reason=message)
        job = self._attempt.job
        failure = Failure(code, message, retryable=True, stage=self._attempt.stage_name)
        delay_s = retries.delay_s(code, job.failures)
        if delay_s is None:
            await self._settle(self._jobs.fail(job, failure))
        else:
            delay_s *= 1 + random.uniform(-JITTER, JITTER)  # not all at once after an outage
            self._attempt.log.warning(f"tried again in {delay_s:.1f} s: {message}", code=code)
            await self._settle(self._jobs.requeue(job, failure, delay_s))

    async def _hand_back(self) -> None:
        """This worker or the queue is stopping: a later attempt goes on from the last stage."""
        self._attempt.log.info("given back, to go on from the last finished stage")
        await self._settle(self._jobs.requeue(self._attempt.job, None, 0.0))

    async def _settle(self, write: Awaitable[Any]) -> None:
        """An end that cannot be written is left to the sweeper, who finds the lease run out."""
        await self._attempt.log.finish(LOG_PATIENCE_S)
        try:
            try:
                await write
            except StaleAttempt:
                raise
            except IllegalMove:  # a held job refuses its end only when it is being cancelled
                await self._jobs.acknowledge_cancel(self._attempt.job)
        except StoreError as refused:
            log.warning("the attempt's end was not written", reason=str(refused))
