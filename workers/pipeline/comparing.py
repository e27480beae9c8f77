"""Two bundles side by side: an exam on rows that neither learnt from, and a replay of queries.

Two versions seldom have the same test rows, and one's test may be what the other learnt from. So
the exam takes every labelled row whose text is in neither's known rows, the same rows for both.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import orjson

from store.codec import from_plain
from store.records.bulk import BulkSpec
from store.records.comparison import Change, Exam, Query, Replay, Turned
from store.records.prediction import Answer
from store.records.trial import Interval, TrialVerdict
from workers.pipeline.arrays import Doubles
from workers.pipeline.bulk.answering import answers
from workers.pipeline.bundle import load_bundle
from workers.pipeline.progress import Progress
from workers.pipeline.refit import pairing
from workers.pipeline.requests import CompareRequest
from workers.pipeline.serving import Bundle
from workers.pipeline.table import Table, plain, read_shards

MAX_ROWS = 20_000
"""Of an exam; more are taken at even distances."""
MAX_CHANGES, MAX_TURNED, MAX_TEXT = 100, 100, 500


@dataclass(frozen=True)
class Compared:
    exam: Exam | None
    """None where there is no labelled row that neither learnt from."""
    replay: Replay


def compare(request: CompareRequest, progress: Progress) -> Compared:
    """Ask both bundles the same. Raises BundleRefused."""
    before, after = load_bundle(request.before, 1), load_bundle(request.after, 1)
    table, learnt_rows = unseen(read_shards(request.input), before, after)
    queries = [from_plain(Query, each) for each in orjson.loads(request.queries.read_bytes())]
    texts = [*table.text, *(query.text for query in queries)]
    rows, total = len(table), 2 * len(texts)

    def half(done: int, _: int) -> None:
        progress(done, total)

    def other_half(done: int, _: int) -> None:
        progress(len(texts) + done, total)

    old, new = (
        answers(bundle, texts, BulkSpec(top_k=len(bundle.head.classes)), tell)
        for bundle, tell in ((before, half), (after, other_half))
    )
    exam = examined(table, old[:rows], new[:rows], learnt_rows) if rows else None
    return Compared(exam, replayed(queries, old[rows:], new[rows:]))


def unseen(table: Table, *bundles: Bundle) -> tuple[Table, int]:
    """The labelled rows that no bundle learnt from, and how many others there are."""
    known = {plain(text) for bundle in bundles for text in bundle.known.all_texts()}
    labelled = [place for place, label in enumerate(table.label) if label]
    fresh = np.array([place for place in labelled if plain(table.text[place]) not in known], int)
    learnt_rows = len(labelled) - len(fresh)
    if len(fresh) > MAX_ROWS:
        fresh = fresh[np.linspace(0, len(fresh) - 1, MAX_ROWS).astype(int)]
    return table.take(fresh), learnt_rows


def examined(
    table: Table, before: Sequence[Answer], after: Sequence[Answer], learnt_rows: int
) -> Exam:
    """Both versions' answers to the same labelled rows."""
    said = {score.label for answer in (*before, *after) for score in answer.scores}
    classes = sorted(said | {label for label in table.label if label})
    number = {label: place for place, label in enumerate(classes)}
    y = np.array([number[label or ""] for label in table.label], np.int64)
    paper = pairing.Exam(classes, y, table.row, table.text)
    old, new = _probabilities(before, number), _probabilities(after, number)
    shares = pairing.rightness(y, old), pairing.rightness(y, new)
    accuracy_before, accuracy_after, gain = pairing.mean_intervals(*shares, shares[1] - shares[0])
    told = pairing.outcome(paper, old, new, gain)
    return Exam(
        message=_message(told["verdict"], gain, len(y)),
        rows=len(y),
        learnt_rows=learnt_rows,
        accuracy_before=accuracy_before,
        accuracy_after=accuracy_after,
        **told,
    )


def replayed(queries: Sequence[Query], before: Sequence[Answer], after: Sequence[Answer]) -> Replay:
    """What would be answered otherwise; not to answer counts as a label of its own."""
    texts, times = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    turned = []
    for query, old, new in zip(queries, before, after, strict=True):
        pair = shown(old), shown(new)
        if pair[0] == pair[1]:
            continue
        texts[pair] += 1
        times[pair] += query.times
        turned.append(
            Turned(
                query.text[:MAX_TEXT], query.times, query.prediction_id, *pair,
                old.probability, new.probability, query.correction,
            )
        )  # fmt: skip
    reviewed = [
        (query.correction, old.label, new.label)
        for query, old, new in zip(queries, before, after, strict=True)
        if query.correction is not None
    ]
    return Replay(
        texts=len(queries),
        times=sum(query.times for query in queries),
        changed_texts=len(turned),
        changed_times=sum(each.times for each in turned),
        refused_before=sum(answer.abstained for answer in before),
        refused_after=sum(answer.abstained for answer in after),
        changes=tuple(
            Change(*pair, texts[pair], count) for pair, count in times.most_common(MAX_CHANGES)
        ),
        turned=tuple(sorted(turned, key=lambda each: -each.times)[:MAX_TURNED]),
        reviewed=len(reviewed),
        right_before=sum(said == old for said, old, _ in reviewed),
        right_after=sum(said == new for said, _, new in reviewed),
    )


def shown(answer: Answer) -> str:
    """The label, or why there is none."""
    return answer.decided.value if answer.abstained else answer.label


def _probabilities(found: Sequence[Answer], number: dict[str, int]) -> Doubles:
    """(n, k): 0 for a label that the version does not know."""
    matrix = np.zeros((len(found), len(number)))
    for row, answer in zip(matrix, found, strict=True):
        for score in answer.scores:
            row[number[score.label]] = score.probability
    return matrix


def _message(verdict: TrialVerdict, gain: Interval, rows: int) -> str:
    change = f"{100 * gain.value:+.2f} points of accuracy on {rows:,} rows"
    span = f"{pairing.LEVEL:.0%} interval {100 * gain.low:+.2f} to {100 * gain.high:+.2f}"
    return {
        TrialVerdict.BETTER: f"The later version is better: {change}, {span}.",
        TrialVerdict.WORSE: f"The later version is worse: {change}, {span}.",
        TrialVerdict.UNSURE: f"It cannot be told from chance: {change}, {span}.",
        TrialVerdict.UNCHANGED: f"Every one of {rows:,} rows gets the same answer from both.",
    }[verdict]
