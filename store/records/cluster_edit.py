"""Edits of clusters: an append-only log of a model, replayed over every version's clusters."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


class EditKind(StrEnum):
    RENAMED = "RENAMED"
    MERGED = "MERGED"
    SPLIT = "SPLIT"
    UNDONE = "UNDONE"


@dataclass(frozen=True, slots=True)
class ClusterEdit:
    """One entry; it never changes. Undoing it is another entry."""

    id: str
    model_id: str
    owner_id: str
    version_id: str
    """The version whose map was looked at."""
    kind: EditKind
    by: str
    at: datetime
    clusters: tuple[str, ...] = ()
    """Those edited; of a merge the first one stays."""
    name: str | None = None
    """The new name; of a merge None keeps the first one's."""
    parts: tuple[str, ...] = ()
    """Ids of what a split makes, in every version."""
    undoes: str | None = None
    """The entry that no longer counts."""
    revision: int = 0


@dataclass(frozen=True, slots=True)
class ClusterLog:
    """The end of a model's log; its id is the model's.

    It is written before the entry itself, if nobody wrote it in between: so of two who saw the same
    log one appends, and whoever comes next writes the entry of one who died on the way.
    """

    id: str
    last: ClusterEdit | None = None
    revision: int = 0

    def ending(self, edit: ClusterEdit) -> ClusterLog:
        return replace(self, last=edit)
