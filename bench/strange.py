"""Texts of no known class: how well each score tells them from the others.

Near: banking77 without a quarter of its classes, whose texts are then strange; the same bank's
customers wrote them, and some of the classes differ by a word: harder than a set of intents whose
texts out of scope are about anything else. Far: sentences of film reviews, and WordNet's
definitions where `make` put them. The score that serves is `ood_score`; the others are what was
tried beside it.
"""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Callable

import numpy as np
from scipy.special import logsumexp
from sklearn.metrics import roc_auc_score

from bench.data import path_of
from bench.figure import Figure, at_least, at_most
from bench.learning import Learned, Texts
from shoal.demo.wordnet import ARCHIVE, read_glosses, stratified
from store.records.training import PromiseSpec
from workers.pipeline.arrays import Doubles, Mask
from workers.pipeline.folds import held_out
from workers.pipeline.neighbours import search

CUTS = range(10, 18)
"""Seeds of the choices of classes; the score itself was chosen on 0 to 2."""
LEFT_OUT = 19
"""Of 77 classes."""
TEST_SHARE = 0.25
FAR_TEXTS = 2_000
SHRINKAGE = 0.1
"""Of a covariance, towards its mean variance."""
Score = Callable[[Learned, Texts], Doubles]
csv.field_size_limit(2**24)


def far_texts() -> dict[str, list[str]]:
    """Samples of texts from elsewhere, by name."""
    found = {"reviews": _sentences()}
    if ARCHIVE.is_file():
        found["definitions"] = [each.text for each in stratified(read_glosses(ARCHIVE), FAR_TEXTS)]
    return found


def strange(everything: Texts, far: dict[str, Texts]) -> list[Figure]:
    """The AUROC of each score, averaged over CUTS choices of the classes that are left out."""
    found: dict[str, dict[str, list[float]]] = {name: {} for name in SCORES}
    caught: dict[str, list[float]] = {}
    for seed in CUTS:
        learned, test, near = _cut(everything, seed)
        for name, score in SCORES.items():
            own = score(learned, test)
            for kind, texts in {"near": near, **far}.items():
                found[name].setdefault(kind, []).append(_auroc(own, score(learned, texts)))
        for kind, texts in {"known": test, "near": near, **far}.items():
            caught.setdefault(kind, []).append(_called_out(learned, texts))
    means = {
        name: {k: float(np.mean(v)) for k, v in kinds.items()} for name, kinds in found.items()
    }
    for name, kinds in means.items():
        print(f"# AUROC of {name}:", *(f"{k} {v:.4f}" for k, v in kinds.items()), flush=True)
    shares = {kind: float(np.mean(each)) for kind, each in caught.items()}
    print("# called OUT_OF_DISTRIBUTION:", *(f"{k} {v:.1%}" for k, v in shares.items()), flush=True)
    goals = {"near": 0.93, "reviews": 0.99, "definitions": 0.99}
    found_out = min(shares[kind] for kind in far)
    return [
        *(
            at_least(f"strange_{kind}_auroc", value, goals[kind])
            for kind, value in means["ood_score"].items()
        ),
        at_most("known_texts_called_strange", shares["known"], 0.02),
        at_least("far_texts_called_strange", found_out, 0.95),
    ]


def _cut(everything: Texts, seed: int) -> tuple[Learned, Texts, Texts]:
    """What was learnt of the classes that stay, their test rows, and the strange test rows."""
    labels = sorted(set(everything.labels))
    out = set(np.random.default_rng(seed).permutation(labels)[:LEFT_OUT])
    is_out: Mask = np.array([label in out for label in everything.labels])
    test = held_out(everything.classes(labels), everything.groups, TEST_SHARE, seed)
    learned = Learned.on(everything.of(~test & ~is_out), seed, PromiseSpec())
    return learned, everything.of(test & ~is_out), everything.of(test & is_out)


def _called_out(learned: Learned, texts: Texts) -> float:
    """At the threshold that a training chooses unless it is told otherwise."""
    above = learned.chosen.rules.out_above
    return float((learned.tested(texts).ood_scores > above).mean()) if above is not None else 0.0


def _auroc(own: Doubles, strange: Doubles) -> float:
    truth = np.repeat([0, 1], [len(own), len(strange)])
    return float(roc_auc_score(truth, np.concatenate([own, strange])))


def _served(learned: Learned, asked: Texts) -> Doubles:
    return learned.tested(asked).ood_scores


def _doubt(learned: Learned, asked: Texts) -> Doubles:
    """Hendrycks & Gimpel 2017."""
    return -learned.probabilities(asked).max(axis=1)


def _energy(learned: Learned, asked: Texts) -> Doubles:
    """Liu et al. 2020."""
    scores = learned.head.scores(asked.texts, asked.vectors) / learned.head.temperature
    return -np.asarray(logsumexp(scores, axis=1))


def _nearest(learned: Learned, asked: Texts) -> Doubles:
    """The nearest of all known rows (Sun et al. 2022, k = 1)."""
    cosines, _ = search(learned.known.vectors, asked.vectors, 1)
    return -cosines[:, 0].astype(np.float64)


def _distance(learned: Learned, asked: Texts) -> Doubles:
    """The distance of `ood_score` without its doubt."""
    _, distance = learned.novelty.signs(learned.probabilities(asked), asked.vectors)
    return distance


def _mahalanobis(learned: Learned, asked: Texts) -> Doubles:
    """To the nearest class (Lee et al. 2018)."""
    vectors, y = learned.known.vectors.astype(np.float64), _classes(learned)
    means = np.stack([vectors[y == number].mean(axis=0) for number in range(y.max() + 1)])
    root = _root(np.cov((vectors - means[y]).T))
    places, centres = asked.vectors @ root, means @ root
    squares = (places**2).sum(1)[:, None] - 2 * places @ centres.T + (centres**2).sum(1)
    return np.asarray(squares.min(axis=1))


def _relative(learned: Learned, asked: Texts) -> Doubles:
    """The same less the distance to the mean of all (Ren et al. 2021)."""
    vectors = learned.known.vectors.astype(np.float64)
    away = (asked.vectors - vectors.mean(axis=0)) @ _root(np.cov(vectors.T))
    return _mahalanobis(learned, asked) - (away**2).sum(axis=1)


def _classes(learned: Learned) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    return learned.known.classes(learned.head.classes)


def _root(covariance: Doubles) -> Doubles:
    """Its inverse's root, after SHRINKAGE."""
    mean = np.trace(covariance) / len(covariance) * np.eye(len(covariance))
    values, columns = np.linalg.eigh((1 - SHRINKAGE) * covariance + SHRINKAGE * mean)
    return np.asarray(columns / np.sqrt(values), np.float64)


SCORES: dict[str, Score] = {
    "ood_score": _served,
    "largest probability": _doubt,
    "energy": _energy,
    "nearest row": _nearest,
    "ood_score without doubt": _distance,
    "Mahalanobis": _mahalanobis,
    "relative Mahalanobis": _relative,
}


def _sentences() -> list[str]:
    with path_of("movie_reviews/reviews_200.csv").open(newline="", encoding="utf-8") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    found = [part.strip() for text in texts for part in re.split(r"(?<=[.!?])\s+", text)]
    fitting = [sentence for sentence in found if 15 < len(sentence) < 200]
    return random.Random(0).sample(fitting, min(FAR_TEXTS, len(fitting)))
