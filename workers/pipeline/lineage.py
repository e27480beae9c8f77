"""What became of clusters from one training to the next, seen by the rows that both have.

After MONIC (Spiliopoulou, Ntoutsi, Theodoridis and Schult 2006) and the bipartite graphs of
Oliveira and Gama (2010). An edge joins an old cluster X and a new one Y when

    more than half of X is in Y, or at least a quarter of X is in Y and makes up most of Y,

shares being of rows that both trainings have. What happened is then read off the edges: X with two
or more is SPLIT, Y with two or more is MERGED, one edge at both ends is CONTINUED, a Y without is
BORN and an X without DIED. MONIC lets X survive whenever one Y holds half of it, so that a division
into 60 and 40 per cent is no split; here it is one.

Ids go along the edges, those that stand for most rows first: the largest piece of a split and the
largest source of a merge pass theirs on, and every id is given once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from store.records.cluster_map import Lineage, LineageKind
from workers.pipeline.arrays import Ints

MOST = 0.5
PIECE = 0.25
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Kin:
    """The ids of the new clusters by their numbers, and what happened."""

    ids: tuple[str, ...]
    events: tuple[Lineage, ...]


@dataclass(frozen=True)
class Overlap:
    """Over the rows that both trainings have."""

    counts: Counts
    """(old, new): rows in each pair of clusters."""
    old_sizes: Ints
    new_sizes: Ints

    @classmethod
    def of(  # noqa: PLR0917 -- rows and labels of both, then how many clusters
        cls, old_rows: Ints, old: Ints, new_rows: Ints, new: Ints, old_count: int, new_count: int
    ) -> Overlap:
        """Of labels (n,) by row, -1 for noise."""
        _, here, there = np.intersect1d(old_rows, new_rows, return_indices=True)
        old, new = old[here], new[there]
        counts = np.zeros((old_count, new_count), np.int64)
        both = (old >= 0) & (new >= 0)
        np.add.at(counts, (old[both], new[both]), 1)
        sizes = (
            np.bincount(labels[labels >= 0], minlength=count)
            for labels, count in ((old, old_count), (new, new_count))
        )
        return cls(counts, *sizes)


def lineage(found: Overlap, old_ids: tuple[str, ...], new_id: Callable[[], str], level: int) -> Kin:
    """The ids of the new clusters, some of them old ones, and what happened."""
    counts, old_sizes, new_sizes = found.counts, found.old_sizes, found.new_sizes
    of_old = counts / np.maximum(old_sizes, 1)[:, None]
    of_new = counts / np.maximum(new_sizes, 1)[None, :]
    joined = (of_old > MOST) | ((of_old >= PIECE) & (of_new > MOST))
    edges = [(int(x), int(y)) for x, y in np.argwhere(joined)]
    ids = _ids(edges, counts, old_ids, new_id)
    return Kin(ids, tuple(_events(edges, found, old_ids, ids, level)))


def _ids(
    edges: list[tuple[int, int]], counts: Counts, old_ids: tuple[str, ...],
    new_id: Callable[[], str],
) -> tuple[str, ...]:  # fmt: skip
    given: dict[int, str] = {}
    for x, y in sorted(edges, key=lambda edge: (-counts[edge], edge)):
        if y not in given and old_ids[x] not in given.values():
            given[y] = old_ids[x]
    return tuple(given.get(y) or new_id() for y in range(counts.shape[1]))


def _events(
    edges: list[tuple[int, int]], found: Overlap, old_ids: tuple[str, ...], ids: tuple[str, ...],
    level: int,
) -> list[Lineage]:  # fmt: skip
    goes, comes = defaultdict(list), defaultdict(list)
    for x, y in edges:
        goes[x].append(y)
        comes[y].append(x)

    def told(kind: LineageKind, before: list[int], after: list[int]) -> Lineage:
        rows = sum(int(found.old_sizes[x]) for x in before)
        kept = sum(int(found.counts[x, y]) for x in before for y in after)
        names = tuple(old_ids[x] for x in before), tuple(ids[y] for y in after)
        return Lineage(kind, level, *names, overlap=round(kept / rows, 4) if rows else 0.0)

    one_to_one = [(x, y) for x, y in edges if len(goes[x]) == len(comes[y]) == 1]
    return [
        *(told(LineageKind.CONTINUED, [x], [y]) for x, y in one_to_one),
        *(told(LineageKind.SPLIT, [x], to) for x, to in sorted(goes.items()) if len(to) > 1),
        *(told(LineageKind.MERGED, of, [y]) for y, of in sorted(comes.items()) if len(of) > 1),
        *(told(LineageKind.BORN, [], [y]) for y in range(len(ids)) if y not in comes),
        *(told(LineageKind.DIED, [x], []) for x in range(len(old_ids)) if x not in goes),
    ]
