"""HDBSCAN (Campello, Moulavi and Sander 2013): dense regions, and noise between them."""

from __future__ import annotations

import numpy as np
from sklearn.cluster import HDBSCAN
from sklearn.decomposition import PCA

from workers.pipeline.arrays import Floats
from workers.pipeline.clusterers.clustering import Clustering, by_size

DIMENSIONS = 15
"""Density means little in hundreds of dimensions, and the search is slow there."""


def hdbscan(vectors: Floats, min_cluster_size: int, seed: int) -> Clustering:
    """Clusters of at least `min_cluster_size` rows; the rest is noise."""
    dimensions = min(DIMENSIONS, *vectors.shape)
    reduced = PCA(dimensions, random_state=seed).fit_transform(vectors)
    smallest = max(2, min(min_cluster_size, len(vectors) // 2))
    labels = HDBSCAN(min_cluster_size=smallest, copy=True).fit_predict(reduced)
    return Clustering(by_size(np.maximum(labels, -1)))
