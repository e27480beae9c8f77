"""One JSON array of objects, as pandas, Label Studio and many services write it.

The array is cut into its elements by their brackets, without being read whole: memory stays that
of one element. Each element is then read as a line of JSON lines is.
"""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from store.records.dataset import DataFormat
from workers.pipeline.problems import Fault, problem
from workers.pipeline.readers.jsonl import parse
from workers.pipeline.readers.line_reader import LineReader
from workers.pipeline.readers.lines import MARK_BAD_BYTES, damaged
from workers.pipeline.readers.protocol import MAX_ROW, Found
from workers.pipeline.readers.source import Damaged

CHARACTERS = 2**16
"""Read at a time."""
_WITHIN = re.compile(r'["\\]')
_OUTSIDE = re.compile(r'["{}\[\],]')
_BLANK = " \t\r\n"


@dataclass(frozen=True, slots=True)
class JsonArrayReader(LineReader):
    """A file that is one array; a row's line is the one on which its element begins."""

    format: DataFormat = DataFormat.JSONL

    def rows(self, only: Collection[str] = ()) -> Iterator[Found]:
        with self.source.open() as raw:
            raw.read(self.survey.mark)
            text = io.TextIOWrapper(raw, self.survey.encoding, MARK_BAD_BYTES)
            elements = _Elements()
            try:
                while block := text.read(CHARACTERS):
                    for line, element in elements.of(block):
                        yield parse(element, line)
            except Damaged as damage:
                yield damaged(elements.line, damage)
                return
        if elements.is_open:
            yield problem(
                Fault.BAD_JSON,
                "The array is not closed: the file ends within it.",
                "Write the file again and upload it whole; the rows before this line were kept.",
                line=elements.line,
            )


class _Elements:
    """Cuts the text of an array, block by block, into elements with their lines."""

    def __init__(self) -> None:
        self.line = 1
        """On which the element at hand begins."""
        self._next_line = 1
        self._depth = 0
        self._is_string = False
        self._is_escaped = False
        self._parts: list[str] = []
        self._size = 0

    @property
    def is_open(self) -> bool:
        return self._depth > 0

    def of(self, block: str) -> Iterator[tuple[int, str]]:
        """The elements that end within the block."""
        begin = at = int(self._is_escaped)
        self._is_escaped = False
        if begin:
            self._add(block[:1])
        while found := (_WITHIN if self._is_string else _OUTSIDE).search(block, at):
            at, sign = found.end(), found[0]
            if sign == "\\":
                self._is_escaped = at == len(block)
                at += 1
            elif sign == '"':
                self._is_string = not self._is_string
            elif self._ends_element(sign):
                self._add(block[begin : at - 1])
                begin = at
                yield from self._taken()
            elif sign == "[" and self._depth == 1:
                self._next_line += block.count("\n", begin, at)
                begin = at  # behind the array's own bracket
        self._add(block[begin:])

    def _ends_element(self, sign: str) -> bool:
        if sign in "{[":
            self._depth += 1
        elif sign in "}]":
            self._depth -= 1
        return (sign == "," and self._depth == 1) or (sign == "]" and self._depth == 0)

    def _add(self, part: str) -> None:
        """Keep the part, unless the element is too long already: then it is only counted."""
        if not self._size:
            rest = part.lstrip(_BLANK)
            self._next_line += part.count("\n", 0, len(part) - len(rest))
            self.line, part = self._next_line, rest
        self._next_line += part.count("\n")
        if self._size <= MAX_ROW:
            self._parts.append(part)
        self._size += len(part)

    def _taken(self) -> Iterator[tuple[int, str]]:
        element = "".join(self._parts).rstrip(_BLANK)
        self._parts.clear()
        self._size = 0
        if element:
            yield self.line, element
