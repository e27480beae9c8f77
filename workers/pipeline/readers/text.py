"""Plain text: one row a line, unlabelled."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from store.records.dataset import DataFormat
from workers.pipeline.readers.lines import Lines
from workers.pipeline.readers.protocol import Found, RawRow
from workers.pipeline.readers.source import Source
from workers.pipeline.readers.survey import Survey


@dataclass(frozen=True, slots=True)
class TextReader:
    """Every line that is not blank is a row."""

    source: Source
    survey: Survey
    format: DataFormat = DataFormat.TEXT
    delimiter: None = None
    has_header: None = None
    columns: tuple[str, ...] = ("text",)

    @property
    def encoding(self) -> str:
        return self.survey.encoding

    @property
    def total(self) -> int:
        return self.survey.lines

    def rows(self, only: Collection[str] = ()) -> Iterator[Found]:
        lines = Lines(self.source, self.survey)
        for line in lines:
            if not line.isspace():
                yield RawRow(lines.number, {"text": line})
        if lines.damage:
            yield lines.damage
