"""What the feed says of a job's moves.

Each event follows from the moved record and the time of the move alone. It is kept in the record as
its news, so whoever finds the record can say it again, and the feed keeps equal events once.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from store.records.event import Event, EventKind, Topic
from store.records.job import Job, JobKind, JobStatus

Say = Callable[[Job], Event]
"""The event of a move, from the record as moved."""

ENDS = {
    JobStatus.SUCCEEDED: EventKind.JOB_SUCCEEDED,
    JobStatus.FAILED: EventKind.JOB_FAILED,
    JobStatus.CANCELLED: EventKind.JOB_CANCELLED,
}


def queued(job: Job) -> Event:
    """The job waits for a worker."""
    return about(job, EventKind.JOB_QUEUED, job.created_at, f"{job.kind.lower()} job queued")


def started(job: Job, at: datetime) -> Event:
    """A worker holds it."""
    return about(job, EventKind.JOB_STARTED, at, f"attempt {job.attempt} on {job.worker}")


def stage_started(job: Job, name: str, at: datetime) -> Event:
    """A stage began."""
    stage = job.stage(name)
    return about(
        job, EventKind.STAGE_STARTED, at, f"{name} started", stage=name, done=0, total=stage.total
    )


def stage_progressed(job: Job, name: str, at: datetime) -> Event:
    """A stage got further; no record keeps this one."""
    stage = job.stage(name)
    what = "objects" if job.kind is JobKind.PURGE else "rows"
    message = f"{name}: {stage.done:,} of {stage.total:,} {what}"
    return about(
        job, EventKind.STAGE_PROGRESSED, at, message,
        stage=name, done=stage.done, total=stage.total,
    )  # fmt: skip


def stage_done(job: Job, name: str, at: datetime) -> Event:
    """A stage ended well."""
    stage = job.stage(name)
    message = stage.summary or f"{name} done"
    return about(
        job, EventKind.STAGE_DONE, at, message, stage=name, done=stage.done, total=stage.total
    )


def retried(job: Job, at: datetime) -> Event:
    """It is back in the queue."""
    reason = job.failure.message if job.failure else "given back"
    return about(job, EventKind.JOB_RETRIED, at, reason)


def reprioritised(job: Job, at: datetime) -> Event:
    """It waits with another priority."""
    return about(job, EventKind.JOB_CHANGED, at, f"priority is {job.priority}")


def cancelling(job: Job, at: datetime) -> Event:
    """Cancelled at once where nobody held it, else its worker is asked to stop."""
    if job.status is JobStatus.CANCELLED:
        return ended(job)
    return about(job, EventKind.JOB_CANCELLING, at, "asked to stop")


def left_by_its_worker(job: Job, at: datetime) -> Event:
    """Its lease ran out: it is back in the queue, or that was its end."""
    return ended(job) if job.status.is_terminal else retried(job, at)


def late_write_refused(job: Job, at: datetime, reason: str) -> Event:
    """An attempt that held the job no longer tried to write."""
    return about(job, EventKind.LATE_WRITE_REFUSED, at, reason)


def ended(job: Job) -> Event:
    """The job is in a terminal state; it must be."""
    failure = job.failure if job.status is JobStatus.FAILED else None
    return about(
        job,
        ENDS[job.status],
        job.ended_at or job.created_at,
        failure.message if failure else f"{job.kind.lower()} job {job.status.lower()}",
        stage=failure.stage if failure else None,
    )


def about(
    job: Job,
    kind: EventKind,
    at: datetime,
    message: str,
    *,
    stage: str | None = None,
    done: int | None = None,
    total: int | None = None,
) -> Event:
    """An event of a job, with what it belongs to."""
    related = {
        "dataset": job.dataset_id,
        "dataset_version": job.dataset_version_id,
        "model": job.model_id,
        "model_version": job.model_version_id,
    }
    return Event(
        topic=Topic.JOB,
        kind=kind,
        subject_id=job.id,
        owner_id=job.owner_id,
        at=at,
        message=message,
        stage=stage,
        done=done,
        total=total,
        attempt=job.attempt,
        related={role: identifier for role, identifier in related.items() if identifier},
    )
