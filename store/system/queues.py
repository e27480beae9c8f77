"""Queues of jobs, one a kind: paused, drained and resumed by admins; and the queue of calls."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from store import naming
from store.calls.calls import Calls
from store.clock import now
from store.errors import Conflict
from store.events import Events
from store.jobs.queue import Queue
from store.mongo import Collections
from store.recall import Recall
from store.records.event import Event, EventKind, Topic
from store.records.job import JobKind
from store.records.queue import QueueMode, QueueState
from store.settings import Settings

SYSTEM = "system"
"""Whose queues are."""
INFERENCE = "INFERENCE"
MODE_KEPT_S = 1.0


@dataclass(frozen=True, slots=True)
class QueueStatus:
    name: str
    mode: QueueMode
    depth: int
    """How much waits: jobs, or texts to be answered."""
    oldest: datetime | None
    """Since when the one waits that waits longest."""
    running: int | None = None
    limit: int | None = None
    """The most that may run at once; of calls, the most texts that may wait."""
    by: str | None = None
    reason: str = ""
    revision: int = 0


class Queues:
    """Everything raises Unavailable when a service does not answer."""

    def __init__(
        self, *, settings: Settings, mongo: Collections, events: Events, queue: Queue, calls: Calls
    ) -> None:
        self._settings = settings
        self._mongo = mongo
        self._events = events
        self._queue = queue
        self._calls = calls
        self._recall = Recall[QueueState](MODE_KEPT_S, lambda state: state.id)

    # -- admins -----------------------------------------------------------------------------------

    async def pause(
        self, kind: JobKind, by: str, reason: str = "", *, expected_revision: int | None = None
    ) -> QueueState:
        """Nothing new is taken from it. Raises InvalidValue, Conflict."""
        at, reason = now(), naming.reason(reason)
        state = await self._amend(
            kind, lambda known: known.paused(by, at, reason), expected_revision
        )
        await self._tell(EventKind.QUEUE_PAUSED, state, "is paused")
        return state

    async def drain(
        self, kind: JobKind, by: str, reason: str = "", *, expected_revision: int | None = None
    ) -> QueueState:
        """Also what runs goes back, to go on from its last finished stage. Raises as `pause`."""
        at, reason = now(), naming.reason(reason)
        state = await self._amend(
            kind, lambda known: known.draining(by, at, reason), expected_revision
        )
        await self._tell(EventKind.QUEUE_PAUSED, state, "is being drained")
        return state

    async def resume(self, kind: JobKind, *, expected_revision: int | None = None) -> QueueState:
        """It goes on at once; to resume an open one is harmless. Raises Conflict."""
        state = await self._amend(kind, QueueState.resumed, expected_revision)
        await self._queue.ring()
        await self._tell(EventKind.QUEUE_RESUMED, state, "goes on")
        return state

    # -- workers ----------------------------------------------------------------------------------

    async def is_draining(self, kind: JobKind) -> bool:
        """Whether what runs is to be handed back; as it was within the last second."""
        state = self._recall.get(kind)
        if state is None:
            state = (await self.states())[kind]
            self._recall.keep(kind, state)
        return state.mode is QueueMode.DRAINING

    # -- everybody --------------------------------------------------------------------------------

    async def states(self) -> dict[JobKind, QueueState]:
        """Of every kind, the most of which nobody has ever closed."""
        known = await self._mongo.queues.get_many(JobKind)
        return {kind: known.get(kind, QueueState(kind)) for kind in JobKind}

    async def all(self) -> list[QueueStatus]:
        """Every queue as it is now."""
        states, tickets = await self.states(), await self._queue.tickets.all()
        running = Counter(job.kind for job in await self._mongo.jobs.held())
        jobs = [
            QueueStatus(
                name=kind, mode=state.mode, running=running[kind], by=state.by,
                reason=state.reason, limit=self._settings.max_running[kind],
                revision=state.revision,
                depth=sum(ticket.kind is kind for ticket in tickets.values()),
                oldest=min((t.since for t in tickets.values() if t.kind is kind), default=None),
            )
            for kind, state in states.items()
        ]  # fmt: skip
        return [*jobs, await self._inference()]

    async def status(self, kind: JobKind) -> QueueStatus:
        return next(queue for queue in await self.all() if queue.name == kind)

    async def _inference(self) -> QueueStatus:
        texts, oldest = await self._calls.waiting()
        most = self._settings.max_waiting_calls
        return QueueStatus(INFERENCE, QueueMode.OPEN, texts, oldest, limit=most)

    # -- how --------------------------------------------------------------------------------------

    async def _amend(
        self, kind: JobKind, move: Callable[[QueueState], QueueState], expected_revision: int | None
    ) -> QueueState:
        queues = self._mongo.queues
        await queues.insert_many_ignoring_known([QueueState(kind)])
        try:
            state = await queues.amend(kind, move, expected_revision=expected_revision)
        except Conflict as changed:
            raise changed.about(await self.status(kind)) from None
        self._recall.forget(kind)
        return state

    async def _tell(self, kind: EventKind, state: QueueState, what: str) -> None:
        why = f": {state.reason}" if state.reason else ""
        message = f"the queue {state.id} {what}{why}"
        await self._events.append(Event(Topic.WORKER, kind, state.id, SYSTEM, now(), message))
