"""Clusters for people: keywords, a name, exemplars, size, cohesion."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from sklearn.feature_extraction.text import CountVectorizer

from store.records.dataset import DataKind
from store.records.report import Cluster, CoarseCluster
from workers.pipeline.arrays import Doubles, Floats, Ints, Places
from workers.pipeline.clusterers.clustering import Clustering, centroids, cosines

KEYWORDS = 8
IN_A_NAME = 3
EXEMPLARS = 3
EXEMPLAR_CHARACTERS = 300
MAX_TERMS = 50_000
WORDS = r"(?u)(?<!['’])\b[^\W\d_]{2,}\b(?!['’])"
"""Words of letters; halves of `hasn't` and the like are none."""


def describe(
    texts: Sequence[str], vectors: Floats, clustering: Clustering, kind: DataKind
) -> tuple[Cluster, ...]:
    """One Cluster a group, in order; where on the map they lie is not known here."""
    labels, count = clustering.labels, clustering.count
    words = keywords(texts, labels, count, kind)
    near = cosines(vectors, labels, centroids(vectors, labels, count))
    described = []
    for number, name in enumerate(names(words)):
        rows = np.flatnonzero(labels == number)
        nearest = rows[np.argsort(-near[rows], kind="stable")]
        described.append(
            Cluster(
                number=number, name=name, size=len(rows), keywords=words[number],
                exemplars=_exemplars(texts, nearest), cohesion=float(near[rows].mean()),
                parent=None if clustering.coarse is None else int(clustering.coarse[rows[0]]),
            )
        )  # fmt: skip
    return tuple(described)


def describe_coarse(
    texts: Sequence[str], coarse: Ints | None, kind: DataKind
) -> tuple[CoarseCluster, ...]:
    """The level above, where there is one."""
    if coarse is None:
        return ()
    count = int(coarse.max()) + 1
    words = keywords(texts, coarse, count, kind)
    sizes = np.bincount(coarse[coarse >= 0], minlength=count)
    return tuple(
        CoarseCluster(number, name, int(sizes[number]), words[number])
        for number, name in enumerate(names(words))
    )


def keywords(
    texts: Sequence[str], labels: Ints, count: int, kind: DataKind
) -> list[tuple[str, ...]]:
    """Of each cluster, strongest first, by class-based TF-IDF (Grootendorst 2022).

    A term t of cluster c weighs tf(t, c) * log(1 + A / f(t)), where tf is its share of the
    cluster's terms, f its count over all clusters and A the mean number of terms a cluster.
    """
    counter = _counter(kind)
    try:
        counts = counter.fit_transform(texts)
    except ValueError:  # no term at all
        return [()] * count
    is_in = labels >= 0
    member = csr_array(
        (np.ones(is_in.sum()), (labels[is_in], np.flatnonzero(is_in))), shape=(count, len(texts))
    )
    of_cluster = np.asarray((member @ counts).todense(), np.float64)
    totals = of_cluster.sum(axis=1, keepdims=True)
    mean = totals.sum() / max(count, 1)
    rarity = np.log1p(mean / np.maximum(of_cluster.sum(axis=0), 1))
    weights = of_cluster / np.maximum(totals, 1) * rarity
    terms = counter.get_feature_names_out()
    return [_strongest(terms, row) for row in weights]


def names(words: Sequence[tuple[str, ...]]) -> list[str]:
    """A distinct name each: the first keywords, numbered where they are not enough."""
    taken: dict[str, int] = {}
    found = []
    for each in words:
        name = ", ".join(each[:IN_A_NAME]) or "cluster"
        taken[name] = taken.get(name, 0) + 1
        found.append(name if taken[name] == 1 and each else f"{name} {taken[name]}")
    return found


def _counter(kind: DataKind) -> CountVectorizer:
    if kind is DataKind.SEQUENCE:
        return CountVectorizer(analyzer="char", ngram_range=(6, 6), lowercase=False, min_df=2)
    return CountVectorizer(
        token_pattern=WORDS, stop_words="english", ngram_range=(1, 2), max_features=MAX_TERMS
    )


def _strongest(terms: NDArray[np.object_], weights: Doubles) -> tuple[str, ...]:
    """The heaviest terms; a word pair stands for its words, and a word for pairs that follow."""
    chosen: list[str] = []
    for place in np.argsort(-weights, kind="stable")[: 4 * KEYWORDS]:
        term = str(terms[place])
        is_told = any(set(term.split()) & set(known.split()) for known in chosen)
        if weights[place] > 0 and not is_told:
            chosen.append(term)
    return tuple(chosen[:KEYWORDS])


def _exemplars(texts: Sequence[str], nearest: Places) -> tuple[str, ...]:
    distinct = dict.fromkeys(texts[row] for row in nearest[: 5 * EXEMPLARS])
    return tuple(text[:EXEMPLAR_CHARACTERS] for text in list(distinct)[:EXEMPLARS])
