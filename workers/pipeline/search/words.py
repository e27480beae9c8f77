"""The words of a text, as they are looked for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from store.records.search import MAX_MATCHES, Match

_SINGLE = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
"""Kana and Chinese characters: languages that put no blanks between words."""
_WORD = re.compile(rf"[{_SINGLE}]|[^\W_{_SINGLE}]+")


def words(text: str) -> list[str]:
    """In lower case, in order; of Chinese and Japanese, every character is one."""
    return _WORD.findall(text.casefold())


def matches(text: str, wanted: Iterable[str]) -> tuple[Match, ...]:
    """Where the wanted words stand in the text, the first MAX_MATCHES of them."""
    found = _places(text, frozenset(wanted))
    return tuple(match for match, _ in zip(found, range(MAX_MATCHES), strict=False))


def _places(text: str, wanted: frozenset[str]) -> Iterator[Match]:
    """Cut before it is lowered: that may change a word's length."""
    for word in _WORD.finditer(text):
        if word.group().casefold() in wanted:
            yield Match(word.start(), word.end())
