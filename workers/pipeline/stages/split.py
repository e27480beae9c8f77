"""Which rows are learnt from and which are kept for the test."""

from __future__ import annotations

import numpy as np

from store.records.training import TrainingSpec
from workers.pipeline.arrays import Ints, Mask
from workers.pipeline.folds import held_out
from workers.pipeline.notes import warn
from workers.pipeline.progress import Progress
from workers.pipeline.rare_labels import lone_rows
from workers.pipeline.stages.clean import classes_of, read_rows
from workers.pipeline.stages.refusal import refusal
from workers.pipeline.table import Table
from workers.pipeline.workspace import Outcome, Workspace

TEST_NAMES = ("test", "valid")
"""Given splits that serve as the test, the first one that is there."""


def run(work: Workspace, spec: TrainingSpec, progress: Progress) -> Outcome:
    """Leave `train` and `test`, two masks over the rows; no text is in both."""
    table = read_rows(work)
    given = _given(table) if spec.split.use_given else None
    test = held_out(classes_of(table), table.group, spec.split.test_share, spec.seed)
    how = "stratified"
    if given is not None:
        test, how = given, "as given"
    leaked = ~test & np.isin(table.group, table.group[test])
    train = ~test & ~leaked
    _check(table, train, test)
    _tell(classes_of(table), train, test)
    if spec.split.use_given and given is None and (named := sorted(set(filter(None, table.split)))):
        warn(f"the given split ({', '.join(named[:5])}) has no test that could be scored")
    with work.writing("split") as folder:
        np.save(folder / "train.npy", train)
        np.save(folder / "test.npy", test)
    progress(len(table), len(table))
    dropped = f", {leaked.sum():,} of them dropped: the test has their text" if leaked.any() else ""
    summary = f"{how}: {(~test).sum():,} to learn from{dropped}, {test.sum():,} to test on"
    return Outcome(len(table), summary)


def _check(table: Table, train: Mask, test: Mask) -> None:
    """Without any label the clusters will be the classes, and every row counts."""
    classes = classes_of(table)
    if (classes < 0).all():
        return
    if not (classes[test] >= 0).any():
        raise refusal(
            "NOTHING_TO_TEST_ON",
            "no labelled row can be kept for the test",
            "append rows, so that a label has two different texts",
            lone_rows(table),
        )
    if len(np.unique(classes[train & (classes >= 0)])) < 2:
        raise refusal(
            "ONE_LABEL_TO_LEARN_FROM",
            "the rows that are left to learn from have fewer than two labels",
            "move rows of other labels out of the test split, or train without the given split",
        )


def _tell(classes: Ints, train: Mask, test: Mask) -> None:
    """Classes that the test says nothing about, or that cannot be learnt."""
    known = set(np.unique(classes[classes >= 0]))
    for rows, told in ((test, "no row in the test"), (train, "no row to learn from")):
        lacking = known - set(np.unique(classes[rows]))
        if lacking and len(lacking) < len(known):
            warn(f"{len(lacking):,} of {len(known):,} classes have {told}", classes=len(lacking))


def _given(table: Table) -> Mask | None:
    """The test rows of the given split; None where it has none that could be scored."""
    split = np.array([name or "" for name in table.split])
    is_labelled = classes_of(table) >= 0
    for name in TEST_NAMES:
        test: Mask = split == name
        if test.any() and not test.all() and (is_labelled[test].any() or not is_labelled.any()):
            return test
    return None
