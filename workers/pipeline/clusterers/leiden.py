"""Leiden communities of the nearest-neighbour graph (Traag, Waltman and van Eck 2019).

It needs no number of clusters and calls nothing noise. A coarser resolution on the same graph gives
the level above.
"""

from __future__ import annotations

import graspologic_native
import numpy as np
from scipy.sparse import csr_array

from workers.pipeline.arrays import Floats, Ints
from workers.pipeline.clusterers.clustering import Clustering, by_size
from workers.pipeline.neighbours import nearest

NEIGHBOURS, FEWEST_NEIGHBOURS = 15, 3
ROWS_A_NEIGHBOUR = 10
"""In small data each row has fewer neighbours: in a graph that joins nearly all rows a resolution
finds none that belong together (60 questions of 6 intents: 23 clusters, so 9)."""
COARSER = 0.25
"""Resolution of the level above, as a share of the asked one."""
WEAKEST_EDGE = 1e-3


def leiden(vectors: Floats, resolution: float, seed: int) -> Clustering:
    """Clusters at `resolution`, and the level above."""
    graph = neighbour_graph(vectors)
    fine = communities(graph, resolution, seed)
    return Clustering(fine, _parents(fine, communities(graph, resolution * COARSER, seed)))


def neighbour_graph(vectors: Floats) -> csr_array:
    """Symmetric (n, n): the cosine of rows of which one is among the other's nearest."""
    n = len(vectors)
    k = min(NEIGHBOURS, max(FEWEST_NEIGHBOURS, n // ROWS_A_NEIGHBOUR), n - 1)
    cosines, rows = nearest(vectors, k)
    weights = np.maximum(cosines.ravel(), WEAKEST_EDGE).astype(np.float64)
    directed = csr_array((weights, rows.ravel(), np.arange(0, n * k + 1, k)), shape=(n, n))
    return directed.maximum(directed.T).tocsr()


def communities(graph: csr_array, resolution: float, seed: int) -> Ints:
    """(n,): the community of each row."""
    n = graph.shape[0]
    _, found = graspologic_native.leiden_csr(
        graph.indptr.astype(np.int64),
        graph.indices.astype(np.int32),
        graph.data,
        n,
        resolution=resolution,
        seed=seed,
    )
    return by_size(np.array([found[row] for row in range(n)]))


def _parents(fine: Ints, coarse: Ints) -> Ints:
    """`coarse` moved so that each fine cluster lies whole in the one that holds most of it."""
    counts = np.zeros((fine.max() + 1, coarse.max() + 1), np.int64)
    np.add.at(counts, (fine, coarse), 1)
    return by_size(counts.argmax(axis=1)[fine])
