"""How much each piece of a text counts for a contrast."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from store.records.explanation import Weight
from workers.pipeline.arrays import Doubles, Floats
from workers.pipeline.classifiers.head import Head
from workers.pipeline.embedders import Encoder
from workers.pipeline.embedders.kmer import KmerEncoder
from workers.pipeline.explaining.contrast import Contrast
from workers.pipeline.explaining.located import spread
from workers.pipeline.explaining.pieces import Piece

DECIMALS = 4
UNKNOWN = "N"
"""In place of a sequence's letter: cutting it out would join its neighbours to new words."""


@dataclass(frozen=True)
class Scales:
    """A text on the two views of a model.

    The sparse view is linear in the terms, so their shares are exact. The embedder is not: a piece
    counts as much as the score falls when the text is embedded without it (occlusion, Zeiler and
    Fergus 2014).
    """

    head: Head
    encoder: Encoder
    contrast: Contrast
    text: str
    vector: Floats
    """Of the whole text."""

    def score(self) -> float:
        """The contrast of the whole text, both views and their biases."""
        return self._score(self.text, self.vector)

    def empty_score(self) -> float:
        """The contrast before a word is read."""
        return self._score("", self.encoder.encode([""]).vectors[0])

    def terms(self) -> Doubles:
        """(characters,): exactly what each adds through the sparse view."""
        if self.head.sparse is None or not self.head.sparse_weight:
            return np.zeros(len(self.text))
        return spread(self.head.sparse, self.text, self.head.sparse_weight * self.contrast.signs)

    def weigh(self, pieces: Sequence[Piece], terms: Doubles) -> tuple[Weight, ...]:
        """Each piece in its place; `terms` are those of `self.terms`."""
        ends = np.cumsum([0, *terms])
        shares = [float(ends[piece.last] - ends[piece.first]) for piece in pieces]
        parts = zip(pieces, shares, self._meanings(pieces), strict=True)
        return tuple(_weight(self.text, *part) for part in parts)

    def without(self, pieces: Sequence[Piece]) -> str:
        """The text with the pieces cut out."""
        left, kept = "", 0
        for piece in sorted(pieces, key=lambda each: each.first):
            masked = UNKNOWN * (piece.last - piece.first) if self.is_sequence else ""
            left, kept = f"{left}{self.text[kept : piece.first]}{masked}", piece.last
        return left + self.text[kept:]

    @property
    def is_sequence(self) -> bool:
        return isinstance(self.encoder, KmerEncoder)

    def _meanings(self, pieces: Sequence[Piece]) -> list[float]:
        """What the vector's score loses without each."""
        vectors = self.encoder.encode([self.without([piece]) for piece in pieces]).vectors
        scores = self.head.linear.scores(np.vstack([self.vector[None], vectors]))
        values = scores.astype(np.float64) @ self.contrast.signs
        return [float(values[0] - value) for value in values[1:]]

    def _score(self, text: str, vector: Floats) -> float:
        scores = self.head.scores([text], vector[None])
        return round(float(scores[0] @ self.contrast.signs), DECIMALS)


def _weight(text: str, piece: Piece, terms: float, meaning: float) -> Weight:
    terms, meaning = round(terms, DECIMALS), round(meaning, DECIMALS)
    shown = text[piece.start : piece.end]
    return Weight(piece.start, piece.end, shown, round(terms + meaning, DECIMALS), terms, meaning)
