"""Sequences as counts of their k-letter words.

Reads come from either strand. With BOTH, a word and its reverse complement are one, which costs
nothing and halves the vectors: on genera of 16S rRNA (k = 6, a fifth held out) the accuracy is
0.993 with and without, but with half of the test turned round 0.993 against 0.50.

Plain counts, not square roots: those were no better, nor were words weighted by their rarity. Of
reads of 250 letters 0.936 are right with k = 6 and 0.951 with k = 7, of 150 letters 0.81 and 0.84.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from store.records.training import Strands
from workers.pipeline.embedders.protocol import Embedded
from workers.pipeline.embedders.unit import unit
from workers.pipeline.progress import Progress, silent
from workers.pipeline.sequences import pasted

_UNKNOWN = 4
_CODES = np.full(256, _UNKNOWN, np.uint8)
for _code, _letters in enumerate((b"Aa", b"Cc", b"Gg", b"TtUu")):
    _CODES[list(_letters)] = _code
_BATCH = 512

Words = NDArray[np.int64]


@dataclass(frozen=True)
class KmerEncoder:
    """Words of `k` letters A, C, G, T (or U); a word with any other letter is skipped.

    A text may be a whole FASTA or FASTQ record. Of several the first is read, and the text counts
    as cut.
    """

    k: int
    strands: Strands = Strands.ONE

    @property
    def dimensions(self) -> int:
        return _columns(self.k)[1] if self.strands is Strands.BOTH else int(4**self.k)

    def encode(self, texts: Sequence[str], progress: Progress = silent) -> Embedded:
        counts = np.empty((len(texts), self.dimensions), np.float32)
        truncated = np.zeros(len(texts), np.bool_)
        for row, text in enumerate(texts):
            letters, truncated[row] = pasted(text)
            counts[row] = np.bincount(self._columns(letters), minlength=self.dimensions)
            if (row + 1) % _BATCH == 0:
                progress(row + 1, len(texts))
        progress(len(texts), len(texts))
        return Embedded(unit(counts), truncated)

    def _columns(self, letters: str) -> Words:
        words = words_of(letters, self.k)
        return _columns(self.k)[0][words] if self.strands is Strands.BOTH else words


def words_of(text: str, k: int) -> Words:
    """Every known word of `k` letters as a number in base 4, in order."""
    letters = _CODES[np.frombuffer(text.encode("ascii", "replace"), np.uint8)]
    size = max(len(letters) - k + 1, 0)
    words = np.zeros(size, np.int64)
    known = np.ones(size, np.bool_)
    for offset in range(k):
        letter = letters[offset : offset + size]
        words = words * 4 + letter
        known &= letter != _UNKNOWN
    return words[known]


@cache
def _columns(k: int) -> tuple[Words, int]:
    """The column of each word, the same for its reverse complement; and how many columns."""
    words = np.arange(4**k)
    reverse, rest = np.zeros_like(words), words.copy()
    for _ in range(k):
        reverse = reverse * 4 + (3 - rest % 4)
        rest //= 4
    kept, columns = np.unique(np.minimum(words, reverse), return_inverse=True)
    return columns, len(kept)
