"""Plain text: one row a line, unlabelled."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from store.records.dataset import DataFormat
from workers.pipeline.readers.line_reader import LineReader
from workers.pipeline.readers.lines import Lines
from workers.pipeline.readers.protocol import Found, RawRow


@dataclass(frozen=True, slots=True)
class TextReader(LineReader):
    """Every line that is not blank is a row."""

    format: DataFormat = DataFormat.TEXT
    columns: tuple[str, ...] = ("text",)

    def rows(self, only: Collection[str] = ()) -> Iterator[Found]:
        lines = Lines(self.source, self.survey)
        for line in lines:
            if not line.isspace():
                yield RawRow(lines.number, {"text": line})
        if lines.damage:
            yield lines.damage
