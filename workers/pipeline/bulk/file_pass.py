"""One way through a raw file whose rows are to be answered.

A row keeps the number of its place in the file. One that cannot be read is told as a problem with
that number: so every row of the file has an answer, or a problem.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import IO, Any

import orjson

from store.codec import to_plain
from store.records.bulk import BulkSpec
from store.records.dataset import Problem
from workers.pipeline.columns import chosen
from workers.pipeline.nested import value_at
from workers.pipeline.problems import NOT_A_ROW, Fault, ProblemLog, refusal, showable
from workers.pipeline.progress import Progress
from workers.pipeline.readers.protocol import RawRow, Reader
from workers.pipeline.rows import NestedValue, Normaliser, Row, as_text

BATCH = 2_000
"""Rows between two reports of progress."""


class FilePass:
    """Good rows are given, problems are written down."""

    def __init__(
        self, reader: Reader, normaliser: Normaliser, spec: BulkSpec, told: IO[bytes], *,
        has_names: bool,
    ) -> None:  # fmt: skip
        self._reader, self._normaliser, self._told = reader, normaliser, told
        self._keep, self._has_names, columns = spec.keep, has_names, spec.columns
        # a label that was only guessed to be one costs no row its answer
        bare = replace(normaliser.columns, label=columns.label, split=columns.split)
        self._bare = replace(normaliser, columns=bare)
        self.log = ProblemLog()
        self.rejected = 0

    def rows(self, progress: Progress) -> Iterator[tuple[Any, ...]]:
        """The columns of `asked_schema`, of each row that can be answered."""
        wanted = (*chosen(self._normaliser.columns), *self._keep)
        number = 0
        for found in self._reader.rows(wanted):
            if isinstance(found, Problem) and found.code in NOT_A_ROW:
                self._note(found)
                continue
            row = self._row(found, number)
            if row is not None and isinstance(found, RawRow):
                kept = [_carried(value_at(found.values, name)) for name in self._keep]
                names = [row.name] if self._has_names else []
                yield number, found.line, *names, row.text, row.label, *kept
            number += 1
            if number % BATCH == 0:
                progress(number, max(self._reader.total, number + 1))
        progress(number, number)

    def _row(self, found: RawRow | Problem, number: int) -> Row | None:
        row = self._normaliser.row(found) if isinstance(found, RawRow) else found
        if not isinstance(row, Problem):
            return row
        self._note(replace(row, row=number))
        bare = self._bare.row(found) if isinstance(found, RawRow) else row
        if isinstance(bare, Row):
            return bare
        self.rejected += 1
        return None

    def _note(self, found: Problem) -> None:
        self.log.add(found)
        self._told.write(orjson.dumps(to_plain(found)) + b"\n")


def check_kept(reader: Reader, keep: Sequence[str]) -> None:
    """Raise BadData for a column that the file does not have, where that is known beforehand."""
    for name in keep:
        if reader.columns and name not in reader.columns:
            raise refusal(
                Fault.UNKNOWN_COLUMN,
                f"There is no column {showable(name)!r}.",
                f"The columns are: {', '.join(map(showable, reader.columns[:50]))}.",
            )


def _carried(value: object) -> str:
    """As text; what is nested as JSON, what cannot be decoded with question marks."""
    try:
        text = as_text(value)
    except NestedValue:
        text = orjson.dumps(value, default=str).decode()
    return text.encode("utf-8", "replace").decode()
