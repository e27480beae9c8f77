"""The bundle that answers, the report, and the map."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np

from store.codec import from_plain, to_plain
from store.records.report import Cluster, Report, StageTime
from store.records.training import TrainingSpec
from workers.pipeline.bundle import Parts, write_bundle
from workers.pipeline.classifiers.head import Head
from workers.pipeline.drawing import draw, flags_of
from workers.pipeline.embedders import embedder_key
from workers.pipeline.progress import Progress
from workers.pipeline.promise.novelty import Scale
from workers.pipeline.promise.rules import Rules
from workers.pipeline.stages.clean import read_rows
from workers.pipeline.table import Table
from workers.pipeline.tiles import Drawn
from workers.pipeline.workspace import Outcome, Workspace


def run(work: Workspace, spec: TrainingSpec, progress: Progress) -> Outcome:
    """Leave `bundle/`, `report.json`, `labels.json`, and the map's tiles in `map/`."""
    table = read_rows(work)
    progress(0, len(table))
    head = served_head(work)
    report = _report(work, spec, head)
    train = np.flatnonzero(work.array("split", "train"))
    y, key = work.array("fit", "y"), embedder_key(spec.embedder)
    parts = Parts(
        head=head,
        engine=work.engine if key else work.folder / "embed" / "engine",
        embedder_key=key,
        spec=spec,
        report=report,
        centroids=work.array("cluster", "centroids"),
        vectors=work.array("embed", "vectors", mapped=True)[train],
        rows=table.row[train],
        texts=[table.text[i] for i in train],
        labels=y[train],
        xy=work.array("project", "xy")[train],
        about=work.read_about(),
        rules=Rules.load(work.folder / "calibrate" / "rules.json", len(head.classes)),
        scale=Scale.load(work.folder / "calibrate" / "scale.json"),
        names=[table.name[i] for i in train],
    )
    with work.writing("package") as folder:
        files = write_bundle(folder / work.bundle.name, parts)
        (folder / work.report.name).write_text(json.dumps(to_plain(report)))
        (folder / work.labels.name).write_text(json.dumps(head.classes))
        points = _points(work, table, head)
        draw(folder / work.map.name, points, report.clusters, report.coarse_clusters, spec.seed)
    size = sum(each["bytes"] for each in files.values())
    progress(len(table), len(table))
    return Outcome(len(table), f"a bundle of {len(files)} files, {size / 2**20:.0f} MB")


def served_head(work: Workspace) -> Head:
    """The fitted head with its temperature; a sparse view of no weight is left out."""
    head = Head.load(work.folder / "fit" / "head")
    temperature = work.json("calibrate", "temperature")
    sparse = head.sparse if head.sparse_weight else None
    return replace(head, temperature=temperature, sparse=sparse)


def _report(work: Workspace, spec: TrainingSpec, head: Head) -> Report:
    found: dict[str, Any] = work.json("evaluate", "scores")
    clusters, about = work.json("cluster", "scores"), work.json("fit", "about")
    counts, y = work.json("embed", "counts"), work.array("fit", "y")
    train, test = work.array("split", "train"), work.array("split", "test")
    found |= {
        "temperature": head.temperature,
        "c": about["c"],
        "sparse_view": head.sparse is not None,
        "train_rows": int((train & (y >= 0)).sum()),
        "test_rows": int((test & (y >= 0)).sum()),
        "spread_rows": int(work.array("fit", "spread").sum()),
        "labels_from_clusters": about["from_clusters"],
        "truncated_rows": int(work.array("embed", "truncated").sum()),
        "embedded_rows": counts["embedded"],
        "cached_rows": counts["cached"],
        "nmi": clusters["nmi"],
        "silhouette": clusters["silhouette"],
        "noise_rows": clusters["noise"],
        "stages": to_plain(_stage_times(work)),
        "clusters": to_plain(_placed(work)),
        "coarse_clusters": work.json("cluster", "coarse"),
    }
    return from_plain(Report, found)


def _points(work: Workspace, table: Table, head: Head) -> Drawn:
    """Every row with what a map tells of it."""
    y, cluster = work.array("fit", "y"), work.array("cluster", "labels")
    test = work.array("split", "test")
    held = np.flatnonzero(test & (y >= 0))
    vectors = np.array(work.array("embed", "vectors", mapped=True)[held])
    wrong, sure = np.zeros(len(y), bool), np.full(len(y), np.nan)
    if len(held):
        probabilities = head.probabilities([table.text[i] for i in held], vectors)
        wrong[held] = probabilities.argmax(axis=1) != y[held]
        sure[held] = probabilities.max(axis=1)
    return Drawn(
        xy=work.array("project", "xy"), row=table.row, cluster=cluster, label=y,
        flags=flags_of(test, cluster, wrong, sure), texts=table.text,
    )  # fmt: skip


def _placed(work: Workspace) -> tuple[Cluster, ...]:
    """The clusters with their places on the map: the median of their rows'."""
    xy, labels = work.array("project", "xy"), work.array("cluster", "labels")
    clusters = [from_plain(Cluster, each) for each in work.json("cluster", "clusters")]
    medians = [np.median(xy[labels == cluster.number], axis=0) for cluster in clusters]
    return tuple(
        replace(cluster, x=float(x), y=float(y))
        for cluster, (x, y) in zip(clusters, medians, strict=True)
    )


def _stage_times(work: Workspace) -> tuple[StageTime, ...]:
    return tuple(
        StageTime(stage, seconds, rows, rows / max(seconds, 1e-3))
        for stage, (seconds, rows) in work.times().items()
    )
