"""How unlike the rows learnt from a text is: `ood_score`. numpy only, as answers need it.

Two signs are added, each in deviations from its mean over rows held out from what was learnt:

    doubt       log(1 - p) of the likeliest class
    distance    1 - cosine to the nearest known row, by class, weighed by the classes' probability

The known rows of a class speak only as far as the text is taken for that class (k nearest
neighbours, Sun et al. 2022, within classes): so a text that lies near some rows, but is taken for
another class, is far. On banking77 with a quarter of its classes left out, this told their texts
from the others with an AUROC of 0.936; the largest probability 0.904, energy (Liu et al. 2020)
0.903, the nearest of all rows 0.917, relative Mahalanobis distance (Ren et al. 2021) 0.886.

At most ROWS_A_CLASS rows of a class are looked at, of MAX_CLASSES classes: 320 products of vectors.
With 32 a class it was 0.933, with 256 no better than with 64.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from workers.pipeline.arrays import Doubles, Floats, Ints
from workers.pipeline.embedders.unit import unit

ROWS_A_CLASS = 64
MAX_ROWS = 40_000
"""Of all classes: 61 MB at 384 dimensions. With more classes each has fewer."""
MIN_A_CLASS = 4
MAX_CLASSES = 5
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
    """`vectors` (m, d) are those of the exemplars, class by class."""

    vectors: Floats
    starts: Ints
    scale: Scale = Scale()

    @classmethod
    def made(
        cls, known: Floats | Halves, exemplars: Exemplars, scale: Scale | None = None
    ) -> Novelty:
        """From the known rows' vectors, as exactly as a bundle keeps them."""
        kept = np.asarray(known[exemplars.places]).astype(np.float16).astype(np.float32)
        return cls(unit(kept), exemplars.starts, scale or Scale())

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
        near = weight = 0.0
        for place in likeliest:
            first, end = self.starts[place], self.starts[place + 1]
            if first < end:
                cosine = float((self.vectors[first:end] @ vector).max())
                near += float(probabilities[place]) * cosine
                weight += float(probabilities[place])
        return 1 - near / weight if weight else 1.0


def _spaced(rows: Ints, limit: int) -> Ints:
    chosen = np.linspace(0, len(rows) - 1, min(limit, len(rows)))
    return np.asarray(rows[chosen.astype(np.intp)], np.int64)


def _moments(sign: Doubles) -> tuple[float, float]:
    """A deviation of nothing would say nothing, and is left at 1."""
    deviation = float(sign.std())
    return float(sign.mean()), deviation if deviation > SUREST else 1.0
