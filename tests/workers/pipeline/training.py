"""Small data sets laid out as the worker lays them, and trainings of them."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from store.codec import from_plain
from store.records.dataset import DataKind
from store.records.report import Report
from store.records.training import EmbedderKind, EmbedderSpec, TrainingSpec
from workers.pipeline.progress import silent
from workers.pipeline.stages.running import run_stage
from workers.pipeline.workspace import ORDER, Workspace

TOPICS = {
    "finance": "loan interest deposit account credit invoice budget audit tax bank",
    "kitchen": "oven recipe butter simmer garlic flour knife stew bake salt",
    "travel": "airport ticket luggage hotel train passport border flight map tour",
    "weather": "rain storm cloud sunshine wind snow forecast thunder fog humid",
}
SPEC = TrainingSpec(embedder=EmbedderSpec(kind=EmbedderKind.TFIDF, dimensions=16))
KMERS = replace(SPEC, embedder=EmbedderSpec(kind=EmbedderKind.KMER, k=3))
Row = tuple[str, str | None, str | None]
"""Text, label, split."""


def topics(per_label: int = 30, seed: int = 7) -> list[Row]:
    """Distinct sentences of four topics that a classifier can tell apart."""
    chance = random.Random(seed)
    return [
        (f"{' '.join(chance.choices(words.split(), k=6))} {label[0]}{n}", label, None)
        for label, words in TOPICS.items()
        for n in range(per_label)
    ]


def sequences(per_label: int = 15, seed: int = 7) -> list[Row]:
    """Sequences of three families: mutants of one ancestor each."""
    chance = random.Random(seed)
    rows: list[Row] = []
    for family in "abc":
        ancestor = chance.choices("ACGT", k=300)
        for _ in range(per_label):
            mutant = [base if chance.random() < 0.9 else chance.choice("ACGT") for base in ancestor]
            rows.append(("".join(mutant), family, None))
    return rows


def lay(folder: Path, rows: Sequence[Row], kind: DataKind = DataKind.TEXT) -> Workspace:
    """A workspace whose input is two shards of the rows."""
    work = Workspace(folder)
    work.input.mkdir(parents=True)
    half = len(rows) // 2
    for number, (start, stop) in enumerate([(0, half), (half, len(rows))]):
        text, label, split = zip(*rows[start:stop], strict=True)
        columns = {
            "row": pa.array(range(start, stop), pa.int64()),
            "text": pa.array(text, pa.string()),
            "label": pa.array(label, pa.string()),
            "split": pa.array(split, pa.string()),
        }
        pq.write_table(pa.table(columns), work.input / f"{number:05}.parquet")
    about = {"kind": kind, "dataset_version_id": "dsv_1", "job_id": "job_1"}
    work.about.write_text(json.dumps(about))
    return work


def trained(
    folder: Path, rows: Sequence[Row], spec: TrainingSpec = SPEC, kind: DataKind = DataKind.TEXT
) -> Workspace:
    """The workspace after every stage."""
    work = lay(folder, rows, kind)
    run_until(work, ORDER[-1], spec)
    return work


def run_until(work: Workspace, last: str, spec: TrainingSpec = SPEC) -> None:
    """The stages up to `last`."""
    for name in ORDER[: ORDER.index(last) + 1]:
        run_stage(name, work, spec, silent)


def report_of(work: Workspace) -> Report:
    return from_plain(Report, json.loads(work.report.read_bytes()))
