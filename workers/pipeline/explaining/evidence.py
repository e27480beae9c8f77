"""The training rows for and against a label."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from store.records.prediction import Neighbour
from workers.pipeline.arrays import Floats, Mask, Places
from workers.pipeline.serving import KnownRows


@dataclass(frozen=True)
class Evidence:
    """Every row that was learnt from, nearest to a text first."""

    known: KnownRows
    classes: Sequence[str]
    order: Places
    cosines: Floats

    @classmethod
    def of(cls, known: KnownRows, classes: Sequence[str], vector: Floats) -> Evidence:
        return cls(known, classes, *known.near(vector, len(known.numbers)))

    def nearest(self, count: int) -> tuple[Neighbour, ...]:
        """The `count` nearest of any label, or of none."""
        return self._first(np.ones(len(self.order), np.bool_), count)

    def of_label(self, label: str | None, count: int) -> tuple[Neighbour, ...]:
        """The `count` nearest of that label; none for no label."""
        if label is None or not count:
            return ()
        return self._first(self.known.labels[self.order] == self.classes.index(label), count)

    def numbered(self, rows: Sequence[int]) -> tuple[Neighbour, ...]:
        """Those of the rows with these numbers that were learnt from."""
        return self._first(np.isin(self.known.numbers[self.order], rows), len(rows))

    def _first(self, chosen: Mask, count: int) -> tuple[Neighbour, ...]:
        places = np.flatnonzero(chosen)[:count]
        pairs = zip(self.order[places], self.cosines[places], strict=True)
        return tuple(self.known.neighbour(int(i), float(c), self.classes) for i, c in pairs)
