"""The classifier: what rows are called, learnt from those that are not in the test."""

from __future__ import annotations

import json

import numpy as np

from store.codec import from_plain
from store.records.dataset import DataKind
from store.records.report import Cluster
from store.records.training import TrainingSpec
from workers.pipeline.arrays import Floats, Mask, Places
from workers.pipeline.classifiers.choosing import learn
from workers.pipeline.classifiers.head import Head
from workers.pipeline.clusterers.clustering import cosines
from workers.pipeline.folds import folds
from workers.pipeline.progress import Progress
from workers.pipeline.rare_labels import lone_rows
from workers.pipeline.stages.clean import read_rows
from workers.pipeline.stages.refusal import refusal
from workers.pipeline.table import Table
from workers.pipeline.targets import Targets, targets
from workers.pipeline.workspace import Outcome, Workspace


def run(work: Workspace, spec: TrainingSpec, progress: Progress) -> Outcome:
    """Leave an untempered head, the rows' classes, and the scores of held-out rows."""
    table = read_rows(work)
    vectors = np.array(work.array("embed", "vectors"))
    train = work.array("split", "train")
    called = _targets(work, vectors, train)
    rows = np.flatnonzero(train & (called.y >= 0))
    _check(called, rows, table)
    progress(0, len(rows))
    texts = [table.text[i] for i in rows] if work.kind is DataKind.TEXT else None
    learnt = learn(
        vectors=vectors[rows], texts=texts, y=called.y[rows], groups=table.group[rows],
        count=len(called.classes), spec=spec.classifier, seed=spec.seed, progress=progress,
    )  # fmt: skip
    head = Head(called.classes, learnt.linear, learnt.sparse, learnt.sparse_weight, 1.0)
    with work.writing("fit") as folder:
        head.save(folder / "head")
        np.save(folder / "y.npy", called.y)
        np.save(folder / "spread.npy", called.spread & train)
        np.save(folder / "held_scores.npy", learnt.held_scores)
        np.save(folder / "held_y.npy", learnt.held_y)
        np.save(folder / "held_rows.npy", rows[learnt.held])
        np.save(folder / "held_folds.npy", learnt.held_folds)
        about = {"c": learnt.c, "from_clusters": called.from_clusters}
        (folder / "about.json").write_text(json.dumps(about))
    progress(len(rows), len(rows))
    with_terms = f" and terms (weight {learnt.sparse_weight:g})" if learnt.sparse_weight else ""
    summary = f"{len(called.classes)} classes from vectors{with_terms}, C = {learnt.c:g}"
    return Outcome(len(rows), summary)


def _targets(work: Workspace, vectors: Floats, train: Mask) -> Targets:
    clustering = work.array("cluster", "labels")
    clusters = [from_plain(Cluster, each) for each in work.json("cluster", "clusters")]
    near = cosines(vectors, clustering, work.array("cluster", "centroids"))
    return targets(read_rows(work).label, clustering, clusters, near, train)


def _check(called: Targets, rows: Places, table: Table) -> None:
    present = len(np.unique(called.y[rows]))
    if present >= 2:
        return _check_texts(called, rows, table)
    fix = "label rows of another class, or train on more rows"
    reason = f"{present} of {len(called.classes)} classes has rows to learn from"
    if called.from_clusters:
        reason = "the rows do not fall into two clusters, so there is nothing to tell apart"
        fix = "raise the clusterer's resolution, or label the rows"
    raise refusal("ONE_CLASS", reason, fix)


def _check_texts(called: Targets, rows: Places, table: Table) -> None:
    """What is chosen is judged on rows held out, so a class must have one to spare."""
    if (folds(called.y[rows], table.group[rows], 2, seed=0) < 0).all():
        fix = "append rows: at least three different texts a label"
        if called.from_clusters:
            fix = "ask for fewer clusters: each row has one of its own"
        raise refusal(
            "TOO_FEW_TEXTS_A_CLASS",
            "no class has two different texts to learn from",
            fix,
            lone_rows(table),
        )
