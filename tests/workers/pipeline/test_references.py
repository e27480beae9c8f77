"""Sequences through a training: copies are one, and an answer names its nearest references."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from store.records.dataset import DataKind
from tests.workers.pipeline.training import KMERS, Row, lay, run_until, sequences, trained
from workers.pipeline.bundle import load_bundle
from workers.pipeline.pieces import MAX_PIECES, with_pieces
from workers.pipeline.references import ALIGNED
from workers.pipeline.sequences import reverse_complement
from workers.pipeline.serving import KnownRows
from workers.pipeline.stages.clean import read_rows
from workers.pipeline.table import Table
from workers.pipeline.workspace import ORDER, Workspace

SEQUENCE = DataKind.SEQUENCE


def name_rows(work: Workspace) -> None:
    """Give every row of the input a name, as FASTA does."""
    for path in work.input.glob("*.parquet"):
        table = pq.read_table(path)
        names = [f"id{row} of {label}" for row, label in zip(
            table["row"].to_pylist(), table["label"].to_pylist(), strict=True
        )]  # fmt: skip
        pq.write_table(table.append_column("name", pa.array(names)), path)


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    laid = lay(tmp_path_factory.mktemp("references") / "work", sequences(), SEQUENCE)
    name_rows(laid)
    run_until(laid, ORDER[-1], KMERS)
    return laid


def learnt(work: Workspace) -> tuple[int, str, str]:
    """The number, text and label of a row that was learnt from."""
    place = int(work.array("split", "train").argmax())
    table = read_rows(work)
    return int(table.row[place]), table.text[place], table.label[place] or ""


def test_the_nearest_reference_is_named(work: Workspace) -> None:
    row, text, label = learnt(work)
    changed = "A" if text[100] != "A" else "C"
    read = reverse_complement(text[:100] + changed + text[101:])
    (answer,) = load_bundle(work.bundle).answer([f">a read\n{read}\n"], 1, 3)
    assert answer.label == label
    nearest, *others = answer.neighbours
    assert (nearest.row, nearest.name, nearest.label) == (row, f"id{row} of {label}", label)
    assert nearest.identity == pytest.approx(299 / 300, abs=1e-4)
    assert [each.identity for each in others] == sorted(
        (each.identity or 0 for each in others), reverse=True
    )


def test_rows_beyond_the_aligned_ones_have_no_identity(work: Workspace) -> None:
    (answer,) = load_bundle(work.bundle).answer([learnt(work)[1]], 1, ALIGNED + 2)
    known = [each.identity is not None for each in answer.neighbours]
    assert known == [True] * ALIGNED + [False] * 2
    (few,) = load_bundle(work.bundle).answer([learnt(work)[1]], 1, 2)
    assert few.neighbours == answer.neighbours[:2]


def test_what_holds_no_base_is_near_nothing(work: Workspace) -> None:
    (answer,) = load_bundle(work.bundle).answer(["?!"], 1, 1)
    assert [(each.cosine, each.identity) for each in answer.neighbours] == [(0.0, None)]


def test_rows_without_names_are_answered_with_as_well(work: Workspace, tmp_path: Path) -> None:
    rows = shutil.copytree(work.bundle / "rows", tmp_path / "rows")
    (rows / "names.bin").unlink()
    (rows / "names_offsets.npy").unlink()
    known = KnownRows.load(rows)
    assert known.neighbour(0, 1.0, ["a", "b", "c"]).name is None


def test_copies_on_either_strand_are_one_row_a_label(tmp_path: Path) -> None:
    rows: list[Row] = sequences(5)
    text, label, _ = rows[0]
    copies: list[Row] = [
        (reverse_complement(text), label, None),
        (text.replace("T", "U"), label, None),
        (text, "b", None),  # another label: a conflict that is kept, and told
        (text, label, "test"),  # a given split is kept as well
    ]
    work = lay(tmp_path / "work", [*rows, *copies], SEQUENCE)
    run_until(work, "clean", KMERS)
    table = read_rows(work)
    assert table.row.tolist() == [*range(15), 17, 18]
    assert table.group[0] == table.group[15] == table.group[16]
    assert len(set(table.group.tolist())) == 15


def test_pieces_stay_with_their_reference(tmp_path: Path) -> None:
    rows: list[Row] = [*sequences(5), ("ACGTTGCA" * 5, "a", None)]
    work = lay(tmp_path / "work", rows, SEQUENCE)
    name_rows(work)
    run_until(work, "split", replace(KMERS, pieces=100))
    table = read_rows(work)
    assert len(table) == 15 * (1 + 5) + 1  # the last one is shorter than a piece
    assert [len(text) for text in table.text[:6]] == [300, 100, 100, 100, 100, 100]
    assert [table.text[0].index(text) for text in table.text[1:6]] == [0, 50, 100, 150, 200]
    assert table.row[:7].tolist() == [0, 0, 0, 0, 0, 0, 1]
    assert set(table.name[:6]) == {"id0 of a"}
    train, test = work.array("split", "train"), work.array("split", "test")
    assert not set(table.group[train]) & set(table.group[test])


def test_short_reads_are_less_strange_to_a_model_of_pieces(tmp_path: Path) -> None:
    every = sequences()[::9]
    reads = [text[n * 20 : n * 20 + 80] for n, (text, _, _) in enumerate(every)]
    strange = {}
    for pieces in (None, 80):
        spec = replace(KMERS, embedder=replace(KMERS.embedder, k=5), pieces=pieces)
        work = trained(tmp_path / str(pieces), sequences(), spec, SEQUENCE)
        answers = load_bundle(work.bundle).answer(reads, 1, 0)
        assert [answer.label for answer in answers] == [label for _, label, _ in every]
        strange[pieces] = [answer.ood_score or 0.0 for answer in answers]
        near = load_bundle(work.bundle).answer(reads, 1, 3)[0].neighbours
        assert {len(each.text) for each in near} == {300}  # references, not pieces of them
        assert len({each.row for each in near}) == 3
    assert max(strange[80]) < min(strange[None])


def test_a_long_sequence_has_few_pieces() -> None:
    table = Table(
        np.zeros(1, np.int64), ["ACGT" * 2_500], ["a"], [None], np.zeros(1, np.int64), [None]
    )
    cut = with_pieces(table, 100)
    assert len(cut) == 1 + MAX_PIECES
    assert {len(text) for text in cut.text[1:]} == {100}


def test_texts_are_not_dereplicated(tmp_path: Path) -> None:
    rows: list[Row] = [(f"ACGT{'ACGT'[n % 4]} words", "ab"[n % 2], None) for n in range(16)]
    work = lay(tmp_path / "work", rows)
    run_until(work, "clean")
    assert len(read_rows(work)) == 16


def test_reads_of_either_strand_are_classified_alike(tmp_path: Path) -> None:
    turned: list[Row] = [
        (reverse_complement(text) if number % 2 else text, label, None)
        for number, (text, label, _) in enumerate(sequences())
    ]
    work = trained(tmp_path / "work", turned, KMERS, SEQUENCE)
    bundle = load_bundle(work.bundle)
    for text, label, _ in sequences()[::7]:
        one, other = bundle.answer([text, reverse_complement(text)], 3, 0)
        assert one == other
        assert one.label == label
