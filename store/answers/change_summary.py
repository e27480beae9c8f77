"""A change of an answer in plain words, built from its change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from store.records.explanation_change import (
    ExplanationChange,
    NearRowChange,
    RowMove,
    TrainingChange,
    WordChange,
    moves,
)

TOLD_WORDS = 3
LEAST_TOLD = 0.1
"""Differences of a weight that are not worth a word: a tenth of a likelihood."""


def summary(change: ExplanationChange, before: str, after: str) -> str:
    """One paragraph; `before` and `after` are what people call the versions."""
    told = [_answers(change, before, after), _words(change), _rows(change)]
    return " ".join(sentence for sentence in [*told, _training(change.training)] if sentence)


def _answers(change: ExplanationChange, before: str, after: str) -> str:
    was, now = change.before.answer, change.after.answer
    if change.is_same_answer:
        return (
            f"Both versions say {now.label}: {after} with {now.probability:.2f}, "
            f"{before} with {was.probability:.2f}."
        )
    said = (
        f"{_capital(after)} says {now.label} ({now.probability:.2f}), "
        f"{before} said {was.label} ({was.probability:.2f})."
    )
    unknown = f" {_capital(before)} does not know the label {now.label}."
    return said if change.label is not None else said + unknown


def _words(change: ExplanationChange) -> str:
    told = [each for each in change.words if abs(each.change) >= LEAST_TOLD][:TOLD_WORDS]
    if change.label is None:
        return ""
    if not told:
        return "The words count as they did." if change.words else ""
    against = f" against {change.after.against}" if change.after.against else ""
    return f"{_listed([_counts(each) for each in told])} for {change.label}{against}."


def _counts(word: WordChange) -> str:
    how = "more" if word.change > 0 else "less"
    return f"{_quoted(word.text)} counts {abs(word.change):.1f} {how}"


def _rows(change: ExplanationChange) -> str:
    if not change.training.is_same_dataset:
        return "They learnt from different data sets."
    if not change.rows:
        return ""
    moved = moves(change.rows)
    parts = list(_moves(moved, change.rows))
    near = f"Of the {len(change.rows)} training rows nearest to it"
    return f"{near}, {_listed(parts)}." if parts else f"{near}, none changed."


def _moves(moved: Counter[RowMove], rows: Sequence[NearRowChange]) -> Iterator[str]:
    if count := moved[RowMove.RELABELLED]:
        relabelled = [row for row in rows if row.move is RowMove.RELABELLED]
        pairs = Counter((row.label_before, row.label_after) for row in relabelled)
        (was, now), most = pairs.most_common(1)[0]
        how_many = "" if most == count else f"{most} of them "
        yield f"{_were(count)} relabelled ({how_many}from {was} to {now})"
    if count := moved[RowMove.ADDED]:
        yield f"{_were(count)} not learnt from before"
    if count := moved[RowMove.REMOVED]:
        yield f"{_were(count)} no longer learnt from"


def _training(change: TrainingChange) -> str:
    parts = []
    if change.is_other_data:
        rows = f"{change.train_rows_before:,} to {change.train_rows_after:,} rows learnt from"
        parts.append(f"the data ({rows})")
    if change.spec:
        parts.append(f"the spec ({', '.join(change.spec)})")
    if change.labels_added or change.labels_removed:
        counts = f"{len(change.labels_added)} new, {len(change.labels_removed)} gone"
        parts.append(f"the labels ({counts})")
    if f"{change.temperature_before:.2f}" != f"{change.temperature_after:.2f}":
        parts.append(
            f"the temperature ({change.temperature_before:.2f} to {change.temperature_after:.2f})"
        )
    return f"Between them changed {_listed(parts)}." if parts else "They were trained alike."


def _were(count: int) -> str:
    return f"{count} {'was' if count == 1 else 'were'}"


def _quoted(text: str) -> str:
    return f"“{text if len(text) <= 40 else text[:39] + '…'}”"


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
