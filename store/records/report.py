"""What a training found out about its model. All shares and metrics are 0 to 1."""

from __future__ import annotations

from dataclasses import dataclass

from store.records.promise import Promise


@dataclass(frozen=True, slots=True)
class ClassReport:
    label: str
    precision: float
    recall: float
    f1: float
    support: int
    """Test rows of this label."""


@dataclass(frozen=True, slots=True)
class Confusion:
    actual: str
    predicted: str
    rows: int
    numbers: tuple[int, ...] = ()
    """The first of those rows in the version, at most 20; none in reports from before they were
    told."""


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """Test rows whose top probability lies in [low, high)."""

    low: float
    high: float
    rows: int
    confidence: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class WorstRow:
    """A test row that the model got wrong with the most confidence."""

    row: int
    text: str
    actual: str
    predicted: str
    probability: float


@dataclass(frozen=True, slots=True)
class Baseline:
    name: str
    accuracy: float
    macro_f1: float


@dataclass(frozen=True, slots=True)
class StageTime:
    stage: str
    seconds: float
    rows: int
    rows_per_s: float


@dataclass(frozen=True, slots=True)
class Cluster:
    """One group of rows that belong together."""

    number: int
    name: str
    size: int
    keywords: tuple[str, ...]
    """By class-based TF-IDF (Grootendorst 2022), strongest first."""
    exemplars: tuple[str, ...]
    """The texts nearest to the centroid."""
    cohesion: float
    """Mean cosine of its rows to its centroid."""
    parent: int | None = None
    """Its cluster at the next coarser level, where there is a hierarchy."""
    x: float = 0.0
    y: float = 0.0
    """Its place on the 2-D map."""


@dataclass(frozen=True, slots=True)
class CoarseCluster:
    """One group of clusters at a coarser resolution."""

    number: int
    name: str
    size: int
    keywords: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    accuracy: float
    macro_f1: float
    ece: float
    """Expected calibration error, 15 equal bins, after temperature scaling (Guo et al. 2017)."""
    ece_before: float
    temperature: float
    c: float
    """The inverse regularisation that was chosen."""
    sparse_view: bool
    train_rows: int
    test_rows: int
    spread_rows: int
    """Rows whose label was spread from their cluster."""
    labels_from_clusters: bool
    truncated_rows: int
    """Rows longer than the embedder reads."""
    embedded_rows: int
    cached_rows: int
    """Rows whose vectors were there already."""
    nmi: float | None
    """Normalised mutual information of clusters and labels; None without labels."""
    silhouette: float | None
    noise_rows: int
    classes: tuple[ClassReport, ...]
    confusions: tuple[Confusion, ...]
    """The largest off-diagonal pairs, at most 500."""
    bins: tuple[CalibrationBin, ...]
    worst_rows: tuple[WorstRow, ...]
    baselines: tuple[Baseline, ...]
    stages: tuple[StageTime, ...]
    clusters: tuple[Cluster, ...]
    coarse_clusters: tuple[CoarseCluster, ...] = ()
    promise: Promise | None = None
    """None in reports from before promises were made."""
