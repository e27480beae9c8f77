"""Delimited files: delimiters, quoting, headers, and rows that do not fit."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.records.dataset import Columns
from tests.workers.pipeline.data import QUESTIONS, SHARED, csv_text, read, refused
from workers.pipeline.progress import silent
from workers.pipeline.readers import lines, records
from workers.pipeline.readers.csv_reader import open_csv
from workers.pipeline.readers.dialect import find_layout
from workers.pipeline.readers.protocol import RawRow
from workers.pipeline.readers.records import Dialect, Quoting, Record, Records
from workers.pipeline.readers.source import open_source
from workers.pipeline.readers.survey import survey

ROWS = tuple((text, label, None) for text, label in QUESTIONS)
SPECTRUM = SHARED / "dirty" / "csv-spectrum"


if SHARED.is_dir():

    @pytest.mark.parametrize(
        "path", sorted(SPECTRUM.glob("csvs/*.csv")), ids=lambda path: path.stem
    )
    def test_csv_spectrum(path: Path) -> None:
        source = open_source(path)
        reader = open_csv(source, survey(source, silent), ())
        rows = [dict(row.values) for row in reader.rows() if isinstance(row, RawRow)]
        expected = json.loads((SPECTRUM / "json_expected" / f"{path.stem}.json").read_text("utf-8"))
        expected = expected if isinstance(expected, list) else [expected]
        for row in expected:
            # two slips of the collection: line ends that git changed, and another telephone number
            row.update({name: value.replace("\r\n", "\n") for name, value in row.items()})
            if "Contact Phone Number" in row:
                row["Contact Phone Number"] = "2095257564"
        assert rows == expected


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("header", [("text", "label"), ()])
def test_delimiters(tmp_path: Path, delimiter: str, header: tuple[str, ...]) -> None:
    taken = read(tmp_path, csv_text(header=header, delimiter=delimiter))
    assert taken.rows == ROWS
    assert (taken.result.format, taken.result.delimiter) == ("CSV", delimiter)
    assert taken.result.has_header is bool(header)
    names = taken.result.columns
    assert (names.text, names.label) == (header or ("column_1", "column_2"))


@pytest.mark.parametrize("line", ["sep=;\n", "SEP=;\r\n", '"sep=;"\n'])
def test_excel_sep_line(tmp_path: Path, line: str) -> None:
    taken = read(tmp_path, line + csv_text(delimiter=";") + "only one field\n")
    assert taken.rows == ROWS
    assert taken.faults == [("FIELD_COUNT", 15)]


def test_unusual_delimiter_of_a_sep_line(tmp_path: Path) -> None:
    taken = read(tmp_path, "sep=^\n" + csv_text(delimiter="^"))
    assert taken.rows == ROWS


def test_fields_over_several_lines_keep_the_count_of_lines(tmp_path: Path) -> None:
    content = 'text,label\n"one\r\ntwo\nthree",a\nshort\n"four\n\nfive",b\nanother,x,y\n'
    taken = read(tmp_path, content)
    assert taken.texts == ["one\r\ntwo\nthree", "four\n\nfive"]
    assert taken.faults == [("FIELD_COUNT", 5), ("FIELD_COUNT", 9)]


def test_wrong_number_of_fields_is_told_in_full(tmp_path: Path) -> None:
    taken = read(tmp_path, csv_text() + "a row, with a comma,label\n")
    assert taken.rows == ROWS
    problem = taken.problem
    assert (problem.line, problem.column, problem.value) == (
        14,
        "column_3",
        "a row, with a comma,label",
    )
    assert problem.reason == "The row has 3 fields and the file 2 columns."
    assert problem.fix == "Check the delimiter (',') and quote fields that hold it."


def test_long_values_are_cut_in_problems(tmp_path: Path) -> None:
    taken = read(tmp_path, csv_text() + "x" * 5_000 + "\n")
    assert taken.problem.value == "x" * 199 + "…"


def test_a_quote_never_closed_costs_one_row(tmp_path: Path) -> None:
    content = csv_text(QUESTIONS[:3]) + '"never closed,lost_card\n' + csv_text(QUESTIONS[3:], ())
    taken = read(tmp_path, content)
    assert taken.rows == ROWS
    assert taken.faults == [("UNCLOSED_QUOTE", 5)]
    assert taken.problem.value == '"never closed,lost_card\n'


def test_a_quote_never_closed_in_a_file_without_quotes(tmp_path: Path) -> None:
    rows = tuple((text.replace(",", ""), label) for text, label in QUESTIONS)
    content = csv_text(rows[:3]) + '"never closed,lost_card\n' + csv_text(rows[3:], ())
    taken = read(tmp_path, content)
    assert taken.texts == [text for text, _ in rows]
    assert taken.faults == [("UNCLOSED_QUOTE", 5)]


def test_a_quote_never_closed_over_very_much_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "MAX_ROW", 10_000)
    rows = tuple((f"row number {number}", "ab"[number % 2]) for number in range(3_000))
    taken = read(tmp_path, csv_text(rows[:9]) + '"never closed,a\n' + csv_text(rows[9:], ()))
    assert len(taken.rows) == 3_000
    assert taken.faults == [("UNCLOSED_QUOTE", 11)]


def test_text_behind_a_closing_quote(tmp_path: Path) -> None:
    taken = read(tmp_path, csv_text() + '"Hello" he said,lost_card\nlast row,lost_card\n')
    assert taken.faults == [("STRAY_QUOTE", 14)]
    assert taken.texts[-1] == "last row"


def test_quotes_that_are_no_quotes_in_tsv(tmp_path: Path) -> None:
    content = 'text\tlabel\n"Great" movie\tpos\nA "bad" one\tneg\n"So" bad\tneg\n6" pipe\tneg\n'
    taken = read(tmp_path, content, "rows.tsv")
    assert taken.texts == ['"Great" movie', 'A "bad" one', '"So" bad', '6" pipe']


def test_quoted_tsv(tmp_path: Path) -> None:
    content = 'text\tlabel\n"a\ttab and ""quotes"""\tpos\nplain words\tneg\n'
    assert read(tmp_path, content, "rows.tsv").texts == ['a\ttab and "quotes"', "plain words"]


