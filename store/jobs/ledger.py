"""Moving a job's record and saying so in the feed: what every verb of a job is made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog

from store.clock import now
from store.errors import StaleAttempt, Unavailable
from store.events import Events
from store.jobs import announcements
from store.mongo.jobs import JobCollection
from store.queue import Queue
from store.records.event import EventKind
from store.records.job import Job

log = structlog.get_logger(__name__)


class Ledger:
    """Moves raise NotFound, IllegalMove, Conflict, and Unavailable when a service is away."""

    def __init__(self, *, jobs: JobCollection, queue: Queue, events: Events) -> None:
        self.jobs = jobs
        self.queue = queue
        self.events = events

    async def move(self, job: Job, move: Callable[[Job], Job]) -> Job:
        """A worker's move; what an attempt writes too late is refused, and shown."""
        try:
            return await self.jobs.amend(job.id, move)
        except StaleAttempt as stale:
            await self.tell(job, EventKind.LATE_WRITE_REFUSED, str(stale))
            raise

    async def end(self, job: Job, move: Callable[[Job], Job]) -> Job:
        """A worker's last move."""
        moved = await self.move(job, move)
        await self.tell_end(moved)
        return moved

    async def retry(self, job: Job) -> None:
        """Ring for a job that came back to the queue."""
        reason = job.failure.message if job.failure else "given back"
        await self.tell(job, EventKind.JOB_RETRIED, reason)
        await self.queue.enqueue_job(job)

    async def tell(self, job: Job, kind: EventKind, message: str, **stage: Any) -> None:
        """Append an event of now; `stage` takes `stage`, `done` and `total`."""
        await self.events.append(announcements.about(job, kind, now(), message, **stage))

    async def tell_end(self, job: Job) -> None:
        """The record has ended and that stands; if Redis is away, the sweeper tells it later."""
        try:
            await self.events.append_if_missing(announcements.ended(job))
        except Unavailable as fault:
            log.warning("job.end_untold", job=job.id, error=str(fault))
