"""Strands, gaps and pasted records; how alike two sequences are."""

from __future__ import annotations

import random

import pytest

from workers.pipeline.identity import identity
from workers.pipeline.sequences import either_strand, pasted, reverse_complement, without_gaps


def test_the_other_strand() -> None:
    assert reverse_complement("AACGTRN") == "NYACGTT"
    assert reverse_complement("ACU") == "AGT"
    assert either_strand("acgg") == either_strand("CCGU") == "ACGG"


def test_signs_of_gaps_go_with_them() -> None:
    assert without_gaps("abcdef", "A-CG.T") == "acdf"
    assert without_gaps("abcd", "ACGT") == "abcd"


@pytest.mark.parametrize(
    ("text", "letters", "more"),
    [
        ("ACGT", "ACGT", False),
        (" ac gt\nAC-G\n", "acgtACG", False),
        (">id words\nACGT\r\nAC\r\n", "ACGTAC", False),
        (">id\nAC\n>other\nGT\n", "AC", True),
        ("@id\nACGT\n+\nII>I\n", "ACGT", False),
        (">id", "", False),
        ("", "", False),
    ],
)
def test_pasted_records(text: str, letters: str, more: bool) -> None:
    assert pasted(text) == (letters, more)


def edits(pattern: str, text: str) -> int:
    """The edit distance of `pattern` to any part of `text`, by the table of all places."""
    row = [0] * (len(text) + 1)
    for above, letter in enumerate(pattern, start=1):
        fresh = [above]
        for place, other in enumerate(text, start=1):
            same = row[place - 1] + (letter != other)
            fresh.append(min(same, row[place] + 1, fresh[-1] + 1))
        row = fresh
    return min(row)


def test_identity_is_that_of_the_full_table() -> None:
    chance = random.Random(3)
    for _ in range(300):
        short, long = ("".join(chance.choices("ACGT", k=chance.randint(1, n))) for n in (25, 60))
        short, long = sorted((short, long), key=len)
        least = min(edits(short, long), edits(reverse_complement(short), long))
        assert identity(short, long) == pytest.approx(1 - least / len(short))


def test_identity_of_a_mutated_part_of_the_other_strand() -> None:
    gene = "".join(random.Random(5).choices("ACGT", k=1_200))
    part = gene[300:500]
    mutated = part[:50] + "A" * (part[50] != "A") + "C" * (part[50] == "A") + part[51:]
    assert identity(gene, part) == identity(part, gene) == 1
    assert identity(gene, reverse_complement(mutated)) == pytest.approx(199 / 200)


def test_identity_of_codes_and_of_nothing() -> None:
    assert identity("ACNR", "acug") == 1
    assert identity("AAAA", "CCCC") == 0
    assert identity("", "ACGT") is None
