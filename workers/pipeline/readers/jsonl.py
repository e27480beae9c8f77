"""JSON lines: one object a line."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import orjson

from store.records.dataset import DataFormat
from workers.pipeline.problems import Fault, problem
from workers.pipeline.readers.line_reader import LineReader
from workers.pipeline.readers.lines import BAD_BYTES, Lines, bad_encoding, too_long
from workers.pipeline.readers.protocol import MAX_ROW, Found, RawRow

_STRING_OR_NAN = re.compile(r'"(?:[^"\\]|\\.)*"|NaN')


@dataclass(frozen=True, slots=True)
class JsonLinesReader(LineReader):
    """A file of JSON lines; each row brings its own columns."""

    format: DataFormat = DataFormat.JSONL

    def rows(self, only: Collection[str] = ()) -> Iterator[Found]:
        lines = Lines(self.source, self.survey)
        for line in lines:
            if not line.isspace():
                yield parse(line.strip("\ufeff \t\r\n"), lines.number)
        if lines.damage:
            yield lines.damage


def _loads(line: str) -> object:
    """Strict JSON, and the `NaN` that Python writes for a missing value."""
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        if "NaN" not in line:
            raise
        return orjson.loads(_STRING_OR_NAN.sub(_null_for_nan, line))


def _null_for_nan(found: re.Match[str]) -> str:
    return "null" if found[0] == "NaN" else found[0]


def parse(line: str, number: int) -> Found:
    """The row that a line holds, or what is wrong with it."""
    if len(line) > MAX_ROW:
        return too_long(number, line)
    if BAD_BYTES.search(line):
        return bad_encoding(number, line)
    try:
        row = _loads(line)
    except orjson.JSONDecodeError as error:
        return problem(
            Fault.BAD_JSON,
            f"The line is not valid JSON: {error.msg} at character {error.colno}.",
            "Write one complete JSON object on each line, with nothing before or behind it.",
            line=number,
            value=line,
        )
    if not isinstance(row, dict):
        return problem(
            Fault.NOT_AN_OBJECT,
            "The line holds JSON, but no object.",
            'Write each row as an object such as {"text": "...", "label": "..."}.',
            line=number,
            value=line,
        )
    return RawRow(number, row)
