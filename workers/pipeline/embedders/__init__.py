"""Texts and sequences to vectors, behind one protocol.

An embedder is opened from its spec for a training; what it needs to answer lies in a folder, its
*engine*. An encoder is that folder loaded for answers, with numpy, onnxruntime and tokenizers only.
Training embeds through the same encoder, so both sides share one arithmetic.

Importing this package costs nothing but the standard library: the heavy halves load when called.
"""

from __future__ import annotations

from pathlib import Path

from store.records.training import EmbedderSpec
from workers.pipeline.embedders.key import embedder_key
from workers.pipeline.embedders.protocol import Embedded, Embedder, Encoder

__all__ = [
    "Embedded",
    "Embedder",
    "Encoder",
    "embedder_key",
    "load_encoder",
    "open_embedder",
    "open_engine",
]


def open_embedder(spec: EmbedderSpec, engine: Path, threads: int | None = None) -> Embedder:
    """The embedder of `spec`; makes its engine in the folder `engine` unless it is there already.

    Raises BadData: MODEL_NOT_FOUND, or ENGINE_UNSUPPORTED for a model that cannot be exported.
    """
    from workers.pipeline.embedders.engine import EngineEmbedder  # noqa: PLC0415  (heavy)

    return EngineEmbedder.opened(spec, engine, threads)


def open_engine(spec: EmbedderSpec, engine: Path, threads: int | None = None) -> Embedder:
    """The embedder of `spec` whose engine was made elsewhere: its model need not be here."""
    from workers.pipeline.embedders.engine import EngineEmbedder  # noqa: PLC0415  (heavy)

    return EngineEmbedder(spec, engine, None, threads)


def load_encoder(folder: Path, threads: int | None = None) -> Encoder:
    """The encoder saved in `folder`; `threads` as in `encoders.load`."""
    from workers.pipeline.embedders.encoders import load  # noqa: PLC0415  (numpy, onnxruntime)

    return load(folder, threads)