def test_backslash_before_quotes(tmp_path: Path) -> None:
    content = 'text,label\n"He said \\"hi, you\\"",a\n"She, too",b\n'
    assert read(tmp_path, content).texts == ['He said "hi, you"', "She, too"]


def test_windows_paths_keep_their_backslashes(tmp_path: Path) -> None:
    content = 'text,label\n"C:\\temp\\new, old\\",a\nD:\\data\\table,b\n'
    assert read(tmp_path, content).texts == ["C:\\temp\\new, old\\", "D:\\data\\table"]


def test_blanks_around_fields(tmp_path: Path) -> None:
    content = 'text , label\n "one, two" , a\n'.replace(" , a", ", a") + "\u00a0three\u3000 ,  b \n"
    taken = read(tmp_path, content)
    assert taken.rows == (("one, two", "a", None), ("three", "b", None))


def test_trailing_delimiters(tmp_path: Path) -> None:
    taken = read(tmp_path, "text,label\ngood words,a,\nmore words,b,,\nbad words,c,d\n")
    assert taken.texts == ["good words", "more words"]
    assert taken.faults == [("FIELD_COUNT", 4)]


def test_trailing_delimiter_in_the_header(tmp_path: Path) -> None:
    taken = read(tmp_path, "text,label,\ngood words,a,\nmore words,b,\n")
    assert taken.labels == ["a", "b"]


def test_rows_of_another_delimiter_are_never_taken_wrongly(tmp_path: Path) -> None:
    taken = read(tmp_path, csv_text() + csv_text(header=(), delimiter=";"))
    assert taken.rows == ROWS
    assert {code for code, _ in taken.faults} == {"FIELD_COUNT", "MIXED_DELIMITERS", "STRAY_QUOTE"}
    assert taken.result.rejected_rows == len(ROWS)


