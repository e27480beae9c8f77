"""A job that waits, as far as whoever chooses the next one must know it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from store.records.job import Job, JobKind, Priority, Span


@dataclass(frozen=True, slots=True)
class Ticket:
    id: str
    """The job's."""
    kind: JobKind
    owner_id: str
    priority: Priority
    since: datetime
    """A worker may have it from then on; what was handed back waits since it was asked for."""
    estimate: Span | None = None

    @classmethod
    def of(cls, job: Job) -> Ticket:
        since = (job.not_before if job.failure else None) or job.created_at
        return cls(job.id, job.kind, job.owner_id, job.priority, since, job.estimate)
