"""An embedder whose whole state is its engine folder: what serving needs, and nothing else."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from store.records.training import EmbedderKind, EmbedderSpec, Precision
from workers.pipeline.embedders.encoders import load, write_config
from workers.pipeline.embedders.gpu import has_gpu, on_gpu
from workers.pipeline.embedders.key import embedder_key
from workers.pipeline.embedders.protocol import Embedded, Encoder
from workers.pipeline.embedders.source import model_folder
from workers.pipeline.embedders.transformer import TransformerEncoder
from workers.pipeline.embedders.whole import is_whole
from workers.pipeline.progress import Progress, silent


@dataclass
class EngineEmbedder:
    """Embeds with the engine's own encoder; precision EXACT goes to the GPU where there is one."""

    spec: EmbedderSpec
    engine: Path
    key: str | None
    threads: int | None
    _encoder: Encoder | None = field(default=None, repr=False)

    @classmethod
    def opened(cls, spec: EmbedderSpec, engine: Path, threads: int | None) -> EngineEmbedder:
        engine.mkdir(parents=True, exist_ok=True)
        key = embedder_key(spec)
        if key and not is_whole(engine) and is_whole(prepared(key)):
            shutil.copytree(prepared(key), engine, dirs_exist_ok=True)
        if not is_whole(engine):
            _make(spec, engine)
        return cls(spec, engine, key, threads)

    @property
    def dimensions(self) -> int:
        return self._opened().dimensions

    def fit(self, texts: Sequence[str], progress: Progress = silent) -> None:
        if self.spec.kind is EmbedderKind.TFIDF:
            from workers.pipeline.embedders.lsa import fit  # noqa: PLC0415  (scikit-learn)

            fit(texts, self.engine, self.spec.dimensions, progress)
            self._encoder = None

    def embed(self, texts: Sequence[str], progress: Progress = silent) -> Embedded:
        return self._opened().encode(texts, progress)

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copytree(self.engine, folder, dirs_exist_ok=True)

    def _opened(self) -> Encoder:
        if self._encoder is None:
            self._encoder = self._bulk()
        return self._encoder

    def _bulk(self) -> Encoder:
        encoder = load(self.engine, self.threads)
        if isinstance(encoder, TransformerEncoder) and self.spec.precision is Precision.EXACT:
            return on_gpu(encoder, self.spec.model) if has_gpu() else encoder
        return encoder


def prepared(key: str) -> Path:
    """Where an engine lies that was made when Shoal was installed, if it was."""
    return Path(sys.prefix) / "share" / "shoal" / "engines" / key


def _make(spec: EmbedderSpec, engine: Path) -> None:
    """Fill `engine`; TFIDF's is filled when it is fitted."""
    match spec.kind:
        case EmbedderKind.SENTENCE_TRANSFORMER:
            from workers.pipeline.embedders.export import export  # noqa: PLC0415  (torch)

            export(model_folder(spec.model), engine, spec.precision)
        case EmbedderKind.STATIC:
            from workers.pipeline.embedders.distil import distil  # noqa: PLC0415  (torch)

            distil(model_folder(spec.model), engine)
        case EmbedderKind.KMER:
            write_config(engine, {"kind": spec.kind, "k": spec.k, "strands": spec.strands})
