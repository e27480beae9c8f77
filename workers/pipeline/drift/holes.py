"""Holes in what was learnt: groups of texts with nothing like them among the rows learnt from.

One strange text may be a typing error; many that resemble each other are a gap. So the strangeness
of a text is averaged with that of its neighbours among all texts, held-out rows included. Where the
averages of held-out rows lie gives each text a conformal p-value, and Benjamini and Hochberg's rule
over these keeps the share of texts that are falsely called strange at FALSE_SHARE (Bates et al.
2023). What is left is clustered (Leiden) and named by its words against those of all other texts.

On banking77 with eight classes left out, 400 of their texts among 2,500 others: 0.91 of the texts
in holes were of those classes, and 0.71 of theirs were found. With a fixed limit, what 95 % of the
held-out rows stay under, a quarter of what was found was not theirs, and quiet days had holes too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from store.records.dataset import DataKind
from store.records.drift import Hole, HoleDay
from store.records.prediction import Decision
from workers.pipeline.arrays import Doubles, Floats, Ints, Places
from workers.pipeline.clusterers.clustering import centroids
from workers.pipeline.clusterers.leiden import communities, neighbour_graph
from workers.pipeline.clusterers.naming import keywords, names
from workers.pipeline.drift.asked import Asked
from workers.pipeline.drift.seen import Seen
from workers.pipeline.drift.teaching import order
from workers.pipeline.neighbours import nearest

FALSE_SHARE = 0.1
NEIGHBOURS = 15
RESOLUTION = 1.0
MIN_TEXTS = 5
"""Fewer are no group."""
MAX_HOLES, MAX_EXAMPLES, MAX_CANDIDATES = 20, 5, 100


@dataclass(frozen=True)
class Found:
    holes: tuple[Hole, ...]
    members: Places
    """Places of all their texts."""


def find_holes(asked: Asked, held_out: Seen, kind: DataKind, seed: int) -> Found:
    """Groups of at least MIN_TEXTS different texts, largest first."""
    strange = strange_texts(asked.seen, held_out)
    groups = _groups(asked.seen.vectors[strange], seed)
    members = [strange[places] for places in groups]
    labels = np.full(len(asked.seen), len(members), np.int64)  # the last group is all the rest
    for number, places in enumerate(members):
        labels[places] = number
    words = keywords(asked.seen.texts, labels, len(members) + 1, kind)[:-1]
    called = zip(names(words), words, members, strict=True)
    holes = tuple(_hole(asked, number, *each) for number, each in enumerate(called))
    return Found(holes, np.concatenate([*members, np.empty(0, np.intp)]))


def strange_texts(seen: Seen, held_out: Seen) -> Places:
    """Places of texts that are stranger than held-out rows, with their neighbours."""
    n, k = len(seen), min(NEIGHBOURS, len(seen) + len(held_out) - 1)
    if not n or not len(held_out):
        return np.empty(0, np.intp)
    averages = _averaged(
        np.append(seen.strangeness, held_out.strangeness),
        np.vstack([seen.vectors, held_out.vectors]), k,
    )  # fmt: skip
    usual = np.sort(averages[n:])
    as_strange = len(usual) - np.searchsorted(usual, averages[:n], side="left")
    p_values = (1 + as_strange) / (1 + len(usual))
    return np.sort(_passing(np.asarray(p_values, np.float64)))


def _averaged(strangeness: Doubles, vectors: Floats, k: int) -> Doubles:
    """Each with its k nearest texts'."""
    _, places = nearest(np.ascontiguousarray(vectors), k)
    return np.asarray((strangeness + strangeness[places].sum(axis=1)) / (k + 1))


def _passing(p_values: Doubles) -> Places:
    """Benjamini and Hochberg 1995."""
    by_rank = np.argsort(p_values, kind="stable")
    limits = FALSE_SHARE * np.arange(1, len(p_values) + 1) / len(p_values)
    under = np.flatnonzero(p_values[by_rank] <= limits)
    return by_rank[: under[-1] + 1] if len(under) else np.empty(0, np.intp)


def _groups(vectors: Floats, seed: int) -> list[Places]:
    if len(vectors) < MIN_TEXTS:
        return []
    labels: Ints = communities(neighbour_graph(np.ascontiguousarray(vectors)), RESOLUTION, seed)
    found = [np.flatnonzero(labels == number) for number in range(int(labels.max()) + 1)]
    return [places for places in found if len(places) >= MIN_TEXTS][:MAX_HOLES]


def _hole(asked: Asked, number: int, name: str, words: Sequence[str], places: Places) -> Hole:
    seen, texts = asked.seen, {asked.seen.texts[place] for place in places}
    days = [(day, [each for each in day.read if each.text in texts]) for day in asked.days]
    read = [each for _, each in days]
    predictions = sum(map(len, read))
    in_all = sum(len(each) * day.predictions / max(len(day.read), 1) for day, each in days)
    answered = sum(each.decision is Decision.ANSWER for day in read for each in day)
    label, count = Counter(asked.label(int(place)) for place in places).most_common(1)[0]
    vectors = seen.vectors[places]
    typical = vectors @ centroids(vectors, np.zeros(len(places), np.int64), 1)[0]
    teaching = places[order(vectors, seen.cosine[places], MAX_CANDIDATES)]
    return Hole(
        number=number, name=name, keywords=tuple(words), texts=len(places),
        predictions=predictions, a_day=in_all / max(len(asked.days), 1),
        answered_share=answered / max(predictions, 1), nearest_label=label,
        nearest_share=count / len(places), mean_cosine=float(seen.cosine[places].mean()),
        days=tuple(HoleDay(day.begins, len(each)) for day, each in days if each),
        examples=asked.examples(places[np.argsort(-typical, kind="stable")][:MAX_EXAMPLES]),
        candidates=tuple(asked.latest[place].id for place in teaching),
    )  # fmt: skip
