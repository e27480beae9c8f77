"""Which letters a biological sequence may hold, its plain form, and its other strand."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from enum import StrEnum

_GAPS = re.compile(r"[\s.-]+")
_NUCLEOTIDE = re.compile(r"[ACGTURYSWKMBDHVN]*")
_COMPLEMENT = str.maketrans("ACGTURYSWKMBDHVN", "TGCAAYRSWMKVHDBN")
_AS_TEXT = re.compile(r"[ACGTURYSWKMBDHVN]{20,}|[acgturyswkmbdhvn]{20,}|[A-Z]{30,}\*?")
_HEADER = re.compile(r"\s*[>@]")


class Alphabet(StrEnum):
    """IUPAC codes: bases with their ambiguity codes, or amino acids with `*` for a stop."""

    NUCLEOTIDE = "ACGTURYSWKMBDHVN"
    PROTEIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZ*"

    @property
    def ambiguous(self) -> str:
        """Those that stand for one of several."""
        return "RYSWKMBDHVN" if self is Alphabet.NUCLEOTIDE else "BJXZ"

    def strange(self, sequence: str) -> str:
        """The letters of `sequence` that are none of ours, each once."""
        return "".join(sorted(set(sequence) - set(self)))


def plain(sequence: str) -> str:
    """Upper case, without blanks, alignment gaps (`-`, `.`) and the stop sign at the end."""
    return _GAPS.sub("", sequence).upper().rstrip("*")


def without_gaps(quality: str, sequence: str) -> str:
    """The signs that stand for the letters which `plain` keeps; both are of one length."""
    if not _GAPS.search(sequence):
        return quality
    pairs = zip(quality, sequence, strict=True)
    return "".join(sign for sign, letter in pairs if not _GAPS.match(letter))


def reverse_complement(sequence: str) -> str:
    """The other strand, read in its own direction; U becomes A as T does."""
    return sequence.translate(_COMPLEMENT)[::-1]


def either_strand(sequence: str) -> str:
    """The same for a sequence and its reverse complement, in upper case and with T for U."""
    forward = sequence.upper().replace("U", "T")
    return min(forward, reverse_complement(forward))


def pasted(text: str) -> tuple[str, bool]:
    """The letters of a text that may be a whole FASTA or FASTQ record, and whether more follows.

    Only the first record is taken: a text is one sequence.
    """
    if not _HEADER.match(text):
        return _GAPS.sub("", text), False
    lines = [line.strip() for line in text.strip().splitlines()][1:]
    ends = (n for n, line in enumerate(lines) if line.startswith((">", "@", "+")))
    end = next(ends, len(lines))
    more = any(line.startswith(">") for line in lines[end:])
    return _GAPS.sub("", "".join(lines[:end])), more


def guess_alphabet(sequences: Iterable[str]) -> Alphabet:
    """Nucleotides where nine of ten sequences hold nothing else, proteins otherwise."""
    hits = [bool(_NUCLEOTIDE.fullmatch(plain(sequence))) for sequence in sequences]
    return Alphabet.NUCLEOTIDE if sum(hits) >= 0.9 * len(hits) else Alphabet.PROTEIN


def look_like_sequences(texts: Collection[str]) -> bool:
    """Whether nine of ten texts are long, of letters alone and of one case."""
    hits = sum(bool(_AS_TEXT.fullmatch(text)) for text in texts)
    return bool(texts) and hits >= 0.9 * len(texts)
