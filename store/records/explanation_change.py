"""What two versions say of one text, and why they differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields
from enum import StrEnum

from store.records.explanation import Explanation, Weight
from store.records.model import ModelVersion
from store.records.prediction import Neighbour


class RowMove(StrEnum):
    """What became of a training row from the earlier version to the later one."""

    RELABELLED = "RELABELLED"
    ADDED = "ADDED"
    REMOVED = "REMOVED"
    KEPT = "KEPT"


@dataclass(frozen=True, slots=True)
class WordChange:
    """A part of the text, and how much it counted for the label by either version."""

    start: int
    end: int
    text: str
    before: float
    after: float

    @property
    def change(self) -> float:
        return round(self.after - self.before, 4)


@dataclass(frozen=True, slots=True)
class NearRowChange:
    """A training row near the text. What a version did not learn from it has no cosine for."""

    row: int
    text: str
    move: RowMove
    label_before: str | None
    label_after: str | None
    cosine_before: float | None
    cosine_after: float | None


@dataclass(frozen=True, slots=True)
class TrainingChange:
    """How the two trainings differ."""

    is_other_data: bool
    """They learnt from different versions of the data."""
    is_same_dataset: bool
    """Both versions are of one data set, so that rows can be followed by their numbers."""
    spec: tuple[str, ...]
    """Parts of the spec that differ, such as `embedder`."""
    labels_added: tuple[str, ...]
    labels_removed: tuple[str, ...]
    temperature_before: float
    temperature_after: float
    train_rows_before: int
    train_rows_after: int

    @property
    def is_other_embedder(self) -> bool:
        return "embedder" in self.spec


@dataclass(frozen=True, slots=True)
class ExplanationChange:
    """Both explanations are of `label` against `against`, where both versions know them."""

    before: Explanation
    after: Explanation
    label: str | None
    """None where the later answer is a label that the earlier version does not know."""
    words: tuple[WordChange, ...]
    """Those whose weights differ most first; a long text's passages. None without a label."""
    rows: tuple[NearRowChange, ...]
    """The rows that are nearest by either version, those that changed first."""
    training: TrainingChange
    summary: str = ""
    """The same in plain words."""

    @property
    def is_same_answer(self) -> bool:
        return self.before.answer.label == self.after.answer.label


def training_change(before: ModelVersion, after: ModelVersion) -> TrainingChange:
    """How the trainings of two versions differ, by their records."""
    parts = (field.name for field in fields(before.spec))
    return TrainingChange(
        is_other_data=before.dataset_version_id != after.dataset_version_id,
        is_same_dataset=before.dataset_id == after.dataset_id != "",
        spec=tuple(p for p in parts if getattr(before.spec, p) != getattr(after.spec, p)),
        labels_added=tuple(label for label in after.labels if label not in before.labels),
        labels_removed=tuple(label for label in before.labels if label not in after.labels),
        temperature_before=before.report.temperature,
        temperature_after=after.report.temperature,
        train_rows_before=before.report.train_rows,
        train_rows_after=after.report.train_rows,
    )


def word_changes(before: Explanation, after: Explanation, count: int) -> tuple[WordChange, ...]:
    """The `count` parts that both weighed whose weights differ most."""
    earlier = {(part.start, part.end): part for part in _parts(before)}
    changes = [
        WordChange(*place, part.text, earlier[place].weight, part.weight)
        for part in _parts(after)
        if (place := (part.start, part.end)) in earlier
    ]
    return tuple(sorted(changes, key=lambda each: (-abs(each.change), each.start))[:count])


def near_row_changes(
    before: Sequence[Neighbour], after: Sequence[Neighbour]
) -> tuple[NearRowChange, ...]:
    """What either version knows of the same rows; the moved ones first, then the nearest."""
    earlier, later = ({row.row: row for row in rows} for rows in (before, after))
    changes = [_near_row_change(earlier.get(n), later.get(n)) for n in earlier | later]
    return tuple(sorted(changes, key=_by_interest))


def moves(rows: Sequence[NearRowChange]) -> Counter[RowMove]:
    """How many rows made each move."""
    return Counter(row.move for row in rows)


def _parts(explanation: Explanation) -> tuple[Weight, ...]:
    return explanation.passages or explanation.words


def _near_row_change(before: Neighbour | None, after: Neighbour | None) -> NearRowChange:
    row = after or before
    assert row is not None, "a row that neither version knows"
    label_before, label_after = _label(before), _label(after)
    if before is None or after is None:
        move = RowMove.ADDED if before is None else RowMove.REMOVED
    else:
        move = RowMove.KEPT if label_before == label_after else RowMove.RELABELLED
    return NearRowChange(
        row.row, row.text, move, label_before, label_after, _cosine(before), _cosine(after)
    )


def _label(row: Neighbour | None) -> str | None:
    return row.label if row else None


def _cosine(row: Neighbour | None) -> float | None:
    return row.cosine if row else None


def _by_interest(change: NearRowChange) -> tuple[int, float, int]:
    near = max(change.cosine_before or 0.0, change.cosine_after or 0.0)
    return list(RowMove).index(change.move), -near, change.row
