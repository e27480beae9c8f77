"""What the feed says of a job.

The events of a job's beginning and end follow from its record alone, the time included. So
whoever finds the record can say them again, and the feed keeps equal events once.
"""

from __future__ import annotations

from datetime import datetime

from store.records.event import Event, EventKind, Topic
from store.records.job import Job, JobStatus

ENDS = {
    JobStatus.SUCCEEDED: EventKind.JOB_SUCCEEDED,
    JobStatus.FAILED: EventKind.JOB_FAILED,
    JobStatus.CANCELLED: EventKind.JOB_CANCELLED,
}


def queued(job: Job) -> Event:
    """The job waits for a worker."""
    return about(job, EventKind.JOB_QUEUED, job.created_at, f"{job.kind.lower()} job queued")


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
