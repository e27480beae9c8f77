"""Physical lines of a text file, decoded so that a bad byte spoils its own row only."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator

from store.records.dataset import Problem
from workers.pipeline.problems import Fault, problem
from workers.pipeline.readers.protocol import MAX_ROW
from workers.pipeline.readers.source import Damaged, Source
from workers.pipeline.readers.survey import Survey

MARK_BAD_BYTES = "shoal.mark_bad_bytes"
"""Error handler: a byte that cannot be decoded becomes U+DC00 plus its value."""
BAD_BYTES = re.compile("[\ud800-\udfff]")


def _mark_bad_bytes(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    bad = error.object[error.start : error.end]
    return "".join(chr(0xDC00 + byte) for byte in bad), error.end


codecs.register_error(MARK_BAD_BYTES, _mark_bad_bytes)


class Lines:
    """Iterates once over the lines with their ends: LF, CRLF, CR, or a mixture of them.

    A line of more than MAX_ROW characters is cut to one more than that; the readers refuse it.
    """

    def __init__(self, source: Source, survey: Survey) -> None:
        self._source, self._survey = source, survey
        self.number = 0
        """1-based number of the line that was given last."""
        self.damage: Problem | None = None
        """Once all lines are given: why the file ends early. Its cut last line is not given."""

    def __iter__(self) -> Iterator[str]:
        with self._source.open() as raw:
            raw.read(self._survey.mark)
            text = io.TextIOWrapper(raw, self._survey.encoding, MARK_BAD_BYTES, newline="")
            try:
                while line := text.readline(MAX_ROW + 1):
                    _skip_rest(text, line)
                    self.number += 1
                    yield line
            except Damaged as damage:
                self.damage = damaged(self.number + 1, damage)


def _skip_rest(text: io.TextIOWrapper, line: str) -> None:
    part = line
    while len(part) > MAX_ROW and part[-1] not in "\r\n":
        part = text.readline(MAX_ROW + 1)


def damaged(line: int, damage: Damaged) -> Problem:
    """For a compressed file that ends before its time."""
    return problem(
        Fault.DAMAGED_FILE,
        f"The compressed file is cut off or damaged from this line on ({damage}).",
        "Compress and upload it again; the rows before this line were kept.",
        line=line,
    )


def too_long(line: int, value: str) -> Problem:
    """For a row over MAX_ROW."""
    return problem(
        Fault.TOO_LONG,
        f"The row is longer than {MAX_ROW:,} characters.",
        "Split it into shorter rows.",
        line=line,
        value=value,
    )


def bad_encoding(line: int, value: str, column: str | None = None) -> Problem:
    """For bytes that are not of the file's encoding."""
    return problem(
        Fault.BAD_ENCODING,
        "The row holds bytes that are not of the file's encoding.",
        "Save the whole file as UTF-8.",
        line=line,
        column=column,
        value=value,
    )
