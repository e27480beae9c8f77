"""The second view of a text: its words and letters by TF-IDF, scored by linear machines.

Two blocks of terms, each of unit length: words with pairs of neighbours, and runs of 2 to 4
letters within a word. A term weighs (1 + log count) * idf. With runs of 5, or over blanks,
banking77 was classified no better (0.912 alone, 0.945 beside the vectors) in twice the time.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from workers.pipeline.arrays import Floats, Places
from workers.pipeline.embedders.tfidf import terms

RUNS = range(2, 5)
MAX_CHARACTERS = 4_000
"""Of a text that are looked at: the terms of a long one cost more than they tell."""
Terms = Callable[[str], list[str]]


def words(text: str) -> list[str]:
    """As the TF-IDF embedder has them."""
    return terms(text[:MAX_CHARACTERS])


def letters(text: str) -> list[str]:
    """The runs of all its words."""
    return [run for word in split(text) for run in runs(word)]


def split(text: str) -> list[str]:
    """Its words for `runs`: whatever stands between blanks."""
    return text[:MAX_CHARACTERS].lower().split()


def runs(word: str) -> list[str]:
    """Every run of 2 to 4 letters, a blank standing for the word's ends."""
    padded = f" {word} "
    return [padded[i : i + n] for n in RUNS for i in range(len(padded) - n + 1)]


TERMS: tuple[Terms, ...] = (words, letters)


@dataclass(frozen=True)
class Block:
    """One kind of terms: the row of `SparseView.weights` that each has, and their idf."""

    rows: dict[str, int]
    idf: Floats

    def weigh(self, terms: list[str]) -> tuple[Places, Floats]:
        """The known terms' rows and weights, of unit length."""
        counts = Counter(self.rows[term] for term in terms if term in self.rows)
        rows = np.fromiter(counts, np.intp, len(counts))
        frequency = 1 + np.log(np.fromiter(counts.values(), np.float32, len(counts)))
        weights = frequency * self.idf[rows]
        return rows, weights / max(float(np.linalg.norm(weights)), 1e-12)


@dataclass(frozen=True)
class SparseView:
    """`weights[b]` is (terms of block b, k); `bias` is (k,)."""

    blocks: tuple[Block, ...]
    weights: tuple[Floats, ...]
    bias: Floats

    def scores(self, texts: Sequence[str]) -> Floats:
        """(n, k)"""
        return np.array([self._score(text) for text in texts], np.float32)

    def _score(self, text: str) -> Floats:
        score = self.bias.copy()
        for terms_of, block, weights in zip(TERMS, self.blocks, self.weights, strict=True):
            rows, values = block.weigh(terms_of(text))
            score += values @ weights[rows]
        return score

    def save(self, folder: Path) -> None:
        vocabularies = [list(block.rows) for block in self.blocks]
        (folder / "terms.json").write_text(json.dumps(vocabularies, ensure_ascii=False))
        np.save(folder / "sparse_bias.npy", self.bias)
        for number, (block, weights) in enumerate(zip(self.blocks, self.weights, strict=True)):
            np.save(folder / f"sparse_idf_{number}.npy", block.idf)
            np.save(folder / f"sparse_weights_{number}.npy", weights.astype(np.float16))

    @classmethod
    def load(cls, folder: Path) -> SparseView:
        def array(name: str) -> Floats:
            return np.asarray(np.load(folder / f"{name}.npy", allow_pickle=False), np.float32)

        vocabularies = json.loads((folder / "terms.json").read_bytes())
        blocks = tuple(
            Block({term: row for row, term in enumerate(terms)}, array(f"sparse_idf_{number}"))
            for number, terms in enumerate(vocabularies)
        )
        weights = tuple(array(f"sparse_weights_{number}") for number in range(len(blocks)))
        return cls(blocks, weights, array("sparse_bias"))
