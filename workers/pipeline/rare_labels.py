"""Labels with too few texts to be learnt and tested: kept, left out, or made one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from store.records.dataset import Problem
from store.records.training import LabelSpec, RareLabels
from workers.pipeline.problems import showable
from workers.pipeline.table import Table

OTHER = "other"
MAX_SHOWN = 20
"""Rows that a refusal points at."""


def texts_by_label(table: Table) -> dict[str, int]:
    """Each label's texts; rows whose texts are alike count once."""
    groups: dict[str, set[int]] = {}
    for label, group in zip(table.label, table.group.tolist(), strict=True):
        if label:
            groups.setdefault(label, set()).add(group)
    return {label: len(found) for label, found in groups.items()}


def treated(table: Table, spec: LabelSpec) -> tuple[Table, str]:
    """The table with its rare labels as asked, and what was done; rows without a label stay."""
    if spec.rare is RareLabels.KEEP:
        return table, ""
    texts = texts_by_label(table)
    rare = {label for label, count in texts.items() if count < spec.min_rows}
    is_rare = [label in rare for label in table.label]
    told = f"{len(rare):,} rare labels with {sum(is_rare):,} rows"
    if spec.rare is RareLabels.DROP:
        return table.take(np.flatnonzero(~np.array(is_rare, np.bool_))), f"{told} left out"
    merged = [OTHER if is_in else label for is_in, label in zip(is_rare, table.label, strict=True)]
    return replace(table, label=merged), f"{told} made one"


def lone_rows(table: Table) -> tuple[Problem, ...]:
    """The first rows whose label no other text has."""
    texts = texts_by_label(table)
    lone = [at for at, label in enumerate(table.label) if label and texts[label] == 1]
    return tuple(_alone(table, at) for at in lone[:MAX_SHOWN])


def _alone(table: Table, at: int) -> Problem:
    return Problem(
        "LONE_LABEL",
        f"No other text is labelled {showable(table.label[at] or '')!r}.",
        "Label more rows so, or have rare labels dropped or merged.",
        column="label",
        value=showable(table.text[at]),
        row=int(table.row[at]),
    )
