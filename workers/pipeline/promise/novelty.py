"""How unlike the rows learnt from a text is: `ood_score`. numpy only, as answers need it.

Two signs are added, each in deviations from its mean over rows held out from what was learnt:

    doubt       log(1 - p) of the likeliest class
    distance    how far the nearest row of a class is, less half of how far that class's rows are
                from each other, over the likeliest classes, weighed by their probability

Rows are compared by two views at once: their vectors, and the directions of their logits, which is
the vectors as the classifier turns them to tell its classes apart. The known rows of a class speak
only as far as the text is taken for that class (k nearest neighbours, Sun et al. 2022, within
classes): so a text that lies near some rows, but is taken for another class, is far. What is far
differs from class to class, so it is measured on the class itself; by half, or a class of loose
rows would have room for anything.

docs/decisions/0032 has the figures, with those of what else was tried.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from workers.pipeline.arrays import Doubles, Floats, Ints
from workers.pipeline.embedders.unit import unit

ROWS_A_CLASS = 256
MAX_ROWS = 20_000
"""Of all classes: 37 MB at 384 dimensions and 77 classes. With more classes each has fewer."""
MIN_A_CLASS = 4
MAX_CLASSES = 5
USUAL_SHARE = 0.5
SUREST = 1e-6
DECIMALS = 4
"""Vectors of a text differ in their last bits between processors."""
Halves = NDArray[np.float16]


@dataclass(frozen=True)
class Exemplars:
    """Known rows by class: those of class c are `places[starts[c] : starts[c + 1]]`."""

    places: Ints
    starts: Ints
    """(k + 1,)"""

    @classmethod
    def of(cls, y: Ints, classes: int) -> Exemplars:
        """Evenly spaced among the rows of each class; `y` (n,) has -1 for rows of none."""
        limit = int(np.clip(MAX_ROWS // max(classes, 1), MIN_A_CLASS, ROWS_A_CLASS))
        chosen = [_spaced(np.flatnonzero(y == number), limit) for number in range(classes)]
        starts = np.cumsum([0, *map(len, chosen)], dtype=np.int64)
        return cls(np.concatenate([*chosen, np.empty(0, np.int64)]), starts)

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        np.save(folder / "places.npy", self.places)
        np.save(folder / "starts.npy", self.starts)

    @classmethod
    def load(cls, folder: Path, rows: int, classes: int) -> Exemplars:
        places, starts = (
            np.load(folder / f"{name}.npy", allow_pickle=False) for name in ("places", "starts")
        )
        if len(starts) != classes + 1 or starts[-1] != len(places) or places.max(initial=0) >= rows:
            raise ValueError("the exemplars do not fit the known rows")
        return cls(places, starts)


@dataclass(frozen=True)
class Scale:
    """Mean and deviation of both signs over rows held out."""

    doubt: tuple[float, float] = (0.0, 1.0)
    distance: tuple[float, float] = (0.0, 1.0)

    @classmethod
    def over(cls, doubt: Doubles, distance: Doubles) -> Scale:
        return cls(_moments(doubt), _moments(distance))

    def score(self, doubt: Doubles, distance: Doubles) -> Doubles:
        (mean, deviation), (near, spread) = self.doubt, self.distance
        summed: Doubles = (doubt - mean) / deviation + (distance - near) / spread
        return np.round(summed, DECIMALS)

    def save(self, path: Path) -> None:
        path.write_text(json.dumps({"doubt": self.doubt, "distance": self.distance}))

    @classmethod
    def load(cls, path: Path) -> Scale:
        told = json.loads(path.read_bytes())
        (d_mean, d_deviation), (n_mean, n_deviation) = told["doubt"], told["distance"]
        return cls((float(d_mean), float(d_deviation)), (float(n_mean), float(n_deviation)))


@dataclass(frozen=True)
class Novelty:
    """Exemplars, class by class, and what is usual in each."""

    rows: Floats
    """(m, d + k): as `seen`."""
    starts: Ints
    usual: Doubles
    """(k,): what is taken off: USUAL_SHARE of a class's rows' mean distance from their nearest."""
    weights: Floats
    """(d, k): the classifier's, from vectors to logits."""
    scale: Scale = Scale()

    @classmethod
    def made(
        cls, known: Floats | Halves, exemplars: Exemplars, weights: Floats,
        scale: Scale | None = None,
    ) -> Novelty:  # fmt: skip
        """From the known rows' vectors, as exactly as a bundle keeps them."""
        kept = np.asarray(known[exemplars.places]).astype(np.float16).astype(np.float32)
        rows = seen(unit(kept), weights)
        usual = _usual(rows, exemplars.starts)
        return cls(rows, exemplars.starts, usual, weights, scale or Scale())

    def scores(self, probabilities: Doubles, vectors: Floats) -> Doubles:
        """(n,): 0 for the mean of rows like those learnt from, larger for what is less like them.

        Each row by itself, so that it has the same score alone and in a batch.
        """
        return self.scale.score(*self.signs(probabilities, vectors))

    def signs(self, probabilities: Doubles, vectors: Floats) -> tuple[Doubles, Doubles]:
        """Doubt and distance, both (n,), of texts with probabilities (n, k) and vectors (n, d)."""
        surest = np.minimum(probabilities.max(axis=1, initial=0.0), 1 - SUREST)
        rows = zip(probabilities, vectors, strict=True)
        return np.log1p(-surest), np.array([self._distance(*row) for row in rows], np.float64)

    def _distance(self, probabilities: Doubles, vector: Floats) -> float:
        likeliest = np.argsort(-probabilities, kind="stable")[:MAX_CLASSES]
        row = seen(vector[None], self.weights)[0]
        found = weight = 0.0
        for place in likeliest:
            first, end = self.starts[place], self.starts[place + 1]
            if first < end:
                distance = 1 - float((self.rows[first:end] @ row).max())
                found += float(probabilities[place]) * (distance - float(self.usual[place]))
                weight += float(probabilities[place])
        return found / weight if weight else 1.0


def seen(vectors: Floats, weights: Floats) -> Floats:
    """(n, d + k): vectors beside the directions of their logits; the product of two such rows is
    the mean of both cosines."""
    return np.concatenate([vectors, unit(vectors @ weights)], axis=1) * np.float32(np.sqrt(0.5))


def _usual(rows: Floats, starts: Ints) -> Doubles:
    """A class of one row, or of none, is taken for the mean of the others."""
    found = np.full(len(starts) - 1, np.nan)
    for place, (first, end) in enumerate(pairwise(starts)):
        if end - first > 1:
            cosines = rows[first:end] @ rows[first:end].T
            np.fill_diagonal(cosines, -1)
            found[place] = USUAL_SHARE * (1 - cosines.max(axis=1).mean(dtype=np.float64))
    is_known = np.isfinite(found)
    return np.where(is_known, found, found[is_known].mean() if is_known.any() else 0.0)


def _spaced(rows: Ints, limit: int) -> Ints:
    chosen = np.linspace(0, len(rows) - 1, min(limit, len(rows)))
    return np.asarray(rows[chosen.astype(np.intp)], np.int64)


def _moments(sign: Doubles) -> tuple[float, float]:
    """A deviation of nothing would say nothing, and is left at 1."""
    deviation = float(sign.std())
    return float(sign.mean()), deviation if deviation > SUREST else 1.0
