"""Rows that can be learnt from, with equal texts grouped."""

from __future__ import annotations

import numpy as np

from store.records.dataset import DataKind
from store.records.training import TrainingSpec
from workers.pipeline.arrays import Ints
from workers.pipeline.dereplication import dereplicated
from workers.pipeline.folds import sample
from workers.pipeline.notes import note, warn
from workers.pipeline.pieces import with_pieces
from workers.pipeline.progress import Progress
from workers.pipeline.rare_labels import treated
from workers.pipeline.stages.refusal import refusal
from workers.pipeline.table import Table, read_shards
from workers.pipeline.workspace import Outcome, Workspace

MIN_ROWS = 10
MIN_GROUPS = 4
ROWS = "rows.parquet"


def run(work: Workspace, spec: TrainingSpec, progress: Progress) -> Outcome:
    """Drop empty rows and copies of sequences, treat rare labels, take a stratified sample where
    one is asked for; add pieces of sequences where these are.

    Raises BadData.
    """
    table = read_shards(work.input)
    progress(0, len(table))
    table = table.take(np.flatnonzero([bool(text.strip()) for text in table.text]))
    copies = 0
    if work.kind is DataKind.SEQUENCE:
        before, table = len(table), dereplicated(table)
        copies = before - len(table)
    table, rare = treated(table, spec.labels)
    if spec.max_rows is not None and len(table) > spec.max_rows:
        table = table.take(sample(classes_of(table), table.group, spec.max_rows, spec.seed))
    _check(table)
    _tell(table)
    if work.kind is DataKind.SEQUENCE and spec.pieces is not None:
        whole, table = len(table), with_pieces(table, spec.pieces)
        note(f"{len(table) - whole:,} pieces of {spec.pieces:,} letters are learnt from as well")
    with work.writing("clean") as folder:
        table.write(folder / ROWS)
    texts = len(np.unique(table.group))
    progress(len(table), len(table))
    told = f"{len(table):,} rows, {texts:,} distinct texts"
    if copies:
        told += f"; {copies:,} copies of sequences left out"
    return Outcome(len(table), f"{told}; {rare}" if rare else told)


def read_rows(work: Workspace) -> Table:
    """What this stage left."""
    return Table.read(work.folder / "clean" / ROWS)


def classes_of(table: Table) -> Ints:
    """(n,): the number of each row's label in sorted order, -1 without one."""
    known = {name: number for number, name in enumerate(sorted({x for x in table.label if x}))}
    return np.array([known[label] if label else -1 for label in table.label], np.int64)


def _tell(table: Table) -> None:
    """What the labels are like, where there are any."""
    classes = classes_of(table)
    sizes = np.bincount(classes[classes >= 0])
    if not len(sizes):
        return note("no row has a label: the clusters will be the classes")
    note(
        f"{len(sizes):,} classes of {sizes.min():,} to {sizes.max():,} rows",
        classes=len(sizes), unlabelled=int((classes < 0).sum()),
    )  # fmt: skip
    conflicts = _conflicts(table, classes)
    if conflicts:
        warn(f"{conflicts:,} texts have more than one label", texts=conflicts)


def _conflicts(table: Table, classes: Ints) -> int:
    """How many texts stand under several labels."""
    labelled = classes >= 0
    pairs = np.unique(np.stack([table.group[labelled], classes[labelled]]), axis=1)
    return int((np.unique(pairs[0], return_counts=True)[1] > 1).sum())


def _check(table: Table) -> None:
    texts = len(np.unique(table.group))
    if len(table) < MIN_ROWS or texts < MIN_GROUPS:
        different = f" of {texts} different texts" if texts < len(table) else ""
        raise refusal(
            "TOO_FEW_ROWS",
            f"{len(table)} rows{different} are too few to cluster and to train on",
            f"append rows: at least {MIN_ROWS}, better 20 a label",
        )
    labels = {label for label in table.label if label}
    if len(labels) == 1:
        raise refusal(
            "ONE_LABEL",
            f"every labelled row is {labels.pop()!r}: there is nothing to tell apart",
            "append rows with another label, or choose another label column",
        )
