"""The embedding stage beside a plain `SentenceTransformer.encode` loop, over the same rows.

The three take turns, several rounds of them, and a figure compares each one's best round. Ratios of
single rounds, or their median, would flatter the engines: beside another busy process the plain
loop falls to a tenth of its speed (torch's threads wait for each other), the engines to a half.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer

from bench.data import banking77
from bench.figure import Figure, at_least
from store.records.training import EmbedderSpec, Precision
from workers.pipeline.embedders import Embedder, open_embedder
from workers.pipeline.embedders.source import model_folder

ROWS = 2_000
ROUNDS = 5

Vectors = NDArray[np.float32]


@dataclass(frozen=True)
class Contest:
    """The plain loop and both engines, loaded and warm."""

    plain: SentenceTransformer
    fast: Embedder
    exact: Embedder

    @classmethod
    def prepared(cls, folder: Path) -> Contest:
        engines = [
            open_embedder(EmbedderSpec(precision=precision), folder / precision)
            for precision in (Precision.FAST, Precision.EXACT)
        ]
        contest = cls(SentenceTransformer(str(model_folder())), *engines)
        for runner in contest.runners():
            runner(["warm up"] * 32)
        return contest

    def runners(self) -> tuple[Callable[[list[str]], Any], ...]:
        return self.plain_vectors, self.fast.embed, self.exact.embed

    def plain_vectors(self, texts: list[str]) -> Vectors:
        return np.asarray(self.plain.encode(texts, show_progress_bar=False))

    def rows_per_s(self, texts: list[str]) -> list[float]:
        """Of the plain loop, the fast and the exact engine, one after the other."""
        return [len(texts) / _seconds(runner, texts) for runner in self.runners()]

    def exact_cosine(self, texts: list[str]) -> float:
        """The least cosine of an exact vector to the plain one."""
        return float((self.exact.embed(texts).vectors * self.plain_vectors(texts)).sum(1).min())

    def alone_as_in_batch(self, texts: list[str]) -> float:
        """Share of the texts whose fast vector alone equals that in a batch to the last bit."""
        together = self.fast.embed(texts).vectors
        alone = np.concatenate([self.fast.embed([text]).vectors for text in texts])
        return float((together == alone).all(axis=1).mean())


def embedding() -> list[Figure]:
    """Both engines' speed and truth on a sample of banking77."""
    texts = banking77("train").texts
    sample = texts[:: len(texts) // ROWS][:ROWS]
    with tempfile.TemporaryDirectory() as folder:
        contest = Contest.prepared(Path(folder))
        plain, fast, exact = np.max([contest.rows_per_s(sample) for _ in range(ROUNDS)], axis=0)
        return [
            at_least("fast_embedding_times_plain", fast / plain, 3.5, "x"),
            at_least("exact_embedding_times_plain", exact / plain, 2, "x"),
            at_least("exact_embedding_cosine", contest.exact_cosine(sample), 0.999),
            at_least("fast_alone_as_in_batch", contest.alone_as_in_batch(sample[:200]), 1),
        ]


def _seconds(runner: Callable[[list[str]], object], texts: list[str]) -> float:
    began = time.perf_counter()
    runner(texts)
    return time.perf_counter() - began
