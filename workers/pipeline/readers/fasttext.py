"""Lines as fastText learns from: `__label__` with the label, once or more, then the text."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from store.records.dataset import DataFormat
from workers.pipeline.readers.line_reader import LineReader
from workers.pipeline.readers.lines import Lines
from workers.pipeline.readers.protocol import Found, RawRow

MARK = "__label__"
_LABEL = re.compile(rf"\s*{MARK}(\S+)\s*")


@dataclass(frozen=True, slots=True)
class FastTextReader(LineReader):
    """Every line that is not blank is a row; one with several labels has them as a list."""

    format: DataFormat = DataFormat.TEXT
    columns: tuple[str, ...] = ("text", "label")

    def rows(self, only: Collection[str] = ()) -> Iterator[Found]:
        lines = Lines(self.source, self.survey)
        for line in lines:
            if not line.isspace():
                yield _row(lines.number, line)
        if lines.damage:
            yield lines.damage


def are_labelled(lines: list[str]) -> bool:
    """Whether the first lines, at most ten, all begin with a label."""
    first = [line for line in lines if not line.isspace()][:10]
    return bool(first) and all(map(_LABEL.match, first))


def _row(number: int, line: str) -> RawRow:
    labels, text = [], line
    while found := _LABEL.match(text):
        labels.append(found[1])
        text = text[found.end() :]
    return RawRow(number, {"text": text, "label": labels})
