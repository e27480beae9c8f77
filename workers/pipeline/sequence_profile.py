"""What sequences are like, counted while they stream by: about 16 bytes of memory each."""

from __future__ import annotations

from array import array

import numpy as np
from numpy.typing import NDArray

from store.records.sequences import Abundance, LengthBin, Molecule, SequenceProfile
from workers.pipeline.arrays import Ints
from workers.pipeline.phred import Qualities
from workers.pipeline.readers.headers import size_of
from workers.pipeline.sequences import Alphabet, either_strand

MAX_LENGTH_BINS = 50
MAX_TOP = 10
MAX_NAMES = 50_000
"""Sequences whose names are remembered; abundant ones are met among the first."""


def _codes(letters: str) -> list[int]:
    return list(letters.encode())


_AMBIGUOUS = {alphabet: _codes(alphabet.ambiguous) for alphabet in Alphabet}
_AMINO_ACIDS_ONLY = _codes("".join(sorted(set(Alphabet.PROTEIN) - set(Alphabet.NUCLEOTIDE))))


class SequenceProfiler:
    """A sequence and its reverse complement are one; 64-bit hashes tell which are the same."""

    def __init__(self) -> None:
        self._hashes, self._sizes = array("q"), array("q")
        self._letters = np.zeros(256, np.int64)
        self._ambiguous_reads = dict.fromkeys(Alphabet, 0)
        self._names: dict[int, str] = {}

    def add(self, text: str, name: str | None) -> None:
        letters = np.bincount(np.frombuffer(text.encode("ascii"), np.uint8), minlength=256)
        self._letters += letters
        for alphabet, codes in _AMBIGUOUS.items():
            self._ambiguous_reads[alphabet] += bool(letters[codes].any())
        known = hash(either_strand(text))
        self._hashes.append(known)
        self._sizes.append(size_of(name))
        if name and len(self._names) < MAX_NAMES:
            self._names.setdefault(known, name)

    def profile(self, lengths: NDArray[np.int32], qualities: Qualities | None) -> SequenceProfile:
        """Of all that were added, which had these `lengths`."""
        reads, letters = len(self._hashes), int(self._letters.sum())
        unique, rows, sizes = self._counts()
        alphabet = Alphabet.PROTEIN if self._of(_AMINO_ACIDS_ONLY) else Alphabet.NUCLEOTIDE
        bases = self._of(_codes("ACGTU"))
        is_nucleotide = alphabet is Alphabet.NUCLEOTIDE
        return SequenceProfile(
            molecule=self._molecule(alphabet),
            reads=reads,
            letters=letters,
            unique=len(unique),
            duplicates=reads - len(unique),
            gc_share=self._of(_codes("CG")) / bases if is_nucleotide and bases else 0.0,
            ambiguous_share=self._of(_AMBIGUOUS[alphabet]) / letters,
            ambiguous_reads=self._ambiguous_reads[alphabet],
            size=int(sizes.sum()),
            lengths=_histogram(lengths),
            top=self._top(unique, rows, sizes),
            quality_reads=qualities.reads if qualities else 0,
            phred_offset=qualities.offset if qualities else None,
            mean_quality=qualities.mean if qualities else None,
            expected_errors=qualities.expected_errors if qualities else None,
            quality_by_position=qualities.by_position() if qualities else (),
        )

    def _of(self, codes: list[int]) -> int:
        return int(self._letters[codes].sum())

    def _molecule(self, alphabet: Alphabet) -> Molecule:
        if alphabet is Alphabet.PROTEIN:
            return Molecule.PROTEIN
        return Molecule.RNA if self._letters[ord("U")] > self._letters[ord("T")] else Molecule.DNA

    def _counts(self) -> tuple[Ints, Ints, Ints]:
        """The different hashes, how many rows each has, and how many copies."""
        hashes = np.frombuffer(self._hashes, np.int64)
        unique, which, rows = np.unique(hashes, return_inverse=True, return_counts=True)
        sizes = np.zeros(len(unique), np.int64)
        np.add.at(sizes, which, np.frombuffer(self._sizes, np.int64))
        return unique, rows, sizes

    def _top(self, unique: Ints, rows: Ints, sizes: Ints) -> tuple[Abundance, ...]:
        """Hashes change from process to process, so names break ties."""
        if not len(sizes) or sizes.max() < 2:
            return ()
        floor = np.sort(sizes)[-min(MAX_TOP, len(sizes))]
        found = [
            Abundance(self._names.get(int(unique[at])), int(rows[at]), int(sizes[at]))
            for at in np.flatnonzero(sizes >= max(floor, 2))
        ]
        found.sort(key=lambda each: (-each.size, each.name or "\uffff"))
        return tuple(found[:MAX_TOP])


def _histogram(lengths: NDArray[np.int32]) -> tuple[LengthBin, ...]:
    low, high = int(lengths.min()), int(lengths.max())
    step = -(-(high - low + 1) // MAX_LENGTH_BINS)
    rows = np.bincount((lengths - low) // step)
    return tuple(
        LengthBin(low + at * step, low + (at + 1) * step - 1, int(count))
        for at, count in enumerate(rows)
    )
