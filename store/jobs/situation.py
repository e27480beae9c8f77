"""One look at all that waits and runs: what decides when a job starts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from store.records.job import Job, JobKind, Span
from store.records.queue import QueueMode
from store.records.ticket import Ticket


@dataclass(frozen=True, slots=True)
class Closed:
    """A queue that an admin closed."""

    mode: QueueMode
    by: str
    """The admin's name."""
    reason: str


@dataclass(frozen=True, slots=True)
class Situation:
    at: datetime
    line: Sequence[Ticket]
    """What is due in open queues, in the order in which it will be taken."""
    startable: int
    """The first so many of them could start if each had a slot; the others' kinds are full."""
    running: Sequence[Job] = ()
    remaining: Mapping[str, Span] = field(default_factory=dict)
    """Of running jobs, by their ids, where it is known."""
    closed: Mapping[JobKind, Closed] = field(default_factory=dict)
    limits: Mapping[JobKind, int] = field(default_factory=dict)
    workers: int = 0
    slots: int = 0

    @property
    def free(self) -> int:
        """Slots that nobody holds; 0 or less when all are taken."""
        return self.slots - len(self.running)
