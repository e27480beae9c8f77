"""Groups of rows that belong together, found in their vectors."""

from __future__ import annotations

from dataclasses import replace

from store.records.training import ClustererKind, ClustererSpec
from workers.pipeline.arrays import Floats
from workers.pipeline.clusterers.clustering import Clustering
from workers.pipeline.clusterers.density import hdbscan
from workers.pipeline.clusterers.hierarchy import above
from workers.pipeline.clusterers.kmeans import kmeans
from workers.pipeline.clusterers.leiden import leiden

__all__ = ["Clustering", "cluster"]


def cluster(vectors: Floats, spec: ClustererSpec, seed: int) -> Clustering:
    """The rows of `vectors` (n, d), unit length, in clusters numbered by falling size.

    Where the clusterer gives no level above, similar clusters make one.
    """
    found = _fitted(vectors, spec, seed)
    return found if found.coarse is not None else replace(found, coarse=above(vectors, found))


def _fitted(vectors: Floats, spec: ClustererSpec, seed: int) -> Clustering:
    match spec.kind:
        case ClustererKind.LEIDEN:
            return leiden(vectors, spec.resolution, seed)
        case ClustererKind.KMEANS:
            return kmeans(vectors, spec.k, seed)
        case ClustererKind.HDBSCAN:
            return hdbscan(vectors, spec.min_cluster_size, seed)
