"""Which rank of a taxonomy is worth learning: the finest with several rows for each taxon."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from store.records.dataset import Columns
from workers.pipeline.readers.protocol import RawRow
from workers.pipeline.readers.taxonomy import RANKS
from workers.pipeline.rows import NestedValue, as_text

FEW_ROWS = 3
"""Of a taxon: one to test on, and two to learn from."""
MOST = 0.75
"""Share of the rows that must be in taxa of so many rows."""


def propose_rank(sample: Sequence[RawRow], asked: Columns) -> tuple[str | None, tuple[str, ...]]:
    """The label's column with the reason for it; what is asked for, and None, need none."""
    if asked.label is not None:
        return asked.label, ()
    told = [(rank, taxa) for rank in reversed(RANKS) if len(taxa := _taxa(sample, rank)) > 1]
    for rank, taxa in told:
        within = sum(rows for rows in taxa.values() if rows >= FEW_ROWS)
        if within >= MOST * taxa.total():
            share = 100 * within // taxa.total()
            return rank, (
                f"label: {rank!r} is the finest rank with enough rows: {len(taxa)} taxa, "
                f"{share} % of the rows in those of {FEW_ROWS} rows or more.",
            )
    return None, ()


def _taxa(sample: Sequence[RawRow], rank: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for row in sample:
        try:
            if taxon := as_text(row.values.get(rank)):
                found[taxon] += 1
        except NestedValue:
            continue  # reported with its line when the rows are read
    return found
