"""Rows unlike all others, and rows that say nothing."""

from __future__ import annotations

import re

import numpy as np

from store.records.edit import RowEdit
from store.records.quality import FindingKind
from workers.pipeline.arrays import Mask
from workers.pipeline.progress import Progress
from workers.pipeline.quality.neighbourhood import Neighbourhood
from workers.pipeline.quality.suspicion import Rows, Suspects, Suspicions

MIN_TEXTS = 50
"""Fewer texts have no usual distance."""
FENCE = 3.0
"""Spans between the quartiles beyond the upper one: Tukey's outer fence."""
SHOWN = 3
TWO_LETTERS = re.compile(r"[^\W_].*?[^\W_]", re.DOTALL)


def outliers(rows: Rows, near: Neighbourhood, concerned: Mask, progress: Progress) -> Suspicions:
    """Texts whose mean cosine distance to their nearest lies beyond the fence (Angiulli and
    Pizzuti, 2002).

    Of 150 film reviews, other languages and random letters among banking77's 10,003 texts it had
    113 under 129 flagged (AUROC 0.997); local outlier factors hardly told them at all (0.58):
    strange texts that resemble each other are dense.
    """
    suspects = Suspects(FindingKind.OUTLIER, rows, concerned)
    if len(near.first) < MIN_TEXTS:
        return suspects.all()
    distance = 1 - near.cosines.mean(axis=1)
    low, usual, high = np.quantile(distance, [0.25, 0.5, 0.75])
    order = np.argsort(-distance, kind="stable")
    beyond = order[distance[order] > high + FENCE * (high - low) + 1e-6]
    for done, text in enumerate(beyond.tolist(), start=1):
        places = np.flatnonzero(near.text_of == text)
        suspects.count(places)
        if not suspects.is_full:
            _keep(suspects, near, text, float(distance[text]), float(usual))
        progress(done, len(beyond))
    return suspects.all()


def _keep(
    suspects: Suspects, near: Neighbourhood, text: int, distance: float, usual: float
) -> None:
    rows = suspects.rows
    places = np.flatnonzero(near.text_of == text).tolist()
    fellows = near.first[near.places[text, :SHOWN]]
    evidence = rows.evidence(places[:SHOWN])
    evidence += rows.evidence(fellows, beside=places[0], is_subject=False)
    message = (
        f"Unlike all others: mean cosine distance {distance:.2f} to the {near.places.shape[1]} "
        f"nearest texts, where {usual:.2f} is usual."
    )
    drops = [RowEdit(rows.number(place), drop=True) for place in places]
    suspects.keep(min(max(distance, 0.0), 1.0), message, places, evidence, drops)


def too_short(rows: Rows, concerned: Mask, progress: Progress) -> Suspicions:
    """Texts with hardly a letter or digit, those with none first."""
    suspects = Suspects(FindingKind.TOO_SHORT, rows, concerned)
    texts = rows.table.text
    short = [place for place, text in enumerate(texts) if not TWO_LETTERS.search(text)]
    letters = {place: sum(map(str.isalnum, texts[place])) for place in short}
    short.sort(key=letters.__getitem__)
    for done, place in enumerate(short, start=1):
        suspects.count([place])
        if not suspects.is_full:
            message = f"The text has {letters[place] or 'no'} letter or digit."
            drop = RowEdit(rows.number(place), drop=True)
            score = 1 - letters[place] / 2
            suspects.keep(score, message, [place], rows.evidence([place]), [drop])
        progress(done, len(short))
    return suspects.all()
