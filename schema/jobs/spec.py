"""What a training is asked to do: shown on jobs and models, given to `startTraining`."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import strawberry
from strawberry.utils.str_converters import to_camel_case

from schema.enums import show_enum
from store.codec import to_plain
from store.records import training as records

show_enum(
    records.EmbedderKind,
    "How texts become vectors.",
    SENTENCE_TRANSFORMER="A sentence-transformers model: the most accurate.",
    STATIC="Word vectors distilled from such a model: a hundred times faster, a little less exact.",
    TFIDF="Word counts, weighted and compressed; needs no model.",
    KMER="Counts of k letters in a row, for biological sequences.",
)
show_enum(
    records.Precision,
    "Arithmetic of a sentence-transformers model.",
    FAST="8-bit integers: three times faster, the same accuracy.",
    EXACT="Floating point: cosine of at least 0.999 to the original model.",
)
show_enum(
    records.Strands,
    "Which strands sequences may come from.",
    BOTH="Either: a sequence and its reverse complement have the same vector.",
    ONE="All from the same one: words are told from their reverse complements.",
)
show_enum(
    records.RareLabels,
    "What becomes of labels with few rows.",
    KEEP="They are learnt like all others, as well as can be.",
    DROP="Their rows are left out.",
    MERGE="They become one label, `other`.",
)
show_enum(
    records.ClustererKind,
    "How rows are grouped.",
    LEIDEN="Communities of the nearest-neighbour graph; chooses how many by itself.",
    KMEANS="A given number of round groups, or the number that fits best.",
    HDBSCAN="Dense regions; rows between them are noise.",
)


@strawberry.type(description="How texts become vectors.")
class EmbedderSpec:
    kind: records.EmbedderKind = strawberry.field(description="The method.")
    model: str = strawberry.field(description="The sentence-transformers model, by name or path.")
    precision: records.Precision = strawberry.field(description="The model's arithmetic.")
    dimensions: int = strawberry.field(description="Length of a TFIDF vector.")
    k: int = strawberry.field(description="Letters in a word of KMER.")
    strands: records.Strands = strawberry.field(description="Which strands KMER takes as equal.")


@strawberry.type(description="How rows are grouped.")
class ClustererSpec:
    kind: records.ClustererKind = strawberry.field(description="The method.")
    resolution: float = strawberry.field(description="LEIDEN: a higher one gives more clusters.")
    k: int | None = strawberry.field(description="KMEANS: how many; null chose the best fit.")
    min_cluster_size: int = strawberry.field(description="HDBSCAN: rows in the smallest cluster.")


@strawberry.type(description="How labels are learnt.")
class ClassifierSpec:
    c: float | None = strawberry.field(description="Inverse regularisation; null chose the best.")
    sparse_view: bool | None = strawberry.field(
        description="Whether words are read as well as vectors; null kept what helped."
    )
    abstain_below: float = strawberry.field(
        description="Answers less probable than this abstain, 0 to 1."
    )


@strawberry.type(description="Which rows test the model.")
class SplitSpec:
    test_share: float = strawberry.field(description="Share of the rows held out, 0 to 1.")
    use_given: bool = strawberry.field(description="Whether splits in the data go first.")


@strawberry.type(description="What answers are to keep; texts that would not get none.")
class PromiseSpec:
    max_risk: float | None = strawberry.field(
        description="Share wrong among the answered, at most; null asks for nothing."
    )
    confidence: float = strawberry.field(description="How sure that is to be.")
    coverage: float = strawberry.field(
        description="Share of texts whose label is in their prediction set, at least."
    )
    out_share: float = strawberry.field(
        description="Share of texts like those learnt from that may be called "
        "OUT_OF_DISTRIBUTION; 0 calls none so."
    )


@strawberry.type(description="What becomes of labels with few rows.")
class LabelSpec:
    rare: records.RareLabels = strawberry.field(description="What is done with them.")
    min_rows: int = strawberry.field(
        description="A label with fewer rows is rare; rows of equal text count once."
    )


@strawberry.type(description="What a training does; the same on the same version gives the same.")
class TrainingSpec:
    embedder: EmbedderSpec = strawberry.field(description="How texts become vectors.")
    clusterer: ClustererSpec = strawberry.field(description="How rows are grouped.")
    classifier: ClassifierSpec = strawberry.field(description="How labels are learnt.")
    split: SplitSpec = strawberry.field(description="Which rows test the model.")
    seed: int = strawberry.field(description="Fixes everything random.")
    max_rows: int | None = strawberry.field(
        description="Trains on a stratified sample of this many rows; null takes all."
    )
    labels: LabelSpec = strawberry.field(description="What becomes of labels with few rows.")
    promise: PromiseSpec = strawberry.field(description="What answers are to keep.")
    pieces: int | None = strawberry.field(
        description="Letters of the pieces of sequences that are learnt from beside whole ones; "
        "null learns from whole ones alone."
    )


@strawberry.input(description="How texts become vectors.")
class EmbedderInput:
    kind: records.EmbedderKind = strawberry.field(
        default=records.EmbedderKind.SENTENCE_TRANSFORMER, description="The method."
    )
    model: str = strawberry.field(
        default=records.DEFAULT_MODEL,
        description="A sentence-transformers model, by name or by a path on the workers.",
    )
    precision: records.Precision = strawberry.field(
        default=records.Precision.FAST, description="The model's arithmetic."
    )
    dimensions: int = strawberry.field(
        default=256, description="Length of a TFIDF vector, 2 to 4,096."
    )
    k: int = strawberry.field(
        default=6,
        description="Letters in a word of KMER, 3 to 8. Longer ones tell a little more, and each "
        "letter more makes vectors four times as long.",
    )
    strands: records.Strands = strawberry.field(
        default=records.Strands.BOTH, description="Which strands KMER is to take as equal."
    )


@strawberry.input(description="How rows are grouped.")
class ClustererInput:
    kind: records.ClustererKind = strawberry.field(
        default=records.ClustererKind.LEIDEN, description="The method."
    )
    resolution: float = strawberry.field(
        default=4.0, description="LEIDEN: a higher one gives more clusters; above 0, at most 1,000."
    )
    k: int | None = strawberry.field(
        default=None, description="KMEANS: how many, 2 to 10,000; null chooses the best fit."
    )
    min_cluster_size: int = strawberry.field(
        default=15, description="HDBSCAN: rows in the smallest cluster, 2 or more."
    )


@strawberry.input(description="How labels are learnt.")
class ClassifierInput:
    c: float | None = strawberry.field(
        default=None,
        description="Inverse regularisation, above 0; null chooses the best.",
    )
    sparse_view: bool | None = strawberry.field(
        default=None,
        description="Whether words are read as well as vectors; null keeps what helps.",
    )
    abstain_below: float = strawberry.field(
        default=0.0, description="Answers less probable than this abstain, 0 to 1."
    )


@strawberry.input(description="Which rows test the model.")
class SplitInput:
    test_share: float = strawberry.field(
        default=0.2, description="Share of the rows held out, between 0 and 1."
    )
    use_given: bool = strawberry.field(
        default=True, description="Whether splits in the data go first."
    )


@strawberry.input(
    description="What answers are to keep; texts that would not get none. Another promise on the "
    "same data does not learn anew."
)
class PromiseInput:
    max_risk: float | None = strawberry.field(
        default=None,
        description="Share wrong among the answered, at most, between 0 and 1 (0.02 for 2 %); null "
        "asks for nothing. Where the rows cannot bear it, the least that they can is promised "
        "instead, and the job's log warns.",
    )
    confidence: float = strawberry.field(
        default=0.95, description="How sure that is to be, 0.5 to 0.999."
    )
    coverage: float = strawberry.field(
        default=0.95,
        description="Share of texts whose label is in their prediction set, 0.5 to 0.999.",
    )
    out_share: float = strawberry.field(
        default=0.01,
        description="Share of texts like those learnt from that may be called "
        "OUT_OF_DISTRIBUTION, 0 to 0.5; 0 calls none so.",
    )


@strawberry.input(description="What becomes of labels with few rows.")
class LabelInput:
    rare: records.RareLabels = strawberry.field(
        default=records.RareLabels.KEEP, description="What is done with them."
    )
    min_rows: int = strawberry.field(
        default=2,
        description="A label with fewer rows is rare, 2 or more; rows of equal text count once.",
    )


@strawberry.input(description="What a training does; every part has a default that works.")
class TrainingSpecInput:
    embedder: EmbedderInput = strawberry.field(
        default_factory=EmbedderInput, description="How texts become vectors."
    )
    clusterer: ClustererInput = strawberry.field(
        default_factory=ClustererInput, description="How rows are grouped."
    )
    classifier: ClassifierInput = strawberry.field(
        default_factory=ClassifierInput, description="How labels are learnt."
    )
    split: SplitInput = strawberry.field(
        default_factory=SplitInput, description="Which rows test the model."
    )
    seed: int = strawberry.field(default=0, description="Fixes everything random, 0 or more.")
    max_rows: int | None = strawberry.field(
        default=None,
        description="Trains on a stratified sample of this many rows, at least 10; null takes all.",
    )
    labels: LabelInput = strawberry.field(
        default_factory=LabelInput, description="What becomes of labels with few rows."
    )
    promise: PromiseInput = strawberry.field(
        default_factory=PromiseInput, description="What answers are to keep."
    )
    pieces: int | None = strawberry.field(
        default=None,
        description="For sequences: learns from pieces of so many letters as well, 30 to 100,000. "
        "Give about the length of the reads where these are much shorter than the references: a "
        "model of whole ones alone calls such reads OUT_OF_DISTRIBUTION.",
    )

    def record(self) -> records.TrainingSpec:
        """The spec; whether its numbers make sense is for the store to check."""
        return records.TrainingSpec(
            embedder=records.EmbedderSpec(**_values(self.embedder)),
            clusterer=records.ClustererSpec(**_values(self.clusterer)),
            classifier=records.ClassifierSpec(**_values(self.classifier)),
            split=records.SplitSpec(**_values(self.split)),
            seed=self.seed,
            max_rows=self.max_rows,
            labels=records.LabelSpec(**_values(self.labels)),
            promise=records.PromiseSpec(**_values(self.promise)),
            pieces=self.pieces,
        )


def as_variables(record: Any) -> dict[str, Any]:
    """The record, such as a spec, as its input takes it from an operation's variables."""
    plain: dict[str, Any] = _camel(to_plain(record))
    return plain


def _camel(plain: Any) -> Any:
    if not isinstance(plain, dict):
        return plain
    return {to_camel_case(name): _camel(value) for name, value in plain.items()}


def _values(shown: Any) -> dict[str, Any]:
    return {field.name: getattr(shown, field.name) for field in fields(shown)}
