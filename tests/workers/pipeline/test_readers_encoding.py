"""Encodings, line ends, and compressed bytes."""

from __future__ import annotations

import codecs
import gzip
from pathlib import Path

import pytest

from store.records.dataset import Columns
from tests.workers.pipeline.data import QUESTIONS, csv_text, read, refused
from workers.pipeline.readers import source

ACCENTS = (
    ("Où est ma carte ? Ça fait déjà une semaine à attendre", "arrival"),
    ("Ich möchte meine PIN ändern, größere Beträge", "pin"),
    ("El código no funcionó; ¿qué hago?", "pin"),
    ("Prix de l'échange : il y a 10 £", "rate"),
)
TEXTS = [text for text, _ in ACCENTS]


@pytest.mark.parametrize(
    ("encoding", "mark", "told"),
    [
        ("utf-8", b"", "utf-8"),
        ("utf-8", codecs.BOM_UTF8, "utf-8"),
        ("utf-16-le", codecs.BOM_UTF16_LE, "utf-16-le"),
        ("utf-16-be", codecs.BOM_UTF16_BE, "utf-16-be"),
        ("utf-16-le", b"", "utf-16-le"),
        ("utf-16-be", b"", "utf-16-be"),
        ("utf-32-le", codecs.BOM_UTF32_LE, "utf-32-le"),
        ("iso-8859-1", b"", "iso-8859-1"),
        ("cp1252", b"", "iso-8859-1"),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings(tmp_path: Path, encoding: str, mark: bytes, told: str, end: str) -> None:
    data = mark + csv_text(ACCENTS, end=end).encode(encoding)
    taken = read(tmp_path, data)
    assert taken.texts == TEXTS
    assert taken.result.columns.text == "text"
    assert taken.result.encoding == told
    assert taken.result.problem_count == 0


def test_curly_quotes_and_the_euro_tell_cp1252(tmp_path: Path) -> None:
    rows = (*ACCENTS, ("It’s 10 € – “really”…", "rate"))
    taken = read(tmp_path, csv_text(rows).encode("cp1252"))
    assert taken.result.encoding == "cp1252"
    assert taken.texts[-1] == "It’s 10 € – “really”…"


@pytest.mark.parametrize("name", ["rows.txt", "rows.jsonl", "rows.csv.gz"])
def test_utf16_in_other_formats(tmp_path: Path, name: str) -> None:
    lines = {"rows.txt": "žluťoučký kůň\n日本語です\n", "rows.jsonl": '{"text": "žluťoučký kůň"}\n'}
    content = lines.get(name) or csv_text((("žluťoučký kůň", "a"),))
    taken = read(tmp_path, codecs.BOM_UTF16_LE + content.encode("utf-16-le"), name)
    assert taken.texts[0] == "žluťoučký kůň"


def test_half_utf8_half_cp1252_keeps_the_good_half(tmp_path: Path) -> None:
    good = csv_text(ACCENTS).encode()
    bad = csv_text(ACCENTS, header=()).encode("cp1252")
    taken = read(tmp_path, good + bad)
    assert taken.texts == TEXTS
    assert taken.faults == [("BAD_ENCODING", line) for line in (6, 7, 8, 9)]
    assert taken.result.problems[0].column == "text"
    assert taken.result.problems[0].value == (
        "O\\xf9 est ma carte ? \\xc7a fait d\\xe9j\\xe0 une semaine \\xe0 attendre"
    )
    assert taken.result.rejected_rows == 4


def test_bad_second_half_is_seen_far_behind_any_sample(tmp_path: Path) -> None:
    many = tuple((f"plain row {number} à la carte", "a") for number in range(40_000))
    taken = read(tmp_path, csv_text(many).encode() + b"caf\xe9 noir,a\n")
    assert len(taken.rows) == 40_000
    assert taken.faults == [("BAD_ENCODING", 40_002)]


def test_bytes_of_no_language_spoil_their_row_only(tmp_path: Path) -> None:
    taken = read(tmp_path, csv_text().encode() + b"card \xff\xfe broken,card_arrival\n")
    assert len(taken.rows) == len(QUESTIONS)
    assert taken.faults == [("BAD_ENCODING", 14)]
    assert taken.problem.value == "card \\xff\\xfe broken"


def test_bad_bytes_in_a_column_that_is_not_used_do_no_harm(tmp_path: Path) -> None:
    data = b"id,text,label\n\xff\xfe,a good row of words,x\n2,another row of words,x\n"
    assert len(read(tmp_path, data).rows) == 2


def test_capitals_before_signs_are_no_utf8(tmp_path: Path) -> None:
    rows = (("L’ÉTÉ’S «FIN» À LA PLAGE", "a"), ("CAFÉ’S", "b"))
    taken = read(tmp_path, csv_text(rows).encode("cp1252"))
    assert taken.texts == [text for text, _ in rows]


def test_bad_bytes_in_the_header(tmp_path: Path) -> None:
    data = "text,naïve,".encode() + b"\xff\xfe\n" + "row of words é,x,y\n".encode() * 3
    columns = Columns(text="text", label="\\xff\\xfe")
    taken = read(tmp_path, data, columns=columns)
    assert taken.rows == (("row of words é", "y", None),) * 3


def test_cyrillic_of_one_byte_is_refused_rather_than_garbled(tmp_path: Path) -> None:
    bad = refused(tmp_path, "привет мир\nещё одна строка\n".encode("cp1251"), "rows.txt")
    assert bad.code == "NO_GOOD_ROWS"
    assert [(p.code, p.line) for p in bad.problems[1:]] == [
        ("BAD_ENCODING", 1),
        ("BAD_ENCODING", 2),
    ]


def test_zero_bytes_spoil_their_row_only(tmp_path: Path) -> None:
    taken = read(tmp_path, csv_text().encode() + b"zero \0 byte,card_arrival\n")
    assert taken.faults == [("NUL_BYTE", 14)]
    assert taken.problem.value == "zero \\x00 byte"
    assert not any("\0" in text for text in taken.texts)


@pytest.mark.parametrize("cut", [1, 3])
def test_utf16_cut_in_the_middle_of_a_sign(tmp_path: Path, cut: int) -> None:
    taken = read(tmp_path, csv_text(ACCENTS).encode("utf-16")[:-cut])
    assert taken.texts == TEXTS[:3]
    assert taken.faults == [("BAD_ENCODING", 5)]


@pytest.mark.parametrize(
    "data", [b"\0\1\2\3" * 100, b"\x89PNG\r\n\x1a\n...", b"%PDF-1.7 ...", b"\n<HTML><body>"]
)
def test_binary_files_are_refused(tmp_path: Path, data: bytes) -> None:
    assert refused(tmp_path, data).code == "WRONG_FORMAT"


def test_an_excel_workbook_is_named(tmp_path: Path) -> None:
    assert "Excel workbook" in str(refused(tmp_path, b"PK\x03\x04rest", "rows.xlsx"))


def test_mixed_line_ends(tmp_path: Path) -> None:
    half = csv_text(QUESTIONS[:6], end="\r\n")
    taken = read(tmp_path, half + csv_text(QUESTIONS[6:], header=(), end="\r").rstrip("\r"))
    assert taken.rows == tuple((text, label, None) for text, label in QUESTIONS)


def test_gzip_of_several_members(tmp_path: Path) -> None:
    raw = gzip.compress(csv_text(QUESTIONS[:6]).encode())
    raw += gzip.compress(csv_text(QUESTIONS[6:], header=()).encode()) + b"\0" * 16
    taken = read(tmp_path, raw)
    assert len(taken.rows) == len(QUESTIONS)
    assert taken.result.compressed


def test_gzip_cut_off_keeps_whole_rows(tmp_path: Path) -> None:
    rows = tuple((f"number {number**7} of many rows", "ab"[number % 2]) for number in range(5_000))
    raw = gzip.compress(csv_text(rows).encode())
    taken = read(tmp_path, raw[: len(raw) // 2])
    count = len(taken.rows)
    assert 1_000 < count < 4_000
    assert taken.rows == tuple((*row, None) for row in rows[:count])
    assert taken.faults == [("DAMAGED_FILE", count + 2)]
    assert taken.result.rejected_rows == 0


@pytest.mark.parametrize(
    ("name", "kept"), [("a.txt", 1), ("a.jsonl", 1), ("a.fasta", 1), ("a.fastq", 1)]
)
def test_gzip_cut_off_in_other_formats(tmp_path: Path, name: str, kept: int) -> None:
    content = {
        "a.txt": "one row\ntwo row",
        "a.jsonl": '{"text": "one row"}\n{"text": "two row"}',
        "a.fasta": ">a\nACGT\n>b\nACGT\nACG",
        "a.fastq": "@a\nACGT\n+\nIIII\n@b\nACGT\n+\nIII",
    }[name]
    taken = read(tmp_path, gzip.compress(content.encode())[:-8], name)
    assert len(taken.rows) == kept
    assert "DAMAGED_FILE" in [code for code, _ in taken.faults]


def test_gzip_with_flipped_bits(tmp_path: Path) -> None:
    raw = bytearray(gzip.compress(csv_text().encode()))
    raw[-6] ^= 0xFF  # the checksum
    taken = read(tmp_path, bytes(raw))
    assert taken.faults[-1][0] == "DAMAGED_FILE"


def test_gzip_that_cannot_be_read_at_all(tmp_path: Path) -> None:
    assert refused(tmp_path, b"\x1f\x8bnonsense").code == "EMPTY_FILE"


def test_gzip_within_gzip_is_named(tmp_path: Path) -> None:
    assert "gzip within gzip" in str(refused(tmp_path, gzip.compress(b"x" * 9), "a.csv.gz"))


def test_a_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "FREE_EXPANDED", 1_000_000)
    bad = refused(tmp_path, b"text,label\n" + b"boom," * 2_000_000, "bomb.csv.gz")
    assert bad.code == "EXPANDS_TOO_FAR"


def test_equal_rows_are_no_bomb(tmp_path: Path) -> None:
    taken = read(tmp_path, "text,label\n" + "the same row again,x\n" * 20_000, "rows.csv.gz")
    assert taken.result.profile.duplicate_rows == 19_999


RUSSIAN = (("Где моя карта? Она ещё не пришла.", "карта"), ("Потерял кошелёк вчера.", "потеря"))
JAPANESE = (("私のカードはどこですか？", "カード"), ("財布をなくしました。", "紛失"))
POLISH = (("Zgubiłem portfel, a w nim kartę!", "zgubione"), ("Jak zmienić kod PIN?", "pin"))


@pytest.mark.parametrize(
    ("rows", "encoding"),
    [
        (RUSSIAN, "cp1251"), (RUSSIAN, "koi8-r"), (RUSSIAN, "utf-16-le"), (RUSSIAN, "utf-8"),
        (POLISH, "iso-8859-2"), (JAPANESE, "cp932"), (JAPANESE, "euc_jp"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["rows.csv", "rows.csv.gz"])
def test_an_encoding_that_was_chosen(
    tmp_path: Path, rows: tuple[tuple[str, str], ...], encoding: str, name: str
) -> None:
    taken = read(tmp_path, csv_text(rows).encode(encoding), name, encoding=encoding)
    assert [row[:2] for row in taken.rows] == list(rows)
    assert taken.result.encoding == encoding
    assert taken.result.problem_count == 0


def test_a_mark_of_the_chosen_encoding_is_no_text(tmp_path: Path) -> None:
    data = codecs.BOM_UTF16_LE + csv_text(RUSSIAN).encode("utf-16-le")
    assert read(tmp_path, data, encoding="utf-16-le").result.columns.text == "text"


def test_a_wrong_choice_spoils_rows_and_is_told(tmp_path: Path) -> None:
    bad = refused(tmp_path, csv_text(RUSSIAN).encode("cp1251"), encoding="utf-8")
    assert bad.code == "NO_GOOD_ROWS"
    assert [problem.code for problem in bad.problems[1:]] == ["BAD_ENCODING"] * 2
