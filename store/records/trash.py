"""What data sets and models have in common: they go to the trash, come back, or are purged.

    (in use) ──trashed──> in the trash ──purge_asked──> waits for its purge ──purging──> (gone)
       ^                        │                               │
       └────────restored────────┴───────────────────────────────┘

Whoever moves first wins: what is being purged cannot be restored, and a purge finds no claim on
what was restored.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from store.errors import IllegalMove


@dataclass(frozen=True, slots=True, kw_only=True)
class Trashable:
    trashed_at: datetime | None = None
    trashed_by: str | None = None
    purge_job_id: str | None = None
    """The job that is to purge it, or does."""
    purge_bytes: int | None = None
    """What it held when its purge began; from then on there is no way back."""

    @property
    def is_trashed(self) -> bool:
        return self.trashed_at is not None

    @property
    def is_purging(self) -> bool:
        return self.purge_bytes is not None

    def trashed(self, by: str, at: datetime) -> Self:
        if self.is_trashed:
            raise IllegalMove("it is in the trash already")
        return replace(self, trashed_at=at, trashed_by=by)

    def restored(self) -> Self:
        self._require_trashed()
        if self.is_purging:
            raise IllegalMove("it is being purged; there is no way back")
        return replace(self, trashed_at=None, trashed_by=None, purge_job_id=None)

    def purge_asked(self, job_id: str, instead_of: str | None) -> Self:
        """Job `job_id` is to purge it, `instead_of` one that ended early; the first asker wins."""
        self._require_trashed()
        return replace(self, purge_job_id=job_id) if self.purge_job_id == instead_of else self

    def purging(self, job_id: str, held_bytes: int) -> Self:
        """The job begins to delete; whoever goes on later leaves what was held at first."""
        if not self.is_trashed or self.purge_job_id != job_id:
            raise IllegalMove("it was restored, or another job purges it")
        return self if self.is_purging else replace(self, purge_bytes=held_bytes)

    def _require_trashed(self) -> None:
        if not self.is_trashed:
            raise IllegalMove("it is not in the trash")
