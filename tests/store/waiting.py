"""Jobs and tickets as the scheduler sees them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from store import ids
from store.clock import now
from store.records.job import Job, JobKind, Priority, Span, new_stages
from store.records.ticket import Ticket
from store.store import Store

AT = datetime(2026, 5, 1, 12, tzinfo=UTC)


def ticket(
    name: str, owner: str = "a", *, minutes: float = 0, kind: JobKind = JobKind.TRAIN,
    priority: Priority = Priority.NORMAL, seconds: float | None = None,
) -> Ticket:  # fmt: skip
    """One that has waited so many minutes at AT, of a job that takes so many seconds."""
    estimate = None if seconds is None else Span(seconds, 2 * seconds)
    return Ticket(name, kind, owner, priority, AT - timedelta(minutes=minutes), estimate)


def waiting_job(owner: str = "usr_a", **more: object) -> Job:
    job = Job(
        id=ids.new(ids.JOB), kind=JobKind.TRAIN, owner_id=owner, dataset_id="ds_a",
        dataset_version_id="dsv_a", created_at=now(), stages=new_stages(JobKind.TRAIN),
    )  # fmt: skip
    return replace(job, **more)  # type: ignore[arg-type]


async def submitted(store: Store, owner: str = "usr_a", **more: object) -> Job:
    return await store.jobs.submit(waiting_job(owner, **more))
