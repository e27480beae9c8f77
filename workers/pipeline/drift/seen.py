"""Texts as a model version sees them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from store.records.prediction import Decision
from workers.pipeline.arrays import Doubles, Floats, Ints, Places
from workers.pipeline.bulk.answering import in_chunks
from workers.pipeline.embedders.unit import unit
from workers.pipeline.neighbours import search
from workers.pipeline.progress import Progress
from workers.pipeline.serving import Bundle, KnownRows

STRANGE_SHARE = 0.05


@dataclass(frozen=True)
class Seen:
    """n different texts."""

    texts: Sequence[str]
    vectors: Floats
    labels: Ints
    """The likeliest class of each."""
    probability: Doubles
    """Of that class."""
    strangeness: Doubles
    """`ood_score`, or the distance to the nearest row learnt from in models that tell none."""
    nearest: Ints
    """The place of that row among the known ones."""
    cosine: Floats
    """To it."""
    decided: Sequence[Decision]

    def __len__(self) -> int:
        return len(self.texts)

    @property
    def strange_from(self) -> float:
        """What STRANGE_SHARE of these exceed."""
        return float(np.quantile(self.strangeness, 1 - STRANGE_SHARE))

    def of(self, places: Places) -> Seen:
        """Those at `places`, in that order."""
        return Seen(
            [self.texts[i] for i in places], self.vectors[places], self.labels[places],
            self.probability[places], self.strangeness[places], self.nearest[places],
            self.cosine[places], [self.decided[i] for i in places],
        )  # fmt: skip


def look(bundle: Bundle, texts: Sequence[str], progress: Progress) -> Seen:
    """What the bundle makes of texts of which no two are equal."""

    def ask(chunk: Sequence[str]) -> list[tuple[Floats, Doubles]]:
        vectors = bundle.encoder.encode(chunk).vectors
        return list(zip(vectors, bundle.head.probabilities(chunk, vectors), strict=True))

    found = in_chunks(ask, texts, progress)
    shape = bundle.encoder.dimensions, len(bundle.head.classes)
    vectors = np.array([vector for vector, _ in found], np.float32).reshape(-1, shape[0])
    probabilities = np.array([each for _, each in found], np.float64).reshape(-1, shape[1])
    cosine, nearest = _nearest(bundle.known, vectors)
    strangeness = 1 - cosine.astype(np.float64)
    if bundle.novelty is not None:
        strangeness = bundle.novelty.scores(probabilities, vectors)
    labels, best = probabilities.argmax(axis=1), probabilities.max(axis=1)
    rules = zip(labels.tolist(), best.tolist(), strangeness.tolist(), strict=True)
    return Seen(
        texts, vectors, np.asarray(labels, np.int64), best, strangeness, nearest, cosine,
        [bundle.rules.decide(*each) for each in rules],
    )  # fmt: skip


def _nearest(known: KnownRows, vectors: Floats) -> tuple[Floats, Ints]:
    """Cosine and place of the nearest row with a label."""
    labelled = np.flatnonzero(known.labels >= 0)
    base = unit(np.asarray(known.vectors[labelled]).astype(np.float32))
    cosines, places = search(np.ascontiguousarray(base), np.ascontiguousarray(vectors), 1)
    return cosines[:, 0], np.asarray(labelled[places[:, 0]], np.int64)
