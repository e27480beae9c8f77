"""A place on a 2-D map for each row, near rows near each other (PaCMAP, Wang et al. 2021)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import PCA

from store.records.training import TrainingSpec
from workers.pipeline.progress import Progress
from workers.pipeline.workspace import Outcome, Workspace

MIN_ROWS = 50
"""Below this there are too few neighbours, and two principal axes serve as well."""
DIMENSIONS = 50
BATCH = 100_000

Floats = NDArray[np.float32]


def run(work: Workspace, spec: TrainingSpec, progress: Progress) -> Outcome:
    """Leave `xy` (n, 2), scaled to [-1, 1]."""
    vectors = np.array(work.array("embed", "vectors"))
    progress(0, len(vectors))
    xy = project(vectors, spec.seed)
    with work.writing("project") as folder:
        np.save(folder / "xy.npy", xy)
    progress(len(vectors), len(vectors))
    return Outcome(len(vectors), "placed on a 2-D map")


def project(vectors: Floats, seed: int) -> Floats:
    """(n, 2) within [-1, 1]; the same rows and seed give the same map."""
    dimensions = min(DIMENSIONS, *vectors.shape)
    reduced = PCA(dimensions, random_state=seed).fit_transform(vectors).astype(np.float32)
    places = reduced[:, :2] if len(vectors) < MIN_ROWS else _pacmap(reduced, seed)
    if places.shape[1] < 2:
        places = np.column_stack([places, np.zeros(len(places), np.float32)])
    centred = places - (places.max(axis=0) + places.min(axis=0)) / 2
    return (centred / max(float(np.abs(centred).max()), 1e-12)).astype(np.float32)


def _pacmap(vectors: Floats, seed: int) -> Floats:
    import pacmap  # noqa: PLC0415  (it compiles itself: only where it is used)

    placed = pacmap.PaCMAP(random_state=seed, apply_pca=False, verbose=False)
    return np.asarray(placed.fit_transform(vectors), np.float32)