def test_another_delimiter_within_a_good_row_does_no_harm(tmp_path: Path) -> None:
    rows = (("yes", "a"), ("yes", "b"), ("yes; no", "a"), ("no; yes", "b"))
    assert read(tmp_path, csv_text(rows)).texts == ["yes", "yes", "yes; no", "no; yes"]


@pytest.mark.parametrize("above", ["My export of May\n\n", "# made by a tool\n", "a,b,c\n"])
def test_lines_above_the_table_are_reported(tmp_path: Path, above: str) -> None:
    taken = read(tmp_path, above + csv_text())
    assert taken.rows == ROWS
    assert taken.faults == [("FIELD_COUNT", 1)]


def test_commas_in_every_text_do_not_outweigh_tabs(tmp_path: Path) -> None:
    content = "".join(f"{'ham' if n % 3 else 'spam'}\tHello, number {n}\n" for n in range(20))
    assert read(tmp_path, content).texts[0] == "Hello, number 0"


def test_rows_of_delimiters_only_are_blank(tmp_path: Path) -> None:
    taken = read(tmp_path, csv_text() + ",\n , \n")
    assert (taken.rows, taken.faults) == (ROWS, [])


def test_a_header_that_stands_twice(tmp_path: Path) -> None:
    taken = read(tmp_path, csv_text() + csv_text())
    assert taken.rows == ROWS * 2
    assert taken.faults == [("REPEATED_HEADER", 14)]


@pytest.mark.parametrize(
    ("content", "names"),
    [
        (",text,label\n0,some words here,a\n1,more words here,b\n", ("text", "label")),
        ("Review Text,My Label\nsome long row of words,a\nmore,a\n", ("Review Text", "My Label")),
        ("text,text,label\nlonger words here,b,a\nmore words here,b,a\n", ("text", "label")),
        (
            "body,kind\nhere is one long sentence indeed,q\nand one more sentence,q\n",
            ("body", None),
        ),
    ],
)
def test_headers(tmp_path: Path, content: str, names: tuple[str, str | None]) -> None:
    taken = read(tmp_path, content)
    assert taken.result.has_header is True
    assert len(taken.rows) == 2
    assert taken.result.columns.text == names[0]


def test_an_unknown_header_over_repeating_labels(tmp_path: Path) -> None:
    rows = tuple((f"good thing {number}", "pos") for number in range(12))
    taken = read(tmp_path, csv_text(rows, header=("phrase", "mood")))
    assert taken.result.has_header is True
    assert len(taken.rows) == 12


def test_without_evidence_the_first_row_is_data(tmp_path: Path) -> None:
    taken = read(tmp_path, "hello there,greeting\nbye now,farewell\n")
    assert taken.texts == ["hello there", "bye now"]
    assert taken.result.has_header is False


def test_names_that_the_caller_gives_tell_the_header(tmp_path: Path) -> None:
    columns = Columns(text="phrase", label="mood")
    taken = read(tmp_path, "phrase,mood\ngood one,x\nbad one,y\n", columns=columns)
    assert taken.texts == ["good one", "bad one"]
    columns = Columns(text="column_2")
    taken = read(tmp_path, "text,label\ngood one,x\n", columns=columns)
    assert taken.texts == ["label", "x"]


@pytest.mark.parametrize("header", ["text\n", ""])
def test_one_column(tmp_path: Path, header: str) -> None:
    body = '"Hello, you"\nplain words, with a comma\n\nthird row of the file\n'
    taken = read(tmp_path, header + body)
    assert taken.texts == ["Hello, you", "plain words, with a comma", "third row of the file"]
    assert taken.result.delimiter is None


