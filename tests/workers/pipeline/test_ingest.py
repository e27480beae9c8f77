"""From raw files to shards: columns, numbering, appending, progress, and refusals."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.codec import from_plain, to_plain
from store.records.dataset import Columns, DataFormat, DataKind
from tests.workers.pipeline.data import (
    QUESTIONS,
    SHARED,
    csv_text,
    read,
    read_file,
    refused,
)
from workers.pipeline import ingest as ingest_module
from workers.pipeline import shards
from workers.pipeline.ingest import Ingested
from workers.pipeline.progress import BadData, Cancelled
from workers.pipeline.rows import Row
from workers.pipeline.shards import read_shards

DIRTY = SHARED / "dirty"
EXPECTED: list[dict[str, Any]] = (
    json.loads((DIRTY / "expectations.json").read_text()) if DIRTY.is_dir() else []
)
BAD_LINES = {
    "enc_mixed.csv": [198, 199, 200, 201],
    "enc_bad_byte.csv": [52],
    "delim_mixed.csv": list(range(102, 202)),
    "fq_cut.fastq": [237],
}


if SHARED.is_dir():

    @pytest.mark.parametrize("case", EXPECTED, ids=lambda case: case["file"])
    def test_dirty_files(tmp_path: Path, case: dict[str, Any]) -> None:
        name, expect, rows = case["file"], case["expect"], case["rows"]
        biological = name.endswith(("fasta", "fastq"))
        kind = DataKind.SEQUENCE if biological else DataKind.TEXT
        if rows == 0:
            with pytest.raises(BadData) as bad:
                read_file(tmp_path, DIRTY / name, name, kind=kind)
            assert bad.value.code == "EMPTY_FILE"
            return
        taken = read_file(tmp_path, DIRTY / name, name, kind=kind)
        assert rows is None or len(taken.rows) == rows
        assert not any("\0" in text or "\ufeff" in text for text in taken.texts)
        assert [problem.line for problem in taken.result.problems] == BAD_LINES.get(name, [])
        if not biological:
            assert taken.texts[0] == "How long will it take for me to get my card?"
        if "accents" in expect:
            assert any("Ça fait déjà une semaine" in text for text in taken.texts)
        if "€" in expect:
            assert "Prix de l’échange : 10 € ou 12 £ ?" in taken.texts


if SHARED.is_dir():

    @pytest.mark.parametrize(
        ("name", "rows", "labels"),
        [("banking77/train.csv", 10_003, 77), ("banking77/train.jsonl", 10_003, 77),
         ("banking77/test.parquet", 3_080, 77), ("movie_reviews/reviews_200.csv", 200, 2),
         ("rrna16s/genus_876.fasta", 876, 75)],
    )  # fmt: skip
    def test_real_files(tmp_path: Path, name: str, rows: int, labels: int) -> None:
        kind = DataKind.SEQUENCE if name.endswith("fasta") else DataKind.TEXT
        taken = read_file(tmp_path, SHARED / name, Path(name).name, kind=kind)
        assert (len(taken.rows), taken.result.profile.label_count) == (rows, labels)
        assert taken.result.problem_count == 0
        assert taken.result.profile.language == (None if kind is DataKind.SEQUENCE else "en")


def test_shards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shards, "ROWS", 500)
    rows = tuple((f"row number {number}", "ab"[number % 2]) for number in range(1_100))
    taken = read(tmp_path, csv_text(rows))
    assert [shard.rows for shard in taken.result.shards] == [500, 500, 100]
    numbers: list[int] = []
    for shard in taken.result.shards:
        table = pq.read_table(shard.path)
        assert table.schema.types == [pa.int64(), *[pa.string()] * 4]
        assert table.column_names == ["row", "text", "label", "split", "name"]
        assert pq.read_metadata(shard.path).row_group(0).column(1).compression == "ZSTD"
        data = shard.path.read_bytes()
        assert (shard.bytes, shard.sha256) == (len(data), hashlib.sha256(data).hexdigest())
        numbers += table["row"].to_pylist()
    assert numbers == list(range(1_100))
    assert taken.rows == tuple((*row, None) for row in rows)


def test_appending_counts_on_and_profiles_everything(tmp_path: Path) -> None:
    base = read(tmp_path, csv_text(QUESTIONS[:6]), "base.csv")
    paths = tuple(shard.path for shard in base.result.shards)
    taken = read(tmp_path, csv_text(QUESTIONS[4:]), "more.csv", base=paths)
    (shard,) = taken.result.shards
    assert pq.read_table(shard.path)["row"].to_pylist() == list(range(6, 14))
    assert taken.texts == [text for text, _ in QUESTIONS[4:]]
    assert taken.result.profile.rows == 14
    assert taken.result.profile.duplicate_rows == 2


def test_appending_to_rows_without_names(tmp_path: Path) -> None:
    """As rows were kept before they had names."""
    old = tmp_path / "old.parquet"
    columns = {"row": [0], "text": ["ACGT"], "label": ["x"], "split": [None]}
    pq.write_table(pa.table(columns), old)
    taken = read(tmp_path, ">b label=y\nACGG\n", "b.fasta", kind=DataKind.SEQUENCE, base=(old,))
    assert taken.rows == (("ACGG", "y", None),)
    assert taken.result.profile.rows == 2
    assert list(read_shards((old,))) == [Row("ACGT", "x", None)]
    (shard,) = taken.result.shards
    assert list(read_shards((shard.path,))) == [Row("ACGG", "y", None, "b label=y")]


def test_appending_nothing_is_refused(tmp_path: Path) -> None:
    base = read(tmp_path, csv_text(), "base.csv")
    paths = tuple(shard.path for shard in base.result.shards)
    assert refused(tmp_path, "text,label\n", base=paths).code == "NO_ROWS"


def test_the_same_file_gives_the_same_shards(tmp_path: Path) -> None:
    first, again = read(tmp_path, csv_text(), "a.csv"), read(tmp_path, csv_text(), "b.csv")
    assert [s.sha256 for s in first.result.shards] == [s.sha256 for s in again.result.shards]
    assert first.result.profile == again.result.profile


def test_columns_are_proposed_with_reasons(tmp_path: Path) -> None:
    rows = tuple(
        (str(number), f"https://example.org/a/long/address/{number}",
         "test" if number % 5 else "Train", text, label, "2024-01-01 10:00")
        for number, (text, label) in enumerate(QUESTIONS)
    )  # fmt: skip
    header = ("id", "url", "part", "asked", "wanted", "made")
    taken = read(tmp_path, csv_text(rows, header))
    columns = taken.result.columns
    assert (columns.text, columns.label, columns.split) == ("asked", "wanted", "part")
    assert columns.reasons == (
        "text: 'asked' holds the longest and most varied words "
        "(median 32 characters, 100 % of them different).",
        "split: every value of 'part' names a part (test, train).",
        "label: 'wanted' holds 3 values over 12 rows ('card_arrival' 4 times).",
    )
    assert taken.rows[0] == (*QUESTIONS[0], "train")


def test_columns_that_the_caller_chooses_have_no_reasons(tmp_path: Path) -> None:
    rows = tuple((text, label, "x") for text, label in QUESTIONS)
    columns = Columns(text="text", label="kind", split="label")
    taken = read(tmp_path, csv_text(rows, ("text", "label", "kind")), columns=columns)
    assert taken.result.columns == columns
    assert taken.rows[0] == ("Where is my card, please?", "x", "card_arrival")


@pytest.mark.parametrize(
    ("columns", "code", "fix"),
    [
        (Columns(text="Text"), "UNKNOWN_COLUMN", "The columns are: 'text', 'label'."),
        (Columns(label="class"), "UNKNOWN_COLUMN", "The columns are: 'text', 'label'."),
        (Columns(split="part"), "UNKNOWN_COLUMN", "The columns are: 'text', 'label'."),
        (Columns(text="label", label="label"), "SAME_COLUMN", "Choose different ones of: "
         "'text', 'label'."),
    ],
)  # fmt: skip
def test_wrong_columns_are_refused(tmp_path: Path, columns: Columns, code: str, fix: str) -> None:
    bad = refused(tmp_path, csv_text(), columns=columns)
    assert (bad.code, bad.problems[0].fix) == (code, fix)
    assert list((tmp_path / "out-rows.csv").iterdir()) == []


def test_a_column_of_the_usual_name_is_the_text_even_if_empty(tmp_path: Path) -> None:
    bad = refused(tmp_path, "text,label\n,some words\n ,other words\n")
    assert bad.code == "NO_GOOD_ROWS"
    assert [(p.code, p.line) for p in bad.problems[1:]] == [("EMPTY_TEXT", 2), ("EMPTY_TEXT", 3)]


@pytest.mark.parametrize("rows", [1, 2, 3])
def test_few_rows_are_taken(tmp_path: Path, rows: int) -> None:
    assert len(read(tmp_path, csv_text(QUESTIONS[:rows])).rows) == rows


def test_labels_that_differ_in_case_are_kept_and_told(tmp_path: Path) -> None:
    rows = (("first words", "Spam"), ("second words", "spam"), ("third words", "ham"))
    taken = read(tmp_path, csv_text(rows))
    assert taken.labels == ["Spam", "spam", "ham"]
    assert (taken.problem.code, taken.problem.value) == ("LABELS_DIFFER_IN_CASE", "Spam, spam")
    assert taken.result.rejected_rows == 0


def test_labels_that_are_texts_are_reported(tmp_path: Path) -> None:
    columns = Columns(text="text", label="label")
    rows = (("first words", "long " * 60), ("second words", "a"))
    taken = read(tmp_path, csv_text(rows), columns=columns)
    assert taken.faults == [("LABEL_TOO_LONG", 2)]
    assert taken.problem.column == "label"


def test_problems_are_counted_beyond_those_that_are_kept(tmp_path: Path) -> None:
    taken = read(tmp_path, csv_text() + "too,many,fields\n" * 250)
    assert len(taken.result.problems) == 100
    assert (taken.result.problem_count, taken.result.rejected_rows) == (250, 250)
    bad = refused(tmp_path, "text,label\n" + "too,many,fields\n" * 250)
    assert len(bad.problems) == 100
    assert str(bad).startswith("No row could be used; 250 problems were found.")


def test_the_caller_may_force_the_format(tmp_path: Path) -> None:
    taken = read(tmp_path, csv_text(), wanted=DataFormat.TEXT)
    assert taken.texts[0] == "text,label"
    assert taken.result.format is DataFormat.TEXT


def test_progress_is_told_to_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest_module, "BATCH", 4)
    told: list[tuple[int, int]] = []
    read(tmp_path, csv_text(), progress=lambda done, total: told.append((done, total)))
    assert told == [(0, 1), (4, 12), (8, 12), (12, 13), (12, 12)]


def test_cancelling_stops_at_the_next_batch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest_module, "BATCH", 4)

    def cancel(done: int, total: int) -> None:
        if done == 8:
            raise Cancelled

    with pytest.raises(Cancelled):
        read(tmp_path, csv_text(), progress=cancel)


def test_the_result_travels_as_json(tmp_path: Path) -> None:
    taken = read(tmp_path, csv_text() + "one field\n")
    plain = json.loads(json.dumps(to_plain(taken.result)))
    assert from_plain(Ingested, plain) == taken.result


SOUND = {
    "rows.csv": csv_text().encode(),
    "rows.tsv": csv_text(delimiter="\t").encode("utf-16"),
    "rows.jsonl": b'{"text": "some words", "label": "a"}\n' * 5,
    "rows.txt": "naïve café\n".encode("cp1252") * 5,
    "rows.fasta": b">a genus=X\nACGTACGT\nACGT\n" * 5,
    "rows.fastq": b"@a\nACGTACGT\n+\nIIIIIIII\n" * 5,
}
FAULTS = [
    b'"',
    b"\\",
    b"\0",
    b"\r",
    b"\n",
    b"\xff",
    b"\xc3\xa9",
    b";",
    b"{",
    b"[",
    b">",
    b"@",
    b"+",
]


@given(
    name=st.sampled_from(sorted(SOUND)),
    faults=st.lists(st.tuples(st.integers(0, 200), st.sampled_from(FAULTS)), max_size=6),
    cut=st.integers(1, 600),
    wanted=st.sampled_from([None, *DataFormat]),
)
@settings(max_examples=150, deadline=None)
def test_whatever_comes_is_taken_clean_or_refused(
    tmp_path_factory: pytest.TempPathFactory,
    name: str,
    faults: list[tuple[int, bytes]],
    cut: int,
    wanted: DataFormat | None,
) -> None:
    data = SOUND[name][:cut]
    for at, fault in faults:
        data = data[:at] + fault + data[at:]
    try:
        taken = read(tmp_path_factory.mktemp("any"), data, name, wanted=wanted)
    except BadData as bad:
        json.dumps(to_plain(bad.problems)).encode()
        return
    json.dumps(to_plain(taken.result)).encode()
    assert all(text.strip() and "\0" not in text for text in taken.texts)
    assert taken.result.profile.rows == len(taken.rows)


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_the_raw_file_is_left_as_it_was(tmp_path: Path, suffix: str) -> None:
    name = f"rows.csv{suffix}"
    taken = read(tmp_path, csv_text(), name)
    before = (tmp_path / f"raw-{name}").read_bytes()
    assert read_file(tmp_path, tmp_path / f"raw-{name}", name).rows == taken.rows
    assert (tmp_path / f"raw-{name}").read_bytes() == before
