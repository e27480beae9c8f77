"""Answering from a loaded bundle, with numpy, onnxruntime and tokenizers only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from store.records.cluster_view import ClusterNames
from store.records.prediction import Answer, Decision, Neighbour, Score
from workers.pipeline.arrays import Doubles, Floats, Ints, Places
from workers.pipeline.classifiers.head import Head
from workers.pipeline.embedders import Encoder
from workers.pipeline.embedders.kmer import KmerEncoder
from workers.pipeline.embedders.unit import unit
from workers.pipeline.packed import Packed
from workers.pipeline.promise.novelty import Novelty
from workers.pipeline.promise.rules import Rules
from workers.pipeline.references import nearest_references

COSINE_DECIMALS = 4
"""Vectors are kept as float16; finer differences are noise, and ties go to the earlier row."""
LIKE = 10
"""Nearest rows that tell a text's place on the map."""


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
    xy: Floats | None = None
    """(n, 2): their places on the map; None in bundles made before they were kept."""
    names: Packed | None = None
    """What the file called each; None where it called none anything."""
    _unpacked: Floats | None = field(default=None, repr=False)

    @staticmethod
    def save(  # noqa: PLR0917 -- a column each
        folder: Path, vectors: Floats, numbers: Ints, labels: Ints,
        texts: Sequence[str], xy: Floats, names: Sequence[str | None] = (),
    ) -> None:  # fmt: skip
        folder.mkdir(parents=True)
        encoded = [text.encode() for text in texts]
        np.save(folder / "vectors.npy", vectors.astype(np.float16))
        np.save(folder / "numbers.npy", numbers)
        np.save(folder / "labels.npy", labels)
        np.save(folder / "xy.npy", xy)
        np.save(folder / "offsets.npy", np.cumsum([0, *map(len, encoded)], dtype=np.int64))
        (folder / "texts.bin").write_bytes(b"".join(encoded))
        if any(names):
            Packed.save(folder, "names", names)

    @classmethod
    def load(cls, folder: Path) -> KnownRows:
        numbers, labels, offsets = (
            np.load(folder / f"{name}.npy", allow_pickle=False)
            for name in ("numbers", "labels", "offsets")
        )
        vectors = np.load(folder / "vectors.npy", mmap_mode="r", allow_pickle=False)
        if not len(vectors) == len(numbers) == len(labels) == len(offsets) - 1:
            raise ValueError("the known rows' arrays differ in length")
        path = folder / "xy.npy"
        xy = np.load(path, allow_pickle=False) if path.is_file() else None
        names = Packed.load(folder, "names")
        if names is not None and len(names) != len(numbers):
            raise ValueError("the known rows' names are not one a row")
        texts = (folder / "texts.bin").read_bytes()
        return cls(vectors, numbers, labels, texts, offsets, xy, names)

    def all_texts(self) -> Iterator[str]:
        """In order."""
        for start, end in pairwise(self.offsets):
            yield self.texts[start:end].decode()

    def nearest(self, vector: Floats, count: int, classes: Sequence[str]) -> tuple[Neighbour, ...]:
        """The `count` rows of highest cosine to `vector` (d,), nearest first."""
        order, cosines = self.near(vector, count)
        pairs = zip(order, cosines, strict=True)
        return tuple(self.neighbour(int(row), float(cosine), classes) for row, cosine in pairs)

    def near(self, vector: Floats, count: int) -> tuple[Places, Floats]:
        """Places and cosines of the `count` rows nearest to `vector` (d,), nearest first."""
        if self._unpacked is None:
            self._unpacked = unit(self.vectors.astype(np.float32))
        cosines = np.round(self._unpacked @ vector, COSINE_DECIMALS)
        count = min(count, len(cosines))
        near = np.argpartition(-cosines, count - 1)[:count] if count else np.empty(0, np.intp)
        floor = cosines[near].min(initial=np.inf)
        tied = np.flatnonzero(cosines >= floor)
        order = tied[np.argsort(-cosines[tied], kind="stable")][:count]
        return order, cosines[order]

    def neighbour(self, row: int, cosine: float, classes: Sequence[str]) -> Neighbour:
        text = self.texts[self.offsets[row] : self.offsets[row + 1]].decode()
        label = classes[self.labels[row]] if self.labels[row] >= 0 else None
        name = (self.names[row] or None) if self.names else None
        near = round(cosine, COSINE_DECIMALS)
        return Neighbour(int(self.numbers[row]), text, label, near, name)


