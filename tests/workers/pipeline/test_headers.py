"""What headers of sequences tell: taxa, copies, names, and the rank worth learning."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.records.dataset import Columns, DataKind
from tests.workers.pipeline.data import read
from workers.pipeline.readers.headers import header_values, name_of, size_of

SEQUENCE = DataKind.SEQUENCE


@pytest.mark.parametrize(
    ("header", "genus", "species", "phylum"),
    [
        ("NR_1.1 genus=Bacillus; species=Bacillus subtilis", "Bacillus", "Bacillus subtilis", None),
        ("1 k__Bacteria; p__Firmicutes; g__Bacillus; s__subtilis", "Bacillus",
         "Bacillus subtilis", "Firmicutes"),
        ("A|AB1|SH0|refs|k__Fungi;p__Basidiomycota;g__Amanita;s__Amanita_muscaria", "Amanita",
         "Amanita muscaria", "Basidiomycota"),
        ('AB2;tax=d:Bacteria,p:"Firmicutes",g:Bacillus;size=3;', "Bacillus", None, "Firmicutes"),
        ("AY8.1.1779 Bacteria;Firmicutes;Bacilli;Bacillales;Bacillaceae;Bacillus;Bacillus subtilis",
         "Bacillus", "Bacillus subtilis", "Firmicutes"),
        ("Bacteria;Firmicutes;Bacilli;Bacillales;Bacillaceae;Bacillus;", "Bacillus", None,
         "Firmicutes"),
        ("S1 Bacillus sp.; X\tLineage=Root;rootrank;Bacteria;domain;Firmicutes;phylum;"
         "Bacillus;genus", "Bacillus", None, "Firmicutes"),
        ("NR_2 Bacillus subtilis strain X 16S ribosomal RNA, partial sequence", "Bacillus",
         "Bacillus subtilis", None),
        ("1 k__Bacteria;p__Firmicutes;g__;s__", None, None, "Firmicutes"),
        ("1 k__Fungi;p__Ascomycota;g__unidentified;s__uncultured_fungus", None, None, "Ascomycota"),
        ("M00:43:000 1:N:0:188", None, None, None),
        ("", None, None, None),
    ],
)  # fmt: skip
def test_taxa(header: str, genus: str | None, species: str | None, phylum: str | None) -> None:
    values = header_values(f">{header}")
    found = tuple(values.get(rank) for rank in ("genus", "species", "phylum"))
    assert found == (genus, species, phylum)


def test_copies_are_read_and_are_no_column() -> None:
    assert "size" not in header_values(">r1;size=12;genus=X")
    assert header_values(">r1;size=12;genus=X") == {"genus": "X"}
    assert [size_of(name) for name in ("r1;size=12", "r1 size=3;", "r1", None, "r;size=0")] == [
        12, 3, 1, 1, 1,
    ]  # fmt: skip


def test_names_can_be_kept() -> None:
    assert name_of(">NR_1 Bacillus\n") == "NR_1 Bacillus"
    assert name_of(">a\udcff\0") == "a\\xff\\x00"
    assert len(name_of(">" + "x" * 999)) == 200


def fasta(taxa: list[tuple[str, str]]) -> str:
    return "".join(
        f">s{n} d__Bacteria;p__P;g__{genus};s__{species}\nACGTACGT{'ACGT'[n % 4]}\n"
        for n, (genus, species) in enumerate(taxa)
    )


def test_the_finest_rank_with_enough_rows_is_proposed(tmp_path: Path) -> None:
    lone_species = [(f"G{n % 3}", f"s{n}") for n in range(12)]
    taken = read(tmp_path, fasta(lone_species), "g.fasta", kind=SEQUENCE)
    assert taken.result.columns.label == "genus"
    assert taken.labels[:2] == ["G0", "G1"]
    assert taken.result.columns.reasons == (
        "label: 'genus' is the finest rank with enough rows: 3 taxa, 100 % of the rows in those "
        "of 3 rows or more.",
    )
    many = [("G", f"s{'abc'[n % 3]}") for n in range(12)]
    taken = read(tmp_path, fasta(many), "s.fasta", kind=SEQUENCE)
    assert taken.result.columns.label == "species"
    assert taken.labels[:2] == ["G sa", "G sb"]


def test_a_rank_can_be_asked_for(tmp_path: Path) -> None:
    taxa = [(f"G{n % 3}", f"s{n}") for n in range(12)]
    columns = Columns(label="species")
    taken = read(tmp_path, fasta(taxa), "g.fasta", kind=SEQUENCE, columns=columns)
    assert taken.labels[:2] == ["G0 s0", "G1 s1"]
    assert taken.result.columns.reasons == ()


def test_ranks_in_a_table(tmp_path: Path) -> None:
    rows = "".join(f"ACGTACGT,Bacteria,G{n % 2},s{n}\n" for n in range(8))
    table = "sequence,domain,genus,species\n" + rows
    taken = read(tmp_path, table, "t.csv", kind=SEQUENCE)
    assert taken.result.columns.label == "genus"


def test_an_empty_header_and_an_empty_sequence(tmp_path: Path) -> None:
    taken = read(tmp_path, ">\nACGT\n>b\n>c\r\nAC\r\nGT\r\n", "x.fasta", kind=SEQUENCE)
    assert taken.texts == ["ACGT", "ACGT"]
    assert taken.faults == [("EMPTY_TEXT", 3)]
