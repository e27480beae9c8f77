"""What every embedder and every encoder can do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from workers.pipeline.progress import Progress, silent

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Embedded:
    """Vectors of n rows, in the order of the rows."""

    vectors: NDArray[np.float32]
    """(n, d), unit length; all zero where a row holds nothing that the encoder knows."""
    truncated: NDArray[np.bool_]
    """(n,), true where the row was longer than the encoder reads."""


class Encoder(Protocol):
    """The answering half. A row's vector does not depend on the rows beside it."""

    @property
    def dimensions(self) -> int: ...

    def encode(self, texts: Sequence[str], progress: Progress = silent) -> Embedded: ...


class Embedder(Protocol):
    """The training half."""

    @property
    def key(self) -> str | None:
        """Digest of all that decides the vectors; None when they depend on the fitted rows."""

    @property
    def dimensions(self) -> int: ...

    def fit(self, texts: Sequence[str], progress: Progress = silent) -> None:
        """Learn from the rows; does nothing for an embedder that has a key."""

    def embed(self, texts: Sequence[str], progress: Progress = silent) -> Embedded: ...

    def save(self, folder: Path) -> None:
        """Write what `load_encoder` needs into `folder`: arrays, JSON and ONNX, never a pickle."""
