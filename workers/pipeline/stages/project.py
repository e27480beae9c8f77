"""Every row's place on a map of two dimensions."""

from __future__ import annotations

import numpy as np

from store.records.training import TrainingSpec
from workers.pipeline.map2d import lay_out
from workers.pipeline.progress import Progress
from workers.pipeline.workspace import Outcome, Workspace


def run(work: Workspace, spec: TrainingSpec, progress: Progress) -> Outcome:
    """Leave `xy` (n, 2)."""
    vectors = np.array(work.array("embed", "vectors"))
    progress(0, len(vectors))
    xy = lay_out(vectors, spec.seed)
    with work.writing("project") as folder:
        np.save(folder / "xy.npy", xy)
    progress(len(vectors), len(vectors))
    return Outcome(len(vectors), f"{len(vectors):,} rows on the map")
