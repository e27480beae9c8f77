"""Rows too much alike: near duplicates, texts under several labels, leaks between splits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np

from store.records.edit import RowEdit
from store.records.quality import Evidence, FindingKind
from workers.pipeline.arrays import Mask, Places
from workers.pipeline.progress import Progress
from workers.pipeline.quality.neighbourhood import groups_of
from workers.pipeline.quality.suspicion import MAX_SUBJECTS, Rows, Suspects, Suspicions

LEARNT_FROM = "train"


def near_duplicates(
    rows: Rows, clusters: Sequence[Places], concerned: Mask, progress: Progress
) -> Suspicions:
    """Clusters of rows that say the same; all but the first may go."""
    suspects = Suspects(FindingKind.NEAR_DUPLICATE, rows, concerned)

    def keep(places: Places, score: float) -> None:
        table, first = rows.table, int(places[0])
        like_first = (
            place
            for place in places[1:].tolist()
            if (table.label[place], table.split[place]) == (table.label[first], table.split[first])
        )
        drops = [RowEdit(rows.number(place), drop=True) for place in like_first]
        message = f"{len(places):,} rows say nearly the same: mean cosine {score:.3f} to the first."
        suspects.keep(score, message, places, _beside_first(rows, places), drops)

    return _by_score(suspects, clusters, keep, progress)


def leakage(
    rows: Rows, clusters: Sequence[Places], concerned: Mask, progress: Progress
) -> Suspicions:
    """Clusters with rows in several given splits: a test that asks what was learnt by heart."""
    suspects = Suspects(FindingKind.LEAKAGE, rows, concerned)
    split = rows.table.split
    given = [places[[split[place] is not None for place in places]] for places in clusters]
    across = [places for places in given if len({split[place] for place in places}) > 1]

    def keep(places: Places, score: float) -> None:
        names = sorted({str(split[place]) for place in places})
        learnt = [place for place in places.tolist() if split[place] == LEARNT_FROM]
        drops = [RowEdit(rows.number(place), drop=True) for place in learnt]
        message = (
            f"{len(places):,} rows that say nearly the same are in the splits "
            f"{', '.join(names)}: mean cosine {score:.3f} to the first."
        )
        suspects.keep(score, message, places, _beside_first(rows, places), drops)

    return _by_score(suspects, across, keep, progress)


def conflicts(rows: Rows, concerned: Mask, progress: Progress) -> Suspicions:
    """Equal texts under several labels; where most of them agree, that label is proposed."""
    suspects = Suspects(FindingKind.CONFLICT, rows, concerned)
    labelled = np.flatnonzero(rows.y >= 0)
    found = []
    for group in groups_of(rows.table.group[labelled]):
        places = labelled[group]
        counts = Counter(rows.y[places].tolist()).most_common()
        if len(counts) > 1:
            found.append((1 - counts[0][1] / len(places), places, counts))
    found.sort(key=lambda each: (-each[0], int(each[1][0])))
    for done, (score, places, counts) in enumerate(found, start=1):
        suspects.count(places)
        if not suspects.is_full:
            _keep_conflict(suspects, places, score, counts)
        progress(done, len(found))
    return suspects.all()


def _keep_conflict(
    suspects: Suspects, places: Places, score: float, counts: list[tuple[int, int]]
) -> None:
    rows = suspects.rows
    told = ", ".join(f"{rows.classes[label]!r} ({rows_of})" for label, rows_of in counts[:5])
    message = f"The same text stands under {len(counts)} labels: {told}."
    (most, of_most), (_, of_next) = counts[:2]
    edits = [
        RowEdit(rows.number(place), label=rows.classes[most])
        for place in places.tolist()
        if of_most > of_next and rows.y[place] != most
    ]
    evidence = rows.evidence(places[:MAX_SUBJECTS])
    suspects.keep(score, message, places, evidence, edits)


def _by_score(
    suspects: Suspects, clusters: Sequence[Places],
    keep: Callable[[Places, float], None], progress: Progress,
) -> Suspicions:  # fmt: skip
    """Count every cluster, and `keep` the tightest."""
    cosines = suspects.rows.cosines
    scored = [(float(cosines(each[1:], int(each[0])).mean()), each) for each in clusters]
    scored.sort(key=lambda pair: (-pair[0], int(pair[1][0])))
    for done, (score, places) in enumerate(scored, start=1):
        suspects.count(places)
        if not suspects.is_full:
            keep(places, min(max(score, 0.0), 1.0))
        progress(done, len(scored))
    return suspects.all()


def _beside_first(rows: Rows, places: Places) -> tuple[Evidence, ...]:
    return rows.evidence(places[:MAX_SUBJECTS], beside=int(places[0]))
