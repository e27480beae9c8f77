"""A vector a token, distilled beforehand; a text is the mean of its tokens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from workers.pipeline.embedders.protocol import Embedded
from workers.pipeline.embedders.tokens import ids_of, load_tokenizer
from workers.pipeline.embedders.unit import unit
from workers.pipeline.progress import Progress, silent

TOKENS = "tokens.npy"
TOKENIZER = "tokenizer.json"
_BATCH = 1024


@dataclass(frozen=True)
class StaticEncoder:
    tokenizer: Tokenizer
    tokens: NDArray[np.float32]
    """(vocabulary, d)."""

    @classmethod
    def load(cls, folder: Path) -> StaticEncoder:
        tokens = np.load(folder / TOKENS, allow_pickle=False).astype(np.float32)
        return cls(load_tokenizer(folder / TOKENIZER), tokens)

    @property
    def dimensions(self) -> int:
        return int(self.tokens.shape[1])

    def encode(self, texts: Sequence[str], progress: Progress = silent) -> Embedded:
        sums = np.zeros((len(texts), self.dimensions), np.float32)
        for start in range(0, len(texts), _BATCH):
            ids, _ = ids_of(self.tokenizer, texts[start : start + _BATCH], special=False)
            for row, tokens in enumerate(ids, start):
                self.tokens[tokens].sum(axis=0, out=sums[row])
            progress(min(start + _BATCH, len(texts)), len(texts))
        return Embedded(unit(sums), np.zeros(len(texts), np.bool_))
