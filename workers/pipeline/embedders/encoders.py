"""From a saved folder to the encoder that answers with it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

from store.records.training import EmbedderKind, Strands
from workers.pipeline.embedders.kmer import KmerEncoder
from workers.pipeline.embedders.protocol import Encoder
from workers.pipeline.embedders.static import StaticEncoder
from workers.pipeline.embedders.tfidf import TfidfEncoder
from workers.pipeline.embedders.transformer import TransformerEncoder
from workers.pipeline.embedders.whole import CONFIG


def load(folder: Path, threads: int | None = None) -> Encoder:
    """The encoder saved in `folder`.

    `threads` run texts side by side; None takes SHOAL_ENCODER_THREADS, or else every core.
    """
    config = json.loads((folder / CONFIG).read_text())
    match EmbedderKind(config["kind"]):
        case EmbedderKind.SENTENCE_TRANSFORMER:
            return TransformerEncoder.load(folder, config, threads or default_threads())
        case EmbedderKind.STATIC:
            return StaticEncoder.load(folder)
        case EmbedderKind.TFIDF:
            # engines made before there was a choice are of pieces or, the oldest, of terms
            older = "pieces" if config.get("in_pieces") else "terms"
            return TfidfEncoder.load(folder, config.get("words", older))
        case EmbedderKind.KMER:
            # engines made before there was a choice count words as they are read
            return KmerEncoder(config["k"], Strands(config.get("strands", Strands.ONE)))


def write_config(folder: Path, config: Mapping[str, object]) -> None:
    """Declare `folder` whole; call it after everything else is written."""
    draft = folder / f"{CONFIG}.draft"
    draft.write_text(json.dumps(config, indent=1))
    draft.replace(folder / CONFIG)


def default_threads() -> int:
    """What is told by SHOAL_ENCODER_THREADS, or else every core."""
    if "SHOAL_ENCODER_THREADS" in os.environ:
        return int(os.environ["SHOAL_ENCODER_THREADS"])
    if hasattr(os, "sched_getaffinity"):  # a container's share, where the system can tell
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
