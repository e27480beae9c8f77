"""Whether a version can be trained on as asked: told at once, not after an hour of work."""

from __future__ import annotations

from store.errors import InvalidValue, NotTrainable
from store.records.dataset import DataKind, DatasetVersion, VersionStatus
from store.records.training import EmbedderKind, PromiseSpec, TrainingSpec

MIN_ROWS = 10
EMBEDDERS = {
    DataKind.TEXT: (EmbedderKind.SENTENCE_TRANSFORMER, EmbedderKind.STATIC, EmbedderKind.TFIDF),
    DataKind.SEQUENCE: (EmbedderKind.KMER, EmbedderKind.TFIDF),
}


def check_trainable(version: DatasetVersion, spec: TrainingSpec) -> None:
    """Raises NotTrainable for the version, InvalidValue for a number out of its range."""
    if version.status is not VersionStatus.READY:
        raise NotTrainable(f"version {version.number} is {version.status}, not READY")
    if version.rows < MIN_ROWS:
        few = f"it has {version.rows} rows; {MIN_ROWS} are needed, better 20 a label"
        raise NotTrainable(few)
    if spec.pieces is not None and version.kind is not DataKind.SEQUENCE:
        raise InvalidValue("only sequences are cut into pieces", "spec", "pieces")
    if spec.embedder.kind not in EMBEDDERS[version.kind]:
        fitting = " or ".join(EMBEDDERS[version.kind])
        raise NotTrainable(f"{version.kind} needs the embedder {fitting}, not {spec.embedder.kind}")
    _check_ranges(spec)
    k, rows = spec.clusterer.k, min(version.rows, spec.max_rows or version.rows)
    _require(k is None or k <= rows, "clusterer.k", f"at most {rows}, the number of rows")


def _check_ranges(spec: TrainingSpec) -> None:
    embedder, clusterer, classifier = spec.embedder, spec.clusterer, spec.classifier
    _require(2 <= embedder.dimensions <= 4_096, "embedder.dimensions", "2 to 4096")
    _require(3 <= embedder.k <= 8, "embedder.k", "3 to 8")
    _require(0 < clusterer.resolution <= 1_000, "clusterer.resolution", "over 0, at most 1000")
    _require(clusterer.k is None or 2 <= clusterer.k <= 10_000, "clusterer.k", "2 to 10000")
    _require(clusterer.min_cluster_size >= 2, "clusterer.minClusterSize", "at least 2")
    _require(classifier.c is None or 0 < classifier.c <= 1e6, "classifier.c", "over 0, at most 1e6")
    _require(0 <= classifier.abstain_below <= 1, "classifier.abstainBelow", "0 to 1")
    _check_promise(spec.promise)
    _require(0 < spec.split.test_share < 1, "split.testShare", "between 0 and 1")
    _require(spec.max_rows is None or spec.max_rows >= MIN_ROWS, "maxRows", f"at least {MIN_ROWS}")
    _require(2 <= spec.labels.min_rows <= 1_000_000, "labels.minRows", "2 to 1000000")
    _require(spec.pieces is None or 30 <= spec.pieces <= 100_000, "pieces", "30 to 100000")
    _require(0 <= spec.seed < 2**32, "seed", "0 to 4294967295")


def _check_promise(promise: PromiseSpec) -> None:
    risk = promise.max_risk
    _require(risk is None or 0 < risk < 1, "promise.maxRisk", "between 0 and 1")
    _require(0.5 <= promise.confidence <= 0.999, "promise.confidence", "0.5 to 0.999")
    _require(0.5 <= promise.coverage <= 0.999, "promise.coverage", "0.5 to 0.999")
    _require(0 <= promise.out_share <= 0.5, "promise.outShare", "0 to 0.5")


def _require(holds: bool, field: str, span: str) -> None:
    if not holds:
        raise InvalidValue(f"{field} must be {span}", "spec", *field.split("."))
