"""Qualities: their scale, their means, and the reads that are left out for them."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from store.records.dataset import DataKind, Rejections
from store.records.sequences import SequenceFilter
from tests.workers.pipeline.data import read, refused
from workers.pipeline.phred import (
    MAX_BINS,
    Qualities,
    phred_offset,
    scores_of,
    trimmed_length,
)


@pytest.mark.parametrize(
    ("qualities", "offset"),
    [
        (["IIII", "##II"], 33),
        (["FFFF"], 33),  # as high as Phred+33 usually goes: no reason to think otherwise
        (["hhhh", "BBhh"], 64),
        (["hhhh", "5hhh"], 33),  # a sign too low for Phred+64
        ([], 33),
    ],
)
def test_the_scale_is_told_from_the_signs(qualities: list[str], offset: int) -> None:
    assert phred_offset(qualities) == offset


def test_scores() -> None:
    assert scores_of("!I~", 33).tolist() == [0, 40, 93]
    assert scores_of("@h;", 64).tolist() == [0, 40, 0]


@pytest.mark.parametrize(
    ("scores", "length"),
    [
        ([40, 40, 2, 2], 2),
        ([40, 2, 40, 40], 4),  # one bad letter within is no bad end
        ([40, 40, 2, 21, 2], 2),  # one fair letter does not save the end
        ([2, 2], 0),
        ([], 0),
    ],
)
def test_bad_ends_are_found(scores: list[int], length: int) -> None:
    assert trimmed_length(np.array(scores, np.int64), 20) == length


def test_means_are_of_probabilities() -> None:
    qualities = Qualities(33)
    for scores in ([10, 40], [20]):
        qualities.add(np.array(scores))
    errors = 0.1 + 0.0001 + 0.01
    assert qualities.mean == pytest.approx(-10 * np.log10(errors / 3), abs=0.01)
    assert qualities.expected_errors == pytest.approx(errors / 2, abs=0.001)
    first, second = qualities.by_position()
    assert (first.first, first.last, first.letters) == (1, 1, 2)
    assert first.mean_quality == pytest.approx(-10 * np.log10(0.11 / 2), abs=0.01)
    assert (second.letters, second.mean_quality) == (1, 40.0)


def test_long_reads_have_few_bins() -> None:
    qualities = Qualities(33)
    qualities.add(np.full(1_234, 30))
    bins = qualities.by_position()
    assert len(bins) <= MAX_BINS
    assert (bins[0].first, bins[-1].last) == (1, 1_234)
    assert sum(each.letters for each in bins) == 1_234
    assert all(a.last + 1 == b.first for a, b in pairwise(bins))


READS = (
    "@good\nACGTACGTAC\n+\nIIIIIIIIII\n"
    "@end\nACGTACGTAC\n+\nIIIIIIII##\n"
    "@bad\nACGTACGTAC\n+\n##########\n"
    "@n\nACNNNCGTAC\n+\nIIIIIIIIII\n"
    "@short\nACG\n+\nIII\n"
    "@long\nACGTACGTACGTACGTACGTACGT\n+\nIIIIIIIIIIIIIIIIIIIIIIII\n"
    "@errors\nACGTACGTAC\n+\n+++++IIIII\n"
)
FILTER = SequenceFilter(
    min_length=5, max_length=20, max_ambiguous=2, max_expected_errors=0.4, trim_quality=5
)


def test_what_is_left_out_is_told(tmp_path: Path) -> None:
    taken = read(tmp_path, READS, "r.fastq", kind=DataKind.SEQUENCE, sequence_filter=FILTER)
    assert taken.texts == ["ACGTACGTAC", "ACGTACGT"]
    assert taken.faults == [
        ("SEQUENCE_TOO_SHORT", 9),
        ("TOO_AMBIGUOUS", 13),
        ("SEQUENCE_TOO_SHORT", 17),
        ("SEQUENCE_TOO_LONG", 21),
        ("EXPECTED_ERRORS", 25),
    ]
    assert [problem.value for problem in taken.result.problems][:2] == ["bad", "n"]
    assert taken.result.rejected_rows == 5
    assert taken.result.profile.rejections == (
        Rejections("SEQUENCE_TOO_SHORT", 2),
        Rejections("TOO_AMBIGUOUS", 1),
        Rejections("SEQUENCE_TOO_LONG", 1),
        Rejections("EXPECTED_ERRORS", 1),
    )
    found = taken.result.profile.sequences
    assert found is not None
    assert (found.reads, found.quality_reads, found.phred_offset) == (2, 2, 33)
    assert found.mean_quality == 40.0  # after the ends were cut


def test_without_a_filter_all_are_taken(tmp_path: Path) -> None:
    taken = read(tmp_path, READS, "r.fastq", kind=DataKind.SEQUENCE)
    assert len(taken.rows) == 7
    assert taken.result.profile.rejections == ()


def test_a_filter_that_takes_nothing_is_a_refusal(tmp_path: Path) -> None:
    wanted = SequenceFilter(min_length=100)
    bad = refused(tmp_path, READS, "r.fastq", kind=DataKind.SEQUENCE, sequence_filter=wanted)
    assert bad.code == "NO_GOOD_ROWS"
    assert bad.problems[1].code == "SEQUENCE_TOO_SHORT"
