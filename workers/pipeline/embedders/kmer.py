"""Sequences as counts of their k-letter words.

Plain counts, not square roots, and not merged with their reverse complements: on genera of 16S rRNA
that was never worse and for short words better (k = 4: 0.963 against 0.940 held out, C = 10).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workers.pipeline.embedders.protocol import Embedded
from workers.pipeline.embedders.unit import unit
from workers.pipeline.progress import Progress, silent

_UNKNOWN = 4
_CODES = np.full(256, _UNKNOWN, np.uint8)
for _code, _letters in enumerate((b"Aa", b"Cc", b"Gg", b"TtUu")):
    _CODES[list(_letters)] = _code
_BATCH = 512


@dataclass(frozen=True)
class KmerEncoder:
    """Words of `k` letters A, C, G, T (or U); a word with any other letter is skipped."""

    k: int

    @property
    def dimensions(self) -> int:
        return int(4**self.k)

    def encode(self, texts: Sequence[str], progress: Progress = silent) -> Embedded:
        counts = np.empty((len(texts), self.dimensions), np.float32)
        for row, text in enumerate(texts):
            counts[row] = np.bincount(self._words(text), minlength=self.dimensions)
            if (row + 1) % _BATCH == 0:
                progress(row + 1, len(texts))
        progress(len(texts), len(texts))
        return Embedded(unit(counts), np.zeros(len(texts), np.bool_))

    def _words(self, text: str) -> NDArray[np.int64]:
        """Every known word as a number in base 4, in order."""
        letters = _CODES[np.frombuffer(text.encode("ascii", "replace"), np.uint8)]
        size = max(len(letters) - self.k + 1, 0)
        words = np.zeros(size, np.int64)
        known = np.ones(size, np.bool_)
        for offset in range(self.k):
            letter = letters[offset : offset + size]
            words = words * 4 + letter
            known &= letter != _UNKNOWN
        return words[known]
