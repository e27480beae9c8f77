"""How fast a stage has been: what was seen of it, and what that says of the next time."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from store.records.job import Span

MOST = 32
BASE_BYTES = 350 * 2**20
"""What a process holds with its libraries, before any row."""
OVERHEAD = 200
"""A stage over no rows costs as much as this many rows do."""
DOUBT = 1.0
"""How much wider one observation alone makes the span; with n of them it is a n-th of this."""


@dataclass(frozen=True, slots=True)
class Observation:
    """One run of a stage."""

    units: int
    """Rows, or bytes of a file that was read."""
    seconds: float
    peak_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Rate:
    """The latest runs of one stage with one kind of tool, the newest last."""

    id: str
    observations: tuple[Observation, ...] = ()
    revision: int = 0

    def observed(self, seen: Observation) -> Rate:
        return replace(self, observations=(*self.observations, seen)[-MOST:])

    def seconds(self, units: int) -> Span:
        """For that many units; there must be an observation.

        Quantiles of the seen times, each scaled in proportion to its units, and weighing less the
        further its size is from what is asked.
        """
        scaled = [
            (seen.seconds * _ratio(units, seen.units), _weight(units, seen.units))
            for seen in self.observations
        ]
        p50, p90 = _quantile(scaled, 0.5), _quantile(scaled, 0.9)
        return Span(p50, max(p90, p50 * (1 + DOUBT / len(scaled))))

    def peak_bytes(self, units: int) -> int:
        """The most memory for that many units: of the largest run seen, in proportion above it."""
        largest = max(self.observations, key=lambda seen: seen.units)
        for_rows = max(largest.peak_bytes - BASE_BYTES, 0)
        return largest.peak_bytes + int(for_rows * max(_ratio(units, largest.units) - 1, 0.0))


def total(spans: list[Span]) -> Span:
    """One after the other; what is uncertain in each is independent of the others."""
    p50 = sum(span.p50 for span in spans)
    return Span(p50, p50 + math.hypot(*(span.p90 - span.p50 for span in spans)))


def _ratio(units: int, seen: int) -> float:
    return (units + OVERHEAD) / (seen + OVERHEAD)


def _weight(units: int, seen: int) -> float:
    return math.exp(-abs(math.log(_ratio(units, seen))))


def _quantile(weighted: list[tuple[float, float]], share: float) -> float:
    """The least value that `share` of the weight does not exceed."""
    left = share * sum(weight for _, weight in weighted)
    for value, weight in sorted(weighted):
        left -= weight
        if left <= 1e-12:
            return value
    return max(value for value, _ in weighted)
