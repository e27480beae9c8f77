"""What the owner of a data set should know before training on it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from store.records.training import EmbedderSpec


class AdviceCode(StrEnum):
    NOT_ENGLISH = "NOT_ENGLISH"
    PROTEIN = "PROTEIN"


@dataclass(frozen=True, slots=True)
class Advice:
    code: AdviceCode
    message: str
    """What is amiss, and what to do instead."""
    embedder: EmbedderSpec | None = None
    """What fits better."""
