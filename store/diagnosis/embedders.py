"""Embedders that are not there, or make nothing of these texts."""

from __future__ import annotations

from dataclasses import replace

from store.diagnosis.case import Case
from store.diagnosis.findings import Diagnosis, Fix
from store.diagnosis.fixing import again, training
from store.records.dataset import DataKind
from store.records.training import DEFAULT_MODEL, EmbedderKind, EmbedderSpec


def no_words(case: Case) -> Diagnosis:
    """TF-IDF found not one word of two letters."""
    cause = "TF-IDF counts words of two letters or more, and these texts have none."
    is_sequence = case.version is not None and case.version.kind is DataKind.SEQUENCE
    kind = EmbedderKind.KMER if is_sequence else EmbedderKind.SENTENCE_TRANSFORMER
    label = f"Embed with {kind} instead"
    fix = training(case, f"embedder-{kind.lower()}", label, embedder=EmbedderSpec(kind))
    return Diagnosis(cause, case.size(), fixes=(fix,))


def model_not_found(case: Case) -> Diagnosis:
    """Another model does, or the one that was asked for has to be brought."""
    cause = "The embedding model is not on the worker; models are never downloaded."
    put = "Do it again, once the model's folder is on every worker"
    fixes = (*_default_model(case), _without_model(case), again(case, put))
    return Diagnosis(cause, _asked(case), fixes=fixes)


def model_unsupported(case: Case) -> Diagnosis:
    """Only models like BERT can be exported."""
    cause = "The embedding model is of a kind that cannot be exported for answers."
    fixes = (*_default_model(case), _without_model(case))
    return Diagnosis(cause, (*_asked(case), case.said()), fixes=fixes)


def _asked(case: Case) -> tuple[str, ...]:
    return (f"The model that was asked for is {case.spec.embedder.model!r}.",)


def _default_model(case: Case) -> tuple[Fix, ...]:
    if case.spec.embedder.model == DEFAULT_MODEL:
        return ()
    embedder = replace(case.spec.embedder, model=DEFAULT_MODEL)
    label = f"Embed with {DEFAULT_MODEL}, which every worker has"
    return (training(case, "default-model", label, embedder=embedder),)


def _without_model(case: Case) -> Fix:
    embedder = replace(case.spec.embedder, kind=EmbedderKind.TFIDF)
    return training(case, "embedder-tfidf", "Embed by words with TFIDF", embedder=embedder)
