"""One attempt at a job: the work beside its lease, and every way in which it can end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import structlog

from store.errors import IllegalMove, StaleAttempt, StoreError, Unavailable
from store.jobs import MAX_ATTEMPTS
from store.records.job import Failure, Job
from store.store import Store
from workers import lease
from workers.isolation import Child, ChildDied, StageFault
from workers.pipeline.progress import BadData, Cancelled
from workers.reporter import Reporter

CANCEL_GRACE_S = 8.0
log = structlog.get_logger()


class Attempt:
    """What a task needs: the claimed job, the store, a child process and a scratch folder."""

    def __init__(self, store: Store, job: Job, child: Child, scratch: Path) -> None:
        self.store, self.job, self.scratch = store, job, scratch
        self._child = child
        self._stage: str | None = None

    @property
    def is_last(self) -> bool:
        """Whether a fault of this attempt ends the job."""
        return self.job.attempt >= MAX_ATTEMPTS

    async def stage(self, name: str, request: dict[str, Any], total: int = 0) -> Any:
        """Run one request in the child as the stage `name`, its progress reported."""
        await self.stage_started(name, total)
        return await self._child.run(request, Reporter(self.store.jobs, self.job, name).progress)

    async def stage_started(self, name: str, total: int = 0) -> None:
        self._stage = name
        await self.store.jobs.stage_started(self.job, name, total)

    async def stage_done(
        self, name: str, done: int, summary: str, artefacts: tuple[str, ...] = ()
    ) -> None:
        await self.store.jobs.stage_done(self.job, name, done, summary, artefacts)

    async def run(self, task: Callable[[Attempt], Awaitable[None]]) -> None:
        """Run `task` to one of its ends and write that end down, unless the lease is lost."""
        try:
            await self._run_held(task)
        except (lease.LeaseLost, StaleAttempt) as lost:
            log.warning("attempt given up", reason=str(lost))
        except Cancelled:
            await self._settle(self.store.jobs.acknowledge_cancel(self.job))
        except BadData as bad:
            await self._fail(bad.code, str(bad))
        except Unavailable as fault:
            await self._again(fault.code, str(fault), delay_s=2.0**self.job.attempt)
        except (ChildDied, StageFault) as fault:
            await self._again(getattr(fault, "code", "CHILD_DIED"), str(fault), delay_s=1.0)
        except asyncio.CancelledError:
            await self._hand_back()
        except StoreError as refusal:
            await self._fail(refusal.code, str(refusal))
        except Exception:
            log.exception("attempt broke")
            await self._fail("INTERNAL", "an unexpected fault; the worker's log has its traceback")

    async def _run_held(self, task: Callable[[Attempt], Awaitable[None]]) -> None:
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

    async def _stop(self, work: asyncio.Future[None]) -> None:
        """Let the child end at its next batch, or by force after the grace."""
        await self._child.ask_to_stop()
        await asyncio.wait({work}, timeout=CANCEL_GRACE_S)
        self._child.kill()
        work.cancel()

    async def _fail(self, code: str, message: str) -> None:
        log.info("job failed", code=code, reason=message)
        failure = Failure(code, message, retryable=False, stage=self._stage)
        await self._settle(self.store.jobs.fail(self.job, failure))

    async def _again(self, code: str, message: str, delay_s: float) -> None:
        """Back to the queue, until too many attempts have ended this way."""
        log.warning("attempt failed", code=code, reason=message)
        failure = Failure(code, message, retryable=True, stage=self._stage)
        if self.is_last:
            await self._settle(self.store.jobs.fail(self.job, failure))
        else:
            await self._settle(self.store.jobs.requeue(self.job, failure, delay_s))

    async def _hand_back(self) -> None:
        """This worker is stopping: another goes on from the last finished stage."""
        await self._settle(self.store.jobs.requeue(self.job, None, 0.0))

    async def _settle(self, write: Awaitable[Any]) -> None:
        """An end that cannot be written is left to the sweeper, who finds the lease run out."""
        try:
            try:
                await write
            except StaleAttempt:
                raise
            except IllegalMove:  # a held job refuses its end only when it is being cancelled
                await self.store.jobs.acknowledge_cancel(self.job)
        except StoreError as refused:
            log.warning("the attempt's end was not written", reason=str(refused))
