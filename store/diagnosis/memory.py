"""Processes that grew too large, or died."""

from __future__ import annotations

from dataclasses import replace

from store.diagnosis.case import Case
from store.diagnosis.findings import Diagnosis, Fix
from store.diagnosis.fixing import again, reading, training
from store.records.dataset import DataFormat, DataKind
from store.records.training import EmbedderKind
from store.training.trainable import MIN_ROWS

LIGHTER = {
    EmbedderKind.SENTENCE_TRANSFORMER: EmbedderKind.STATIC,
    EmbedderKind.STATIC: EmbedderKind.TFIDF,
}
"""What needs less memory in the place of another."""
FEW_DIMENSIONS = 64
KILLED = "killed"
"""How the worker tells of a SIGKILL."""


def out_of_memory(case: Case) -> Diagnosis:
    """A stage asked for more than there was."""
    return _of_memory(case, f"The stage {case.stage} needs more memory than its worker may use.")


def child_died(case: Case) -> Diagnosis:
    """A kill is most often the system's, for want of memory; any other end is a fault in code."""
    if KILLED in case.failure.message:
        cause = f"The process of the stage {case.stage} was killed, most likely for its memory."
        return _of_memory(case, cause)
    cause = f"The process of the stage {case.stage} broke down: {case.failure.message}."
    fixes = (again(case), *smaller_work(case), *as_plain_text(case))
    return Diagnosis(cause, _facts(case), fixes=fixes)


def lost(case: Case) -> Diagnosis:
    """The worker went, not only its child: the host may have run out of memory, or gone down."""
    cause = "The workers that had it were gone before it was done."
    return Diagnosis(cause, _facts(case), fixes=(again(case), *smaller_work(case)))


def smaller_work(case: Case) -> tuple[Fix, ...]:
    """Trainings of the same data that need less memory; none for other jobs."""
    if not case.is_training:
        return ()
    found = (_without_terms(case), _lighter_embedder(case), _shorter_vectors(case), _fewer(case))
    return tuple(fix for fix in found if fix is not None)


def as_plain_text(case: Case) -> tuple[Fix, ...]:
    """For a file that breaks its reader."""
    if not case.is_rejected:
        return ()
    label = "Read the file again as plain text, a row a line"
    return (reading(case, "format-text", label, format=DataFormat.TEXT, delimiter=None),)


def _of_memory(case: Case, cause: str) -> Diagnosis:
    once_more = again(case, "Do it again, on a worker with more memory")
    fixes = (*smaller_work(case), *as_plain_text(case), once_more)
    return Diagnosis(cause, _facts(case), fixes=fixes)


def _facts(case: Case) -> tuple[str, ...]:
    return (*case.place(), *case.memory(), *case.size(), case.tries())


def _without_terms(case: Case) -> Fix | None:
    is_text = case.version is not None and case.version.kind is DataKind.TEXT
    if case.stage != "fit" or not is_text or case.spec.classifier.sparse_view is False:
        return None
    classifier = replace(case.spec.classifier, sparse_view=False)
    label = "Learn from the vectors alone, without the sparse view of words"
    return training(case, "no-sparse-view", label, classifier=classifier)


def _lighter_embedder(case: Case) -> Fix | None:
    lighter = LIGHTER.get(case.spec.embedder.kind)
    if case.stage != "embed" or lighter is None:
        return None
    embedder = replace(case.spec.embedder, kind=lighter)
    label = f"Embed with {lighter}, which needs less memory and tells texts apart a little worse"
    return training(case, f"embedder-{lighter.lower()}", label, embedder=embedder)


def _shorter_vectors(case: Case) -> Fix | None:
    embedder = case.spec.embedder
    if embedder.kind is EmbedderKind.KMER and embedder.k > 4:
        shorter = replace(embedder, k=embedder.k - 1)
        label = f"Embed by words of {shorter.k} letters: a quarter of the numbers a row"
    elif embedder.kind is EmbedderKind.TFIDF and embedder.dimensions > FEW_DIMENSIONS:
        shorter = replace(embedder, dimensions=max(FEW_DIMENSIONS, embedder.dimensions // 2))
        label = f"Embed in {shorter.dimensions} dimensions"
    else:
        return None
    return training(case, "shorter-vectors", label, embedder=shorter)


def _fewer(case: Case) -> Fix | None:
    """Half of the rows, in a round number."""
    half = case.rows // 2
    few = int(float(f"{half:.1g}")) if half else 0
    if few < MIN_ROWS:
        return None
    label = f"Train on {few:,} rows, each label in proportion"
    return training(case, "fewer-rows", label, max_rows=few)
