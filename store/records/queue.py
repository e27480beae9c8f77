"""Whether jobs of a kind are taken up: each kind has a queue of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


class QueueMode(StrEnum):
    OPEN = "OPEN"
    PAUSED = "PAUSED"
    """Nothing new is taken; what runs goes on."""
    DRAINING = "DRAINING"
    """Nothing new is taken, and what runs is handed back to the queue."""


@dataclass(frozen=True, slots=True)
class QueueState:
    id: str
    """The kind of its jobs."""
    mode: QueueMode = QueueMode.OPEN
    by: str | None = None
    """The admin who closed it."""
    at: datetime | None = None
    reason: str = ""
    revision: int = 0

    def paused(self, by: str, at: datetime, reason: str) -> QueueState:
        return replace(self, mode=QueueMode.PAUSED, by=by, at=at, reason=reason)

    def draining(self, by: str, at: datetime, reason: str) -> QueueState:
        return replace(self, mode=QueueMode.DRAINING, by=by, at=at, reason=reason)

    def resumed(self) -> QueueState:
        return replace(self, mode=QueueMode.OPEN, by=None, at=None, reason="")
