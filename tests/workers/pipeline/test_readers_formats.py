"""JSON lines, Parquet, plain text, FASTA and FASTQ, and how a file's format is told."""

from __future__ import annotations

import datetime
import gzip
import io
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from store.records.dataset import Columns, DataFormat, DataKind
from tests.workers.pipeline.data import QUESTIONS, csv_text, read, refused
from workers.pipeline.readers.sniff import sniff

SEQUENCE = DataKind.SEQUENCE
TWO = {"text": ["first row of words", "second row of words"]}


def parquet(columns: object, **how: object) -> bytes:
    """A Parquet file of a dictionary of columns or of a table."""
    table = columns if isinstance(columns, pa.Table) else pa.table(columns)
    sink = io.BytesIO()
    pq.write_table(table, sink, **how)
    return sink.getvalue()


# JSON lines


def test_json_lines(tmp_path: Path) -> None:
    content = (
        '\ufeff{"text": "one \\u00e9\\n two", "label": "a", "split": "TRAIN", "meta": {"x": [1]}}\n'
        "\n"
        '{"label": 3, "text": "  second  ", "split": "dev"}\r\n'
        '{"label": true, "text": "third", "split": "Test"}\n'
        '{"text": "fourth", "label": null}'
    )
    taken = read(tmp_path, content, "rows.jsonl")
    assert taken.rows == (
        ("one é\n two", "a", "train"),
        ("second", "3", "valid"),
        ("third", "true", "test"),
        ("fourth", None, None),
    )
    assert taken.result.format is DataFormat.JSONL


def test_bad_json_lines(tmp_path: Path) -> None:
    content = (
        '{"text": "one good row"}\n'
        '{"text": "no end\n'
        '["text", "label"]\n'
        '{"text": "comma behind"},\n'
        '{"text": {"en": "nested"}}\n'
        '{"text": ["nested"]}\n'
        '{"text": ""}\n'
        '{"other": "no text"}\n'
        "plain words\n"
        '{"text": "another good row"}\n'
    )
    taken = read(tmp_path, content, "rows.jsonl")
    assert taken.texts == ["one good row", "another good row"]
    assert taken.faults == [
        ("BAD_JSON", 2),
        ("NOT_AN_OBJECT", 3),
        ("BAD_JSON", 4),
        ("NESTED_VALUE", 5),
        ("NESTED_VALUE", 6),
        ("EMPTY_TEXT", 7),
        ("EMPTY_TEXT", 8),
        ("BAD_JSON", 9),
    ]
    assert taken.result.problems[3].value == "{'en': 'nested'}"
    assert taken.result.profile.empty_rows == 2
    assert taken.result.rejected_rows == 8


def test_a_column_that_only_late_rows_have(tmp_path: Path) -> None:
    content = '{"text": "some words"}\n' * 2_500 + '{"text": "last", "mood": "good"}\n'
    taken = read(tmp_path, content, "rows.jsonl", columns=Columns(text="text", label="mood"))
    assert taken.labels[-1] == "good"
    bad = refused(tmp_path, content, "rows.jsonl", columns=Columns(label="moot"))
    assert bad.code == "UNKNOWN_COLUMN"
    assert bad.problems[0].fix == "The columns are: 'text', 'mood'."


def test_nested_values_everywhere(tmp_path: Path) -> None:
    bad = refused(tmp_path, '{"text": ["a"], "n": 1}\n{"text": ["b"], "n": 2}\n', "rows.jsonl")
    assert bad.code == "NO_TEXT_COLUMN"
    assert "'text' (lists or objects)" in str(bad)


def test_nested_labels_are_told_rather_than_dropped(tmp_path: Path) -> None:
    content = '{"text": "a row of words", "label": ["x", "y"]}\n'
    bad = refused(tmp_path, content, "rows.jsonl")
    assert [(p.code, p.column) for p in bad.problems[1:]] == [("NESTED_VALUE", "label")]


def test_nan_is_a_missing_value(tmp_path: Path) -> None:
    content = '{"text": "a row", "label": NaN}\n{"text": "b row", "label": "x"}\n{"NaN"}\n'
    content += '{"text": "no \\"NaN\\" here", "label": NaN}\n'
    taken = read(tmp_path, content, "rows.jsonl")
    assert taken.labels == [None, "x", None]
    assert taken.texts[2] == 'no "NaN" here'
    assert taken.faults == [("BAD_JSON", 3)]


