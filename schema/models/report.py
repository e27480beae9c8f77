"""What a training found out about its model."""

from __future__ import annotations

import strawberry

from schema.models.promise import Promise


@strawberry.type(description="How well one label is recognised in the test rows.")
class ClassReport:
    label: str = strawberry.field(description="The label.")
    precision: float = strawberry.field(description="Share right among rows given this label.")
    recall: float = strawberry.field(description="Share found among rows that have this label.")
    f1: float = strawberry.field(description="Harmonic mean of precision and recall.")
    support: int = strawberry.field(description="Test rows that have this label.")


@strawberry.type(description="Two labels that the model takes for one another.")
class Confusion:
    actual: str = strawberry.field(description="The right label.")
    predicted: str = strawberry.field(description="The label given.")
    rows: int = strawberry.field(description="Test rows for which that happened.")
    numbers: list[int] = strawberry.field(
        description="The first of them in the version, by number, at most 20; none in reports from "
        "before they were told."
    )


@strawberry.type(description="Test rows whose best probability lies between two bounds.")
class CalibrationBin:
    low: float = strawberry.field(description="The lower bound, included.")
    high: float = strawberry.field(description="The upper bound, excluded.")
    rows: int = strawberry.field(description="Test rows in it.")
    confidence: float = strawberry.field(description="Their mean probability.")
    accuracy: float = strawberry.field(description="Share of them that were right.")


@strawberry.type(description="A test row that the model got wrong while it was sure.")
class WorstRow:
    row: int = strawberry.field(description="Its number in the version, counted from 0.")
    text: str = strawberry.field(description="Its text.")
    actual: str = strawberry.field(description="The right label.")
    predicted: str = strawberry.field(description="The label given.")
    probability: float = strawberry.field(description="How sure the model was, 0 to 1.")


@strawberry.type(description="What a simple method reaches on the same rows.")
class Baseline:
    name: str = strawberry.field(description="The method.")
    accuracy: float = strawberry.field(description="Share of test rows it gets right.")
    macro_f1: float = strawberry.field(description="F1 averaged over the labels.")


@strawberry.type(description="How long a stage took.")
class StageTime:
    stage: str = strawberry.field(description="Its name.")
    seconds: float = strawberry.field(description="Its time.")
    rows: int = strawberry.field(description="Rows that it went through.")
    rows_per_s: float = strawberry.field(name="rowsPerSecond", description="Its speed.")


@strawberry.type(description="Rows that belong together.")
class Cluster:
    number: int = strawberry.field(description="Its number within the model version.")
    name: str = strawberry.field(description="A name made of its keywords.")
    size: int = strawberry.field(description="Its rows.")
    keywords: list[str] = strawberry.field(
        description="Words that tell it from the others, strongest first; at most 10."
    )
    exemplars: list[str] = strawberry.field(description="Its most typical texts, at most 10.")
    cohesion: float = strawberry.field(description="Mean cosine of its rows to its middle.")
    parent: int | None = strawberry.field(description="The coarse cluster that it is part of.")
    x: float = strawberry.field(description="Its place on the map, across.")
    y: float = strawberry.field(description="Its place on the map, up.")


@strawberry.type(description="Clusters that belong together.")
class CoarseCluster:
    number: int = strawberry.field(description="What `parent` of its clusters says.")
    name: str = strawberry.field(description="A name made of its keywords.")
    size: int = strawberry.field(description="Its rows.")
    keywords: list[str] = strawberry.field(
        description="Words that tell it from the others, strongest first; at most 10."
    )


@strawberry.type(description="What a training found out. Shares and metrics are 0 to 1.")
class Report:
    accuracy: float = strawberry.field(description="Share of test rows that were right.")
    macro_f1: float = strawberry.field(description="F1 averaged over the labels.")
    ece: float = strawberry.field(
        description="Expected calibration error: how far probabilities are off, on average."
    )
    ece_before: float = strawberry.field(description="The same before calibration.")
    temperature: float = strawberry.field(description="What scores were divided by to calibrate.")
    c: float = strawberry.field(description="The inverse regularisation that was chosen.")
    sparse_view: bool = strawberry.field(description="Whether words are read beside vectors.")
    train_rows: int = strawberry.field(description="Rows learnt from.")
    test_rows: int = strawberry.field(description="Rows held out.")
    spread_rows: int = strawberry.field(description="Rows whose label came from their cluster.")
    labels_from_clusters: bool = strawberry.field(
        description="Whether the labels are the clusters, for data without labels."
    )
    truncated_rows: int = strawberry.field(description="Rows longer than the embedder reads.")
    embedded_rows: int = strawberry.field(description="Rows embedded by this training.")
    cached_rows: int = strawberry.field(description="Rows whose vectors were there already.")
    nmi: float | None = strawberry.field(
        description="Agreement of clusters and labels (normalised mutual information)."
    )
    silhouette: float | None = strawberry.field(description="How well clusters are apart, -1 to 1.")
    noise_rows: int = strawberry.field(description="Rows in no cluster.")
    classes: list[ClassReport] = strawberry.field(description="Results by label, one a label.")
    confusions: list[Confusion] = strawberry.field(
        description="The most frequent confusions, at most 500."
    )
    bins: list[CalibrationBin] = strawberry.field(
        description="Probabilities against results, at most 15 bins."
    )
    worst_rows: list[WorstRow] = strawberry.field(
        description="Wrong answers given with the most confidence, at most 50."
    )
    baselines: list[Baseline] = strawberry.field(
        description="What simple methods reach, one entry a method."
    )
    stages: list[StageTime] = strawberry.field(description="Times, one entry a stage.")
    clusters: list[Cluster] = strawberry.field(description="The clusters, one entry a cluster.")
    coarse_clusters: list[CoarseCluster] = strawberry.field(
        description="Clusters of clusters, one entry each; empty without a hierarchy."
    )
    promise: Promise | None = strawberry.field(
        description="When it answers, and what that is worth; null in reports from before that was "
        "told."
    )
