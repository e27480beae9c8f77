"""The life of jobs, step by step: the record first, then the event, then the ring.

A worker's moves take the job as it was claimed: its attempt is the fencing token. When another
attempt holds the job by now, the move is refused with StaleAttempt, and the feed shows it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from store import announcements
from store.clock import now
from store.errors import Conflict, IllegalMove, StaleAttempt, Unavailable
from store.events import Events
from store.mongo import Collections
from store.queue import Queue
from store.records.event import EventKind
from store.records.job import Failure, Job, JobStatus
from store.settings import Settings

MAX_ATTEMPTS = 5
MEND_AFTER = timedelta(seconds=10)
MEND_UNTIL = timedelta(minutes=10)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class SweepResult:
    """How many jobs were mended, by where they went."""

    requeued: int = 0
    failed: int = 0
    cancelled: int = 0
    rung: int = 0


class Jobs:
    """Moves raise NotFound, IllegalMove, Conflict, and Unavailable when a service is away."""

    def __init__(
        self, *, settings: Settings, mongo: Collections, queue: Queue, events: Events
    ) -> None:
        self._lease = timedelta(seconds=settings.lease_s)
        self._jobs = mongo.jobs
        self._queue = queue
        self._events = events

    # -- whoever asks -----------------------------------------------------------------------------

    async def submit(self, job: Job) -> Job:
        """Keep the job and ring for it; what Redis cannot take now, `sweep` does later."""
        await self._jobs.insert(job)
        try:
            await self._events.append(announcements.queued(job))
            await self._queue.enqueue_job(job)
        except Unavailable as fault:
            log.warning("job.not_rung", job=job.id, error=str(fault))
        return job

    async def request_cancel(self, job_id: str) -> Job:
        """CANCELLED at once when nobody works on it, else CANCELLING; asking again is harmless."""
        at = now()
        job = await self._jobs.amend(job_id, lambda kept: kept.cancel_requested(at))
        if job.status is JobStatus.CANCELLED:
            await self._tell_end(job)
        elif job.cancel_requested_at == at:
            await self._tell(job, EventKind.JOB_CANCELLING, "asked to stop")
        return job

    # -- workers ----------------------------------------------------------------------------------

    async def claim(self, job_id: str, worker: str) -> Job:
        """Hold the job under a lease, as a new attempt; raises IllegalMove when another does."""
        at = now()
        until = at + self._lease
        job = await self._jobs.amend(job_id, lambda kept: kept.claimed(worker, at, until))
        await self._tell(job, EventKind.JOB_STARTED, f"attempt {job.attempt} on {worker}")
        return job

    async def renew(self, job: Job) -> Job:
        """Hold on for another lease."""
        until = now() + self._lease
        return await self._move(job, lambda kept: kept.renewed(job.attempt, until))

    async def is_cancelling(self, job: Job) -> bool:
        """Whether somebody asked it to stop."""
        return (await self._jobs.get(job.id)).status is JobStatus.CANCELLING

    async def stage_started(self, job: Job, name: str, total: int = 0) -> Job:
        at = now()
        moved = await self._move(job, lambda kept: kept.stage_started(job.attempt, name, at, total))
        await self._tell(
            moved, EventKind.STAGE_STARTED, f"{name} started", stage=name, done=0, total=total
        )
        return moved

    async def stage_progressed(
        self, job: Job, name: str, done: int, total: int, *, persist: bool
    ) -> Job:
        """Tell the feed; with `persist` the record as well, which a caller does less often."""
        moved = job.stage_progressed(job.attempt, name, done, total)
        if persist:
            moved = await self._move(
                job, lambda kept: kept.stage_progressed(job.attempt, name, done, total)
            )
        message = f"{name}: {done:,} of {total:,} rows"
        await self._tell(
            moved, EventKind.STAGE_PROGRESSED, message, stage=name, done=done, total=total
        )
        return moved

    async def stage_done(
        self, job: Job, name: str, done: int, summary: str = "", artefacts: tuple[str, ...] = ()
    ) -> Job:
        at = now()
        moved = await self._move(
            job,
            lambda kept: kept.stage_done(
                job.attempt, name, at, done=done, summary=summary, artefacts=artefacts
            ),
        )
        await self._tell(
            moved, EventKind.STAGE_DONE, summary or f"{name} done",
            stage=name, done=done, total=done,
        )  # fmt: skip
        return moved

    async def succeed(self, job: Job, model_version_id: str | None = None) -> Job:
        """Raises IllegalMove when a cancel came first."""
        at = now()
        return await self._end(job, lambda kept: kept.succeeded(job.attempt, at, model_version_id))

    async def fail(self, job: Job, failure: Failure) -> Job:
        """FAILED, or CANCELLED when a cancel came first."""
        at = now()
        return await self._end(job, lambda kept: kept.failed(job.attempt, at, failure))

    async def acknowledge_cancel(self, job: Job) -> Job:
        at = now()
        return await self._end(job, lambda kept: kept.cancelled(job.attempt, at))

    async def requeue(self, job: Job, failure: Failure | None, delay_s: float = 0) -> Job:
        """Give the job back, to go on from its last finished stage after a delay."""
        not_before = now() + timedelta(seconds=delay_s)
        moved = await self._move(job, lambda kept: kept.requeued(job.attempt, not_before, failure))
        await self._retry(moved)
        return moved

    # -- mending ----------------------------------------------------------------------------------

    async def sweep(self) -> SweepResult:
        """Take jobs from dead workers, ring again, tell ends untold; any number may sweep at once.

        A move that another sweeper made first is refused by the record, an event that is there
        already stays alone, and so does a ring.
        """
        at = now()
        lost = [await self._take_back(job, at) for job in await self._jobs.with_expired_lease(at)]
        waiting = await self._jobs.waiting_since(at - MEND_AFTER)
        for job in waiting:
            await self._queue.enqueue_job(job)
            if at - job.created_at < MEND_UNTIL and job.attempt == 0:
                await self._events.append_if_missing(announcements.queued(job))
        for job in await self._jobs.ended_between(at - MEND_UNTIL, at - MEND_AFTER):
            await self._events.append_if_missing(announcements.ended(job))
        return SweepResult(
            requeued=lost.count(JobStatus.QUEUED),
            failed=lost.count(JobStatus.FAILED),
            cancelled=lost.count(JobStatus.CANCELLED),
            rung=len(waiting),
        )

    async def _take_back(self, job: Job, at: datetime) -> JobStatus | None:
        """Where the job went; None when its worker or another sweeper was faster."""
        try:
            moved = await self._jobs.amend(job.id, lambda kept: _lost(kept, job.attempt, at))
        except (IllegalMove, Conflict):
            return None
        await self._queue.forget(job.id)
        if moved.status is JobStatus.QUEUED:
            await self._retry(moved)
        else:
            await self._tell_end(moved)
        return moved.status

    # -- how --------------------------------------------------------------------------------------

    async def _move(self, job: Job, move: Callable[[Job], Job]) -> Job:
        try:
            return await self._jobs.amend(job.id, move)
        except StaleAttempt as stale:
            await self._tell(job, EventKind.LATE_WRITE_REFUSED, str(stale))
            raise

    async def _end(self, job: Job, move: Callable[[Job], Job]) -> Job:
        moved = await self._move(job, move)
        await self._tell_end(moved)
        return moved

    async def _retry(self, job: Job) -> None:
        reason = job.failure.message if job.failure else "given back"
        await self._tell(job, EventKind.JOB_RETRIED, reason)
        await self._queue.enqueue_job(job)

    async def _tell(self, job: Job, kind: EventKind, message: str, **stage: Any) -> None:
        await self._events.append(announcements.about(job, kind, now(), message, **stage))

    async def _tell_end(self, job: Job) -> None:
        """The record has ended and that stands; if Redis is away, `sweep` tells it later."""
        try:
            await self._events.append(announcements.ended(job))
        except Unavailable as fault:
            log.warning("job.end_untold", job=job.id, error=str(fault))


def _lost(job: Job, attempt: int, at: datetime) -> Job:
    """After its lease ran out: ended if it was to be cancelled or has been lost too often."""
    if job.lease_until is None or job.lease_until >= at:
        raise IllegalMove(f"the lease of job {job.id} has not run out")
    failure = Failure("LOST", f"the worker of attempt {attempt} is gone", retryable=True)
    if job.status is JobStatus.CANCELLING or attempt >= MAX_ATTEMPTS:
        return job.failed(attempt, at, failure)
    return job.requeued(attempt, at, failure)
