"""Many strings in two files: their bytes, and where each begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from workers.pipeline.arrays import Ints


@dataclass(frozen=True)
class Packed:
    data: bytes
    offsets: Ints
    """(n + 1,)"""

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, place: int) -> str:
        return self.data[self.offsets[place] : self.offsets[place + 1]].decode()

    @staticmethod
    def save(folder: Path, name: str, strings: Sequence[str | None]) -> None:
        """Write `{name}.bin` and `{name}_offsets.npy`; None becomes an empty one."""
        encoded = [(each or "").encode() for each in strings]
        (folder / f"{name}.bin").write_bytes(b"".join(encoded))
        offsets = np.cumsum([0, *map(len, encoded)], dtype=np.int64)
        np.save(folder / f"{name}_offsets.npy", offsets)

    @classmethod
    def load(cls, folder: Path, name: str) -> Packed | None:
        """None where there are none."""
        path = folder / f"{name}.bin"
        if not path.is_file():
            return None
        return cls(path.read_bytes(), np.load(folder / f"{name}_offsets.npy", allow_pickle=False))
