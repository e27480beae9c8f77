"""The columns of rows that are asked about, and of their answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from store.codec import to_plain
from store.records.bulk import BulkSpec
from store.records.prediction import Answer

_TEXT: pa.DataType = pa.string()
ASKED: dict[str, pa.DataType] = {
    "row": pa.int64(), "line": pa.int64(), "sequence_name": _TEXT, "text": _TEXT,
    "given_label": _TEXT,
}  # fmt: skip
"""Of each row: its number, its line where there is a file, its header where it is a sequence, and
what it brought along."""
LABELS: dict[str, pa.DataType] = {
    "label": _TEXT, "probability": pa.float64(), "decision": _TEXT, "abstained": pa.bool_(),
    "prediction_set": pa.list_(_TEXT), "ood_score": pa.float64(), "truncated": pa.bool_(),
}  # fmt: skip
CLUSTERS: dict[str, pa.DataType] = {"cluster": pa.int64(), "cluster_name": _TEXT}
SCORES: dict[str, pa.DataType] = {
    "scores": pa.list_(pa.struct([("label", _TEXT), ("probability", pa.float64())]))
}
NEIGHBOURS: dict[str, pa.DataType] = {
    "neighbours": pa.list_(
        pa.struct(
            [
                ("row", pa.int64()), ("text", _TEXT), ("label", _TEXT), ("cosine", pa.float64()),
                ("name", _TEXT), ("identity", pa.float64()),
            ]
        )
    )
}  # fmt: skip
OURS = {*ASKED, *LABELS, *CLUSTERS, *SCORES, *NEIGHBOURS}


def asked_schema(keep: Sequence[str], *, has_lines: bool, has_names: bool) -> pa.Schema:
    """Of rows before they are answered; `keep` are columns of the file under names of our own."""
    absent = set() if has_lines else {"line"}
    absent |= set() if has_names else {"sequence_name"}
    fields = [(name, kind) for name, kind in ASKED.items() if name not in absent]
    return pa.schema([*fields, *((name, _TEXT) for name in renamed(keep))])


def renamed(keep: Sequence[str]) -> list[str]:
    """Names for the columns that are carried along: their own, unless an answer has that name."""
    taken = OURS | set(keep) - OURS
    names = []
    for name in keep:
        fresh = name
        while fresh in OURS or (fresh != name and fresh in taken):
            fresh = f"input_{fresh}"
        taken.add(fresh)
        names.append(fresh)
    return names


def answered(asked: pa.Table, answers: Sequence[Answer], spec: BulkSpec) -> pa.Table:
    """The rows with their answers, beside what they brought along."""
    kinds = LABELS | (CLUSTERS if spec.has_clusters else {})
    kinds |= SCORES if spec.has_scores else {}
    kinds |= NEIGHBOURS if spec.neighbours else {}
    own = [name for name in asked.column_names if name in ASKED]
    kept = [name for name in asked.column_names if name not in ASKED]
    table = asked.select(own)
    for name, kind in kinds.items():
        values = [_plain(name, answer) for answer in answers]
        table = table.append_column(pa.field(name, kind), pa.array(values, kind))
    for name in kept:
        table = table.append_column(asked.schema.field(name), asked.column(name))
    return table


def _plain(name: str, answer: Answer) -> Any:
    value = answer.decided if name == "decision" else getattr(answer, name)
    return to_plain(value)
