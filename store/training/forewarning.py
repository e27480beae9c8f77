"""What a profile gives reason to say of a training, before it is asked for."""

from __future__ import annotations

from store.records.advice import Advice, AdviceCode
from store.records.dataset import DatasetVersion
from store.records.training import EmbedderKind, EmbedderSpec, TrainingSpec

FROM_A_MODEL = (EmbedderKind.SENTENCE_TRANSFORMER, EmbedderKind.STATIC)
MULTILINGUAL = ("multilingual", "labse", "bge-m3", "xlm-r", "cross-en-")
"""Parts of names by which models say that they know many languages."""


def warnings_for(version: DatasetVersion, spec: TrainingSpec) -> tuple[Advice, ...]:
    """What of the version's warnings concerns a training by `spec`."""
    found = version.profile.warnings if version.profile else ()
    return tuple(each for each in found if _concerns(each.code, spec.embedder))


def _concerns(code: AdviceCode, embedder: EmbedderSpec) -> bool:
    match code:
        case AdviceCode.NOT_ENGLISH:
            return embedder.kind in FROM_A_MODEL and not _is_multilingual(embedder.model)
        case AdviceCode.PROTEIN:
            return embedder.kind is EmbedderKind.KMER


def _is_multilingual(model: str) -> bool:
    name = model.lower()
    return any(part in name for part in MULTILINGUAL)
