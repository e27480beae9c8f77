"""A sentence-transformers model in torch: what engines are made from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
from sentence_transformers import SentenceTransformer
from transformers.utils.logging import disable_progress_bar

from store.records.dataset import Problem
from store.records.training import DEFAULT_MODEL
from workers.pipeline.progress import BadData


def load_model(folder: Path, device: str = "cpu") -> SentenceTransformer:
    """The model in `folder`, ready to infer; nothing is downloaded, no code of the model is run."""
    disable_progress_bar()  # type: ignore[no-untyped-call]  # untyped upstream
    return SentenceTransformer(
        str(folder),
        device=device,
        local_files_only=True,
        # plain attention is what the exporter can trace and ONNX Runtime fuses
        model_kwargs={"attn_implementation": "eager"},
    ).eval()


class SentenceVectors(torch.nn.Module):
    """Token ids (n, length), none of them padding, to unit vectors (n, d)."""

    def __init__(self, model: SentenceTransformer) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: torch.Tensor) -> torch.Tensor:
        features = {"input_ids": input_ids, "attention_mask": torch.ones_like(input_ids)}
        for module in self.model:
            features = module(features)
        return torch.nn.functional.normalize(features["sentence_embedding"], dim=1)


@contextmanager
def model_at_work() -> Iterator[None]:
    """Raise BadData ENGINE_UNSUPPORTED for whatever goes wrong inside.

    It is the model's own code that runs there and may fail in any way; to the user each is the same
    news, and trying again would not help.
    """
    try:
        yield
    except Exception as error:
        raise unsupported(f"{type(error).__name__}: {error}") from error


def unsupported(reason: str) -> BadData:
    """The refusal of a model that no engine can be made from."""
    return BadData(
        "ENGINE_UNSUPPORTED",
        f"the model cannot be exported for serving: {reason}",
        (Problem("ENGINE_UNSUPPORTED", reason,
                 f"use a BERT-like sentence-transformers model, such as {DEFAULT_MODEL!r}"),),
    )  # fmt: skip