# Parquet


def test_parquet(tmp_path: Path) -> None:
    columns = {
        "body": pa.array([text for text, _ in QUESTIONS], pa.large_string()),
        "kind": pa.array([label for _, label in QUESTIONS]).dictionary_encode(),
        "vector": [[0.5, 0.5]] * len(QUESTIONS),
        "made": [datetime.date(2024, 1, 1)] * len(QUESTIONS),
    }
    taken = read(tmp_path, parquet(columns), "rows.parquet")
    assert taken.rows == tuple((text, label, None) for text, label in QUESTIONS)
    assert (taken.result.columns.text, taken.result.columns.label) == ("body", "kind")
    assert len(taken.result.columns.reasons) == 2
    assert taken.result.encoding is None


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (pa.array([1, 0]), ["1", "0"]),
        (pa.array([1, None], pa.int8()), ["1", None]),
        (pa.array([1.0, float("nan")]), ["1.0", None]),
        (pa.array([True, False]), ["true", "false"]),
        (pa.array([b"x", b"y"]), ["x", "y"]),
        (pa.array(["a", None]).dictionary_encode(), ["a", None]),
    ],
)
def test_parquet_labels(tmp_path: Path, labels: object, expected: list[str | None]) -> None:
    taken = read(tmp_path, parquet(TWO | {"label": labels}), "rows.parquet")
    assert taken.labels == expected


def test_parquet_gzipped_and_unnamed(tmp_path: Path) -> None:
    assert len(read(tmp_path, parquet(TWO), "rows.parquet.gz").rows) == 2
    assert len(read(tmp_path, parquet(TWO), "rows").rows) == 2


def test_parquet_rows_that_do_not_fit(tmp_path: Path) -> None:
    texts = pa.array([b"good words", b"caf\xe9 noir", b"nul \0 byte", None, b"more words"])
    table = pa.table({"text": texts.cast(pa.binary())})
    taken = read(tmp_path, parquet(table), "rows.parquet")
    assert taken.texts == ["good words", "more words"]
    assert taken.faults == [("BAD_ENCODING", 2), ("NUL_BYTE", 3), ("EMPTY_TEXT", 4)]


def test_parquet_strings_that_are_no_utf8(tmp_path: Path) -> None:
    offsets = pa.py_buffer(b"\0\0\0\0\x05\0\0\0\x09\0\0\0")
    text = pa.Array.from_buffers(pa.string(), 2, [None, offsets, pa.py_buffer(b"wordscaf\xe9")])
    taken = read(tmp_path, parquet(pa.table({"text": text})), "rows.parquet")
    assert taken.texts == ["words"]
    assert taken.faults == [("BAD_ENCODING", 2)]


def test_parquet_columns_of_one_name(tmp_path: Path) -> None:
    table = pa.Table.from_arrays([pa.array(["one row"]), pa.array(["x"])], ["text", "text"])
    bad = refused(tmp_path, parquet(table), "rows.parquet", columns=Columns(text="words"))
    assert "'text', 'text_2'" in str(bad)


@pytest.mark.parametrize(
    "columns", [{"a": [1, 2], "b": [0.5, 1.5]}, {"a": [[1], [2]]}, {"a": [{"x": 1}]}]
)
def test_parquet_without_text(tmp_path: Path, columns: dict[str, object]) -> None:
    assert refused(tmp_path, parquet(columns), "rows.parquet").code == "NO_TEXT_COLUMN"


def test_parquet_without_rows(tmp_path: Path) -> None:
    empty = parquet(pa.table({"text": pa.array([], pa.string())}))
    assert refused(tmp_path, empty, "rows.parquet").code == "NO_ROWS"


def test_parquet_cut_off(tmp_path: Path) -> None:
    assert refused(tmp_path, parquet(TWO)[:-30], "rows.parquet").code == "DAMAGED_FILE"


def test_parquet_in_damaged_gzip(tmp_path: Path) -> None:
    data = bytearray(gzip.compress(parquet(TWO)))
    data[-6] ^= 0xFF  # the checksum
    assert refused(tmp_path, bytes(data), "rows.parquet").code == "DAMAGED_FILE"
    assert refused(tmp_path, bytes(data[:-40]), "rows.parquet").code == "DAMAGED_FILE"


