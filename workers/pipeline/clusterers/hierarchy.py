"""The level above clusters whose clusterer gives none."""

from __future__ import annotations

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from workers.pipeline.arrays import Floats, Ints
from workers.pipeline.clusterers.clustering import Clustering, by_size, centroids

FEWEST = 4
"""Clusters under which a level above says nothing."""


def above(vectors: Floats, found: Clustering) -> Ints | None:
    """(n,): about sqrt(k) groups of the k clusters, -1 for noise; None for too few clusters.

    Average linkage of the cosines between centroids (Sokal and Michener 1958).
    """
    if found.count < FEWEST:
        return None
    centres = centroids(vectors, found.labels, found.count)
    apart = squareform(np.clip(1 - centres @ centres.T, 0, None), checks=False)
    tree = linkage(apart, "average")
    group = fcluster(tree, round(np.sqrt(found.count)), "maxclust") - 1
    return by_size(np.where(found.labels < 0, -1, group[found.labels]))
