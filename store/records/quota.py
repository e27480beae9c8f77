"""What a user may have and do at most, and what is being made at the moment."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

HELD_FOR = timedelta(hours=1)
"""How long something may take to be made; whoever made it has died by then."""


class QuotaKind(StrEnum):
    STORAGE_BYTES = "STORAGE_BYTES"
    JOBS_AT_ONCE = "JOBS_AT_ONCE"
    JOBS_PER_DAY = "JOBS_PER_DAY"
    PREDICTIONS_PER_DAY = "PREDICTIONS_PER_DAY"

    @property
    def words(self) -> str:
        return {
            QuotaKind.STORAGE_BYTES: "bytes of storage",
            QuotaKind.JOBS_AT_ONCE: "jobs at once",
            QuotaKind.JOBS_PER_DAY: "jobs a day",
            QuotaKind.PREDICTIONS_PER_DAY: "predictions a day",
        }[self]


@dataclass(frozen=True, slots=True)
class Hold:
    """Room for something that is being made, until it can be counted itself."""

    id: str
    """Of what is made; a data set version's stands for its job as well."""
    at: datetime
    bytes: int = 0
    is_job: bool = False


@dataclass(frozen=True, slots=True)
class Allowance:
    """One user's; it has the user's id. Each hold is one write of it, so no two pass at once."""

    id: str
    limits: dict[str, int] = field(default_factory=dict)
    """By QuotaKind, where an admin has chosen; the installation's settings hold for the others."""
    holds: tuple[Hold, ...] = ()
    revision: int = 0

    def limited(self, kind: QuotaKind, limit: int | None) -> Allowance:
        """None for what the installation's settings say."""
        others = {each: most for each, most in self.limits.items() if each != kind.value}
        return replace(self, limits=others if limit is None else others | {kind.value: limit})

    def holding(self, hold: Hold) -> Allowance:
        """Without those that were never let go of."""
        kept = (each for each in self.current(hold.at) if each.id != hold.id)
        return replace(self, holds=(*kept, hold))

    def let_go(self, hold_id: str) -> Allowance:
        return replace(self, holds=tuple(each for each in self.holds if each.id != hold_id))

    def current(self, at: datetime) -> tuple[Hold, ...]:
        return tuple(each for each in self.holds if at - each.at < HELD_FOR)


@dataclass(frozen=True, slots=True)
class Quota:
    """One kind's limit."""

    kind: QuotaKind
    user_id: str
    limit: int
    is_default: bool

    @property
    def id(self) -> str:
        """Whom it is about: what the audit log names it by."""
        return self.user_id
