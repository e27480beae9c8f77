"""When a job that waits will start: the line is played through, by what each job is said to take.

Once with the median and once with the 90th percentile of every duration. That is pessimistic for
long lines, where not everything takes long at once; the line moves on and the forecast with it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from heapq import heapify, heappop, heappush, heapreplace
from math import inf, isfinite

from store.jobs.situation import Situation
from store.records.job import JobKind, Span

Seconds = Callable[[Span | None], float]


def starts_in(place: int, now: Situation) -> Span | None:
    """Seconds until the line's ticket at `place` starts; None where a duration is not known."""
    p50 = _played(place, now, lambda span: span.p50 if span else inf)
    p90 = _played(place, now, lambda span: span.p90 if span else inf)
    return Span(p50, p90) if isfinite(p90) else None


def _played(place: int, now: Situation, seconds: Seconds) -> float:
    slots, kinds = _free_at(now, seconds), _ends(now, seconds)
    start = inf
    for ticket in now.line[: place + 1] if slots else ():
        start, same = slots[0], kinds[ticket.kind]
        while len(same) >= now.limits.get(ticket.kind, inf):
            start = max(start, heappop(same))
        end = start + seconds(ticket.estimate)
        heappush(same, end)
        heapreplace(slots, end)
    return start


def _free_at(now: Situation, seconds: Seconds) -> list[float]:
    """When each slot is free, as a heap; of more jobs than slots the first to end free none."""
    ends = sorted(seconds(now.remaining.get(job.id)) for job in now.running)
    return [0.0] * now.free + ends[len(ends) - now.slots if now.free < 0 else 0 :]


def _ends(now: Situation, seconds: Seconds) -> defaultdict[JobKind, list[float]]:
    """When the running jobs of each kind end, as heaps."""
    kinds: defaultdict[JobKind, list[float]] = defaultdict(list)
    for job in now.running:
        kinds[job.kind].append(seconds(now.remaining.get(job.id)))
    for ends in kinds.values():
        heapify(ends)
    return kinds
