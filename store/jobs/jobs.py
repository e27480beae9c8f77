"""The verbs of whoever asks for a job and of whoever works on it.

A worker's moves take the job as it was claimed: its attempt is the fencing token. When another
attempt holds the job by now, the move is refused with StaleAttempt, and the feed shows it.
"""

from __future__ import annotations

from datetime import timedelta

import structlog

from store.clock import now
from store.errors import Unavailable
from store.events import Events
from store.jobs import announcements
from store.jobs.ledger import Ledger
from store.jobs.sweeper import Sweeper, SweepResult
from store.mongo import Collections
from store.queue import Queue
from store.records.event import EventKind
from store.records.job import Failure, Job, JobStatus
from store.settings import Settings

log = structlog.get_logger(__name__)


class Jobs:
    """Moves raise NotFound, IllegalMove, Conflict, and Unavailable when a service is away."""

    def __init__(
        self, *, settings: Settings, mongo: Collections, queue: Queue, events: Events
    ) -> None:
        self._lease = timedelta(seconds=settings.lease_s)
        self._jobs = mongo.jobs
        self._ledger = Ledger(jobs=mongo.jobs, queue=queue, events=events)
        self._sweeper = Sweeper(self._ledger)

    # -- whoever asks -----------------------------------------------------------------------------

    async def submit(self, job: Job) -> Job:
        """Keep the job and ring for it; what Redis cannot take now, `sweep` does later.

        A job of that id that is there already stays as it is, and is returned.
        """
        if not await self._jobs.insert_many_ignoring_known([job]):
            return await self._jobs.get(job.id)
        try:
            await self._ledger.events.append_if_missing(announcements.queued(job))
            await self._ledger.queue.enqueue_job(job)
        except Unavailable as fault:
            log.warning("job.not_rung", job=job.id, error=str(fault))
        return job

    async def request_cancel(self, job_id: str) -> Job:
        """CANCELLED at once when nobody works on it, else CANCELLING; asking again is harmless."""
        at = now()
        job = await self._jobs.amend(job_id, lambda kept: kept.cancel_requested(at))
        if job.status is JobStatus.CANCELLED:
            await self._ledger.tell_end(job)
        elif job.cancel_requested_at == at:
            await self._ledger.tell(job, EventKind.JOB_CANCELLING, "asked to stop")
        return job

    # -- workers ----------------------------------------------------------------------------------

    async def claim(self, job_id: str, worker: str) -> Job:
        """Hold the job under a lease, as a new attempt; raises IllegalMove when another does."""
        at = now()
        until = at + self._lease
        job = await self._jobs.amend(job_id, lambda kept: kept.claimed(worker, at, until))
        await self._ledger.tell(job, EventKind.JOB_STARTED, f"attempt {job.attempt} on {worker}")
        return job

    async def renew(self, job: Job) -> Job:
        """Hold on for another lease. Raises StaleAttempt when the job is held no longer."""
        until = now() + self._lease
        return await self._jobs.amend(job.id, lambda kept: kept.renewed(job.attempt, until))

    async def is_cancelling(self, job: Job) -> bool:
        """Whether somebody asked it to stop."""
        return (await self._jobs.get(job.id)).status is JobStatus.CANCELLING

    async def stage_started(self, job: Job, name: str, total: int = 0) -> Job:
        at = now()
        moved = await self._ledger.move(
            job, lambda kept: kept.stage_started(job.attempt, name, at, total)
        )
        await self._ledger.tell(
            moved, EventKind.STAGE_STARTED, f"{name} started", stage=name, done=0, total=total
        )
        return moved

    async def stage_progressed(
        self, job: Job, name: str, done: int, total: int, *, persist: bool
    ) -> Job:
        """Tell the feed; with `persist` the record as well, which a caller does less often."""
        moved = job.stage_progressed(job.attempt, name, done, total)
        if persist:
            moved = await self._ledger.move(
                job, lambda kept: kept.stage_progressed(job.attempt, name, done, total)
            )
        message = f"{name}: {done:,} of {total:,} rows"
        await self._ledger.tell(
            moved, EventKind.STAGE_PROGRESSED, message, stage=name, done=done, total=total
        )
        return moved

    async def stage_done(
        self, job: Job, name: str, done: int, summary: str = "", artefacts: tuple[str, ...] = ()
    ) -> Job:
        at = now()
        moved = await self._ledger.move(
            job,
            lambda kept: kept.stage_done(
                job.attempt, name, at, done=done, summary=summary, artefacts=artefacts
            ),
        )
        await self._ledger.tell(
            moved, EventKind.STAGE_DONE, summary or f"{name} done",
            stage=name, done=done, total=done,
        )  # fmt: skip
        return moved

    async def succeed(self, job: Job, model_version_id: str | None = None) -> Job:
        """Raises IllegalMove when a cancel came first."""
        at = now()
        return await self._ledger.end(
            job, lambda kept: kept.succeeded(job.attempt, at, model_version_id)
        )

    async def fail(self, job: Job, failure: Failure) -> Job:
        """FAILED, or CANCELLED when a cancel came first."""
        at = now()
        return await self._ledger.end(job, lambda kept: kept.failed(job.attempt, at, failure))

    async def acknowledge_cancel(self, job: Job) -> Job:
        at = now()
        return await self._ledger.end(job, lambda kept: kept.cancelled(job.attempt, at))

    async def requeue(self, job: Job, failure: Failure | None, delay_s: float = 0) -> Job:
        """Give the job back, to go on from its last finished stage after a delay."""
        not_before = now() + timedelta(seconds=delay_s)
        moved = await self._ledger.move(
            job, lambda kept: kept.requeued(job.attempt, not_before, failure)
        )
        await self._ledger.retry(moved)
        return moved

    async def sweep(self) -> SweepResult:
        """Mend what dead workers and lost messages left; any number may sweep at once."""
        return await self._sweeper.sweep()
