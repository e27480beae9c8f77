"""The rows that lie nearest to each row.

Up to EXACT_ROWS every pair is compared. Above, the rows are cut into cells around k-means centres
and only the nearest cells are searched (IVF): unlike an HNSW graph, whose edges depend on the order
in which threads insert, the cells are the same in every run.
"""

from __future__ import annotations

import faiss
import numpy as np

from workers.pipeline.arrays import Floats, Ints

EXACT_ROWS = 20_000
PROBES = 16
"""Cells searched a row."""
SAMPLE_PER_CELL = 40
"""Rows that the centres are learnt from."""


def nearest(vectors: Floats, k: int) -> tuple[Floats, Ints]:
    """Cosines and row numbers, both (n, k), of the `k` rows nearest to each of `vectors` (n, d).

    A row is not its own neighbour. Needs k < n; where a search finds fewer, the last one repeats.
    """
    cosines, rows = search(vectors, vectors, k + 1)
    is_other = rows != np.arange(len(vectors))[:, None]
    order = np.argsort(~is_other, axis=1, kind="stable")[:, :k]
    return np.take_along_axis(cosines, order, 1), np.take_along_axis(rows, order, 1)


def search(base: Floats, queries: Floats, k: int) -> tuple[Floats, Ints]:
    """Cosines and places in `base`, both (m, k), of the rows nearest to each query, best first."""
    index = _index(base)
    index.add(base)
    cosines, places = index.search(queries, k)
    for column in range(1, k):
        missing = places[:, column] < 0
        places[missing, column] = places[missing, column - 1]
        cosines[missing, column] = cosines[missing, column - 1]
    return cosines, places


def _index(base: Floats) -> faiss.Index:
    n, dimensions = base.shape
    flat = faiss.IndexFlatIP(dimensions)
    if n <= EXACT_ROWS:
        return flat
    cells = int(4 * np.sqrt(n))
    index = faiss.IndexIVFFlat(flat, dimensions, cells, faiss.METRIC_INNER_PRODUCT)
    index.cp.max_points_per_centroid = SAMPLE_PER_CELL
    index.train(base)
    index.nprobe = PROBES
    return index
