"""Which columns are text, label and split: as asked, or proposed with reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from store.records.dataset import Columns
from workers.pipeline.problems import Fault, refusal, showable
from workers.pipeline.progress import BadData
from workers.pipeline.readers.header import LABEL_NAMES, SPLIT_NAMES, TEXT_NAMES
from workers.pipeline.readers.protocol import RawRow
from workers.pipeline.rows import SPLITS
from workers.pipeline.sampled_column import SampledColumn, summary

MAX_LISTED = 50
"""Names of columns that a refusal lists."""
MAX_OTHERS = 3
"""Columns that would have done as well and are told."""
AS_GOOD = 0.8
"""Share of the best score from which a column might be meant as well: the first is taken."""
_SPLIT_VALUES = {"train", "test", "valid", "unsupervised", *SPLITS}


def chosen(columns: Columns) -> tuple[str, ...]:
    """The names that are given."""
    names = (columns.text, columns.label, columns.split)
    return tuple(name for name in names if name is not None)


def choose_columns(names: Sequence[str], sample: Sequence[RawRow], asked: Columns) -> Columns:
    """The columns for every part that the caller left open.

    Raises BadData for a name that is not there, one name for two parts, or no textual column.
    """
    _check(names, sample, asked)
    columns = {name: summary(name, sample) for name in names}
    reasons: list[str] = []
    taken = set(chosen(asked))

    def free() -> list[SampledColumn]:
        return [each for each in columns.values() if each.name not in taken and each.filled]

    split = asked.split
    if split is None and (found := _find_split(free())):
        split, reason = found
        reasons.append(reason)
        if split is not None:
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


def _find_split(columns: Sequence[SampledColumn]) -> tuple[str | None, str] | None:
    """The column, or None with what speaks against one that has the name."""
    for column in columns:
        found = {value.lower() for value in column.values}
        if found and found <= _SPLIT_VALUES and (len(found) > 1 or column.named(SPLIT_NAMES)):
            listed = ", ".join(sorted(found))
            return column.name, f"split: every value of {column.name!r} names a part ({listed})."
    for column in columns:
        if column.named(SPLIT_NAMES):
            strange = sorted({value.lower() for value in column.values} - _SPLIT_VALUES)
            return None, (
                f"split: {column.name!r} is left aside, as {_first_of(strange)} names no part; "
                "write train, valid and test for it to count."
            )
    return None


def _first_of(values: Sequence[str]) -> str:
    return repr(showable(values[0])) if values else "nothing in it"


def _find_text(free: list[SampledColumn], every: Iterable[SampledColumn]) -> tuple[str, str]:
    """The longest and most varied words, with a bonus for a usual name."""
    wordy = [column for column in free if column.wordy]
    if all(column.named(LABEL_NAMES[:2]) for column in wordy):  # then numbers may be meant as text
        wordy = [each for each in free if each.named(TEXT_NAMES) and not each.nested] or wordy
    if not wordy:
        raise _no_text(every)
    highest = max(map(_text_score, wordy))
    best, *others = (each for each in wordy if _text_score(each) >= AS_GOOD * highest)
    empty = [each.name for each in every if each.named(TEXT_NAMES) and not each.filled]
    if empty and not best.named(TEXT_NAMES):
        return empty[0], f"text: {empty[0]!r} has the name, though its first rows are empty."
    share = 100 * best.distinct // len(best.values)
    return best.name, (
        f"text: {best.name!r} holds the longest and most varied words "
        f"(median {best.length:.0f} characters, {share} % of them different).{_told(others)}"
    )


def _told(others: Sequence[SampledColumn]) -> str:
    """What else might be meant."""
    shown = ", ".join(repr(showable(each.name)) for each in others[:MAX_OTHERS])
    return f" It might be {shown} as well." if shown else ""


def _text_score(column: SampledColumn) -> float:
    named = 5.0 if column.named(TEXT_NAMES) else 1.0
    running = 1.0 if column.running else 0.2  # addresses and ids are long and varied as well
    return column.length * column.distinct / column.rows * named * running


def _no_text(columns: Iterable[SampledColumn]) -> BadData:
    told = [
        f"{showable(column.name)!r} ({'lists or objects' if column.nested else 'no words'})"
        for column in columns
    ]
    return refusal(
        Fault.NO_TEXT_COLUMN,
        f"No column holds text: {', '.join(told[:MAX_LISTED])}.",
        "Name the column that holds the text, or upload a file that has one.",
    )


def _find_label(columns: Iterable[SampledColumn]) -> tuple[str, str] | None:
    """A usual name first; else few values that repeat, words before numbers, the last column."""
    fitting = [column for column in columns if _may_be_label(column)]
    if not fitting:
        return None
    best = max(enumerate(fitting), key=lambda at: (_name_rank(at[1]), at[1].wordy, at[0]))[1]
    rivals = [] if _name_rank(best) else [e for e in fitting if e.wordy and e is not best]
    top = "".join(
        f" ({showable(value)!r} {count} times)"
        for value, count in Counter(best.values).most_common(1)
    )
    return best.name, (
        f"label: {best.name!r} holds {best.distinct} values over {len(best.values)} rows{top}."
        f"{_told(rivals)}"
    )


def _name_rank(column: SampledColumn) -> int:
    """Higher for names that stand earlier among the usual ones; 0 for others."""
    name = column.plain_name
    return len(LABEL_NAMES) - LABEL_NAMES.index(name) if name in LABEL_NAMES else 0


def _may_be_label(column: SampledColumn) -> bool:
    if column.named(LABEL_NAMES[:2]):
        return True  # what does not fit is then told row by row
    if column.nested or not column.values or column.length > 100 or column.named(SPLIT_NAMES):
        return False
    if "." in column.name and not (_name_rank(column) or column.has_words):
        return False  # a score or a mark within an object
    repeating = column.distinct <= 0.5 * len(column.values)
    if _name_rank(column):
        return repeating or len(column.values) < 20
    return repeating and column.distinct > 1
