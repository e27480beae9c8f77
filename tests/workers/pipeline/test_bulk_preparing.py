"""Rows of files cut into parts: none is lost, none is renumbered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pyarrow.parquet as pq
import pytest

from store.records.bulk import BulkSpec
from store.records.dataset import Columns, DataKind
from workers.pipeline.bulk import parts
from workers.pipeline.bulk.preparing import PROBLEMS, Prepared, PrepareRequest, prepare
from workers.pipeline.progress import BadData, silent


def prepared(
    folder: Path, data: bytes, name: str = "rows.csv", kind: DataKind = DataKind.TEXT, **spec: Any
) -> Prepared:
    raw = folder / "raw"
    raw.write_bytes(data)
    asked = BulkSpec(**spec)
    return prepare(PrepareRequest(folder / "out", kind, asked, raw=raw, filename=name), silent)


def rows(found: Prepared) -> list[dict[str, Any]]:
    return [row for part in found.parts for row in pq.read_table(part.path).to_pylist()]


def test_every_row_is_in_a_part_or_a_problem(tmp_path: Path) -> None:
    lines = [f"text {n}" if n % 7 else "" for n in range(1_000)]
    data = "text,n\n" + "".join(f"{line},{n}\n" for n, line in enumerate(lines))
    found = prepared(tmp_path, data.encode(), columns=Columns("text"))
    told = (tmp_path / "out" / PROBLEMS).read_bytes().splitlines()
    lost = [orjson.loads(line)["row"] for line in told]
    assert lost == [n for n in range(1_000) if n % 7 == 0]
    assert [row["row"] for row in rows(found)] == [n for n in range(1_000) if n % 7]
    assert (found.rejected_rows, found.problem_count, len(found.problems)) == (143, 143, 100)


def test_a_part_ends_at_its_rows_or_its_characters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "PART_CHARACTERS", 100)
    raw = tmp_path / "raw"
    raw.write_text("\n".join(["ab"] * 7 + ["c" * 150, "d"]) + "\n")
    request = PrepareRequest(
        tmp_path / "out", DataKind.TEXT, BulkSpec(), raw=raw, filename="rows.txt", part_rows=3
    )
    found = prepare(request, silent)
    assert [(part.name, part.rows) for part in found.parts] == [
        ("0000000000-00003", 3), ("0000000003-00003", 3), ("0000000006-00002", 2),
        ("0000000008-00001", 1),
    ]  # fmt: skip


def test_a_label_that_was_only_guessed_costs_no_row_its_answer(tmp_path: Path) -> None:
    data = b"text,label\n" + b"rain,wet\nsun,dry\n" * 10 + b"fog," + b"x" * 300 + b"\n"
    found = prepared(tmp_path, data)
    assert rows(found)[-1] | {"line": 0} == {
        "row": 20, "line": 0, "text": "fog", "given_label": None,
    }  # fmt: skip
    assert (found.rejected_rows, found.problem_count) == (0, 1)
    asked = prepared(tmp_path, data, columns=Columns("text", "label"))
    assert (asked.rejected_rows, len(rows(asked))) == (1, 20)


def test_sequences_keep_their_headers(tmp_path: Path) -> None:
    data = b">one first read\nACGTACGTACGTAA\n>two\nACGT!!\n>three\nTTGACCGGTT\n"
    found = prepared(tmp_path, data, "reads.fasta", DataKind.SEQUENCE)
    told = [(row["row"], row["sequence_name"], row["text"]) for row in rows(found)]
    assert [(number, text) for number, _, text in told] == [
        (0, "ACGTACGTACGTAA"), (2, "TTGACCGGTT"),
    ]  # fmt: skip
    assert [(name or "").split()[0] for _, name, _ in told] == ["one", "three"]
    assert [each.row for each in found.problems] == [1]


def test_a_column_to_keep_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadData, match="'missing'") as caught:
        prepared(tmp_path, b"text,id\nrain,1\n", keep=("missing",))
    assert caught.value.code == "UNKNOWN_COLUMN"


def test_what_is_carried_along_is_text(tmp_path: Path) -> None:
    data = b'{"text": "rain", "a": 1, "b": {"c": [true]}, "d": null}\n{"text": "sun"}\n'
    found = prepared(tmp_path, data, "rows.jsonl", keep=("a", "b", "d"))
    assert [(row["a"], row["b"], row["d"]) for row in rows(found)] == [
        ("1", '{"c":[true]}', ""), ("", "", ""),
    ]  # fmt: skip
