"""A change that can be taken back for a while, unless its thing has changed since."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

UNDO_FOR = timedelta(days=1)


class UndoKind(StrEnum):
    DELETED = "DELETED"
    """A data set or a model went to the trash."""
    DATASET_UPDATED = "DATASET_UPDATED"
    MODEL_UPDATED = "MODEL_UPDATED"
    CARD_EDITED = "CARD_EDITED"
    ALIAS_MOVED = "ALIAS_MOVED"
    """Another version of a model answers, or none."""
    QUESTION_UNPINNED = "QUESTION_UNPINNED"
    CLUSTERS_EDITED = "CLUSTERS_EDITED"


@dataclass(frozen=True, slots=True)
class UndoStep:
    """What `undo` needs; whoever holds its token may be somebody else, so it names who did it."""

    id: str
    kind: UndoKind
    subject_id: str
    """The data set or model that was changed, or that the changed thing belongs to."""
    by: str
    at: datetime
    expected: int
    """The revision that the change left; at another one it is too late to take it back."""
    before: dict[str, Any]
    """What the change replaced, by names that its kind knows."""
    is_done: bool = False
    revision: int = 0

    def done(self) -> UndoStep:
        return replace(self, is_done=True)

    def is_over(self, at: datetime) -> bool:
        return at >= self.at + UNDO_FOR
