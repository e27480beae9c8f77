"""Sequences: which of a file were taken, and what was found in them."""

from __future__ import annotations

import strawberry

from schema.enums import show_enum
from schema.scalars import BigInt
from store.records import sequences as records

show_enum(
    records.Molecule,
    "What sequences are of.",
    DNA="Bases, with T.",
    RNA="Bases, with U.",
    PROTEIN="Amino acids.",
)


@strawberry.type(description="Which sequences of a file were taken; null asked for nothing.")
class SequenceFilter:
    min_length: int | None = strawberry.field(description="Letters, at least.")
    max_length: int | None = strawberry.field(description="Letters, at most.")
    max_ambiguous: int | None = strawberry.field(
        description="N and other letters for one of several, at most."
    )
    max_expected_errors: float | None = strawberry.field(
        description="Sum of the error probabilities of a read's letters, at most."
    )
    trim_quality: int | None = strawberry.field(
        description="Phred score below which ends were cut, before all else."
    )


@strawberry.type(description="How many sequences have about one length.")
class LengthBin:
    first: int = strawberry.field(description="The least length of the bin, in letters.")
    last: int = strawberry.field(description="The greatest.")
    rows: int = strawberry.field(description="Sequences of these lengths.")


@strawberry.type(description="How good reads are at one place, or at a run of places.")
class QualityBin:
    first: int = strawberry.field(description="The first place, from 1.")
    last: int = strawberry.field(description="The last.")
    letters: BigInt = strawberry.field(description="Letters that stand there.")
    mean_quality: float = strawberry.field(
        description="Phred score of their mean error probability."
    )


@strawberry.type(description="A sequence that is there several times, on whichever strand.")
class Abundance:
    name: str | None = strawberry.field(
        description="The header of its first row; null for one first met late in a large file."
    )
    rows: int = strawberry.field(description="Rows that hold it.")
    size: BigInt = strawberry.field(
        description="Its copies by the `size=` of the headers; a row without one counts once."
    )


@strawberry.type(description="What the sequences of a version are like.")
class SequenceProfile:
    molecule: records.Molecule = strawberry.field(description="What they are of.")
    reads: int = strawberry.field(description="How many there are.")
    letters: BigInt = strawberry.field(description="Letters of all together.")
    unique: int = strawberry.field(
        description="Different ones; one and its reverse complement are the same."
    )
    duplicates: int = strawberry.field(
        description="Those beyond the first of each; training takes one for each label."
    )
    size: BigInt = strawberry.field(
        description="Copies by the `size=` of the headers; one without it counts once."
    )
    gc_share: float = strawberry.field(
        description="Share of G and C among the bases, 0 to 1; 0 for proteins."
    )
    ambiguous_share: float = strawberry.field(
        description="Share of letters such as N, which stand for one of several, 0 to 1."
    )
    ambiguous_reads: int = strawberry.field(description="Sequences that hold such a letter.")
    lengths: list[records.LengthBin] = strawberry.field(
        graphql_type=list[LengthBin],
        description="How long they are: at most 50 bins without gaps between them.",
    )
    top: list[records.Abundance] = strawberry.field(
        graphql_type=list[Abundance],
        description="The most abundant, at most 10; empty where nothing is there twice.",
    )
    quality_reads: int = strawberry.field(
        description="Reads of the version's own file that brought qualities."
    )
    phred_offset: int | None = strawberry.field(
        description="How the file writes qualities, 33 or 64; null without any."
    )
    mean_quality: float | None = strawberry.field(
        description="Phred score of the mean error probability of all letters."
    )
    expected_errors: float | None = strawberry.field(
        description="Errors to be expected in a read, on average."
    )
    quality_by_position: list[records.QualityBin] = strawberry.field(
        graphql_type=list[QualityBin],
        description="How good reads are from their beginning to their end, at most 100 bins.",
    )
