"""k-means on the sphere: the vectors have unit length, so near means a high cosine."""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans, MiniBatchKMeans
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import silhouette_score

from workers.pipeline.arrays import Floats
from workers.pipeline.clusterers.clustering import Clustering, by_size

SAMPLE = 2_000
MINI_BATCH_FROM = 50_000
MAX_K = 100


def kmeans(vectors: Floats, k: int | None, seed: int) -> Clustering:
    """`k` clusters; None takes the k of the best silhouette on a sample (Rousseeuw 1987)."""
    k = min(k or best_k(vectors, seed), len(vectors))
    kind = KMeans if len(vectors) < MINI_BATCH_FROM else MiniBatchKMeans
    return Clustering(by_size(_labels(kind, k, vectors, seed)))


def best_k(vectors: Floats, seed: int) -> int:
    """The best of about a dozen sizes between 2 and MAX_K."""
    chosen = np.random.default_rng(seed).permutation(len(vectors))[:SAMPLE]
    sample = vectors[np.sort(chosen)]
    largest = min(MAX_K, len(sample) // 4)
    sizes = np.unique(np.geomspace(2, max(largest, 2), 12).astype(int))
    scores = []
    for k in sizes:
        labels = _labels(KMeans, int(k), sample, seed)
        is_one = len(np.unique(labels)) < 2
        scores.append(-1.0 if is_one else silhouette_score(sample, labels, metric="cosine"))
    return int(sizes[int(np.argmax(scores))])


def _labels(
    kind: type[KMeans | MiniBatchKMeans], k: int, vectors: Floats, seed: int
) -> NDArray[np.int32]:
    with warnings.catch_warnings():
        # fewer distinct rows than clusters: there are fewer clusters then
        warnings.simplefilter("ignore", ConvergenceWarning)
        found: NDArray[np.int32] = kind(k, n_init=1, random_state=seed).fit_predict(vectors)
    return found
