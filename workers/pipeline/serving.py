"""Answering from a loaded bundle, with numpy, onnxruntime and tokenizers only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from store.records.prediction import Answer, Neighbour, Score
from workers.pipeline.arrays import Doubles, Floats, Ints
from workers.pipeline.classifiers.head import Head
from workers.pipeline.embedders import Encoder
from workers.pipeline.embedders.unit import unit

COSINE_DECIMALS = 4
"""Vectors are kept as float16; finer differences are noise, and ties go to the earlier row."""


@dataclass
class KnownRows:
    """The rows that were learnt from: an answer's nearest ones explain it."""

    vectors: NDArray[np.float16]
    """(n, d), mapped from the file until the first question."""
    numbers: Ints
    labels: Ints
    """(n,): classes, -1 without one."""
    texts: bytes
    offsets: Ints
    """(n + 1,): where each text begins."""
    _unpacked: Floats | None = field(default=None, repr=False)

    @staticmethod
    def save(
        folder: Path, vectors: Floats, numbers: Ints, labels: Ints,
        texts: Sequence[str],
    ) -> None:  # fmt: skip
        folder.mkdir(parents=True)
        encoded = [text.encode() for text in texts]
        np.save(folder / "vectors.npy", vectors.astype(np.float16))
        np.save(folder / "numbers.npy", numbers)
        np.save(folder / "labels.npy", labels)
        np.save(folder / "offsets.npy", np.cumsum([0, *map(len, encoded)], dtype=np.int64))
        (folder / "texts.bin").write_bytes(b"".join(encoded))

    @classmethod
    def load(cls, folder: Path) -> KnownRows:
        numbers, labels, offsets = (
            np.load(folder / f"{name}.npy", allow_pickle=False)
            for name in ("numbers", "labels", "offsets")
        )
        vectors = np.load(folder / "vectors.npy", mmap_mode="r", allow_pickle=False)
        if not len(vectors) == len(numbers) == len(labels) == len(offsets) - 1:
            raise ValueError("the known rows' arrays differ in length")
        return cls(vectors, numbers, labels, (folder / "texts.bin").read_bytes(), offsets)

    def nearest(self, vector: Floats, count: int, classes: Sequence[str]) -> tuple[Neighbour, ...]:
        """The `count` rows of highest cosine to `vector` (d,), nearest first."""
        if self._unpacked is None:
            self._unpacked = unit(self.vectors.astype(np.float32))
        cosines = np.round(self._unpacked @ vector, COSINE_DECIMALS)
        count = min(count, len(cosines))
        near = np.argpartition(-cosines, count - 1)[:count] if count else np.empty(0, np.intp)
        floor = cosines[near].min(initial=np.inf)
        tied = np.flatnonzero(cosines >= floor)
        order = tied[np.argsort(-cosines[tied], kind="stable")][:count]
        return tuple(self._neighbour(row, float(cosines[row]), classes) for row in order)

    def _neighbour(self, row: int, cosine: float, classes: Sequence[str]) -> Neighbour:
        text = self.texts[self.offsets[row] : self.offsets[row + 1]].decode()
        label = classes[self.labels[row]] if self.labels[row] >= 0 else None
        return Neighbour(int(self.numbers[row]), text, label, round(cosine, COSINE_DECIMALS))


@dataclass(frozen=True)
class Bundle:
    """A model that answers; the same text gets the same answer alone and in a batch."""

    head: Head
    encoder: Encoder
    centroids: Floats
    """(clusters, d)"""
    cluster_names: tuple[str, ...]
    known: KnownRows
    abstain_below: float

    def answer(self, texts: Sequence[str], top_k: int, neighbours: int) -> list[Answer]:
        """One answer a text, with the `top_k` likeliest classes and `neighbours` nearest rows."""
        encoded = self.encoder.encode(texts)
        probabilities = self.head.probabilities(texts, encoded.vectors)
        rows = zip(probabilities, encoded.vectors, encoded.truncated, strict=True)
        return [self._answer(*row, top_k, neighbours) for row in rows]

    def _answer(
        self, probabilities: Doubles, vector: Floats, truncated: np.bool_,
        top_k: int, neighbours: int,
    ) -> Answer:  # fmt: skip
        classes = self.head.classes
        order = np.argsort(-probabilities, kind="stable")
        best, cluster = int(order[0]), self._cluster(vector)
        return Answer(
            label=classes[best],
            probability=float(probabilities[best]),
            abstained=bool(probabilities[best] < self.abstain_below),
            scores=tuple(Score(classes[i], float(probabilities[i])) for i in order[:top_k]),
            cluster=cluster,
            cluster_name=self.cluster_names[cluster] if cluster >= 0 else "",
            neighbours=self.known.nearest(vector, neighbours, classes) if neighbours else (),
            truncated=bool(truncated),
        )

    def _cluster(self, vector: Floats) -> int:
        """The one whose centroid has the highest cosine; -1 when there is none."""
        if not len(self.centroids):
            return -1
        return int(np.argmax(np.round(self.centroids @ vector, COSINE_DECIMALS)))
