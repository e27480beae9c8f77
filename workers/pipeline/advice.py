"""What the owner of a data set should know before training on it."""

from __future__ import annotations

from collections.abc import Sequence

from store.records.advice import Advice, AdviceCode
from store.records.dataset import LanguageShare
from store.records.sequences import Molecule, SequenceProfile
from store.records.training import EmbedderKind, EmbedderSpec
from workers.pipeline.embedders.source import is_here

ENGLISH = "en"
FOREIGN = 0.2
"""Share of rows in other languages from which it is worth a word. Of 10,000 short English questions
the guess is wrong for 1 in 200."""
MULTILINGUAL = (
    "paraphrase-multilingual-MiniLM-L12-v2",
    "paraphrase-multilingual-mpnet-base-v2",
    "distiluse-base-multilingual-cased-v2",
    "intfloat/multilingual-e5-small",
    "intfloat/multilingual-e5-base",
    "BAAI/bge-m3",
    "LaBSE",
)
"""Models that know many languages, the quickest first; the first that is here is proposed."""


def advice(
    languages: Sequence[LanguageShare], sequences: SequenceProfile | None
) -> tuple[Advice, ...]:
    """What the profile gives reason to say."""
    if sequences is not None:
        return _of_sequences(sequences)
    foreign = [each for each in languages if each.language != ENGLISH]
    share = sum(each.share for each in foreign)
    if share < FOREIGN:
        return ()
    embedder = _for_any_language()
    told = ", ".join(f"{each.language} {each.share:.0%}" for each in languages[:3])
    return (
        Advice(
            AdviceCode.NOT_ENGLISH,
            f"{share:.0%} of the rows seem not to be English ({told}). The usual models know "
            f"English only, and STATIC is made from them: they would tell little of such texts "
            f"apart. Train with {_name(embedder)}.",
            embedder,
        ),
    )


def _of_sequences(sequences: SequenceProfile) -> tuple[Advice, ...]:
    if sequences.molecule is not Molecule.PROTEIN:
        return ()
    return (
        Advice(
            AdviceCode.PROTEIN,
            "These are proteins. KMER counts words of nucleotides alone and tells none apart. "
            "Train with TFIDF, which counts runs of letters.",
            EmbedderSpec(kind=EmbedderKind.TFIDF),
        ),
    )


def _for_any_language() -> EmbedderSpec:
    for model in MULTILINGUAL:
        if is_here(model):
            return EmbedderSpec(model=model)
    return EmbedderSpec(kind=EmbedderKind.TFIDF)


def _name(embedder: EmbedderSpec) -> str:
    if embedder.kind is EmbedderKind.TFIDF:
        return (
            "TFIDF, which needs no language, or with a multilingual sentence-transformers model "
            "whose folder you put on every worker"
        )
    return f"the model {embedder.model!r}, which is on this machine"
