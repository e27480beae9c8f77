"""The verbs of whoever asks for a job and of whoever works on it.

A worker's moves take the job as it was claimed: its attempt is the fencing token. When another
attempt holds the job by now, the move is refused with StaleAttempt, and the feed shows it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from store.clock import now
from store.events import Events
from store.jobs import announcements
from store.jobs.ledger import Ledger
from store.jobs.queue import Queue
from store.jobs.scheduler import Scheduler
from store.jobs.sweeper import Sweeper, SweepResult
from store.mongo import Collections
from store.records.job import Failure, Job, JobStatus, Priority
from store.settings import Settings
from store.telemetry import tracing


class Jobs:
    """Moves raise NotFound, IllegalMove, Conflict, and Unavailable when a service is away."""

    def __init__(
        self, *, settings: Settings, mongo: Collections, queue: Queue, events: Events
    ) -> None:
        self._lease = timedelta(seconds=settings.lease_s)
        self._jobs = mongo.jobs
        self._ledger = Ledger(jobs=mongo.jobs, queue=queue, events=events)
        self._sweeper = Sweeper(self._ledger, timedelta(seconds=settings.event_ttl_s))
        self._scheduler = Scheduler(settings=settings, mongo=mongo, queue=queue)

    # -- whoever asks -----------------------------------------------------------------------------

    async def submit(self, job: Job) -> Job:
        """Keep the job and ring for it; what Redis cannot take now, `sweep` does later.

        A job of that id that is there already stays as it is, and is returned.
        """
        trace = job.trace or tracing.traceparent()
        job = replace(job, trace=trace, news=(announcements.queued(job),))
        if not await self._jobs.insert_many_ignoring_known([job]):
            return await self._jobs.get(job.id)
        await self._ledger.tell(job)
        await self._ledger.ring(job)
        return job

    async def request_cancel(self, job_id: str, *, expected_revision: int | None = None) -> Job:
        """CANCELLED at once when nobody works on it, else CANCELLING; asking again is harmless."""
        at = now()
        job = await self._ledger.move(
            job_id,
            lambda kept: kept.cancel_requested(at),
            lambda moved: announcements.cancelling(moved, at),
            expected_revision=expected_revision,
        )
        if job.status is JobStatus.CANCELLED:
            await self._ledger.leave(job)
        return job

    async def change_priority(
        self, job_id: str, priority: Priority, *, expected_revision: int | None = None
    ) -> Job:
        """Raises IllegalMove when the job does not wait any more."""
        at = now()
        job = await self._ledger.move(
            job_id,
            lambda kept: kept.reprioritised(priority),
            lambda moved: announcements.reprioritised(moved, at),
            expected_revision=expected_revision,
        )
        await self._ledger.ring(job)
        return job

    # -- workers ----------------------------------------------------------------------------------

    async def claim(self, job_id: str, worker: str) -> Job:
        """Hold the job under a lease, as a new attempt; raises IllegalMove when another does."""
        at = now()
        return await self._ledger.move(
            job_id,
            lambda kept: kept.claimed(worker, at, at + self._lease),
            lambda moved: announcements.started(moved, at),
        )

    async def claim_next(self, worker: str, *, is_served: bool = False) -> Job | None:
        """Claim the job whose turn it is, of those that servers run or of those that workers do.

        None when there is none to be had.
        """
        return await self._scheduler.claim_next(
            lambda job_id: self.claim(job_id, worker), is_served=is_served
        )

    async def renew(self, job: Job) -> Job:
        """Hold on for another lease. Raises StaleAttempt when the job is held no longer."""
        until = now() + self._lease
        return await self._ledger.move(job.id, lambda kept: kept.renewed(job.attempt, until))

    async def is_cancelling(self, job: Job) -> bool:
        """Whether somebody asked it to stop. Raises StaleAttempt when another attempt holds it."""
        kept = await self._jobs.get(job.id)
        if kept.attempt == job.attempt and kept.status.is_terminal:
            return False  # this attempt has just ended it
        return kept.held(job.attempt).status is JobStatus.CANCELLING

    async def stage_started(self, job: Job, name: str, total: int = 0) -> Job:
        at = now()
        return await self._ledger.move_held(
            job,
            lambda kept: kept.stage_started(job.attempt, name, at, total),
            lambda moved: announcements.stage_started(moved, name, at),
        )

    async def stage_progressed(
        self, job: Job, name: str, done: int, total: int, *, persist: bool
    ) -> None:
        """Show it in the feed; with `persist` in the record as well, which is done less often."""

        def move(kept: Job) -> Job:
            return kept.stage_progressed(job.attempt, name, done, total)

        if persist:
            await self._ledger.move_held(job, move)
        await self._ledger.show(announcements.stage_progressed(move(job), name, now()))

    async def stage_done(
        self, job: Job, name: str, done: int, summary: str = "", artefacts: tuple[str, ...] = (),
        *, is_kept: bool = False, fresh: int | None = None, peak_bytes: int = 0,
    ) -> Job:  # fmt: skip
        at = now()
        return await self._ledger.move_held(
            job,
            lambda kept: kept.stage_done(
                job.attempt, name, at, done=done, summary=summary, artefacts=artefacts,
                is_kept=is_kept, fresh=fresh, peak_bytes=peak_bytes,
            ),
            lambda moved: announcements.stage_done(moved, name, at),
        )  # fmt: skip

    async def commit(self, job: Job, model_version_id: str | None = None) -> Job:
        """Before what the job made becomes visible. Raises IllegalMove when a cancel came first."""
        return await self._ledger.move_held(
            job, lambda kept: kept.committed(job.attempt, model_version_id)
        )

    async def freed(self, job: Job, freed_bytes: int) -> Job:
        """Keep what a purge has proved, for an attempt after this one."""
        return await self._ledger.move_held(job, lambda kept: kept.freed(job.attempt, freed_bytes))

    async def succeed(self, job: Job, freed_bytes: int | None = None) -> Job:
        """Raises IllegalMove when a cancel came first."""
        at = now()
        return await self._ledger.move_held(
            job, lambda kept: kept.succeeded(job.attempt, at, freed_bytes), announcements.ended
        )

    async def fail(self, job: Job, failure: Failure) -> Job:
        """FAILED, or CANCELLED when a cancel came first."""
        at = now()
        return await self._ledger.move_held(
            job, lambda kept: kept.failed(job.attempt, at, failure), announcements.ended
        )

    async def acknowledge_cancel(self, job: Job) -> Job:
        at = now()
        return await self._ledger.move_held(
            job, lambda kept: kept.cancelled(job.attempt, at), announcements.ended
        )

    async def requeue(self, job: Job, failure: Failure | None, delay_s: float = 0) -> Job:
        """Give the job back, to go on from its last finished stage after a delay."""
        at = now()
        moved = await self._ledger.move_held(
            job,
            lambda kept: kept.requeued(job.attempt, at + timedelta(seconds=delay_s), failure),
            lambda moved: announcements.retried(moved, at),
        )
        await self._ledger.ring(moved)
        return moved

    async def sweep(self) -> SweepResult:
        """Mend what dead workers and lost messages left; any number may sweep at once."""
        return await self._sweeper.sweep()
