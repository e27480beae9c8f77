"""A model learnt in this process from vectors that are there, as the stages of a training do it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from store.records.training import ClassifierSpec, PromiseSpec
from workers.pipeline.arrays import Doubles, Floats, Ints, Mask
from workers.pipeline.classifiers.calibration import temperature_of
from workers.pipeline.classifiers.choosing import learn
from workers.pipeline.classifiers.head import Head, tempered
from workers.pipeline.promise.choosing import Chosen, HeldOut, Learnt, choose
from workers.pipeline.promise.judging import Tested
from workers.pipeline.promise.novelty import Exemplars, Novelty


@dataclass(frozen=True)
class Texts:
    """n texts with their vectors and labels."""

    texts: Sequence[str]
    vectors: Floats
    labels: Sequence[str]

    def __len__(self) -> int:
        return len(self.texts)

    def of(self, rows: Mask) -> Texts:
        places = np.flatnonzero(rows)
        texts, labels = ([each[place] for place in places] for each in (self.texts, self.labels))
        return Texts(texts, self.vectors[places], labels)

    @property
    def groups(self) -> Ints:
        return np.asarray(np.unique(self.texts, return_inverse=True)[1], np.int64)

    def classes(self, known: Sequence[str]) -> Ints:
        number = {label: place for place, label in enumerate(known)}
        return np.array([number.get(label, -1) for label in self.labels], np.int64)


@dataclass(frozen=True)
class Learned:
    """The head that answers, the rules, and what they were learnt from."""

    head: Head
    chosen: Chosen
    novelty: Novelty
    known: Texts

    @classmethod
    def on(cls, known: Texts, seed: int, promise: PromiseSpec) -> Learned:
        labels = tuple(sorted(set(known.labels)))
        y, spec = known.classes(labels), ClassifierSpec()
        with threadpool_limits(1):
            found = learn(
                vectors=known.vectors, texts=known.texts, y=y, groups=known.groups,
                count=len(labels), spec=spec, seed=seed,
            )  # fmt: skip
            temperature = temperature_of(found.held_scores, found.held_y)
            probabilities = tempered(found.held_scores, temperature)
            held = HeldOut(found.held, found.held_folds, found.held_y, probabilities)
            rows = Learnt(known.vectors, y, found.linear.weights)
            chosen = choose(held, rows, promise, spec)
        head = Head(labels, found.linear, found.sparse, found.sparse_weight, temperature)
        exemplars = Exemplars.of(y, len(labels))
        novelty = Novelty.made(known.vectors, exemplars, head.linear.weights, chosen.scale)
        return cls(head, chosen, novelty, known)

    def probabilities(self, asked: Texts) -> Doubles:
        return self.head.probabilities(asked.texts, asked.vectors)

    def tested(self, asked: Texts) -> Tested:
        probabilities = self.probabilities(asked)
        scores = self.novelty.scores(probabilities, asked.vectors)
        return Tested(asked.classes(self.head.classes), probabilities, scores)
