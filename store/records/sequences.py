"""Biological sequences: which of a file are taken, and what was found in them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from store.errors import InvalidValue

LONGEST = 16 * 2**20


class Molecule(StrEnum):
    DNA = "DNA"
    RNA = "RNA"
    PROTEIN = "PROTEIN"


@dataclass(frozen=True, slots=True)
class SequenceFilter:
    """Sequences of a file that are left out; None asks nothing. Trimming comes first."""

    min_length: int | None = None
    max_length: int | None = None
    max_ambiguous: int | None = None
    """Letters that name no one base (N and the other IUPAC codes), or no one amino acid."""
    max_expected_errors: float | None = None
    """Sum of the error probabilities of a read's letters (Edgar & Flyvbjerg 2015)."""
    trim_quality: int | None = None
    """Cut a read's end where its qualities lie below this, by running sums as BWA does."""

    def check(self) -> None:
        """Raises InvalidValue for a number out of its range."""
        self._within("min_length", 1, LONGEST)
        self._within("max_length", 1, LONGEST)
        self._within("max_ambiguous", 0, LONGEST)
        self._within("max_expected_errors", 0, 1_000_000)
        self._within("trim_quality", 1, 93)
        if self.min_length and self.max_length and self.min_length > self.max_length:
            raise InvalidValue("minLength is greater than maxLength", "sequenceFilter")

    def _within(self, name: str, low: int, high: int) -> None:
        value = getattr(self, name)
        if value is not None and not low <= value <= high:  # also refuses NaN
            head, *rest = name.split("_")
            spelt = head + "".join(map(str.capitalize, rest))
            raise InvalidValue(f"{spelt} must be {low} to {high}", "sequenceFilter", spelt)


@dataclass(frozen=True, slots=True)
class LengthBin:
    """Sequences of `first` to `last` letters."""

    first: int
    last: int
    rows: int


@dataclass(frozen=True, slots=True)
class QualityBin:
    """Letters at the places `first` to `last` of the reads, from 1."""

    first: int
    last: int
    letters: int
    mean_quality: float
    """Phred score of the mean error probability."""


@dataclass(frozen=True, slots=True)
class Abundance:
    """A sequence that is there several times, on whichever strand."""

    name: str | None
    """The header of its first row; None for one that is first met late in a large file."""
    rows: int
    size: int
    """Its copies by the `size=` of the headers; a row without one counts once."""


@dataclass(frozen=True, slots=True)
class SequenceProfile:
    """What the sequences of a version are like; qualities are those of its own file."""

    molecule: Molecule
    reads: int
    letters: int
    unique: int
    """Different sequences; one and its reverse complement are the same."""
    duplicates: int
    """Reads beyond the first of each: training takes one of them for each label."""
    gc_share: float
    """Of the letters A, C, G and T; 0 for proteins."""
    ambiguous_share: float
    """Letters that name no one base or amino acid, 0 to 1."""
    ambiguous_reads: int
    """Reads that hold such a letter."""
    size: int
    """Copies told by the headers' `size=`; `reads` where none has one."""
    lengths: tuple[LengthBin, ...] = ()
    """At most 50, without gaps between them."""
    top: tuple[Abundance, ...] = ()
    """The most abundant, at most 10; none where nothing is there twice."""
    quality_reads: int = 0
    phred_offset: int | None = None
    """33 or 64, told from the signs; None without qualities."""
    mean_quality: float | None = None
    """Phred score of the mean error probability: probabilities are averaged, not scores."""
    expected_errors: float | None = None
    """Mean over the reads of the sum of their error probabilities."""
    quality_by_position: tuple[QualityBin, ...] = ()
    """At most 100 places, or runs of places."""
