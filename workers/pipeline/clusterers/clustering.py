"""What a clusterer gives, whichever it was."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from workers.pipeline.arrays import Floats, Ints


@dataclass(frozen=True)
class Clustering:
    """`labels` (n,): the cluster of each row, -1 for noise; `coarse` the same, more roughly."""

    labels: Ints
    coarse: Ints | None = None

    @property
    def count(self) -> int:
        return int(self.labels.max(initial=-1)) + 1


def by_size(labels: NDArray[np.integer]) -> Ints:
    """The same groups, numbered from the largest; equal sizes by their first row; -1 stays."""
    known, first, counts = np.unique(labels, return_index=True, return_counts=True)
    order = [i for i in np.lexsort((first, -counts)) if known[i] >= 0]
    number = np.full(len(known), -1, np.int64)
    number[order] = np.arange(len(order))
    return number[np.searchsorted(known, labels)]


def cosines(vectors: Floats, labels: Ints, centres: Floats) -> Floats:
    """(n,): of each row to its cluster's centroid, -1 for noise."""
    found = np.full(len(labels), -1, np.float32)
    is_in = labels >= 0
    found[is_in] = np.einsum("nd,nd->n", vectors[is_in], centres[labels[is_in]])
    return found


def centroids(vectors: Floats, labels: Ints, count: int) -> Floats:
    """(count, d): the mean of each cluster's rows, at unit length."""
    rows = np.flatnonzero(labels >= 0)
    member = csr_array((np.ones(len(rows)), (labels[rows], rows)), shape=(count, len(labels)))
    sums = member @ vectors.astype(np.float64)
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    return np.asarray(sums / np.where(lengths > 0, lengths, 1), np.float32)
