"""What is known of the installation as a whole."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Applied:
    """A migration that came to its end."""

    number: int
    name: str
    at: datetime
    version: str
    """Of the Shoal that applied it."""


@dataclass(frozen=True, slots=True)
class DataState:
    """What the records look like."""

    applied: tuple[Applied, ...] = ()
    restoring: str | None = None
    """The backup that is being restored: until that is done, nothing here is whole."""

    @property
    def newest(self) -> int:
        """The number of the last migration that was applied."""
        return max((each.number for each in self.applied), default=0)

    def with_applied(self, applied: Applied) -> DataState:
        return replace(self, applied=(*self.applied, applied))


@dataclass(frozen=True, slots=True)
class BackupNote:
    """A backup that was finished."""

    id: str
    at: datetime
    """When its records were cut."""
    place: str
    bytes: int
