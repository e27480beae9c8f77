"""What a diagnosis says, and what each of its fixes would do."""

from __future__ import annotations

from dataclasses import dataclass

from store.records.dataset import Columns, Reading
from store.records.training import TrainingSpec


@dataclass(frozen=True, slots=True)
class RunAgain:
    """The same job once more; a training by another spec where one is given."""

    spec: TrainingSpec | None = None


@dataclass(frozen=True, slots=True)
class ReadAgain:
    """A new version out of the same file."""

    reading: Reading
    columns: Columns


@dataclass(frozen=True, slots=True)
class PurgeAgain:
    thing_id: str


Action = RunAgain | ReadAgain | PurgeAgain


@dataclass(frozen=True, slots=True)
class Fix:
    id: str
    """Stable: the same failure offers it under the same id."""
    label: str
    action: Action


@dataclass(frozen=True, slots=True)
class ConcernedRow:
    reason: str
    text: str | None = None
    line: int | None = None
    """Of the raw file, from 1."""
    row: int | None = None
    """Of the version, from 0."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    cause: str
    """A sentence for people."""
    evidence: tuple[str, ...] = ()
    """The facts that it rests on, a sentence each."""
    rows: tuple[ConcernedRow, ...] = ()
    fixes: tuple[Fix, ...] = ()
    """The likeliest first."""
