"""What a training job is asked to do."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class EmbedderKind(StrEnum):
    SENTENCE_TRANSFORMER = "SENTENCE_TRANSFORMER"
    STATIC = "STATIC"
    TFIDF = "TFIDF"
    KMER = "KMER"


class Strands(StrEnum):
    """Whether a sequence and its reverse complement are to be the same."""

    BOTH = "BOTH"
    ONE = "ONE"


class Precision(StrEnum):
    """Arithmetic of a sentence-transformer: FAST is int8, EXACT has cosine >= 0.999 to float32."""

    FAST = "FAST"
    EXACT = "EXACT"


class ClustererKind(StrEnum):
    LEIDEN = "LEIDEN"
    KMEANS = "KMEANS"
    HDBSCAN = "HDBSCAN"


class RareLabels(StrEnum):
    """What becomes of labels with too few texts."""

    KEEP = "KEEP"
    DROP = "DROP"
    MERGE = "MERGE"


DEFAULT_MODEL = "all-MiniLM-L6-v2"


@dataclass(frozen=True, slots=True)
class EmbedderSpec:
    kind: EmbedderKind = EmbedderKind.SENTENCE_TRANSFORMER
    model: str = DEFAULT_MODEL
    """Name or path of a sentence-transformers model (also what STATIC is distilled from)."""
    precision: Precision = Precision.FAST
    dimensions: int = 256
    """Of TFIDF's singular vectors."""
    k: int = 6
    """Length of KMER's words, 3 to 8."""
    strands: Strands = Strands.BOTH
    """KMER: BOTH counts a word with its reverse complement, so reads may come from either."""


@dataclass(frozen=True, slots=True)
class ClustererSpec:
    kind: ClustererKind = ClustererKind.LEIDEN
    resolution: float = 4.0
    """LEIDEN: higher gives more clusters."""
    k: int | None = None
    """KMEANS: how many; None chooses by silhouette over a sample."""
    min_cluster_size: int = 15
    """HDBSCAN."""


@dataclass(frozen=True, slots=True)
class ClassifierSpec:
    c: float | None = None
    """Inverse regularisation; None chooses among 1, 3, 10, 30 by held-out log-loss."""
    sparse_view: bool | None = None
    """Add the TF-IDF view; None keeps it when it helps on held-out folds."""
    abstain_below: float = 0.0
    """Probability under which an answer abstains, 0 to 1."""


@dataclass(frozen=True, slots=True)
class PromiseSpec:
    """What answers are to keep; texts for which they would not get none.

    Apart from the classifier's part, so that another promise does not fit anew.
    """

    max_risk: float | None = None
    """Share wrong among answered texts, at most; None asks for nothing."""
    confidence: float = 0.95
    """With which the share keeps under `max_risk`."""
    coverage: float = 0.95
    """Share of texts whose label is in their prediction set, at least."""
    out_share: float = 0.01
    """Share of texts like those learnt from that may be called OUT_OF_DISTRIBUTION; 0 calls none
    so."""


@dataclass(frozen=True, slots=True)
class SplitSpec:
    test_share: float = 0.2
    """Share of the groups of equal text held out, stratified by label; unused for given splits."""
    use_given: bool = True


@dataclass(frozen=True, slots=True)
class LabelSpec:
    rare: RareLabels = RareLabels.KEEP
    """DROP leaves the rows of rare labels out, MERGE calls them all `other`."""
    min_rows: int = 2
    """A label with fewer rows is rare; rows of equal text count once."""


@dataclass(frozen=True, slots=True)
class TrainingSpec:
    """Same version, same spec, same numbers."""

    embedder: EmbedderSpec = field(default_factory=EmbedderSpec)
    clusterer: ClustererSpec = field(default_factory=ClustererSpec)
    classifier: ClassifierSpec = field(default_factory=ClassifierSpec)
    split: SplitSpec = field(default_factory=SplitSpec)
    seed: int = 0
    max_rows: int | None = None
    """Train on a stratified sample of this many rows; None takes all."""
    labels: LabelSpec = field(default_factory=LabelSpec)
    promise: PromiseSpec = field(default_factory=PromiseSpec)
    pieces: int | None = None
    """Sequences: learn from pieces of so many letters as well, so that short reads are known."""


_ROWS = ("seed", "max_rows", "labels", "pieces")
_SPLIT = (*_ROWS, "split")
_EMBED = (*_SPLIT, "embedder")
_CLUSTER = (*_EMBED, "clusterer")
_FIT = (*_EMBED, "classifier")
_PROMISE = (*_FIT, "promise")

READS: dict[str, tuple[str, ...]] = {
    "clean": _ROWS,
    "split": _SPLIT,
    "embed": _EMBED,
    "cluster": _CLUSTER,
    "project": _EMBED,
    "fit": _FIT,
    "calibrate": _PROMISE,
    "evaluate": _PROMISE,
}
"""What each stage of a training reads of its spec: trainings that agree on it share what it leaves.

`package` is not among them: its files are the bundle's.
"""


def reads(stage: str, *, is_labelled: bool) -> tuple[str, ...]:
    """As `READS`; where labels are missing they come from the clusters, or spread within them."""
    parts = READS[stage]
    if is_labelled or "classifier" not in parts:
        return parts
    return (*parts, "clusterer")
