"""A labelling batch: answers to be corrected by people, in the order that teaches most."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from store.errors import NotFound
from store.records.prediction import Prediction


class LabellingStatus(StrEnum):
    OPEN = "OPEN"
    LABELLED = "LABELLED"
    SKIPPED = "SKIPPED"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A prediction that waits for a label."""

    prediction_id: str
    hole: int | None
    """The hole of the report that it is from."""


@dataclass(frozen=True, slots=True)
class Item:
    """A candidate as it is now."""

    candidate: Candidate
    prediction: Prediction
    status: LabellingStatus


@dataclass(frozen=True, slots=True)
class LabellingBatch:
    id: str
    owner_id: str
    model_id: str
    model_version_id: str
    dataset_id: str
    report_id: str
    holes: tuple[int, ...] | None
    """Of the report; None for all of them, and strange texts in none."""
    candidates: tuple[Candidate, ...]
    created_at: datetime
    asked_by: str | None
    """As in the report: whose answers they are; None for everybody's."""
    skipped: tuple[str, ...] = ()
    """Predictions that nobody will label."""
    revision: int = 0

    def skipping(self, prediction_id: str) -> LabellingBatch:
        """Told twice, it changes nothing. Raises NotFound."""
        if prediction_id not in {each.prediction_id for each in self.candidates}:
            raise NotFound(f"there is no {prediction_id!r} in {self.id}")
        if prediction_id in self.skipped:
            return self
        return replace(self, skipped=(*self.skipped, prediction_id))

    def items(self, known: Mapping[str, Prediction]) -> list[Item]:
        """In their order, without predictions that are gone. A label counts also after a skip."""
        return [
            Item(each, known[each.prediction_id], self._status(known[each.prediction_id]))
            for each in self.candidates
            if each.prediction_id in known
        ]

    def _status(self, prediction: Prediction) -> LabellingStatus:
        if prediction.correction is not None:
            return LabellingStatus.LABELLED
        return LabellingStatus.SKIPPED if prediction.id in self.skipped else LabellingStatus.OPEN
