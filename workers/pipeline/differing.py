"""Which rows differ between two states of a data set, by their numbers.

A shard that both states share need not be looked at: the callers leave it out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from store.records.rows import ChangeCounts, ChangeKind
from workers.pipeline.arrays import Ints, Mask
from workers.pipeline.shards import SCHEMA

COMPARED = ["row", "text", "label"]
ORDER = (ChangeKind.ADDED, ChangeKind.DROPPED, ChangeKind.RELABELLED, ChangeKind.REWORDED)


@dataclass(frozen=True)
class Difference:
    """n rows that differ: their numbers, ascending, and (n, 4) which kinds of change each had."""

    numbers: Ints
    kinds: Mask

    @property
    def counts(self) -> ChangeCounts:
        return ChangeCounts(len(self.numbers), *self.kinds.sum(axis=0).tolist())

    def only(self, kind: ChangeKind | None) -> Difference:
        """The rows that had this change; all for None."""
        if kind is None:
            return self
        has = self.kinds[:, ORDER.index(kind)]
        return Difference(self.numbers[has], self.kinds[has])

    def kinds_at(self, place: int) -> tuple[ChangeKind, ...]:
        """How the row at `place` differs."""
        return tuple(kind for kind, has in zip(ORDER, self.kinds[place], strict=True) if has)


def differing(before: Sequence[pa.Table], after: Sequence[pa.Table]) -> Difference:
    """What became of the rows of `before` in `after`; no row is twice on one side."""
    old, new = (_joined(tables) for tables in (before, after))
    old_rows, new_rows = old["row"].to_numpy(), new["row"].to_numpy()
    both, at_old, at_new = np.intersect1d(old_rows, new_rows, True, return_indices=True)
    relabelled = _differs(old, new, "label", at_old, at_new)
    reworded = _differs(old, new, "text", at_old, at_new)
    changed = relabelled | reworded
    parts = [
        _part(np.setdiff1d(new_rows, both, True), ChangeKind.ADDED),
        _part(np.setdiff1d(old_rows, both, True), ChangeKind.DROPPED),
        (both[changed], _columns(relabelled[changed], reworded[changed])),
    ]
    numbers = np.concatenate([numbers for numbers, _ in parts])
    order = np.argsort(numbers, kind="stable")
    return Difference(numbers[order], np.concatenate([kinds for _, kinds in parts])[order])


def _joined(tables: Sequence[pa.Table]) -> pa.Table:
    """Columns that shards of other times lack are left out."""
    return pa.concat_tables([table.select(COMPARED) for table in (SCHEMA.empty_table(), *tables)])


def _differs(old: pa.Table, new: pa.Table, name: str, at_old: Ints, at_new: Ints) -> Mask:
    """A missing label is as good as an empty one."""
    left = pc.coalesce(old[name].take(at_old), pa.scalar(""))
    right = pc.coalesce(new[name].take(at_new), pa.scalar(""))
    found: Any = pc.not_equal(left, right)
    differs: Mask = found.to_numpy()
    return differs


def _part(numbers: Ints, kind: ChangeKind) -> tuple[Ints, Mask]:
    kinds = np.zeros((len(numbers), len(ORDER)), np.bool_)
    kinds[:, ORDER.index(kind)] = True
    return numbers, kinds


def _columns(relabelled: Mask, reworded: Mask) -> Mask:
    nothing = np.zeros_like(relabelled)
    return np.stack([nothing, nothing, relabelled, reworded], axis=1)
