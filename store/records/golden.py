"""Golden questions: texts whose answer matters so much that a model is held to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True, slots=True)
class GoldenQuestion:
    id: str
    model_id: str
    pinned_by: str
    text: str
    label: str
    """What the model has to answer."""
    note: str
    """Why it matters."""
    blocks: bool
    """Whether a version that answers otherwise is not published."""
    created_at: datetime
    revision: int = 0

    def blocking(self, blocks: bool) -> GoldenQuestion:
        return replace(self, blocks=blocks)


@dataclass(frozen=True, slots=True)
class GoldenResult:
    """What a version says to a question."""

    question: GoldenQuestion
    label: str
    probability: float
    abstained: bool

    @property
    def passed(self) -> bool:
        """To abstain is to fail: an answer was asked for."""
        return self.label == self.question.label and not self.abstained
