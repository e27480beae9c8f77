"""Moving a job's record and saying so in the feed: what every verb of a job is made of.

A move and its news are one write. Then the news is told: the feed keeps equal events once, so it
may be told again by whoever cannot know that it was. While Redis is away the news stays in the
record, and the next move, the lease's renewal or the sweeper tells it. So nothing is lost with a
process that dies in between, and work does not stop for a feed that is down.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace

import structlog

from store.clock import now
from store.errors import StaleAttempt, Unavailable
from store.events import Events
from store.jobs import announcements
from store.jobs.announcements import Say
from store.jobs.queue import Queue
from store.mongo.jobs import JobCollection
from store.records.event import Event
from store.records.job import Job
from store.telemetry import metrics

MAX_TOLD = 10_000
Move = Callable[[Job], Job]
log = structlog.get_logger(__name__)


class Ledger:
    """Moves raise NotFound, IllegalMove, Conflict, and Unavailable when MongoDB is away."""

    def __init__(self, *, jobs: JobCollection, queue: Queue, events: Events) -> None:
        self.jobs = jobs
        self.queue = queue
        self.events = events
        self._told: OrderedDict[str, tuple[Event, ...]] = OrderedDict()

    async def move(
        self, job_id: str, move: Move, say: Say | None = None,
        *, expected_revision: int | None = None,
    ) -> Job:  # fmt: skip
        """Move the record; `say` makes the event of a move that changed something."""

        before: Job | None = None

        def moved_with_news(kept: Job) -> Job:
            nonlocal before
            before, moved = kept, move(kept)
            if moved == kept:
                return kept
            news = () if self._has_told(kept) else kept.news
            return replace(moved, news=(*news, say(moved)) if say else news)

        moved = await self.jobs.amend(job_id, moved_with_news, expected_revision=expected_revision)
        metrics.count_move(before or moved, moved)
        await self.tell(moved)
        return moved

    async def move_held(self, job: Job, move: Move, say: Say | None = None) -> Job:
        """A worker's move; what an attempt writes too late is refused, and shown."""
        try:
            return await self.move(job.id, move, say)
        except StaleAttempt as stale:
            metrics.LATE_WRITES_REFUSED.labels(job.kind).inc()
            await self.show(announcements.late_write_refused(job, now(), str(stale)))
            raise

    async def tell(self, job: Job) -> None:
        """Have the record's news in the feed, now or later."""
        if self._has_told(job):
            return
        try:
            for event in job.news:
                await self.events.append_if_missing(event)
        except Unavailable as fault:
            log.warning("job.untold", job=job.id, error=str(fault))
            return
        self._told[job.id] = job.news
        self._told.move_to_end(job.id)
        if len(self._told) > MAX_TOLD:
            self._told.popitem(last=False)

    async def show(self, event: Event) -> None:
        """An event that no record keeps: it is lost when Redis is away."""
        try:
            await self.events.append(event)
        except Unavailable as fault:
            log.warning("job.not_shown", job=event.subject_id, error=str(fault))

    async def ring(self, *jobs: Job) -> None:
        """Have workers look; what Redis cannot take now, the sweeper does later."""
        try:
            await self.queue.enqueue(*jobs)
        except Unavailable as fault:
            log.warning("jobs.not_rung", jobs=len(jobs), error=str(fault))

    async def leave(self, job: Job) -> None:
        """It waits no longer; what Redis cannot forget now, the next choice of a job does."""
        try:
            await self.queue.tickets.remove(job.id)
        except Unavailable as fault:
            log.warning("job.not_forgotten", job=job.id, error=str(fault))

    def _has_told(self, job: Job) -> bool:
        return not job.news or self._told.get(job.id) == job.news
