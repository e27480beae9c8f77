"""Does a delimited file begin with the names of its columns? Without evidence the row is data."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence, Sized
from statistics import median

from workers.pipeline.problems import Fault, refusal, showable

TEXT_NAMES = (
    "text", "sentence", "review", "comment", "question", "query", "utterance", "message", "body",
    "content", "document", "tweet", "post", "abstract", "description", "summary", "headline",
    "title", "gloss", "input", "prompt", "sequence", "seq",
)  # fmt: skip
LABEL_NAMES = (
    "label", "labels", "class", "category", "target", "intent", "sentiment", "topic", "tag", "y",
    "genus", "family", "species", "phylum", "rating", "stars", "polarity", "emotion", "type",
    "output",
)  # fmt: skip
SPLIT_NAMES = ("split", "subset", "fold", "partition")
_KNOWN = {*TEXT_NAMES, *LABEL_NAMES, *SPLIT_NAMES, "id", "index"}
_NUMBER = re.compile(r"[-+]?[\d.,]*\d(?:e[-+]?\d+)?%?", re.IGNORECASE)
_SENTENCE = re.compile(r"[.!?…]$|[\n\r<>{}]|(?:\S+\s+){6}")
_PART = re.compile(r"[\W_]+")
MAX_NAME = 100
MAX_COLUMNS = 10_000
"""More are no table; their names alone would fill the memory."""
_MADE = re.compile(r"column_\d+")


def is_number(value: str) -> bool:
    """Whether the value is a number rather than a word."""
    return bool(_NUMBER.fullmatch(value.strip()))


def look_like_names(cells: Sequence[str]) -> bool:
    """Short, no sentences, no numbers; some may be empty."""
    names = [cell.strip() for cell in cells if cell.strip()]
    return bool(names) and not any(
        len(name) > MAX_NAME or is_number(name) or _SENTENCE.search(name) for name in names
    )


def hold_known_name(cells: Sequence[str]) -> bool:
    """Whether a cell is a usual name such as `text`, or each has one in it as `review_text` has."""
    names = [cell.strip().casefold() for cell in cells if cell.strip()]
    return any(name in _KNOWN for name in names) or (
        len(names) > 1 and all(_KNOWN.intersection(_PART.split(name)) for name in names)
    )


def is_header(first: Sequence[str], body: Sequence[Sequence[str]], asked: Collection[str]) -> bool:
    """Whether `first` names the columns of `body`; `asked` are names that the caller expects."""
    names = [cell.strip() for cell in first]
    if asked and set(asked) <= set(names):
        return True
    if any(_MADE.fullmatch(name) for name in asked) or not look_like_names(names):
        return False
    rows = [row for row in body if len(row) == len(first) and list(row) != list(first)]
    columns = [[row[index].strip() for row in rows] for index in range(len(names))]
    if any(name and name in column for name, column in zip(names, columns, strict=True)):
        return False
    return hold_known_name(names) or any(map(_differs, names, columns))


def _differs(name: str, column: list[str]) -> bool:
    """Whether `name` is of another sort than what stands under it."""
    values = [value for value in column if value]
    if not values or not name:
        return False
    longer = median(map(len, values)) >= max(20, 3 * len(name))
    numeric = sum(map(is_number, values)) >= 0.8 * len(values)
    repeating = len(values) >= 10 and len(set(values)) <= 0.2 * len(values)
    return longer or numeric or repeating


def unique_names(cells: Sequence[str]) -> tuple[str, ...]:
    """Showable names, each once: empty ones become `column_N`, repeated ones are numbered.

    Raises BadData for more than MAX_COLUMNS.
    """
    check_count(cells)
    names: dict[str, int] = {}
    for number, cell in enumerate(cells, start=1):
        plain = showable(cell.strip().strip("\ufeff")) or f"column_{number}"
        name, again = plain, names.get(plain, 1)
        while name in names:
            again += 1
            name = f"{plain}_{again}"
        names[plain] = again  # the next one of that name is numbered on from here
        names.setdefault(name, 1)
    return tuple(names)


def check_count(columns: Sized) -> None:
    """Raise BadData for more than MAX_COLUMNS."""
    if len(columns) > MAX_COLUMNS:
        raise refusal(
            Fault.TOO_MANY_COLUMNS,
            f"The file has {len(columns):,} columns or more.",
            f"Keep the columns that matter; a file may have {MAX_COLUMNS:,}.",
        )
