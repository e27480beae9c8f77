"""Which letters a biological sequence may hold, and its plain form."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum

_GAPS = re.compile(r"[\s.-]+")
_NUCLEOTIDE = re.compile(r"[ACGTURYSWKMBDHVN]*")


class Alphabet(StrEnum):
    """IUPAC codes: bases with their ambiguity codes, or amino acids with `*` for a stop."""

    NUCLEOTIDE = "ACGTURYSWKMBDHVN"
    PROTEIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZ*"

    def strange(self, sequence: str) -> str:
        """The letters of `sequence` that are none of ours, each once."""
        return "".join(sorted(set(sequence) - set(self)))


def plain(sequence: str) -> str:
    """Upper case, without blanks, alignment gaps (`-`, `.`) and the stop sign at the end."""
    return _GAPS.sub("", sequence).upper().rstrip("*")


def guess_alphabet(sequences: Iterable[str]) -> Alphabet:
    """Nucleotides where nine of ten sequences hold nothing else, proteins otherwise."""
    hits = [bool(_NUCLEOTIDE.fullmatch(plain(sequence))) for sequence in sequences]
    return Alphabet.NUCLEOTIDE if sum(hits) >= 0.9 * len(hits) else Alphabet.PROTEIN
