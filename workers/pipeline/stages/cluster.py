"""Groups of rows, with names, and how well they agree with the labels."""

from __future__ import annotations

import json

import numpy as np
from sklearn.metrics import normalized_mutual_info_score, silhouette_score

from store.codec import to_plain
from store.records.training import TrainingSpec
from workers.pipeline.arrays import Floats, Ints
from workers.pipeline.clusterers import Clustering, cluster
from workers.pipeline.clusterers.clustering import centroids
from workers.pipeline.clusterers.naming import describe, describe_coarse
from workers.pipeline.notes import note
from workers.pipeline.progress import Progress
from workers.pipeline.stages.clean import classes_of, read_rows
from workers.pipeline.workspace import Outcome, Workspace

SILHOUETTE_SAMPLE = 2_000


def run(work: Workspace, spec: TrainingSpec, progress: Progress) -> Outcome:
    """Leave `labels` (n,), `centroids` (k, d), and the clusters described."""
    table = read_rows(work)
    vectors = np.array(work.array("embed", "vectors"))
    progress(0, len(table))
    found = cluster(vectors, spec.clusterer, spec.seed)
    progress(len(table) // 2, len(table))
    described = describe(table.text, vectors, found, work.kind)
    coarse = describe_coarse(table.text, found.coarse, work.kind)
    scores = {
        "nmi": _nmi(classes_of(table), found.labels),
        "silhouette": _silhouette(vectors, found, spec.seed),
        "noise": int((found.labels < 0).sum()),
    }
    largest = "; ".join(f"{each.name} ({each.size:,})" for each in described[:3])
    note(f"the largest clusters: {largest}", **scores)
    with work.writing("cluster") as folder:
        np.save(folder / "labels.npy", found.labels)
        np.save(folder / "centroids.npy", centroids(vectors, found.labels, found.count))
        (folder / "clusters.json").write_text(json.dumps(to_plain(described)))
        (folder / "coarse.json").write_text(json.dumps(to_plain(coarse)))
        (folder / "scores.json").write_text(json.dumps(scores))
    progress(len(table), len(table))
    return Outcome(len(table), f"{found.count} clusters, {scores['noise']:,} rows of noise")


def _nmi(classes: Ints, labels: Ints) -> float | None:
    """Over the labelled rows, noise as a group of its own; None without labels."""
    labelled = classes >= 0
    if not labelled.any():
        return None
    return float(normalized_mutual_info_score(classes[labelled], labels[labelled]))


def _silhouette(vectors: Floats, found: Clustering, seed: int) -> float | None:
    """By cosine over a sample; None when there are fewer than two clusters in it."""
    rows = np.flatnonzero(found.labels >= 0)
    rows = np.random.default_rng(seed).permutation(rows)[:SILHOUETTE_SAMPLE]
    count = len(np.unique(found.labels[rows]))
    if not 2 <= count < len(rows):
        return None
    return float(silhouette_score(vectors[rows], found.labels[rows], metric="cosine"))
