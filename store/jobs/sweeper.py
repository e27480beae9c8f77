"""Mending: jobs of dead workers, rings that were lost, ends that were never told.

Any number of workers may sweep at once. A move that another sweeper made first is refused by the
record; an event or a ring that is there already stays alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from store.clock import now
from store.errors import Conflict, IllegalMove
from store.jobs import announcements, retries
from store.jobs.ledger import Ledger
from store.records.job import Failure, Job, JobStatus

MEND_AFTER = timedelta(seconds=10)
MEND_UNTIL = timedelta(minutes=10)
"""An event that is missing for longer than this stays missing; the record tells its story."""


@dataclass(frozen=True, slots=True)
class SweepResult:
    """How many jobs were mended, by where they went."""

    requeued: int = 0
    failed: int = 0
    cancelled: int = 0
    rung: int = 0


class Sweeper:
    """Raises Unavailable when a service is away; the next sweep goes on."""

    def __init__(self, ledger: Ledger, keep_history: timedelta) -> None:
        self._jobs = ledger.jobs
        self._ledger = ledger
        self._keep_history = keep_history

    async def sweep(self) -> SweepResult:
        at = now()
        lost = [await self._take_back(job, at) for job in await self._jobs.with_expired_lease(at)]
        rung = await self._ring_again(at)
        for job in await self._jobs.ended_between(at - MEND_UNTIL, at - MEND_AFTER):
            await self._ledger.tell(job)
        await self._ledger.events.tidy(at - self._keep_history)
        return SweepResult(
            requeued=lost.count(JobStatus.QUEUED),
            failed=lost.count(JobStatus.FAILED),
            cancelled=lost.count(JobStatus.CANCELLED),
            rung=rung,
        )

    async def _take_back(self, job: Job, at: datetime) -> JobStatus | None:
        """Where the job went; None when its worker or another sweeper was faster."""
        try:
            moved = await self._ledger.move(
                job.id,
                lambda kept: _lost(kept, job.attempt, at),
                lambda moved: announcements.left_by_its_worker(moved, at),
            )
        except (IllegalMove, Conflict):
            return None
        if moved.status is JobStatus.QUEUED:
            await self._ledger.ring(moved)
        return moved.status

    async def _ring_again(self, at: datetime) -> int:
        """Ring for jobs that wait though a worker could have had them; returns how many."""
        if not await self._ledger.queue.may_mend():
            return 0
        waiting = await self._jobs.waiting_since(at - MEND_AFTER)
        for job in waiting:
            await self._ledger.tell(job)
        if waiting:
            await self._ledger.ring(*waiting)
        return len(waiting)


def _lost(job: Job, attempt: int, at: datetime) -> Job:
    """After its lease ran out: ended if it was to be cancelled or was lost too often."""
    if job.lease_until is None or job.lease_until >= at:
        raise IllegalMove(f"the lease of job {job.id} has not run out")
    failure = Failure("LOST", f"the worker of attempt {attempt} is gone", retryable=True)
    delay_s = retries.delay_s(failure.code, job.failures)
    if job.status is JobStatus.CANCELLING or delay_s is None:
        return job.failed(attempt, at, failure)
    return job.requeued(attempt, at + timedelta(seconds=delay_s), failure)
