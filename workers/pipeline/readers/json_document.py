"""JSON that is one document rather than one a line: an array is read, an object refused."""

from __future__ import annotations

import re
from collections.abc import Mapping

from workers.pipeline.problems import Fault, refusal, showable
from workers.pipeline.progress import BadData
from workers.pipeline.readers.json_array import JsonArrayReader
from workers.pipeline.readers.jsonl import JsonLinesReader, parse
from workers.pipeline.readers.lines import Lines
from workers.pipeline.readers.protocol import RawRow
from workers.pipeline.readers.source import Source
from workers.pipeline.readers.survey import Survey

HEAD = 4_096
"""Bytes that show how a file begins."""
_ARRAY = re.compile(r"\s*\[\s*(?:\{|\[|$)")
_OBJECT_OVER_LINES = re.compile(r"\s*\{\s*$")


def is_one_document(first_line: str) -> bool:
    """Whether a file that begins so is one JSON document."""
    return bool(_ARRAY.match(first_line) or _OBJECT_OVER_LINES.match(first_line))


def open_json(source: Source, survey: Survey) -> JsonLinesReader | JsonArrayReader:
    """Raises BadData for one object that holds all rows."""
    first = _first_line(source, survey)
    if _ARRAY.match(first):
        return JsonArrayReader(source, survey)
    if _OBJECT_OVER_LINES.match(first):
        raise _one_object("jq -c '.data[]' file.json > file.jsonl")
    if survey.lines == 1:
        only = parse(next(iter(Lines(source, survey)), "").strip("\ufeff \t\r\n"), 1)
        if isinstance(only, RawRow) and not isinstance(only.values.get("text"), str):
            _check_row(only.values)
    return JsonLinesReader(source, survey)


def _first_line(source: Source, survey: Survey) -> str:
    """How the first line begins that is not blank, be it the only one of a damaged file."""
    head = source.head(HEAD)[survey.mark :].decode(survey.encoding, "ignore")
    return next(iter(head.lstrip("\ufeff \t\r\n").splitlines()), "")


def _check_row(values: Mapping[str, object]) -> None:
    """Raise BadData where the only row holds the rows: in a list, or by column as pandas does."""
    for name, value in values.items():
        if isinstance(value, list) and len(value) > 1 and all(isinstance(e, dict) for e in value):
            raise _one_object(f"jq -c '.{showable(name)}[]' file.json > file.jsonl")
    if len(values) > 1 and all(isinstance(value, dict) for value in values.values()):
        raise _one_object('df.to_json("file.jsonl", orient="records", lines=True) in pandas')


def _one_object(way: str) -> BadData:
    return refusal(
        Fault.JSON_NOT_LINES,
        "The file is one JSON object; one object a line, or an array of them, is wanted.",
        f"Write its rows out, for example with: {way}",
    )
