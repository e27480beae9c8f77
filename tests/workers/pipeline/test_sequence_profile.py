"""What is counted of sequences."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.records.dataset import DataKind
from store.records.sequences import Abundance, LengthBin, Molecule, SequenceProfile
from tests.workers.pipeline.data import read
from workers.pipeline import sequence_profile


def profiled(folder: Path, content: str, name: str = "x.fasta") -> SequenceProfile:
    found = read(folder, content, name, kind=DataKind.SEQUENCE).result.profile.sequences
    assert found is not None
    return found


def test_everything_is_counted(tmp_path: Path) -> None:
    content = (
        ">a;size=5\nACGTTN\n>b\nacgttn\n"  # the same
        ">c\nNAACGT\n"  # its other strand
        ">d;size=2\nGGGG\n>e\nCCCCA\n"
    )
    found = profiled(tmp_path, content)
    assert (found.molecule, found.reads, found.letters) == (Molecule.DNA, 5, 27)
    assert (found.unique, found.duplicates, found.size) == (3, 2, 10)
    assert found.gc_share == pytest.approx(14 / 24)
    assert found.ambiguous_share == pytest.approx(3 / 27)
    assert found.ambiguous_reads == 3
    assert found.lengths == (LengthBin(4, 4, 1), LengthBin(5, 5, 1), LengthBin(6, 6, 3))
    assert found.top == (Abundance("a;size=5", 3, 7), Abundance("d;size=2", 1, 2))
    assert (found.quality_reads, found.phred_offset, found.mean_quality) == (0, None, None)
    assert found.quality_by_position == ()


def test_lengths_have_few_bins(tmp_path: Path) -> None:
    content = "".join(f">s{n}\n{'ACGT' * n}\n" for n in range(1, 200))
    lengths = profiled(tmp_path, content).lengths
    assert len(lengths) <= sequence_profile.MAX_LENGTH_BINS
    assert (lengths[0].first, sum(each.rows for each in lengths)) == (4, 199)
    assert lengths[-1].first <= 796 <= lengths[-1].last


@pytest.mark.parametrize(
    ("sequences", "molecule"),
    [
        (("ACGT", "ACGTN"), Molecule.DNA),
        (("ACGU", "ACGN"), Molecule.RNA),
        (("MKVLWQ", "MEEPQ"), Molecule.PROTEIN),
    ],
)
def test_molecules(tmp_path: Path, sequences: tuple[str, ...], molecule: Molecule) -> None:
    found = profiled(tmp_path, "".join(f">s\n{each}\n" for each in sequences))
    assert found.molecule is molecule
    assert (found.gc_share > 0) is (molecule is not Molecule.PROTEIN)


def test_rna_and_dna_are_the_same(tmp_path: Path) -> None:
    assert profiled(tmp_path, ">a\nACGUU\n>b\nACGTT\n").unique == 1


def test_names_first_met_late_are_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sequence_profile, "MAX_NAMES", 1)
    found = profiled(tmp_path, ">a\nAC\n>b\nGG\n>c\nGG\n>d\nAC\n")
    assert found.top == (Abundance("a", 2, 2), Abundance(None, 2, 2))
