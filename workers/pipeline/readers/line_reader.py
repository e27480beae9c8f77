"""What the readers of line-based formats have in common; each brings its own `rows`."""

from __future__ import annotations

from dataclasses import dataclass

from store.records.dataset import DataFormat
from workers.pipeline.readers.source import Source
from workers.pipeline.readers.survey import Survey


@dataclass(frozen=True, slots=True)
class LineReader:
    """No delimiter, no header; a row is about a line."""

    source: Source
    survey: Survey
    format: DataFormat
    delimiter: None = None
    has_header: None = None
    columns: tuple[str, ...] = ()

    @property
    def encoding(self) -> str:
        return self.survey.encoding

    @property
    def total(self) -> int:
        return self.survey.lines
