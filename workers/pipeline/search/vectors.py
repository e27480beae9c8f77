"""The vectors of rows, compared with one vector."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workers.pipeline.arrays import Doubles, Floats, Places
from workers.pipeline.embedders.unit import unit
from workers.pipeline.progress import Progress, silent
from workers.pipeline.serving import COSINE_DECIMALS

HELD_BYTES = 2**30
"""Of vectors unpacked in memory; more of them are unpacked anew each time."""
_BATCH = 8_192


@dataclass
class Vectors:
    packed: NDArray[np.float16]
    """(n, d), mapped from the file."""
    _unpacked: Floats | None = field(default=None, repr=False)

    @classmethod
    def load(cls, path: Path) -> Vectors:
        return cls(np.load(path, mmap_mode="r", allow_pickle=False))

    @property
    def held_bytes(self) -> int:
        """Memory that it takes once it was asked."""
        bytes_unpacked = self.packed.size * 4
        return bytes_unpacked if bytes_unpacked <= HELD_BYTES else 0

    def one(self, place: int) -> Floats:
        """(d,)"""
        vector: Floats = unit(self.packed[place : place + 1].astype(np.float32))[0]
        return vector

    def cosines(self, vector: Floats) -> Doubles:
        """(n,): of every row to `vector` (d,). Each row by itself, so that none moves another."""
        if self._unpacked is None and self.held_bytes:
            self._unpacked = unit(self.packed.astype(np.float32))
        if self._unpacked is not None:
            return _rounded(self._unpacked @ vector)
        starts = range(0, len(self.packed), _BATCH)
        blocks = (unit(self.packed[at : at + _BATCH].astype(np.float32)) for at in starts)
        return _rounded(np.concatenate([block @ vector for block in blocks]))

    def cosines_at(self, places: Places, vector: Floats) -> Doubles:
        """As `cosines`, of some rows; the others are not touched."""
        found = [np.empty(0, np.float32)]
        for start in range(0, len(places), _BATCH):
            block = self.packed[places[start : start + _BATCH]].astype(np.float32)
            found.append(unit(block) @ vector)
        return _rounded(np.concatenate(found))


def write_vectors(path: Path, vectors: Floats, progress: Progress = silent) -> None:
    """Leave what `Vectors.load` reads, without a second copy in memory."""
    packed: Any = np.lib.format.open_memmap(path, "w+", np.float16, vectors.shape)
    for start in range(0, len(vectors), _BATCH):
        packed[start : start + _BATCH] = vectors[start : start + _BATCH]
        progress(min(start + _BATCH, len(vectors)), len(vectors))
    packed.flush()


def _rounded(cosines: Floats) -> Doubles:
    """Finer differences are noise; ties go to the earlier row."""
    return np.asarray(np.round(cosines.astype(np.float64), COSINE_DECIMALS), np.float64)
