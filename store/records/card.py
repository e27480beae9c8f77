"""A model's card, by the sections of Mitchell et al. 2019, "Model Cards for Model Reporting".

What a training found out is told of each version anew. What only people know, such as what the
model is for, is written once for the model and stands on the card of every version.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum


class CardSection(StrEnum):
    MODEL_DETAILS = "MODEL_DETAILS"
    INTENDED_USE = "INTENDED_USE"
    FACTORS = "FACTORS"
    METRICS = "METRICS"
    EVALUATION_DATA = "EVALUATION_DATA"
    TRAINING_DATA = "TRAINING_DATA"
    QUANTITATIVE_ANALYSES = "QUANTITATIVE_ANALYSES"
    ETHICAL_CONSIDERATIONS = "ETHICAL_CONSIDERATIONS"
    CAVEATS = "CAVEATS"


@dataclass(frozen=True, slots=True)
class Card:
    """What people wrote, by section; its id is the model's."""

    id: str
    texts: dict[str, str] = field(default_factory=dict)
    edited_by: str | None = None
    edited_at: datetime | None = None
    revision: int = 0

    def text(self, section: CardSection) -> str:
        """Empty where nothing was written."""
        return self.texts.get(section.value, "")

    def written(self, texts: dict[CardSection, str], by: str, at: datetime) -> Card:
        """With these sections in place of what stood there; an empty text takes one away."""
        merged = self.texts | {section.value: text for section, text in texts.items()}
        kept = {name: text for name, text in merged.items() if text}
        return replace(self, texts=kept, edited_by=by, edited_at=at)
