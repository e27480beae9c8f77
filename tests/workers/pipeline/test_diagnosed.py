"""Files that are refused as they stand, and taken as the diagnosis of the refusal advises."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.diagnosis import ReadAgain, diagnose
from store.records.dataset import Columns, DataFormat, Reading
from store.records.job import JobKind
from tests.store.test_diagnosis import failed, version_of
from tests.workers.pipeline.data import csv_text, read, refused

ROWS = (
    ("Где моя карта? Она ещё не пришла.", "карта"),
    ("Я потерял кошелёк вчера.", "потеря"),
    ("Как изменить ПИН-код?", "пин"),
)


def chosen(reading: Reading) -> dict[str, str]:
    """Encoding and delimiter, where they are not to be found out."""
    named = {"encoding": reading.encoding, "delimiter": reading.delimiter}
    return {name: value for name, value in named.items() if value is not None}


@pytest.mark.parametrize(
    ("data", "asked", "columns", "fix"),
    [
        (csv_text(ROWS).encode("cp1251"), Reading(), Columns(), "encoding-cp1251"),
        (
            csv_text(ROWS, ("текст", "метка")).encode("cp1251"),
            Reading(),
            Columns("текст", "метка"),
            "encoding-cp1251",
        ),
        (
            csv_text(ROWS, delimiter="^").encode(),
            Reading(),
            Columns("text", "label"),
            "delimiter-carets",
        ),
        (
            csv_text(ROWS, delimiter=";").encode(),
            Reading(delimiter="|"),
            Columns("text", "label"),
            "delimiter-semicolons",
        ),
        (csv_text(ROWS).encode(), Reading(DataFormat.JSONL), Columns(), "format-found"),
        (csv_text(ROWS).encode(), Reading(DataFormat.PARQUET), Columns(), "format-found"),
        (csv_text(ROWS).encode(), Reading(), Columns("Text", "lable"), "columns-near"),
        (csv_text(ROWS).encode(), Reading(), Columns("body", "kind"), "columns-found"),
    ],
)
def test_a_refused_file_is_taken_as_its_fix_reads_it(
    tmp_path: Path, data: bytes, asked: Reading, columns: Columns, fix: str
) -> None:
    bad = refused(tmp_path, data, wanted=asked.format, columns=columns, **chosen(asked))
    version = version_of(problems=bad.problems, asked=asked, columns=columns)
    job = failed(bad.code, kind=JobKind.INGEST, stage="read", message=str(bad))
    found = diagnose(job, version)
    assert found is not None
    action = {each.id: each.action for each in found.fixes}[fix]
    assert isinstance(action, ReadAgain)
    reading, again = action.reading, tmp_path / "again"
    again.mkdir()
    taken = read(again, data, wanted=reading.format, columns=action.columns, **chosen(reading))
    assert [row[:2] for row in taken.rows] == list(ROWS)
