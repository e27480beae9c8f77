"""JSON in the other ways in which people have it: arrays, one object for all, values within."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.records.dataset import Columns, DataFormat
from tests.workers.pipeline.data import QUESTIONS, read, refused
from tests.workers.pipeline.test_readers_formats import parquet
from workers.pipeline.progress import silent
from workers.pipeline.readers import json_array
from workers.pipeline.readers.json_array import JsonArrayReader
from workers.pipeline.readers.protocol import RawRow
from workers.pipeline.readers.source import open_source
from workers.pipeline.readers.survey import survey

OBJECTS = [{"text": text, "label": label} for text, label in QUESTIONS]
PLAIN = tuple((text, label, None) for text, label in QUESTIONS)
ANY_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text('a"\\{}[],\n é😀', max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


# Arrays


@pytest.mark.parametrize("indent", [None, 0, 2])
def test_an_array_is_read(tmp_path: Path, indent: int | None) -> None:
    taken = read(tmp_path, "\ufeff\n" + json.dumps(OBJECTS, indent=indent), "rows.json")
    assert taken.rows == PLAIN
    assert (taken.result.format, taken.result.problem_count) == (DataFormat.JSONL, 0)


def test_an_array_is_read_gzipped_and_whatever_its_name(tmp_path: Path) -> None:
    content = gzip.compress(json.dumps(OBJECTS).encode("utf-16"))
    assert read(tmp_path, content, "rows.csv").rows == PLAIN


@settings(max_examples=60, deadline=None)
@given(
    objects=st.lists(st.fixed_dictionaries({"v": ANY_JSON}), max_size=4),
    indent=st.sampled_from([None, 1]), at_once=st.sampled_from([1, 2, 5, 2**16]),
)  # fmt: skip
def test_elements_are_cut_wherever_a_block_ends(
    tmp_path_factory: pytest.TempPathFactory, objects: list[Any], indent: int | None, at_once: int
) -> None:
    path = tmp_path_factory.mktemp("array") / "rows.json"
    path.write_text(json.dumps(objects, indent=indent, ensure_ascii=False), encoding="utf-8")
    source = open_source(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_array, "CHARACTERS", at_once)
        found = list(JsonArrayReader(source, survey(source, silent)).rows())
    assert [each.values for each in found if isinstance(each, RawRow)] == objects
    lines = path.read_text(encoding="utf-8").split("\n")
    assert all(lines[each.line - 1].lstrip(" [").startswith("{") for each in found if each.line)


def test_bad_elements_are_told_with_their_lines(tmp_path: Path) -> None:
    content = '[\n{"text": "one good row"},\n{"text": no},\n"words",\n{"text": "more words"},\n]'
    taken = read(tmp_path, content, "rows.json")
    assert taken.texts == ["one good row", "more words"]
    assert taken.faults == [("BAD_JSON", 3), ("NOT_AN_OBJECT", 4)]


def test_an_array_that_is_cut_off(tmp_path: Path) -> None:
    content = '[\n{"text": "one good row"},\n{"text": "cut o'
    taken = read(tmp_path, content, "rows.json")
    assert (taken.texts, taken.faults) == (["one good row"], [("BAD_JSON", 3)])
    assert "not closed" in taken.problem.reason
    squeezed = gzip.compress(json.dumps(OBJECTS * 300).encode())[:-40]
    taken = read(tmp_path, squeezed, "rows.json")
    assert taken.rows == (PLAIN * 300)[: len(taken.rows)]
    assert taken.problem.code == "DAMAGED_FILE"


def test_an_element_too_long_costs_only_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_array, "MAX_ROW", 2**17)
    monkeypatch.setattr("workers.pipeline.readers.jsonl.MAX_ROW", 2**17)
    rows = [{"text": "before it"}, {"text": "long " * 100_000}, {"text": "after it"}]
    taken = read(tmp_path, json.dumps(rows), "rows.json")
    assert (taken.texts, taken.faults) == (["before it", "after it"], [("TOO_LONG", 1)])


# One object


@pytest.mark.parametrize(
    ("content", "way"),
    [
        ({"version": 1, "rows": OBJECTS}, "jq -c '.rows[]'"),
        ({"text": {"0": "a", "1": "b"}, "label": {"0": "x", "1": "y"}}, 'orient="records"'),
    ],
)
def test_one_object_is_refused_with_the_way_out(tmp_path: Path, content: object, way: str) -> None:
    bad = refused(tmp_path, json.dumps(content), "rows.json")
    assert (bad.code, way in bad.problems[0].fix) == ("JSON_NOT_LINES", True)
    assert refused(tmp_path, json.dumps(content, indent=1), "rows.json").code == "JSON_NOT_LINES"


def test_one_row_with_objects_is_a_row(tmp_path: Path) -> None:
    content = json.dumps({"text": "some words", "spans": [{"at": 1}, {"at": 5}]})
    assert read(tmp_path, content, "rows.jsonl").texts == ["some words"]


# Values within objects


def test_text_and_label_within_objects(tmp_path: Path) -> None:
    rows = [{"id": 1, "data": {"text": t}, "mark": {"label": k, "score": 1}} for t, k in QUESTIONS]
    content = "".join(json.dumps(row) + "\n" for row in rows)
    taken = read(tmp_path, content, "rows.jsonl")
    assert taken.rows == PLAIN
    assert (taken.result.columns.text, taken.result.columns.label) == ("data.text", "mark.label")
    asked = Columns(text="data.text", label="mark.score")
    assert set(read(tmp_path, content, "rows.jsonl", columns=asked).labels) == {"1"}


def test_text_within_a_struct_of_parquet(tmp_path: Path) -> None:
    taken = read(tmp_path, parquet(pa.table({"a": OBJECTS, "n": range(12)})), "rows.parquet")
    assert (taken.rows, taken.result.columns.text) == (PLAIN, "a.text")


def test_scores_within_objects_are_no_labels(tmp_path: Path) -> None:
    rows = [{"text": t, "cats": {"a": k == "lost_card", "b": 0}} for t, k in QUESTIONS]
    taken = read(tmp_path, "".join(json.dumps(row) + "\n" for row in rows), "rows.jsonl")
    assert (taken.result.columns.text, taken.result.columns.label) == ("text", None)


def test_objects_with_a_key_a_row_are_no_columns(tmp_path: Path) -> None:
    rows = [
        {"text": f"words {n}", "seen": {f"u{n}": {f"p{k}": k for k in range(9)}}}
        for n in range(2_000)
    ]
    taken = read(tmp_path, "".join(json.dumps(row) + "\n" for row in rows), "rows.jsonl")
    assert (len(taken.rows), taken.result.columns.text) == (2_000, "text")


def test_a_list_of_one_label_is_the_label(tmp_path: Path) -> None:
    rows = [{"text": t, "label": [k]} for t, k in QUESTIONS]
    rows += [{"text": "none", "label": []}, {"text": "two", "label": ["a", "b"]}]
    taken = read(tmp_path, "".join(json.dumps(row) + "\n" for row in rows), "rows.jsonl")
    assert taken.rows == (*PLAIN, ("none", None, None))
    assert taken.faults == [("NESTED_VALUE", 14)]
