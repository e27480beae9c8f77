"""Cutting a text into the parts that are weighed: words, passages, windows of a sequence."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

MAX_PASSAGE_WORDS = 24
"""A sentence without end is cut there, unless the text is so long that passages have to be."""
_JOINING = frozenset("'’-")
_STOPS, _STOPS_ALONE = frozenset(".!?…"), frozenset("。！？\n")


@dataclass(frozen=True, slots=True)
class Piece:
    """`text[start:end]` is shown; `text[first:last]` is what goes when the piece is cut out."""

    start: int
    end: int
    first: int
    last: int


def words(text: str) -> list[Piece]:
    """The words, each with the signs beside it: every character but blanks is in one piece.

    Signs that touch no word are a piece of their own. Scripts that are written without blanks
    (Chinese, Japanese) are cut into characters.
    """
    return [piece for start, end in _solid(text) for piece in _words_of(text, start, end)]


def passages(text: str, cut: Sequence[Piece], most: int) -> list[Piece]:
    """Runs of the words `cut`, at most `most`, that end with a sentence where they can."""
    least = -(-len(cut) // max(most - 1, 1))
    longest = max(2 * least, MAX_PASSAGE_WORDS)
    found: list[Piece] = []
    begun = 0
    for i, (word, following) in enumerate(zip(cut, [*cut[1:], None], strict=True), start=1):
        is_end = following is None or _ends(text[word.end : following.start])
        if following is None or (i - begun >= least and is_end) or i - begun >= longest:
            found.append(Piece(cut[begun].first, word.last, cut[begun].first, word.last))
            begun = i
    return found


def windows(text: str, most: int) -> list[Piece]:
    """Runs of the same length, at most `most`."""
    length = max(-(-len(text) // most), 1)
    cuts = [(start, min(start + length, len(text))) for start in range(0, len(text), length)]
    return [Piece(start, end, start, end) for start, end in cuts]


def _solid(text: str) -> Iterator[tuple[int, int]]:
    """Where runs without blanks start and end."""
    for is_blank, run in groupby(enumerate(text), lambda each: each[1].isspace()):
        places = [place for place, _ in run]
        if not is_blank:
            yield places[0], places[-1] + 1


def _words_of(text: str, start: int, end: int) -> Iterator[Piece]:
    """The pieces of a run without blanks; signs go with the word before them, the first after."""
    spans = list(_spans(text, start, end)) or [(start, end)]
    firsts = [start, *(begin for begin, _ in spans[1:])]
    for (begin, stop), first, last in zip(spans, firsts, [*firsts[1:], end], strict=True):
        yield Piece(begin, stop, first, last)


def _spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where words start and end within a run without blanks."""
    begun: int | None = None
    for place in range(start, end):
        is_in = _is_word(text[place]) or (
            begun is not None
            and text[place] in _JOINING
            and place + 1 < end
            and _is_word(text[place + 1])
        )
        if begun is not None and (not is_in or _stands_alone(text[place])):
            yield begun, place
            begun = None
        if is_in and begun is None:
            begun = place
        if is_in and _stands_alone(text[place]):
            yield place, place + 1
            begun = None
    if begun is not None:
        yield begun, end


def _is_word(letter: str) -> bool:
    """Letters, digits, and the marks on them, which many scripts write as characters."""
    return letter.isalnum() or letter == "_" or unicodedata.category(letter)[0] == "M"


def _stands_alone(letter: str) -> bool:
    """Kana, and the ideographs of Chinese, Japanese and Korean."""
    return (
        "\u3040" <= letter <= "\u30ff" or "\u3400" <= letter <= "\u9fff" or letter >= "\U00020000"
    )


def _ends(between: str) -> bool:
    """Whether a sentence ends between two words."""
    letters = set(between)
    return bool(letters & _STOPS_ALONE or (letters & _STOPS and between[-1].isspace()))
