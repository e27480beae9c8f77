"""A map of the rows in two dimensions: PaCMAP (Wang, Huang, Rudin and Shaposhnik 2021).

Three kinds of pairs pull and push: near ones (nearest neighbours by scaled distance), mid-near ones
(the second nearest of six random rows) and further ones (random rows). A pair at squared distance
d = 1 + |y_i - y_j|^2 costs w d / (a + d) if it pulls and w / (1 + d) if it pushes, and Adam brings
the sum down while the weights w go through three phases.

The package `pacmap` does this in compiled loops, which take 13 s and more to compile on a machine's
first use and 20 s to run where another process keeps the cores busy. Here a step is one sparse
product: with c_ij a pair's pull, the gradient is (D + D') y - (C + C') y, D and D' the sums of
C's rows and columns. 13,000 rows take 1 s, and rows of one label lie as near.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from sklearn.decomposition import PCA

from workers.pipeline.arrays import Floats, Ints
from workers.pipeline.embedders.unit import unit
from workers.pipeline.neighbours import nearest, search

SMALL = 50
"""Rows under which a projection on the two main directions says as much."""
MAX_ROWS = 50_000
"""Rows that are laid out; the others are put among their neighbours."""
NEAR, MID_NEAR, FURTHER = 10, 5, 20
NEAR_AMONG = 15
"""Nearest neighbours of which the NEAR with the smallest scaled distance are taken."""
COMPARED_DIMENSIONS = 100
"""Main directions that rows are compared along, as the authors' program does."""
PHASES = (60, 120, 240)
"""Steps at which each phase ends; the paper's 450 bring rows of a label no nearer together."""
LEARNING_RATE = 1.0


def lay_out(vectors: Floats, seed: int) -> Floats:
    """(n, 2): rows that belong together lie together."""
    if len(vectors) <= SMALL:
        return _main_directions(vectors, 2, seed)
    chosen = np.random.default_rng(seed).permutation(len(vectors))[:MAX_ROWS]
    if len(chosen) == len(vectors):
        return _pacmap(vectors, seed)
    base = vectors[chosen]
    _, places = search(base, vectors, 3)
    laid = _pacmap(base, seed)
    placed: Floats = laid[places].mean(axis=1)
    placed[chosen] = laid
    return placed


def _pacmap(vectors: Floats, seed: int) -> Floats:
    chance = np.random.default_rng(seed)
    directions = _main_directions(vectors, COMPARED_DIMENSIONS, seed)
    near = _near(unit(directions))
    mid_near = _mid_near(directions, chance)
    further = chance.integers(0, len(vectors), (len(vectors), FURTHER))
    early = Pairs.of(near, mid_near, further)
    late = Pairs.of(near, mid_near[:, :0], further)
    place = np.ascontiguousarray(0.01 * directions[:, :2])
    mean, variance = np.zeros_like(place), np.zeros_like(place)
    for step in range(PHASES[2]):
        pairs = early if step < PHASES[1] else late
        gradient = pairs.gradient(place, *_weights(step))
        mean += 0.1 * (gradient - mean)
        variance += 0.001 * (gradient**2 - variance)
        rate = LEARNING_RATE * np.sqrt(1 - 0.999 ** (step + 1)) / (1 - 0.9 ** (step + 1))
        place -= np.float32(rate) * mean / (np.sqrt(variance) + np.float32(1e-7))
    return place


def _weights(step: int) -> tuple[float, float]:
    """Of near and of mid-near pairs (table 1 of the paper); further ones weigh 1."""
    if step < PHASES[0]:
        done = step / PHASES[0]
        return 2.0, 1000 * (1 - done) + 3 * done
    return (3.0, 3.0) if step < PHASES[1] else (1.0, 0.0)


@dataclass(frozen=True)
class Pairs:
    """The partners of each row, in columns: `near` of them, then `mid_near`, then further ones."""

    near: int
    mid_near: int
    pull: csr_array
    """(n, n): its pattern is the pairs; its data are written anew each step."""

    @classmethod
    def of(cls, near: Ints, mid_near: Ints, further: Ints) -> Pairs:
        partners = np.hstack([near, mid_near, further]).astype(np.int32)
        n, k = partners.shape
        starts = np.arange(0, n * k + 1, k, dtype=np.int32)
        pattern = csr_array((np.empty(n * k, np.float32), partners.ravel(), starts), shape=(n, n))
        return cls(near.shape[1], mid_near.shape[1], pattern)

    def gradient(self, place: Floats, near: float, mid_near: float) -> Floats:
        """(n, 2), for the weights of near and mid-near pairs."""
        n = len(place)
        flat = place.view(np.complex64).ravel()  # one number a row: one gather, not two
        apart = np.repeat(flat, self.pull.indices.size // n) - flat[self.pull.indices]
        distance = (1 + apart.real**2 + apart.imag**2).reshape(n, -1)
        pull, middle = self.pull.data.reshape(n, -1), self.near + self.mid_near
        groups = (
            (slice(0, self.near), 10, 20 * near),
            (slice(self.near, middle), 10_000, 20_000 * mid_near),
            (slice(middle, None), 1, -2),
        )
        for columns, offset, strength in groups:
            pull[:, columns] = strength / (offset + distance[:, columns]) ** 2
        with_ones = np.hstack([place, np.ones((n, 1), np.float32)])
        sums = self.pull @ with_ones + self.pull.T @ with_ones
        found: Floats = place * sums[:, 2:] - sums[:, :2]
        return found


def _near(vectors: Floats) -> Ints:
    """(n, NEAR): neighbours by squared distance over the spread around both (section 3.1)."""
    cosines, rows = nearest(vectors, NEAR_AMONG)
    squared = np.maximum(2 - 2 * cosines, 0)
    spread = np.maximum(np.sqrt(squared[:, 3:6]).mean(axis=1), 1e-6)
    scaled = squared / (spread[:, None] * spread[rows])
    closest = np.argsort(scaled, axis=1, kind="stable")[:, :NEAR]
    return np.take_along_axis(rows, closest, 1)


def _mid_near(directions: Floats, chance: np.random.Generator) -> Ints:
    """(n, MID_NEAR): each time the second nearest of six random rows."""
    n = len(directions)
    picked = []
    for _ in range(MID_NEAR):
        six = chance.integers(0, n, (n, 6))
        squared = np.stack([((directions - directions[one]) ** 2).sum(axis=1) for one in six.T], 1)
        second = np.argsort(squared, axis=1, kind="stable")[:, 1:2]
        picked.append(np.take_along_axis(six, second, 1))
    return np.hstack(picked)


def _main_directions(vectors: Floats, count: int, seed: int) -> Floats:
    """(n, count at most): the rows along their main directions, strongest first."""
    found = PCA(min(count, *vectors.shape), random_state=seed).fit_transform(vectors)
    return np.asarray(found, np.float32)
