"""The predictions that were read, by day, and what the model makes of each different text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from store.records.drift import DriftExample, Logged, Traffic
from workers.pipeline.arrays import Places
from workers.pipeline.drift.seen import Seen
from workers.pipeline.serving import Bundle

MAX_TEXT = 500


@dataclass(frozen=True)
class Asked:
    """`seen` has every text that is no row learnt from once; `latest` its newest prediction."""

    days: Sequence[Traffic]
    seen: Seen
    latest: Sequence[Logged]
    place: dict[str, int]
    """Of each of these texts."""
    bundle: Bundle

    @classmethod
    def of(cls, days: Sequence[Traffic], seen: Seen, bundle: Bundle) -> Asked:
        newest = {each.text: each for day in days for each in day.read}
        place = {text: number for number, text in enumerate(seen.texts)}
        return cls(days, seen, [newest[text] for text in seen.texts], place, bundle)

    def places(self, read: Iterable[Logged]) -> Places:
        """Of the different texts among these, in the order in which they came."""
        found = (self.place.get(text) for text in dict.fromkeys(each.text for each in read))
        return np.array([place for place in found if place is not None], np.intp)

    def examples(self, places: Places) -> tuple[DriftExample, ...]:
        return tuple(self._example(int(place)) for place in places)

    def label(self, place: int) -> str:
        """Of the nearest row learnt from."""
        number = int(self.bundle.known.labels[self.seen.nearest[place]])
        return self.bundle.head.classes[number]

    def _example(self, place: int) -> DriftExample:
        latest, cosine = self.latest[place], float(self.seen.cosine[place])
        near = self.bundle.known.neighbour(
            int(self.seen.nearest[place]), cosine, self.bundle.head.classes
        )
        return DriftExample(
            prediction_id=latest.id, text=latest.text[:MAX_TEXT], label=latest.label,
            probability=latest.probability, decision=latest.decision,
            strangeness=float(self.seen.strangeness[place]), nearest_text=near.text[:MAX_TEXT],
            nearest_label=near.label or "", cosine=near.cosine,
        )  # fmt: skip
