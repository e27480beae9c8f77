"""Which columns are text, label and split: as asked, or proposed with reasons."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from store.records.dataset import Columns
from workers.pipeline.problems import Fault, refusal, showable
from workers.pipeline.progress import BadData
from workers.pipeline.readers.header import LABEL_NAMES, SPLIT_NAMES, TEXT_NAMES, is_number
from workers.pipeline.readers.protocol import RawRow
from workers.pipeline.rows import SPLITS, NestedValue, as_text

MAX_LISTED = 50
"""Names of columns that a refusal lists."""
_SIGNS = re.compile(r"[^A-Za-z\u0080-\U0010ffff]*")
_SPLIT_VALUES = {"train", "test", "valid", "eval", "unsupervised", *SPLITS}


@dataclass(frozen=True, slots=True)
class _Column:
    """What a sample says about one column."""

    name: str
    rows: int
    values: tuple[str, ...]
    """Those that are not empty."""
    nested: int

    @property
    def filled(self) -> bool:
        return bool(self.values or self.nested)

    @property
    def distinct(self) -> int:
        return len(set(self.values))

    @property
    def length(self) -> float:
        return median(map(len, self.values))

    @property
    def wordy(self) -> bool:
        """Whether it holds words rather than numbers or lists."""
        words = sum(not is_number(each) and not _SIGNS.fullmatch(each) for each in self.values)
        return 2 * words > len(self.values)

    @property
    def running(self) -> bool:
        """Whether it holds running text: blanks, or a script that may write without them."""
        running = sum(" " in value or not value.isascii() for value in self.values)
        return 2 * running >= len(self.values)

    def named(self, names: Sequence[str]) -> bool:
        return self.name.casefold() in names


def chosen(columns: Columns) -> tuple[str, ...]:
    """The names that are given."""
    names = (columns.text, columns.label, columns.split)
    return tuple(name for name in names if name is not None)


def choose_columns(names: Sequence[str], sample: Sequence[RawRow], asked: Columns) -> Columns:
    """The columns for every part that the caller left open.

    Raises BadData for a name that is not there, one name for two parts, or no textual column.
    """
    _check(names, sample, asked)
    columns = {name: _summary(name, sample) for name in names}
    reasons: list[str] = []
    taken = set(chosen(asked))

    def free() -> list[_Column]:
        return [each for each in columns.values() if each.name not in taken and each.filled]

    split = asked.split
    if split is None and (found := _find_split(free())):
        split, reason = found
        reasons.append(reason)
        taken.add(split)
    text = asked.text
    if text is None:
        text, reason = _find_text(free(), columns.values())
        reasons.insert(0, reason)
        taken.add(text)
    label = asked.label
    if label is None and (found := _find_label(free())):
        label, reason = found
        reasons.append(reason)
    return Columns(text, label, split, tuple(reasons))


def _check(names: Sequence[str], sample: Sequence[RawRow], asked: Columns) -> None:
    wanted = chosen(asked)
    for name in wanted:
        if name not in names:
            raise refusal(
                Fault.UNKNOWN_COLUMN,
                f"There is no column {showable(name)!r}.",
                f"The columns are: {_listed(names)}.",
                value=_first_row(sample),  # where the names stand that were not taken for names
            )
    if len(set(wanted)) < len(wanted):
        raise refusal(
            Fault.SAME_COLUMN,
            "One column is chosen for two parts.",
            f"Choose different ones of: {_listed(names)}.",
        )


def _first_row(sample: Sequence[RawRow]) -> str:
    values = sample[0].values.values() if sample else ()
    return ", ".join(value for value in values if isinstance(value, str))


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(repr(showable(name)) for name in names[:MAX_LISTED])
    return shown if len(names) <= MAX_LISTED else f"{shown} and {len(names) - MAX_LISTED} more"


def _summary(name: str, sample: Sequence[RawRow]) -> _Column:
    values, nested = [], 0
    for row in sample:
        try:
            values.append(as_text(row.values.get(name)))
        except NestedValue:
            nested += 1
    return _Column(name, len(sample), tuple(filter(None, values)), nested)


def _find_split(columns: Iterable[_Column]) -> tuple[str, str] | None:
    for column in columns:
        found = {value.lower() for value in column.values}
        if found and found <= _SPLIT_VALUES and (len(found) > 1 or column.named(SPLIT_NAMES)):
            listed = ", ".join(sorted(found))
            return column.name, f"split: every value of {column.name!r} names a part ({listed})."
    return None


def _find_text(free: list[_Column], every: Iterable[_Column]) -> tuple[str, str]:
    """The longest and most varied words, with a bonus for a usual name."""
    wordy = [column for column in free if column.wordy]
    if not wordy:
        raise _no_text(every)
    best = max(wordy, key=_text_score)
    empty = [each.name for each in every if each.named(TEXT_NAMES) and not each.filled]
    if empty and not best.named(TEXT_NAMES):
        return empty[0], f"text: {empty[0]!r} has the name, though its first rows are empty."
    share = 100 * best.distinct // len(best.values)
    return best.name, (
        f"text: {best.name!r} holds the longest and most varied words "
        f"(median {best.length:.0f} characters, {share} % of them different)."
    )


def _text_score(column: _Column) -> float:
    named = 5.0 if column.named(TEXT_NAMES) else 1.0
    running = 1.0 if column.running else 0.2  # addresses and ids are long and varied as well
    return column.length * column.distinct / column.rows * named * running


def _no_text(columns: Iterable[_Column]) -> BadData:
    told = [
        f"{showable(column.name)!r} ({'lists or objects' if column.nested else 'no words'})"
        for column in columns
    ]
    return refusal(
        Fault.NO_TEXT_COLUMN,
        f"No column holds text: {', '.join(told[:MAX_LISTED])}.",
        "Name the column that holds the text, or upload a file that has one.",
    )


def _find_label(columns: Iterable[_Column]) -> tuple[str, str] | None:
    """A usual name first; else few values that repeat, words before numbers, the last column."""
    fitting = [column for column in columns if _may_be_label(column)]
    if not fitting:
        return None
    best = max(enumerate(fitting), key=lambda at: (_name_rank(at[1]), at[1].wordy, at[0]))[1]
    top = "".join(
        f" ({showable(value)!r} {count} times)"
        for value, count in Counter(best.values).most_common(1)
    )
    return best.name, (
        f"label: {best.name!r} holds {best.distinct} values over {len(best.values)} rows{top}."
    )


def _name_rank(column: _Column) -> int:
    """Higher for names that stand earlier among the usual ones; 0 for others."""
    name = column.name.casefold()
    return len(LABEL_NAMES) - LABEL_NAMES.index(name) if name in LABEL_NAMES else 0


def _may_be_label(column: _Column) -> bool:
    if column.named(LABEL_NAMES[:2]):
        return True  # what does not fit is then told row by row
    if column.nested or column.length > 100:
        return False
    repeating = column.distinct <= 0.5 * len(column.values)
    if _name_rank(column):
        return repeating or len(column.values) < 20
    return repeating and column.distinct > 1
