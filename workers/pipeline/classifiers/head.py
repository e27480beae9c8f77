"""The answering half: two views of a text, summed, tempered, as probabilities.

A row is scored by itself, never as part of a matrix product over many: so it has the same
probabilities to the last bit alone and in a batch.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from workers.pipeline.arrays import Doubles, Floats
from workers.pipeline.classifiers.sparse import SparseView

DECIMALS = 6


@dataclass(frozen=True)
class Linear:
    """Logits of a vector v (d,): v @ weights + bias, over k classes."""

    weights: Floats
    """(d, k)"""
    bias: Floats
    """(k,)"""

    def scores(self, vectors: Floats) -> Floats:
        """(n, k)"""
        return np.array([vector @ self.weights + self.bias for vector in vectors], np.float32)


@dataclass(frozen=True)
class Head:
    """k classes; `sparse` adds `sparse_weight` times its scores to the logits."""

    classes: tuple[str, ...]
    linear: Linear
    sparse: SparseView | None
    sparse_weight: float
    temperature: float
    """Scores are divided by it before the softmax (Guo et al. 2017)."""

    def scores(self, texts: Sequence[str], vectors: Floats) -> Doubles:
        """(n, k), before temperature."""
        scores = self.linear.scores(vectors).astype(np.float64)
        if self.sparse is not None and self.sparse_weight:
            scores += self.sparse_weight * self.sparse.scores(texts)
        return scores

    def probabilities(self, texts: Sequence[str], vectors: Floats) -> Doubles:
        """(n, k), rounded to DECIMALS; rows sum to 1 up to the rounding."""
        return tempered(self.scores(texts, vectors), self.temperature)

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        np.save(folder / "weights.npy", self.linear.weights)
        np.save(folder / "bias.npy", self.linear.bias)
        if self.sparse is not None:
            self.sparse.save(folder)
        about = {
            "classes": self.classes, "sparse_weight": self.sparse_weight,
            "temperature": self.temperature, "has_sparse_view": self.sparse is not None,
        }  # fmt: skip
        (folder / "head.json").write_text(json.dumps(about))

    @classmethod
    def load(cls, folder: Path) -> Head:
        about = json.loads((folder / "head.json").read_bytes())
        weights, bias = (
            np.load(folder / f"{name}.npy", allow_pickle=False) for name in ("weights", "bias")
        )
        if weights.shape[1:] != bias.shape or len(bias) != len(about["classes"]):
            raise ValueError("the classifier's arrays do not fit its classes")
        return cls(
            classes=tuple(about["classes"]),
            linear=Linear(weights, bias),
            sparse=SparseView.load(folder) if about["has_sparse_view"] else None,
            sparse_weight=about["sparse_weight"],
            temperature=about["temperature"],
        )


def tempered(scores: Doubles, temperature: float) -> Doubles:
    """(n, k): the probabilities that an answer has, rounded to DECIMALS."""
    return np.round(softmax(scores / temperature), DECIMALS)


def softmax(scores: Doubles) -> Doubles:
    """Along the last axis."""
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True), np.float64)
