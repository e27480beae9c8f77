"""The digest under which vectors and engines are kept; standard library only, and fast."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

from store.digest import sha256_of
from store.records.training import EmbedderKind, EmbedderSpec
from workers.pipeline.embedders.source import model_folder

RECIPE = 1
"""Grows whenever the same model and spec would give other vectors than before."""

_MODEL_FILES = frozenset({".json", ".safetensors", ".bin", ".txt", ".model"})


def embedder_key(spec: EmbedderSpec) -> str | None:
    """SHA-256 of all that decides the vectors; None when the embedder is fitted to its own rows.

    Raises BadData MODEL_NOT_FOUND.
    """
    match spec.kind:
        case EmbedderKind.TFIDF:
            return None
        case EmbedderKind.KMER:
            return _digest([RECIPE, spec.kind, spec.k, spec.strands])
        case EmbedderKind.STATIC:
            return _digest([RECIPE, spec.kind, _model_digest(model_folder(spec.model))])
        case EmbedderKind.SENTENCE_TRANSFORMER:
            model = _model_digest(model_folder(spec.model))
            return _digest([RECIPE, spec.kind, spec.precision, model])


def _model_digest(folder: Path) -> str:
    files = sorted(f for f in folder.rglob("*") if f.suffix in _MODEL_FILES and f.is_file())
    return _digest([[f.relative_to(folder).as_posix(), _file_digest(f)] for f in files])


def _file_digest(file: Path) -> str:
    status = file.stat()
    return _content_digest(file, status.st_mtime_ns, status.st_size)


@cache
def _content_digest(file: Path, mtime_ns: int, size: int) -> str:
    """Read once a process; the time and the size tell a file that changed since."""
    return sha256_of(file)


def _digest(parts: list[object]) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
