"""What the header of a sequence says beside its id."""

from __future__ import annotations

import re

from workers.pipeline.problems import showable
from workers.pipeline.readers.taxonomy import ranks_of

_PAIR = re.compile(r"(?:^|[\s;|\[])([A-Za-z][\w.-]*)=\s*(.*?)\s*(?=[;|\t\]]|\s[A-Za-z][\w.-]*=|$)")
_ID = re.compile(r"[^\s;|]*")
_WORDS = re.compile(r"[ |;]*([A-Za-z][^=|;\t]{0,99})")
_SIZE = re.compile(r"[;\s]size=(\d{1,12})(?![^;\s])")
_NO_COLUMN = ("size", "tax", "Lineage")


def header_values(header: str) -> dict[str, object]:
    """The `key=value` pairs of a header, after `;`, `|`, blanks or in brackets, and its taxa; where
    there are none the words after the id, as in `>seq1 Bacillus` or `>seq1|Bacillus`.

    Copies (`size=`) are no column: they are read from the name.
    """
    description = header[1:]
    after = _ID.sub("", description, count=1)
    pairs = _PAIR.findall(after)
    values = {key: value.strip("\"'") for key, value in pairs if key not in _NO_COLUMN}
    _, blank, rest = description.partition(" ")
    taxa = ranks_of(rest if blank else description)
    words = _WORDS.fullmatch(after)
    return {**taxa, **values} or ({"description": words[1].rstrip()} if words else {})


def name_of(header: str) -> str:
    """The id and the words after it, without the mark of a header; at most 200 characters."""
    return showable(header[1:].strip())


def size_of(name: str | None) -> int:
    """How many copies a name says there were: `size=12` as vsearch and usearch write it; else 1."""
    said = _SIZE.search(name or "")
    return max(int(said[1]), 1) if said else 1
