"""The encodings of text that a file may be read in."""

from __future__ import annotations

import codecs
from dataclasses import replace

from store.errors import InvalidValue
from store.records.dataset import Reading

ENCODINGS = {
    "utf-8": "Unicode",
    "utf-16-le": "Unicode, two bytes a letter",
    "utf-16-be": "Unicode, two bytes a letter, the higher first",
    "cp1252": "Western European, Windows",
    "iso-8859-1": "Western European, Latin-1",
    "iso-8859-15": "Western European with the euro, Latin-9",
    "mac-roman": "Western European, old Macintosh",
    "cp850": "Western European, DOS",
    "cp1250": "Central European, Windows",
    "iso-8859-2": "Central European, Latin-2",
    "cp1251": "Cyrillic, Windows",
    "koi8-r": "Russian, KOI8-R",
    "koi8-u": "Ukrainian, KOI8-U",
    "cp866": "Cyrillic, DOS",
    "iso-8859-5": "Cyrillic, ISO",
    "cp1253": "Greek, Windows",
    "iso-8859-7": "Greek, ISO",
    "cp1254": "Turkish, Windows",
    "cp1255": "Hebrew, Windows",
    "cp1256": "Arabic, Windows",
    "cp1257": "Baltic, Windows",
    "cp1258": "Vietnamese, Windows",
    "cp874": "Thai, Windows",
    "cp932": "Japanese, Shift-JIS",
    "euc_jp": "Japanese, EUC",
    "gb18030": "Chinese, simplified",
    "cp950": "Chinese, traditional, Big5",
    "cp949": "Korean",
}
"""By the name that Python has for each: whose letters it holds."""
WIDER = {
    "shift_jis": "cp932", "gb2312": "gb18030", "gbk": "gb18030", "big5": "cp950", "euc_kr": "cp949",
}  # fmt: skip
"""Names of parts of the above: what is written in the part reads the same in the whole."""


def canonical(name: str) -> str:
    """The name under which ENCODINGS has it, from any usual one. Raises InvalidValue."""
    for spelling in (name, name.replace("-", "").replace("_", "")):  # `latin-2` is `latin2`
        codec = _codec(spelling)
        if known := _BY_CODEC.get(WIDER.get(codec, codec)):
            return known
    raise InvalidValue(f"no encoding is known as {name!r}; known are {_LISTED}", "encoding")


def checked(reading: Reading) -> Reading:
    """A choice that can be followed. Raises InvalidValue."""
    if reading.delimiter is not None and not _may_delimit(reading.delimiter):
        raise InvalidValue("a delimiter is one character, no quote and no line end", "delimiter")
    if reading.sequence_filter is not None:
        reading.sequence_filter.check()
    if reading.encoding is None:
        return reading
    return replace(reading, encoding=canonical(reading.encoding))


def _codec(name: str) -> str:
    """Python's name of it; empty where there is none."""
    try:
        return codecs.lookup(name).name
    except (LookupError, ValueError):  # ValueError for a zero byte in the name
        return ""


def _may_delimit(delimiter: str) -> bool:
    return len(delimiter) == 1 and delimiter not in '"\r\n\0'


_BY_CODEC = {codecs.lookup(name).name: name for name in ENCODINGS}
_LISTED = ", ".join(ENCODINGS)
