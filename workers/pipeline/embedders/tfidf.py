"""Words and pairs of words, weighted by TF-IDF and projected on their singular vectors (LSA)."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from workers.pipeline.embedders.protocol import Embedded
from workers.pipeline.embedders.unit import unit
from workers.pipeline.progress import Progress, silent

TERMS = "terms.json"
DIRECTIONS = "directions.npy"

_WORD = re.compile(r"\w\w+")
_BATCH = 512


def terms(text: str) -> list[str]:
    """The words of two letters or more, in lower case, and each pair of neighbours."""
    words = _WORD.findall(text.lower())
    return words + [f"{first} {second}" for first, second in pairwise(words)]


@dataclass(frozen=True)
class TfidfEncoder:
    columns: dict[str, int]
    directions: NDArray[np.float32]
    """(terms, d): singular vectors, each row scaled by its term's inverse document frequency."""

    @classmethod
    def load(cls, folder: Path) -> TfidfEncoder:
        known = json.loads((folder / TERMS).read_text())
        directions = np.load(folder / DIRECTIONS, allow_pickle=False)
        return cls({term: column for column, term in enumerate(known)}, directions)

    @property
    def dimensions(self) -> int:
        return int(self.directions.shape[1])

    def encode(self, texts: Sequence[str], progress: Progress = silent) -> Embedded:
        vectors = np.zeros((len(texts), self.dimensions), np.float32)
        for row, text in enumerate(texts):
            vectors[row] = self._project(text)
            if (row + 1) % _BATCH == 0:
                progress(row + 1, len(texts))
        progress(len(texts), len(texts))
        return Embedded(unit(vectors), np.zeros(len(texts), np.bool_))

    def _project(self, text: str) -> NDArray[np.float32]:
        counts = Counter(self.columns[term] for term in terms(text) if term in self.columns)
        frequency = 1 + np.log(np.fromiter(counts.values(), np.float32, len(counts)))
        return frequency @ self.directions[np.fromiter(counts, np.intp, len(counts))]
