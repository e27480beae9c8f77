"""One row for sequences that are the same, on whichever strand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from workers.pipeline.arrays import Ints
from workers.pipeline.sequences import either_strand
from workers.pipeline.table import Table


def dereplicated(table: Table) -> Table:
    """The first row of each sequence, for each label and each given split that it stands under."""
    groups = _groups(table.text)
    first: dict[tuple[int, str | None, str | None], int] = {}
    for place, key in enumerate(zip(groups.tolist(), table.label, table.split, strict=True)):
        first.setdefault(key, place)
    kept = np.fromiter(first.values(), np.intp, len(first))
    return replace(table, group=groups).take(kept)


def _groups(texts: list[str]) -> Ints:
    """(n,): a sequence and its reverse complement share a number."""
    known: dict[str, int] = {}
    return np.array([known.setdefault(either_strand(x), len(known)) for x in texts], np.int64)
