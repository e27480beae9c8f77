"""Rows for a training, and texts to ask about: four topics that any embedder can tell apart."""

from __future__ import annotations

import random

from tests.journeys.texts import FILLER, WORDS


def text_of(label: str, chance: random.Random, number: int) -> str:
    """A sentence of that topic which no other number has."""
    words = chance.sample(WORDS[label].split(), 5) + chance.choices(FILLER, k=7)
    chance.shuffle(words)
    return f"{' '.join(words)} {number}"


def rows(count: int, seed: str) -> list[dict[str, str]]:
    """Labelled rows as `createDataset` takes them."""
    chance = random.Random(seed)
    labels = sorted(WORDS)
    return [
        {"text": text_of(label, chance, number), "label": label}
        for number, label in ((n, labels[n % len(labels)]) for n in range(count))
    ]
