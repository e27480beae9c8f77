"""Rows that can be learnt from, with equal texts grouped."""

from __future__ import annotations

import numpy as np

from store.records.training import TrainingSpec
from workers.pipeline.arrays import Ints
from workers.pipeline.folds import sample
from workers.pipeline.progress import Progress
from workers.pipeline.stages.refusal import refusal
from workers.pipeline.table import Table, read_shards
from workers.pipeline.workspace import Outcome, Workspace

MIN_ROWS = 10
MIN_GROUPS = 4
ROWS = "rows.parquet"


def run(work: Workspace, spec: TrainingSpec, progress: Progress) -> Outcome:
    """Drop empty rows, take a stratified sample where one is asked for. Raises BadData."""
    table = read_shards(work.input)
    progress(0, len(table))
    table = table.take(np.flatnonzero([bool(text.strip()) for text in table.text]))
    if spec.max_rows is not None and len(table) > spec.max_rows:
        table = table.take(sample(classes_of(table), table.group, spec.max_rows, spec.seed))
    _check(table)
    with work.writing("clean") as folder:
        table.write(folder / ROWS)
    texts = len(np.unique(table.group))
    progress(len(table), len(table))
    return Outcome(len(table), f"{len(table):,} rows, {texts:,} distinct texts")


def read_rows(work: Workspace) -> Table:
    """What this stage left."""
    return Table.read(work.folder / "clean" / ROWS)


def classes_of(table: Table) -> Ints:
    """(n,): the number of each row's label in sorted order, -1 without one."""
    known = {name: number for number, name in enumerate(sorted({x for x in table.label if x}))}
    return np.array([known[label] if label else -1 for label in table.label], np.int64)


def _check(table: Table) -> None:
    if len(table) < MIN_ROWS or len(np.unique(table.group)) < MIN_GROUPS:
        raise refusal(
            "TOO_FEW_ROWS",
            f"{len(table)} rows are too few to cluster and to train on",
            f"append rows: at least {MIN_ROWS}, better 20 a label",
        )
    labels = {label for label in table.label if label}
    if len(labels) == 1:
        raise refusal(
            "ONE_LABEL",
            f"every labelled row is {labels.pop()!r}: there is nothing to tell apart",
            "append rows with another label, or choose another label column",
        )
