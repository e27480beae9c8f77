"""Who is next: the order in which jobs that wait are taken up.

A job of the highest class goes first. Its class is its priority, and rises by one for every ten
minutes in which no job of its owner and priority was started: so LOW never starves, and who asked
for many jobs does not rise with all of them at once. Within a class the owner with the fewest
running jobs goes first, then the one whose last start is longest ago, then who waits longest.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from heapq import heapify, heappop, heappush
from math import inf

from store.jobs.tickets import Starts
from store.records.job import Job, JobKind, Priority
from store.records.ticket import Ticket

RISES_EVERY = timedelta(minutes=10)
CLASSES = {priority: number for number, priority in enumerate(Priority)}
HIGHEST = CLASSES[Priority.HIGH]
NEVER = datetime.fromtimestamp(0, UTC)

Turn = tuple[int, int, datetime, datetime, str]


@dataclass(frozen=True, slots=True)
class Load:
    """What is under way: how much of each kind, how much of whose, and since when."""

    by_kind: Mapping[JobKind, int]
    by_owner: Mapping[str, int]
    starts: Starts

    @classmethod
    def of(cls, running: Iterable[Job], starts: Starts) -> Load:
        jobs = list(running)
        return cls(Counter(job.kind for job in jobs), Counter(job.owner_id for job in jobs), starts)


def line(
    tickets: Iterable[Ticket], load: Load, limits: Mapping[JobKind, int], at: datetime
) -> Iterator[Ticket]:
    """The tickets that are due, each in its turn, as if nothing that runs came to an end.

    A kind that is at its limit, or gets there by those before, has no further turn.
    """
    counts, turns = Counter(load.by_kind), _Turns(load, at)
    rows = _rows(ticket for ticket in tickets if ticket.since <= at)
    heap = [(turns.of(row[-1]), number) for number, row in enumerate(rows)]
    heapify(heap)
    while heap:
        turn, number = heappop(heap)
        ticket = rows[number][-1]
        if counts[ticket.kind] >= limits.get(ticket.kind, inf):
            continue
        if turns.of(ticket) == turn:  # else its owner had a turn since, and it moves back
            yield rows[number].pop()
            counts[ticket.kind] += 1
            turns.had(ticket)
        if rows[number]:
            heappush(heap, (turns.of(rows[number][-1]), number))


def _rows(tickets: Iterable[Ticket]) -> list[list[Ticket]]:
    """Those that differ in nothing but their wait, the longest last."""
    rows: defaultdict[tuple[str, Priority, JobKind], list[Ticket]] = defaultdict(list)
    for ticket in sorted(tickets, key=lambda each: (each.since, each.id), reverse=True):
        rows[ticket.owner_id, ticket.priority, ticket.kind].append(ticket)
    return list(rows.values())


class _Turns:
    """Whose turn it is, the least first; a turn that was had moves its owner's others back."""

    def __init__(self, load: Load, at: datetime) -> None:
        self._at = at
        self._running = Counter(load.by_owner)
        self._starts = dict(load.starts)
        self._last: dict[str, datetime] = {}
        for (owner_id, _), start in load.starts.items():
            self._last[owner_id] = max(start, self._last.get(owner_id, NEVER))

    def of(self, ticket: Ticket) -> Turn:
        owner_id = ticket.owner_id
        last = self._last.get(owner_id, NEVER)
        return -self._class(ticket), self._running[owner_id], last, ticket.since, ticket.id

    def had(self, ticket: Ticket) -> None:
        self._running[ticket.owner_id] += 1
        self._starts[ticket.owner_id, ticket.priority] = self._at
        self._last[ticket.owner_id] = self._at

    def _class(self, ticket: Ticket) -> int:
        start = self._starts.get((ticket.owner_id, ticket.priority), NEVER)
        unserved = self._at - max(ticket.since, start)
        return min(CLASSES[ticket.priority] + unserved // RISES_EVERY, HIGHEST)
