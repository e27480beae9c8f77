"""A suspicion, and all those of one kind; what a check works on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from store.records.edit import RowEdit
from store.records.quality import Evidence, FindingKind
from workers.pipeline.arrays import Floats, Ints, Mask, Places
from workers.pipeline.table import Table

MAX_KEPT = 1_000
"""Suspicions of a kind that are kept, the worst; all are counted."""
MAX_SUBJECTS = 10
"""Rows that a suspicion shows of those that it is about."""
MAX_EDITS = 1_000
MAX_TEXT = 500


@dataclass(frozen=True, slots=True)
class Suspicion:
    """As `store.records.quality.Finding`, before it has an id."""

    score: float
    message: str
    evidence: tuple[Evidence, ...]
    row_count: int
    edits: tuple[RowEdit, ...]
    mark: str


@dataclass(frozen=True, slots=True)
class Suspicions:
    """Of one kind."""

    kind: FindingKind
    found: int
    """All of them."""
    kept: tuple[Suspicion, ...]
    """The worst first."""
    rows: int
    """That they are about, each counted once."""


@dataclass(frozen=True)
class Rows:
    """n rows with their vectors (n, d); `y` (n,) is -1 where there is no label."""

    table: Table
    vectors: Floats
    classes: tuple[str, ...]
    y: Ints

    @classmethod
    def of(cls, table: Table, vectors: Floats) -> Rows:
        classes = tuple(sorted({label for label in table.label if label}))
        number = {label: place for place, label in enumerate(classes)}
        y = np.array([number[label] if label else -1 for label in table.label], np.int64)
        return cls(table, vectors, classes, y)

    def __len__(self) -> int:
        return len(self.table)

    def number(self, place: int) -> int:
        """A row's number, by its place among these."""
        return int(self.table.row[place])

    def evidence(
        self, places: Iterable[int], *, beside: int | None = None, is_subject: bool = True
    ) -> tuple[Evidence, ...]:
        """The rows as they are shown; `beside` is the row that their cosines are taken to."""
        return tuple(self._shown(int(place), beside, is_subject) for place in places)

    def cosines(self, places: Places | Sequence[int], to: int) -> Floats:
        """(m,): of rows to one of them; vectors have length 1."""
        found: Floats = self.vectors[places] @ self.vectors[to]
        return found

    def _shown(self, place: int, beside: int | None, is_subject: bool) -> Evidence:
        cosine = None if beside is None else round(float(self.cosines([place], beside)[0]), 4)
        table = self.table
        text = table.text[place]
        shown = text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + "…"
        return Evidence(
            self.number(place), shown, table.label[place], table.split[place], is_subject, cosine
        )


@dataclass
class Suspects:
    """Collects the suspicions of a kind, which come the worst first, and the rows concerned."""

    kind: FindingKind
    rows: Rows
    concerned: Mask
    """(n,): rows that a suspicion of any kind is about; added to in place."""
    _kept: list[Suspicion] = field(default_factory=list)
    _found: int = 0
    _concerned: set[int] = field(default_factory=set)

    @property
    def is_full(self) -> bool:
        """What comes now is counted, but not kept."""
        return len(self._kept) == MAX_KEPT

    def count(self, places: Iterable[int]) -> None:
        """One more, about the rows at `places`."""
        found = [int(place) for place in places]
        self._found += 1
        self._concerned.update(found)
        self.concerned[found] = True

    def keep(
        self, score: float, message: str, places: Iterable[int],
        evidence: tuple[Evidence, ...], edits: Iterable[RowEdit] = (),
    ) -> None:  # fmt: skip
        """The one that was counted last."""
        numbers = [self.rows.number(int(place)) for place in places]
        proposed = tuple(edits)[:MAX_EDITS]
        mark = _mark(self.kind, numbers, proposed)
        self._kept.append(
            Suspicion(round(score, 6), message, evidence, len(numbers), proposed, mark)
        )

    def all(self) -> Suspicions:
        return Suspicions(self.kind, self._found, tuple(self._kept), len(self._concerned))


def _mark(kind: FindingKind, numbers: Sequence[int], edits: Sequence[RowEdit]) -> str:
    labels = sorted({edit.label or "" for edit in edits})
    told = repr((kind.value, sorted(numbers), labels))
    return hashlib.sha256(told.encode()).hexdigest()[:32]
