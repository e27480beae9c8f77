"""Words and pairs of words, weighted by TF-IDF and projected on their singular vectors (LSA).

Where the rows are biological sequences, the words are all runs of a few letters: proteins are told
apart by them, which KMER, of nucleotides alone, does not.
"""

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
from workers.pipeline.sequences import pasted

TERMS = "terms.json"
DIRECTIONS = "directions.npy"

WORD = re.compile(r"\w\w+")
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]{2,}"
)
"""Runs of Thai, Lao, Burmese, Khmer, Japanese and Chinese."""
_BATCH = 512
RUNS = (3, 5)
"""Letters in the words of sequences."""


def terms(text: str) -> list[str]:
    """The words of two letters or more, in lower case, and each pair of neighbours."""
    words = WORD.findall(text.lower())
    return words + [f"{first} {second}" for first, second in pairwise(words)]


def pieces(text: str) -> list[str]:
    """As `terms`, with what is written without blanks between words cut into pairs of letters."""
    pairs = [run[at : at + 2] for run in _UNSPACED.findall(text) for at in range(len(run) - 1)]
    return terms(_UNSPACED.sub(" ", text) if pairs else text) + pairs


def runs(text: str) -> list[str]:
    """Every run of 3 and of 5 letters of a sequence, which may be a FASTA or FASTQ record."""
    letters = pasted(text)[0].upper()
    return [letters[at : at + size] for size in RUNS for at in range(len(letters) - size + 1)]


WORDS = {"terms": terms, "pieces": pieces, "runs": runs}


@dataclass(frozen=True)
class TfidfEncoder:
    columns: dict[str, int]
    directions: NDArray[np.float32]
    """(terms, d): singular vectors, each row scaled by its term's inverse document frequency."""
    words: str = "terms"
    """Which of WORDS its columns are."""

    @classmethod
    def load(cls, folder: Path, words: str) -> TfidfEncoder:
        known = json.loads((folder / TERMS).read_text())
        directions = np.load(folder / DIRECTIONS, allow_pickle=False)
        return cls({term: column for column, term in enumerate(known)}, directions, words)

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
        found = WORDS[self.words](text)
        counts = Counter(self.columns[term] for term in found if term in self.columns)
        frequency = 1 + np.log(np.fromiter(counts.values(), np.float32, len(counts)))
        return frequency @ self.directions[np.fromiter(counts, np.intp, len(counts))]
