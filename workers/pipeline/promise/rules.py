"""What is decided of a text, by thresholds that were chosen on rows held out."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from store.records.prediction import Decision
from workers.pipeline.arrays import Doubles, Places

NEVER = 1.0
"""No probability lies over it."""
ALWAYS = 0.0
"""The likeliest class always does."""


@dataclass(frozen=True)
class Rules:
    """Of k classes; a text is answered where its likeliest one lies over that one's threshold."""

    above: tuple[float, ...]
    """(k,): thresholds of probability, ALWAYS and NEVER among them."""
    abstain_below: float
    """Of every class, as the spec asks for it."""
    set_from: float | None
    """Classes at least that probable make up the prediction set; None has none."""
    out_above: float | None
    """Of `ood_score`; None calls no text out of distribution."""

    @classmethod
    def none(cls, classes: int, abstain_below: float) -> Rules:
        """Those of a model that promises nothing."""
        return cls((ALWAYS,) * classes, abstain_below, None, None)

    def decide(self, best: int, probability: float, ood_score: float | None) -> Decision:
        """Of a text whose likeliest class is `best`."""
        if self.is_out(ood_score):
            return Decision.OUT_OF_DISTRIBUTION
        is_sure = probability > self.above[best] and probability >= self.abstain_below
        return Decision.ANSWER if is_sure else Decision.ABSTAIN

    def is_out(self, ood_score: float | None) -> bool:
        return self.out_above is not None and ood_score is not None and ood_score > self.out_above

    def prediction_set(self, probabilities: Doubles, order: Places) -> tuple[int, ...]:
        """The classes, likeliest first as in `order`; never empty where sets are made."""
        if self.set_from is None:
            return ()
        count = max(1, int((probabilities >= self.set_from).sum()))
        return tuple(int(place) for place in order[:count])

    def save(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self)))

    @classmethod
    def load(cls, path: Path, classes: int) -> Rules:
        told = json.loads(path.read_bytes())
        above = tuple(float(each) for each in told["above"])
        if len(above) != classes or not np.isfinite(above).all():
            raise ValueError("the thresholds do not fit the classes")
        return cls(above, told["abstain_below"], told["set_from"], told["out_above"])
