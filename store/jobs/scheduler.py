"""Choosing the next job and claiming it, so that no other worker chooses in between."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from itertools import islice

from store.clock import now
from store.errors import Conflict, IllegalMove, NotFound, Unavailable
from store.jobs.line import Load, line
from store.jobs.queue import Queue
from store.mongo import Collections
from store.records.job import Job
from store.records.queue import QueueMode
from store.records.ticket import Ticket
from store.settings import Settings

Claim = Callable[[str], Awaitable[Job]]


class Scheduler:
    """The claim is the record's own: a stalled chooser may overshoot a limit, never take twice."""

    def __init__(self, *, settings: Settings, mongo: Collections, queue: Queue) -> None:
        self._limits = settings.max_running
        self._mongo = mongo
        self._queue = queue
        self._tickets = queue.tickets

    async def claim_next(self, claim: Claim, *, is_served: bool) -> Job | None:
        """The job whose turn it was; None when there is none to be had. Raises Unavailable."""
        if not await self._tickets.count():
            return None
        async with self._tickets.choosing():
            return await self._choose(claim, is_served)

    async def _choose(self, claim: Claim, is_served: bool) -> Job | None:
        states, tickets, starts, running = await asyncio.gather(
            self._mongo.queues.all_by({}, 100),
            self._tickets.all(),
            self._tickets.starts(),
            self._mongo.jobs.held(),
        )
        closed = {state.id for state in states if state.mode is not QueueMode.OPEN}
        at, load = now(), Load.of(running, starts)
        tickets = {
            key: each for key, each in tickets.items()
            if each.kind not in closed and each.kind.is_served is is_served
        }  # fmt: skip
        while turns := list(islice(line(tickets.values(), load, self._limits, at), 2)):
            job = await self._claimed(turns[0], claim)
            if job is not None:
                if len(turns) > 1 and not is_served:  # whoever is free elsewhere takes the other
                    await self._ring()
                return job
            del tickets[turns[0].id]
        return None

    async def _claimed(self, ticket: Ticket, claim: Claim) -> Job | None:
        try:
            job = await claim(ticket.id)
        except (IllegalMove, NotFound):
            await self._tickets.remove(ticket.id)
            return None
        except Conflict:
            return None
        with suppress(Unavailable):  # the ticket goes when somebody tries to claim it
            await self._tickets.started(ticket, now())
        return job

    async def _ring(self) -> None:
        with suppress(Unavailable):  # the sweeper rings again
            await self._queue.ring()