def test_parquet_damaged_within(tmp_path: Path) -> None:
    texts = [f"row {number} {number**9}" for number in range(6_000)]
    data = bytearray(parquet({"text": texts}, row_group_size=2_000, compression="zstd"))
    data[len(data) // 2 : len(data) // 2 + 99] = bytes(99)
    taken = read(tmp_path, bytes(data), "rows.parquet")
    assert taken.texts == texts[: len(taken.rows)]
    assert taken.faults == [("DAMAGED_FILE", len(taken.rows) + 1)]


def test_a_format_that_the_bytes_deny(tmp_path: Path) -> None:
    bad = refused(tmp_path, csv_text(), "rows.parquet", wanted=DataFormat.PARQUET)
    assert bad.code == "WRONG_FORMAT"
    bad = refused(tmp_path, parquet(TWO), "rows.csv", wanted=DataFormat.CSV)
    assert str(bad).startswith("The file is Parquet, not CSV.")


# Plain text


def test_plain_text(tmp_path: Path) -> None:
    taken = read(tmp_path, "one, two; three\n\n  four\tfive  \r\n\x85six\u2028seven", "rows.txt")
    assert taken.rows == (
        ("one, two; three", None, None),
        ("four\tfive", None, None),
        ("six\u2028seven", None, None),
    )
    assert (taken.result.format, taken.result.columns) == (DataFormat.TEXT, Columns(text="text"))


def test_plain_text_of_numbers_is_text(tmp_path: Path) -> None:
    assert read(tmp_path, "123\n456\n", "rows.txt").texts == ["123", "456"]


# FASTA and FASTQ


def test_fasta(tmp_path: Path) -> None:
    content = (
        ">NR_1.1 genus=Pseudomonas; species=Pseudomonas fragi\r\n"
        "acgtACGT\r\nNNRYacgu\r\n\r\n"
        "; an old comment\n"
        ">x2 genus=Bacillus; species=Bacillus subtilis\nAC GT\nA-C.G\n"
        ">x3 [genus=Vibrio] [species=Vibrio sp. 3]\nACGT"
    )
    columns = Columns(label="genus")
    taken = read(tmp_path, content, "rows.fasta", kind=SEQUENCE, columns=columns)
    assert taken.rows == (
        ("ACGTACGTNNRYACGU", "Pseudomonas", None),
        ("ACGTACG", "Bacillus", None),
        ("ACGT", "Vibrio", None),
    )
    assert taken.result.columns == Columns(text="sequence", label="genus")
    assert taken.result.profile.language is None
    columns = Columns(label="species")
    taken = read(tmp_path, content, "rows.fasta", kind=SEQUENCE, columns=columns)
    assert taken.labels == ["Pseudomonas fragi", "Bacillus subtilis", "Vibrio sp. 3"]


def test_fasta_label_is_proposed(tmp_path: Path) -> None:
    content = "".join(f">s{n} genus=G{n % 3} strain=S{n}\nACGT\n" for n in range(30))
    taken = read(tmp_path, content, "rows.fa.gz", kind=SEQUENCE)
    assert taken.result.columns.label == "genus"
    assert taken.labels[:3] == ["G0", "G1", "G2"]


def test_fasta_faults(tmp_path: Path) -> None:
    content = "ACGT\nACGT\n>a\nACGT\n>b\n\n>c\nACG1T!\n>d\nACGTZE\n" + "".join(
        f">more{n}\nACGTN\n" for n in range(20)
    )
    taken = read(tmp_path, content, "rows.fasta", kind=SEQUENCE)
    assert len(taken.rows) == 21
    assert taken.faults == [
        ("BAD_RECORD", 1),
        ("EMPTY_TEXT", 5),
        ("INVALID_LETTERS", 7),
        ("INVALID_LETTERS", 9),
    ]
    assert [problem.value for problem in taken.result.problems[2:]] == ["!1", "EZ"]


def test_proteins(tmp_path: Path) -> None:
    content = (
        ">sp|P1|ONE_HUMAN Protein one OS=Homo sapiens OX=9606 GN=ABC PE=1 SV=2\nMKV*LWXU\nQ*\n"
        ">sp|P2|TWO_MOUSE Protein two OS=Mus musculus OX=10090\nmkvl\n>x\nMK7\n"
        ">y\nMEEPQSDPSV\n"
    )
    columns = Columns(label="OS")
    taken = read(tmp_path, content, "rows.faa", kind=SEQUENCE, columns=columns)
    assert taken.rows == (
        ("MKV*LWXUQ", "Homo sapiens", None),
        ("MKVL", "Mus musculus", None),
        ("MEEPQSDPSV", None, None),
    )
    assert taken.faults == [("INVALID_LETTERS", 6)]


def test_fasta_without_the_asked_key(tmp_path: Path) -> None:
    bad = refused(tmp_path, ">a\nACGT\n", "a.fasta", kind=SEQUENCE, columns=Columns(label="genus"))
    assert bad.problems[0].fix == "The columns are: 'sequence'."


def test_sequences_in_csv(tmp_path: Path) -> None:
    content = "seq,family\nacgt acgt,x\nACGTN,y\nACGT7,x\n"
    taken = read(tmp_path, content, kind=SEQUENCE)
    assert taken.rows == (("ACGTACGT", "x", None), ("ACGTN", "y", None))
    assert taken.faults == [("INVALID_LETTERS", 4)]


@pytest.mark.parametrize("name", ["rows.fastq", "rows.fq.gz"])
def test_fastq(tmp_path: Path, name: str) -> None:
    content = "@a genus=X\nACGT\n+\n@III\n\n@b genus=Y\nACGT\nAC\n+b\nIIII\nII\n@c\nacgt\n+\n+III"
    taken = read(tmp_path, content, name, kind=SEQUENCE)
    assert taken.texts == ["ACGT", "ACGTAC", "ACGT"]
    assert taken.labels == ["X", "Y", None]


def test_fastq_faults(tmp_path: Path) -> None:
    content = (
        "@a\nACGT\n+\nIIII\n"
        "@short\nACGT\n+\nII\n"
        "@long\nACGT\n+\nIIIIII\n"
        "@no plus\nACGT\n"
        "stray\nlines\n"
        "@b\nACGT\n+\nIIII\n"
        "@cut\nACGT\n+\nII"
    )
    taken = read(tmp_path, content, "rows.fastq", kind=SEQUENCE)
    assert taken.texts == ["ACGT", "ACGT"]
    assert taken.faults == [
        ("QUALITY_LENGTH", 5),
        ("QUALITY_LENGTH", 9),
        ("CUT_RECORD", 13),
        ("CUT_RECORD", 21),
    ]


@pytest.mark.parametrize(
    ("cut", "code"),
    [("@cut\nACGT\n+\n", "CUT_RECORD"), ("@cut\nACG", "CUT_RECORD"), ("ACGT", "BAD_RECORD")],
)
def test_fastq_cut_last_record(tmp_path: Path, cut: str, code: str) -> None:
    taken = read(tmp_path, "@a\nACGT\n+\nIIII\n" + cut, "rows.fastq", kind=SEQUENCE)
    assert taken.faults == [(code, 5)]


# Which format


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        ("a,b\n1,2\n", "x.csv", DataFormat.CSV),
        ("a,b\n1,2\n", "X.CSV.GZ", DataFormat.CSV),
        ('{"text": "a"}\n', "x.csv", DataFormat.JSONL),
        ('{"text": "a"}\n', "x.txt", DataFormat.JSONL),
        ('{"a": 1},label\n', "x.csv", DataFormat.CSV),
        ("broken\n", "x.ndjson", DataFormat.JSONL),
        (">a\nACGT\n", "x", DataFormat.FASTA),
        (">a\nACGT\n", "x.txt", DataFormat.FASTA),
        ("> quoted mail\nwith an answer\n", "x.txt", DataFormat.TEXT),
        ("@a\nACGT\n+\nIIII\n", "x", DataFormat.FASTQ),
        ("@anna hello\nthere\n+1\n", "x.txt", DataFormat.TEXT),
        ("some words, and more\nand more, and more\n", "x.txt", DataFormat.TEXT),
        ("text\tlabel\nwords\ta\n", "x.txt", DataFormat.CSV),
        ("text,label\nwords,a\n", "x", DataFormat.CSV),
        ("words of prose.\n\nMore, of them.\n", "x", DataFormat.TEXT),
        ("ham\twords\n" * 9, "SMSSpamCollection", DataFormat.CSV),
        ("not parquet\n", "x.parquet", DataFormat.TEXT),
    ],
)
def test_formats(content: str, name: str, expected: DataFormat) -> None:
    assert sniff(content.splitlines(keepends=True), name, DataKind.TEXT) is expected
