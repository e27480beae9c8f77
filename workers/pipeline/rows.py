"""From a row as the file has it to text, label and split."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import NamedTuple

from store.records.dataset import Columns, Problem
from store.records.sequences import SequenceFilter
from workers.pipeline.nested import alone, value_at
from workers.pipeline.phred import Qualities, Read, passed, scores_of
from workers.pipeline.problems import Fault, problem
from workers.pipeline.readers.lines import MARK_BAD_BYTES, bad_encoding, too_long
from workers.pipeline.readers.protocol import MAX_ROW, RawRow
from workers.pipeline.sequences import Alphabet, plain, without_gaps

MAX_LABEL = 256
"""Characters of a label; longer ones are text in the wrong column."""
SPLITS = {
    "training": "train", "trn": "train", "testing": "test", "tst": "test", "holdout": "test",
    "held-out": "test", "val": "valid", "validation": "valid", "dev": "valid", "eval": "valid",
}  # fmt: skip
"""Other names of the usual splits."""
_OUTER = "\ufeff" + "".join(chr(code) for code in range(0x3001) if chr(code).isspace())
_BAD = re.compile("[\0\ud800-\udfff]")


class Row(NamedTuple):
    """A normalised row."""

    text: str
    label: str | None
    split: str | None
    name: str | None = None
    """What its file calls it: the header of a sequence."""


class NestedValue(Exception):
    """A list or an object where one value is wanted."""


def as_text(value: object) -> str:
    """A scalar as it reads in the file, without outer blanks; empty for a missing one."""
    if isinstance(value, str):
        return value.strip(_OUTER)
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, bytes):
        return value.decode("utf-8", MARK_BAD_BYTES).strip(_OUTER)
    if isinstance(value, (list, tuple, dict)):
        raise NestedValue
    return str(value)


@dataclass(frozen=True, slots=True)
class Normaliser:
    """Makes rows by the chosen columns; sequences are checked against their alphabet."""

    columns: Columns
    alphabet: Alphabet | None = None
    wanted: SequenceFilter = field(default_factory=SequenceFilter)
    qualities: Qualities | None = None
    """Counts the scores of the reads that are taken; None where they bring none."""

    def row(self, raw: RawRow) -> Row | Problem:
        names = (self.columns.text, self.columns.label, self.columns.split)
        values = []
        for name in names:
            found = _value(raw, name, is_label=name == self.columns.label)
            if isinstance(found, Problem):
                return found
            values.append(found)
        text, label, split = values
        if self.alphabet is None:
            wrong = self._wrong(raw, text, label)
            return wrong or Row(text, label or None, split_name(split), raw.name)
        written, text = text, plain(text)
        if wrong := self._wrong(raw, text, label):
            return wrong
        read = self._read(raw, written, text, self.alphabet)
        if isinstance(read, Problem):
            return read
        if self.qualities is not None and read.scores is not None:
            self.qualities.add(read.scores)
        return Row(read.text, label or None, split_name(split), raw.name)

    def _read(self, raw: RawRow, written: str, text: str, alphabet: Alphabet) -> Read | Problem:
        """The sequence as it is kept, if the filter takes it."""
        scores = None
        if self.qualities is not None and raw.quality is not None:
            quality = without_gaps(raw.quality, written)[: len(text)]
            scores = scores_of(quality, self.qualities.offset)
        return passed(raw, Read(text, scores), self.wanted, alphabet)

    def _wrong(self, raw: RawRow, text: str, label: str) -> Problem | None:
        if not text:
            return _empty_text(raw, self.columns)
        if len(text) > MAX_ROW:
            return too_long(raw.line, text)
        if len(label) > MAX_LABEL:
            return _label_too_long(raw, self.columns, label)
        strange = self.alphabet.strange(text) if self.alphabet else ""
        return _invalid_letters(raw, self.columns, strange) if strange else None


def split_name(value: str) -> str | None:
    """A split in lower case, with one name for each usual part; None if empty."""
    lowered = value.lower()
    return SPLITS.get(lowered, lowered) or None


def _value(raw: RawRow, name: str | None, *, is_label: bool) -> str | Problem:
    """The value of one column, empty where there is none."""
    value = value_at(raw.values, name) if name else None
    try:
        text = as_text(alone(value) if is_label else value)
    except NestedValue:
        return problem(
            Fault.NESTED_VALUE,
            "The value is a list or an object.",
            "Give one string or number for each row.",
            line=raw.line,
            column=name,
            value=str(value),
        )
    bad = _BAD.search(text)
    if bad is None:
        return text
    if bad[0] != "\0":
        return bad_encoding(raw.line, text, name)
    return problem(
        Fault.NUL_BYTE,
        "The value holds a zero byte.",
        "Remove the zero bytes; they often come from a broken export.",
        line=raw.line,
        column=name,
        value=text,
    )


def _empty_text(raw: RawRow, columns: Columns) -> Problem:
    return problem(
        Fault.EMPTY_TEXT,
        "The row has no text.",
        "Fill it in, or remove the row.",
        line=raw.line,
        column=columns.text,
        value="",
    )


def _label_too_long(raw: RawRow, columns: Columns, label: str) -> Problem:
    return problem(
        Fault.LABEL_TOO_LONG,
        f"The label is longer than {MAX_LABEL} characters.",
        "Choose the column that holds the labels, or shorten the label.",
        line=raw.line,
        column=columns.label,
        value=label,
    )


def _invalid_letters(raw: RawRow, columns: Columns, strange: str) -> Problem:
    return problem(
        Fault.INVALID_LETTERS,
        "The sequence holds letters that are no IUPAC codes.",
        "Correct or remove these letters.",
        line=raw.line,
        column=columns.text,
        value=strange,
    )
