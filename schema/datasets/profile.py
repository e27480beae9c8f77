"""What ingest found in a file: how it was read, what it holds, what is wrong with it."""

from __future__ import annotations

import strawberry

from schema.datasets.sequences import SequenceFilter, SequenceProfile
from schema.enums import show_enum
from schema.jobs.spec import EmbedderSpec
from schema.scalars import BigInt
from store.records import dataset as records
from store.records.advice import Advice as AdviceRecord
from store.records.advice import AdviceCode
from store.records.sequences import SequenceFilter as FilterRecord
from store.records.sequences import SequenceProfile as SequenceRecord
from store.records.training import EmbedderSpec as EmbedderRecord

show_enum(
    AdviceCode,
    "What there is to know before training.",
    NOT_ENGLISH="Many rows are in languages that the usual models do not know.",
    PROTEIN="The sequences are proteins, of which KMER sees nothing.",
)

show_enum(
    records.DataFormat,
    "How a file is written; each may be compressed with gzip.",
    CSV="Values between commas, semicolons, tabs or bars; quoting and header are recognised.",
    JSONL="One JSON object a line, or an array of them.",
    PARQUET="Apache Parquet.",
    TEXT="One text a line.",
    FASTA="Biological sequences with a header line each.",
    FASTQ="Sequencing reads with qualities.",
)


@strawberry.type(description="Which columns of the file mean what.")
class Columns:
    text: str | None = strawberry.field(description="The column of the texts or sequences.")
    label: str | None = strawberry.field(description="The column of the labels, if there is one.")
    split: str | None = strawberry.field(description="The column that says `train` or `test`.")
    reasons: list[str] = strawberry.field(
        description="Why ingest proposed these, at most one sentence a column; "
        "empty where the caller chose."
    )


@strawberry.type(description="One fault in a file, told so that its owner can mend it.")
class Problem:
    code: str = strawberry.field(description="Stable and machine-readable, as `BAD_ENCODING`.")
    reason: str = strawberry.field(description="What is wrong.")
    fix: str = strawberry.field(description="What to do about it.")
    line: int | None = strawberry.field(description="Line of the raw file, counted from 1.")
    column: str | None = strawberry.field(description="The column, where it is about one.")
    value: str | None = strawberry.field(description="The offending value's first 200 characters.")
    row: int | None = strawberry.field(
        description="Number of the row in its version, counted from 0, once it has one."
    )


@strawberry.type(description="How many rows carry a label.")
class LabelCount:
    label: str = strawberry.field(description="The label, or the name of the split.")
    rows: int = strawberry.field(description="Rows that carry it.")


@strawberry.type(description="Lengths of the rows in characters, or in bases for sequences.")
class Lengths:
    min: int = strawberry.field(description="The shortest.")
    median: int = strawberry.field(description="Half of the rows are no longer than this.")
    p95: int = strawberry.field(description="95 of 100 rows are no longer than this.")
    max: int = strawberry.field(description="The longest.")
    mean: float = strawberry.field(description="Their average.")


@strawberry.type(description="How many of the rows are in a language.")
class LanguageShare:
    language: str = strawberry.field(description="ISO 639-1.")
    share: float = strawberry.field(
        description="Share of the sampled rows whose language can be told, 0 to 1."
    )


@strawberry.type(description="How many rows were left out for one reason.")
class Rejections:
    code: str = strawberry.field(description="The reason, as in `problems`.")
    rows: int = strawberry.field(description="Rows of the version's own file.")


@strawberry.type(description="What to know before training on the version.")
class Advice:
    code: AdviceCode = strawberry.field(description="What it is about.")
    message: str = strawberry.field(description="What is amiss, and what to do instead.")
    embedder: EmbedderRecord | None = strawberry.field(
        graphql_type=EmbedderSpec | None, description="What fits better, if anything here does."
    )


@strawberry.type(description="What a version holds, counted while it was read.")
class Profile:
    rows: int = strawberry.field(description="Rows that can be trained on.")
    labelled_rows: int = strawberry.field(description="Rows with a label.")
    labels: list[LabelCount] = strawberry.field(
        description="Labels with their rows, most frequent first, at most 1,000."
    )
    label_count: int = strawberry.field(description="How many different labels there are.")
    lengths: Lengths = strawberry.field(description="How long the rows are.")
    duplicate_rows: int = strawberry.field(description="Rows whose text was seen before.")
    conflicting_rows: int = strawberry.field(
        description="Duplicates that carry another label than the first of their text."
    )
    empty_rows: int = strawberry.field(description="Rows dropped because they had no text.")
    split_rows: list[LabelCount] = strawberry.field(
        description="Rows of each given split; one entry a split, empty without splits."
    )
    leaked_rows: int = strawberry.field(
        description="Rows of one given split whose text is in another as well."
    )
    language: str | None = strawberry.field(
        description="The language guessed (ISO 639-1); null for sequences or when it is unclear."
    )
    language_share: float = strawberry.field(
        description="Share of the sampled rows that the guess holds for, 0 to 1."
    )
    languages: list[LanguageShare] = strawberry.field(
        description="The languages guessed, the most frequent first, at most 5."
    )
    sequences: SequenceRecord | None = strawberry.field(
        graphql_type=SequenceProfile | None,
        description="What its sequences are like; null for texts, and in versions read before this "
        "was counted.",
    )
    rejections: list[Rejections] = strawberry.field(
        description="Rows of the file that were left out: one entry a reason, the most frequent "
        "first."
    )
    warnings: list[AdviceRecord] = strawberry.field(
        graphql_type=list[Advice],
        description="What to know before training on it, at most one of each kind.",
    )


@strawberry.type(description="The raw file, and how it was read.")
class SourceFile:
    filename: str = strawberry.field(description="Its name as uploaded.")
    bytes: BigInt = strawberry.field(description="Its size.")
    sha256: str = strawberry.field(description="SHA-256 of its bytes, in hexadecimal.")
    format: records.DataFormat | None = strawberry.field(
        description="Its format; null until ingest has looked."
    )
    encoding: str | None = strawberry.field(description="Its character encoding, as `utf-8`.")
    delimiter: str | None = strawberry.field(description="What separates values, for CSV.")
    has_header: bool | None = strawberry.field(
        description="Whether the first row names the columns, for CSV."
    )
    compressed: bool = strawberry.field(description="Whether it came compressed.")
    sequence_filter: FilterRecord | None = strawberry.field(
        graphql_type=SequenceFilter | None,
        description="Which sequences were taken; null took all.",
    )
