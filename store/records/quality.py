"""What a check of a version's rows is asked for, and what it found."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from store.records.edit import RowEdit


class FindingKind(StrEnum):
    LABEL_ERROR = "LABEL_ERROR"
    CONFLICT = "CONFLICT"
    NEAR_DUPLICATE = "NEAR_DUPLICATE"
    LEAKAGE = "LEAKAGE"
    OUTLIER = "OUTLIER"
    TOO_SHORT = "TOO_SHORT"


class FindingStatus(StrEnum):
    OPEN = "OPEN"
    FIXED = "FIXED"
    DISMISSED = "DISMISSED"


@dataclass(frozen=True, slots=True)
class CheckSpec:
    """What to look for; the embedder is that of the job's training spec."""

    kinds: tuple[FindingKind, ...] = tuple(FindingKind)
    near_cosine: float | None = None
    """From which on two rows are near duplicates; None takes what suits the embedder."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A row that shows why, the finding's own rows first."""

    row: int
    text: str
    """At most 500 characters."""
    label: str | None = None
    split: str | None = None
    is_subject: bool = True
    """Whether the finding is about it; else it is there to compare with."""
    cosine: float | None = None
    """To the finding's first row."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One suspicion. Ids of one check and kind sort by rank, the worst first."""

    id: str
    owner_id: str
    dataset_id: str
    dataset_version_id: str
    job_id: str
    kind: FindingKind
    rank: int
    """From 0, the worst."""
    score: float
    """0 to 1, higher is worse; comparable within a kind alone."""
    message: str
    evidence: tuple[Evidence, ...]
    row_count: int
    """Rows that it is about; `evidence` has the first of them."""
    edits: tuple[RowEdit, ...]
    """What would mend it; empty where people have to decide."""
    mark: str
    """The same in every check that finds the same again."""
    status: FindingStatus = FindingStatus.OPEN
    fixed_in: str | None = None
    """The version whose edits mend it."""
    revision: int = 0

    def dismissed(self) -> Finding:
        """It is no fault; one that is fixed stays so."""
        if self.status is FindingStatus.FIXED:
            return self
        return replace(self, status=FindingStatus.DISMISSED)

    def reopened(self) -> Finding:
        """Dismissed by mistake, or the version that was to mend it was rejected."""
        return replace(self, status=FindingStatus.OPEN, fixed_in=None)

    def fixed(self, version_id: str) -> Finding:
        return replace(self, status=FindingStatus.FIXED, fixed_in=version_id)


@dataclass(frozen=True, slots=True)
class KindCount:
    kind: FindingKind
    found: int
    """All of them, also those beyond the kept ones."""
    kept: int
    """The worst, which can be listed."""
    rows: int
    """Rows that the findings are about."""


@dataclass(frozen=True, slots=True)
class Quality:
    """What a check found in a version."""

    job_id: str
    at: datetime
    score: float
    """Share of the rows that no finding is about, 0 to 1."""
    label_noise: float | None
    """Estimated share of wrong labels; None where labels could not be judged."""
    counts: tuple[KindCount, ...] = field(default_factory=tuple)
    """One for each kind that was looked for."""