def test_emoji_and_right_to_left(tmp_path: Path) -> None:
    rows = (("👩‍👩‍👧 great 🎉", "pos"), ("مرحبا، كيف حالك", "neg"), ("שלום עולם", "pos"))
    assert read(tmp_path, csv_text(rows)).texts == [text for text, _ in rows]


def test_very_long_fields(tmp_path: Path) -> None:
    long = "word " * 200_000
    taken = read(tmp_path, csv_text((("short", "a"), (long + ", end", "b"))))
    assert len(taken.texts[1]) == 1_000_005


@pytest.mark.parametrize("quote", ["", '"'])
def test_fields_past_the_limit_are_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quote: str
) -> None:
    for module in (lines, records):
        monkeypatch.setattr(module, "MAX_ROW", 1_000)
    content = csv_text() + f"{quote}{'x' * 5_000}{quote},lost_card\nlast row,lost_card\n"
    taken = read(tmp_path, content)
    assert taken.faults == [("TOO_LONG", 14)]
    assert taken.texts[-1] == "last row"


def test_labels_that_are_numbers(tmp_path: Path) -> None:
    taken = read(
        tmp_path, "3,some words of praise\n1,words of blame here\n3,more of praise\n1,bad words\n"
    )
    assert taken.labels == ["3", "1", "3", "1"]
    assert taken.result.has_header is False


def test_partly_labelled(tmp_path: Path) -> None:
    taken = read(tmp_path, "text,label\nfirst words,a\nsecond words,\nthird words, \n")
    assert taken.labels == ["a", None, None]
    assert taken.result.profile.labelled_rows == 1


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "EMPTY_FILE"),
        ("\n\n\n   \n", "EMPTY_FILE"),
        ("\ufeff", "NO_ROWS"),
        ("text,label\n", "NO_ROWS"),
        ("text,label\n\n\n", "NO_ROWS"),
        ("text,label\n,a\n ,b\n", "NO_GOOD_ROWS"),
    ],
)
def test_files_without_rows(tmp_path: Path, content: str, code: str) -> None:
    assert refused(tmp_path, content).code == code


def test_sniffed_dialects() -> None:
    assert find_layout(["a;b\n", "1,5;2,5\n"]).dialect == Dialect(";")
    assert find_layout(["text\tlabel\n", "a, b, c\tx\n"]).dialect == Dialect("\t")
    assert find_layout(["just words\n", "more, words\n"]).dialect == Dialect(None)
    assert find_layout(['a|"x\\"y"\n', 'b|"z\\"|"\n']).dialect == Dialect("|", Quoting.BACKSLASH)


CELLS = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufeff\x1f")
    | st.sampled_from('",;\n\r \t'),
    max_size=20,
)


def _has_value(row: tuple[str, ...]) -> bool:
    return any(map(str.strip, row))


@given(rows=st.lists(st.tuples(CELLS, CELLS, CELLS).filter(_has_value), max_size=8))
@settings(max_examples=200, deadline=None)
def test_what_a_csv_writer_writes_is_read_back(rows: list[tuple[str, ...]]) -> None:
    written = io.StringIO(newline="")
    csv.writer(written, quoting=csv.QUOTE_ALL).writerows(rows)
    feed = io.StringIO(written.getvalue(), newline="")
    found = list(Records(feed, Dialect(",")))
    assert [tuple(record.fields) for record in found if isinstance(record, Record)] == rows
    starts = [record.line for record in found]
    ends = [
        start + max(len(io.StringIO(_written(row), newline="").readlines()), 1)
        for start, row in zip(starts, rows, strict=True)
    ]
    assert starts == [1, *ends][: len(rows)]


def _written(row: tuple[str, ...]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerow(row)
    return out.getvalue()


@pytest.mark.parametrize("delimiter", ["^", "~", ","])
def test_a_delimiter_that_was_chosen(tmp_path: Path, delimiter: str) -> None:
    data = csv_text(delimiter=delimiter)
    taken = read(tmp_path, data, delimiter=delimiter)
    assert taken.rows == ROWS
    assert taken.result.delimiter == delimiter