@dataclass(frozen=True)
class Bundle:
    """A model that answers; the same text gets the same answer alone and in a batch."""

    head: Head
    encoder: Encoder
    centroids: Floats
    """(clusters, d)"""
    cluster_names: tuple[str, ...]
    known: KnownRows
    rules: Rules
    novelty: Novelty | None
    """None in bundles from before strange texts were told."""
    names: ClusterNames | None = None
    """What clusters are called by now, where that is known: only those who have the store know."""

    def answer(self, texts: Sequence[str], top_k: int, neighbours: int) -> list[Answer]:
        """One answer a text, with the `top_k` likeliest classes and `neighbours` nearest rows."""
        encoded = self.encoder.encode(texts)
        probabilities = self.head.probabilities(texts, encoded.vectors)
        scores = self._ood_scores(probabilities, encoded.vectors)
        rows = zip(texts, probabilities, scores, encoded.vectors, encoded.truncated, strict=True)
        return [self._answer(*row, top_k, neighbours) for row in rows]

    def _answer(  # noqa: PLR0917 -- a text, what is known of it, then the arguments of `answer`
        self, text: str, probabilities: Doubles, ood_score: float | None, vector: Floats,
        truncated: np.bool_, top_k: int, neighbours: int,
    ) -> Answer:  # fmt: skip
        classes = self.head.classes
        order = np.argsort(-probabilities, kind="stable")
        best, cluster = int(order[0]), self.cluster_of(vector)
        decision = self.rules.decide(best, float(probabilities[best]), ood_score)
        if self._reads_nothing(text, vector):
            decision = Decision.OUT_OF_DISTRIBUTION
        within = self.rules.prediction_set(probabilities, order)
        return Answer(
            label=classes[best],
            probability=float(probabilities[best]),
            abstained=decision is not Decision.ANSWER,
            scores=tuple(Score(classes[i], float(probabilities[i])) for i in order[:top_k]),
            cluster=cluster,
            cluster_name=self._called(cluster, vector) if cluster >= 0 else "",
            neighbours=self._nearest(text, vector, neighbours) if neighbours else (),
            truncated=bool(truncated),
            decision=decision,
            prediction_set=tuple(classes[place] for place in within),
            ood_score=ood_score,
            ood_threshold=self.rules.out_above,
        )

    def _reads_nothing(self, text: str, vector: Floats) -> bool:
        """Whether any answer would be that of an empty text, whatever the rules."""
        no_sequence = isinstance(self.encoder, KmerEncoder) and not vector.any()
        return no_sequence or all(each.isspace() or not each.isprintable() for each in text)

    def _called(self, cluster: int, vector: Floats) -> str:
        fitted = self.cluster_names[cluster]
        if self.names is None:
            return fitted
        rows = self.known.near(vector, LIKE)[0] if self.names.is_split(cluster) else ()
        return self.names.called(cluster, (int(self.known.numbers[row]) for row in rows)) or fitted

    def _ood_scores(self, probabilities: Doubles, vectors: Floats) -> list[float | None]:
        if self.novelty is None:
            return [None] * len(vectors)
        return [float(score) for score in self.novelty.scores(probabilities, vectors)]

    def _nearest(self, text: str, vector: Floats, count: int) -> tuple[Neighbour, ...]:
        """Sequences are laid beside those that are near; a zero vector is near nothing."""
        classes = self.head.classes
        if isinstance(self.encoder, KmerEncoder) and vector.any():
            return nearest_references(self.known, text, vector, count, classes)
        return self.known.nearest(vector, count, classes)

    def cluster_of(self, vector: Floats) -> int:
        """The one whose centroid has the highest cosine; -1 when there is none."""
        if not len(self.centroids):
            return -1
        return int(np.argmax(np.round(self.centroids @ vector, COSINE_DECIMALS)))
