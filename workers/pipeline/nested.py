"""Values within objects: the column `data.text` is the `text` within each row's `data`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from workers.pipeline.readers.protocol import RawRow

MAX_DEPTH = 4
MAX_PATHS = 100
"""Of one row that are looked at; an object with more is data rather than columns."""
USUAL = 0.5
"""Share of the rows that must have a path for it to be a column."""


def value_at(values: Mapping[str, object], name: str) -> object:
    """The value of a column; None where the row has none."""
    if name in values or "." not in name:
        return values.get(name)
    found: object = values
    for part in name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def alone(value: object) -> object:
    """The one value of a list of one, as some tools write a label; None for an empty list."""
    if isinstance(value, (list, tuple)) and len(value) < 2:
        return value[0] if value else None
    return value


def paths(sample: Sequence[RawRow]) -> tuple[str, ...]:
    """The names of values within objects, in their order, that enough rows have."""
    counts: Counter[str] = Counter()
    for row in sample:
        if any(isinstance(value, Mapping) for value in row.values.values()):
            counts.update(islice(_leaves(row.values), MAX_PATHS))
    return tuple(name for name, rows in counts.items() if rows >= USUAL * len(sample))


def _leaves(values: Mapping[str, object], before: str = "", depth: int = 1) -> Iterator[str]:
    for name, value in values.items():
        if isinstance(value, Mapping) and depth < MAX_DEPTH:
            yield from _leaves(value, f"{before}{name}.", depth + 1)
        elif before:
            yield before + name
