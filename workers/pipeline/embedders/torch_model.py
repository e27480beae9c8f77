"""A sentence-transformers model in torch: what engines are made from."""

from __future__ import annotations

from pathlib import Path

import torch
from sentence_transformers import SentenceTransformer
from transformers.utils.logging import disable_progress_bar


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
