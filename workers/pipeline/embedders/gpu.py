"""Bulk embedding on a CUDA device, in half precision (cosine to float32 above 0.999)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np

from workers.pipeline.embedders.protocol import Embedded
from workers.pipeline.embedders.source import model_folder
from workers.pipeline.embedders.tokens import ids_of
from workers.pipeline.embedders.transformer import TransformerEncoder
from workers.pipeline.embedders.unit import unit
from workers.pipeline.progress import Progress, silent

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_STEP = 2048
_BATCH = 128


def has_gpu() -> bool:
    """Whether torch sees a CUDA device; a CPU-only build of torch is told without loading it."""
    if version("torch").endswith("+cpu"):
        return False
    import torch  # noqa: PLC0415  (heavy)

    return torch.cuda.is_available()


def on_gpu(served: TransformerEncoder, model: str, device: str = "cuda") -> TorchEncoder:
    """The encoder of `model` on `device`, which stands in for `served` where rows are many."""
    import torch  # noqa: PLC0415  (heavy)

    from workers.pipeline.embedders.torch_model import load_model  # noqa: PLC0415  (heavy)

    return TorchEncoder(load_model(model_folder(model), device).to(torch.float16), served)


@dataclass(frozen=True)
class TorchEncoder:
    model: SentenceTransformer
    served: TransformerEncoder

    @property
    def dimensions(self) -> int:
        return self.served.dimensions

    def encode(self, texts: Sequence[str], progress: Progress = silent) -> Embedded:
        vectors = np.empty((len(texts), self.dimensions), np.float32)
        for start in range(0, len(texts), _STEP):
            step = list(texts[start : start + _STEP])
            vectors[start : start + len(step)] = self.model.encode(
                step, batch_size=_BATCH, show_progress_bar=False
            )
            progress(start + len(step), len(texts))
        return Embedded(unit(vectors), ids_of(self.served.tokenizer, texts)[1])
