"""One step of a job, and how far it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class StageStatus(StrEnum):
    PENDING = "PENDING"
    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class Stage:
    name: str
    status: StageStatus = StageStatus.PENDING
    done: int = 0
    total: int = 0
    """Rows; 0 while it is not known."""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    attempt: int = 0
    """The attempt that ran it last."""
    summary: str = ""
    """One sentence for people: what came out."""
    artefacts: tuple[str, ...] = ()
    """Object keys that a retry goes on from."""
    is_kept: bool = False
    """Nothing was done: what an earlier run of the same left was taken over."""
    fresh: int | None = None
    """Rows of `done` that were not known before; None for all."""
    peak_bytes: int = 0
    """The most memory that the stage's process held; 0 where none was measured."""

    def rows_per_s(self, at: datetime) -> float | None:
        """Its speed so far; over its whole time once it has ended."""
        if self.started_at is None or not self.done:
            return None
        return self.done / max(((self.ended_at or at) - self.started_at).total_seconds(), 1e-3)
