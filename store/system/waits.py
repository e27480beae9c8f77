"""Why jobs wait: the look at everything that `store.jobs.waiting` explains it from."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence

from store.clock import now
from store.jobs.line import Load, line
from store.jobs.queue import Queue
from store.jobs.situation import Closed, Situation
from store.jobs.waiting import Waiting, explain
from store.mongo import Collections
from store.records.job import Job, JobKind, JobStatus, Span
from store.records.queue import QueueMode
from store.records.ticket import Ticket
from store.records.worker import WorkerKind
from store.settings import Settings
from store.system.presence import Presence
from store.system.queues import Queues
from store.training.estimates import Estimates


class Waits:
    """Everything raises Unavailable when a service does not answer."""

    def __init__(
        self, *, settings: Settings, mongo: Collections, queue: Queue, queues: Queues,
        presence: Presence, estimates: Estimates,
    ) -> None:  # fmt: skip
        self._limits = settings.max_running
        self._mongo = mongo
        self._tickets = queue.tickets
        self._queues = queues
        self._presence = presence
        self._estimates = estimates

    async def explain(self, jobs: Sequence[Job]) -> list[Waiting | None]:
        """Why each waits, from one look for all; None for a job that does not wait."""
        waiting = [job for job in jobs if job.status is JobStatus.QUEUED]
        situations = await self._look(waiting) if waiting else [Situation(now(), (), 0)] * 2
        return [explain(job, situations[job.kind.is_served]) for job in jobs]

    async def _look(self, asked: Iterable[Job]) -> list[Situation]:
        """That of workers, and that of servers."""
        tickets, starts, running, closed, workers = await asyncio.gather(
            self._tickets.all(),
            self._tickets.starts(),
            self._mongo.jobs.held(),
            self._closed(),
            self._presence.workers(),
        )
        tickets |= {job.id: Ticket.of(job) for job in asked}
        pipeline = [worker for worker in workers if worker.kind is WorkerKind.PIPELINE]
        slots = sum(worker.slots for worker in pipeline)
        at, load = now(), Load.of(running, starts)
        is_open = [ticket for ticket in tickets.values() if ticket.kind not in closed]

        async def situation(is_served: bool, workers: int, slots: int) -> Situation:
            mine = [ticket for ticket in is_open if ticket.kind.is_served is is_served]
            held = [job for job in running if job.kind.is_served is is_served]
            startable = list(line(mine, load, self._limits, at))
            started = {ticket.id for ticket in startable}
            later = (ticket for ticket in line(mine, load, {}, at) if ticket.id not in started)
            return Situation(
                at=at, line=[*startable, *later], startable=len(startable), running=held,
                remaining=await self._remaining(held), closed=closed, limits=self._limits,
                workers=workers, slots=slots,
            )  # fmt: skip

        return [
            await situation(False, len(pipeline), slots),
            # whoever asks is answered by a server, and one takes all that the limits allow
            await situation(True, 1, sum(self._limits[kind] for kind in JobKind if kind.is_served)),
        ]

    async def _closed(self) -> Mapping[JobKind, Closed]:
        states = await self._queues.states()
        shut = {k: state for k, state in states.items() if state.mode is not QueueMode.OPEN}
        admins = await self._mongo.users.get_many({state.by or "" for state in shut.values()})
        names = {user_id: user.name for user_id, user in admins.items()}
        return {
            kind: Closed(state.mode, names.get(state.by or "", "An admin"), state.reason)
            for kind, state in shut.items()
        }

    async def _remaining(self, running: Sequence[Job]) -> Mapping[str, Span]:
        spans = await asyncio.gather(*(self._estimates.remaining(job) for job in running))
        return {job.id: span for job, span in zip(running, spans, strict=True) if span}
