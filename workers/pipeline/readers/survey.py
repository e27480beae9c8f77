"""One pass over the whole file for its encoding: a sample would miss a bad second half.

Evidence decides. A byte order mark is believed. Zero bytes at every other place mean UTF-16.
Bytes that are no UTF-8 mean an old Western encoding only where hardly any sequence is good UTF-8
(such sequences are very rare by chance) and the high bytes stand where Western letters and signs
stand. Everything else is UTF-8, and the rows that are not are reported one by one.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field

from workers.pipeline.progress import Progress
from workers.pipeline.readers.source import Source, blocks

HEAD = 256 * 1024
"""Bytes that are enough to tell UTF-16 and binary files."""
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with that of UTF-16 LE
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SHORT_SEQUENCE = re.compile(rb"[\xc2-\xc5\xce-\xdf][\x80-\xbf]")
"""Without phonetic and combining signs: in cp1252 these bytes are such as `É’`."""
_LONG_SEQUENCE = re.compile(rb"[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_LONG_WEIGHT = 10
"""Three fitting bytes in a row hardly ever come by chance."""
_HIGH = re.compile(rb"[\x80-\xff]")
_LETTER = rb"[\xc0-\xff\x8a\x8c\x8e\x9a\x9c\x9e\x9f]"
_WESTERN = re.compile(
    rb"(?<=[A-Za-z])" + _LETTER + rb"+|" + _LETTER + rb"+(?=[A-Za-z])"  # within a word
    rb"|(?<![\x80-\xff])[\xc0\xc5\xc9\xd8\xe0\xe1\xe5\xe6\xe8\xe9\xea\xed\xf3\xf8\xfa]"
    rb"(?![\x80-\xff])"  # words of one letter
    rb"|[\x80\x84\x85\x91-\x97\x99\xa0\xa1\xa3\xa7\xa9\xab\xae\xb0-\xb7\xba-\xbf]"  # signs
)
_CP1252_ONLY = re.compile(rb"[\x80-\x9f]")


@dataclass(frozen=True, slots=True)
class Survey:
    """What one pass told."""

    encoding: str
    mark: int
    """Bytes of the byte order mark."""
    lines: int
    sequences: int
    """Lines that begin with `>`."""


@dataclass(slots=True)
class _Evidence:
    """Counts over the bytes that are not ASCII."""

    utf8: int = 0
    foreign: int = 0
    western: int = 0
    cp1252: bool = False
    decoder: codecs.IncrementalDecoder = field(
        default_factory=codecs.getincrementaldecoder("utf-8")
    )

    def add(self, block: bytes) -> None:
        try:
            self.utf8 += len(block) - len(self.decoder.decode(block))
        except UnicodeDecodeError:
            self.decoder.reset()
            self._weigh(block)

    def _weigh(self, block: bytes) -> None:
        rest, long = _LONG_SEQUENCE.subn(b" ", block)
        rest, short = _SHORT_SEQUENCE.subn(b" ", rest)
        self.utf8 += short + _LONG_WEIGHT * long
        self.foreign += len(_HIGH.findall(rest))
        self.western += sum(len(found[0]) for found in _WESTERN.finditer(rest))
        self.cp1252 = self.cp1252 or bool(_CP1252_ONLY.search(rest))

    def encoding(self) -> str:
        if self.utf8 * 10 >= self.foreign or self.western < 0.9 * self.foreign:
            return "utf-8"
        return "cp1252" if self.cp1252 else "iso-8859-1"


def survey(source: Source, progress: Progress, chosen: str | None = None) -> Survey:
    """Read all of the source once; an encoding that was `chosen` is not doubted.

    Raises what `progress` raises, and BadData for a bomb.
    """
    head = source.head(HEAD)
    encoding, mark = _marked(head)
    if chosen is not None:
        encoding, mark = chosen, mark if encoding == chosen else 0
    evidence, feeds, returns, sequences = _Evidence(), 0, 0, int(head.startswith(b">"))
    with source.open() as stream:
        for block in blocks(stream):
            progress(0, 1)
            feeds += block.count(b"\n")
            returns += block.count(b"\r")
            sequences += block.count(b"\n>") + block.count(b"\r>")
            if not encoding and not block.isascii():
                evidence.add(block)
    return Survey(encoding or evidence.encoding(), mark, max(feeds, returns, 1), sequences)


def _marked(head: bytes) -> tuple[str, int]:
    """The encoding that the first bytes give away (empty if none), and the length of its mark."""
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding, len(mark)
    return _utf16_without_mark(head), 0


def _utf16_without_mark(head: bytes) -> str:
    """ASCII signs (at least line ends and delimiters) leave zeros, all on the same side."""
    big, little = head[0::2].count(0), head[1::2].count(0)
    more, less = max(big, little), min(big, little)
    if more * 100 < len(head) or less * 10 > more or not more:
        return ""
    encoding = "utf-16-be" if big > little else "utf-16-le"
    text = head[: len(head) // 2 * 2].decode(encoding, "replace")
    return encoding if "\n" in text or "\r" in text else ""
