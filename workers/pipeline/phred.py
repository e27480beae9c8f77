"""The qualities of reads, and which reads are good enough.

A Phred score Q says that a base is wrong with probability 10^(-Q / 10) (Ewing & Green 1998). Means
are taken over probabilities: by the mean of its scores a read half of Q2 and half of Q40 would seem
fair. The sum of the probabilities is how many errors are to be expected in a read, and a far better
filter than any mean (Edgar & Flyvbjerg 2015).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from store.records.dataset import Problem
from store.records.sequences import QualityBin, SequenceFilter
from workers.pipeline.arrays import Doubles, Ints
from workers.pipeline.problems import Fault, problem
from workers.pipeline.readers.protocol import RawRow
from workers.pipeline.sequences import Alphabet

MAX_BINS = 100
PHRED_33, PHRED_64 = 33, 64
_FIRST_OF_64 = ord(";")
"""The lowest sign of the old Solexa scale; lower ones are found with Phred+33 alone."""
_LAST_OF_33 = ord("J")
"""Q41: so far most files with Phred+33 go, and higher signs alone do not tell."""


def phred_offset(qualities: Iterable[str]) -> int:
    """33 unless every sign would also be one of Phred+64 and some is too high for the usual 33."""
    signs = set().union(*map(set, qualities))
    if not signs or ord(min(signs)) < _FIRST_OF_64:
        return PHRED_33
    return PHRED_64 if ord(max(signs)) > _LAST_OF_33 else PHRED_33


def scores_of(quality: str, offset: int) -> Ints:
    """(letters,): Phred scores, 0 to 93."""
    signs = np.frombuffer(quality.encode("latin-1", "replace"), np.uint8).astype(np.int64)
    return np.clip(signs - offset, 0, 93)


def error_probabilities(scores: Ints) -> Doubles:
    """What the scores say."""
    return np.asarray(10 ** (-scores / 10), np.float64)


def trimmed_length(scores: Ints, threshold: int) -> int:
    """Letters that stay when a bad end is cut: where the sum of `threshold - score` over what is
    cut is greatest, as BWA and cutadapt have it.
    """
    gains = np.cumsum((threshold - scores)[::-1])
    if not len(gains) or gains.max() <= 0:
        return len(scores)
    return int(len(scores) - 1 - gains.argmax())


class Qualities:
    """Counts of reads and of errors to be expected at each place, as reads stream by."""

    def __init__(self, offset: int) -> None:
        self.offset = offset
        self.reads = 0
        self._letters = np.zeros(0, np.int64)
        self._errors = np.zeros(0, np.float64)

    def add(self, scores: Ints) -> None:
        self.reads += 1
        length = len(scores)
        if length > len(self._letters):
            more = length + length // 2 - len(self._letters)  # half as much again, so seldom
            self._letters = np.pad(self._letters, (0, more))
            self._errors = np.pad(self._errors, (0, more))
        self._letters[:length] += 1
        self._errors[:length] += error_probabilities(scores)

    @property
    def mean(self) -> float | None:
        """Over all letters; None where there are none."""
        letters = int(self._letters.sum())
        return phred(float(self._errors.sum()), letters) if letters else None

    @property
    def expected_errors(self) -> float | None:
        """A read's, on average."""
        return round(float(self._errors.sum()) / self.reads, 3) if self.reads else None

    def by_position(self) -> tuple[QualityBin, ...]:
        """Runs of places of one length, at most MAX_BINS of them."""
        places = int(np.count_nonzero(self._letters))
        step = max(-(-places // MAX_BINS), 1)
        return tuple(
            self._bin(first, min(first + step, places)) for first in range(0, places, step)
        )

    def _bin(self, first: int, end: int) -> QualityBin:
        letters = int(self._letters[first:end].sum())
        return QualityBin(first + 1, end, letters, phred(self._errors[first:end].sum(), letters))


def phred(errors: float, letters: int) -> float:
    """The score of the mean error probability."""
    return round(float(-10 * np.log10(max(errors / letters, 1e-10))), 2)


@dataclass(frozen=True, slots=True)
class Read:
    """A sequence with its scores, if it has any."""

    text: str
    scores: Ints | None

    def cut(self, length: int) -> Read:
        return Read(self.text[:length], None if self.scores is None else self.scores[:length])


def passed(raw: RawRow, read: Read, wanted: SequenceFilter, alphabet: Alphabet) -> Read | Problem:
    """The read, trimmed, or why it is left out."""
    if wanted.trim_quality is not None and read.scores is not None:
        read = read.cut(trimmed_length(read.scores, wanted.trim_quality))
    shortest = max(wanted.min_length or 0, 1)
    if len(read.text) < shortest:
        return _left_out(Fault.SEQUENCE_TOO_SHORT, raw, len(read.text), "letters", shortest)
    if wanted.max_length is not None and len(read.text) > wanted.max_length:
        longest = wanted.max_length
        return _left_out(Fault.SEQUENCE_TOO_LONG, raw, len(read.text), "letters", longest)
    if wanted.max_ambiguous is not None:
        found = sum(map(read.text.count, alphabet.ambiguous))
        if found > wanted.max_ambiguous:
            most = wanted.max_ambiguous
            return _left_out(Fault.TOO_AMBIGUOUS, raw, found, "ambiguous letters", most)
    if wanted.max_expected_errors is not None and read.scores is not None:
        errors = float(error_probabilities(read.scores).sum())
        if errors > wanted.max_expected_errors:
            most_errors, told = wanted.max_expected_errors, round(errors, 2)
            return _left_out(Fault.EXPECTED_ERRORS, raw, told, "expected errors", most_errors)
    return read


def _left_out(fault: Fault, raw: RawRow, found: float, what: str, bound: float) -> Problem:
    side = "least" if fault is Fault.SEQUENCE_TOO_SHORT else "most"
    return problem(
        fault,
        f"The sequence has {found:,} {what}; the filter asks for at {side} {bound:,}.",
        "Change the filter and read the file again, if the sequence is wanted.",
        line=raw.line,
        value=raw.name,
    )
