"""A small labelled data set that any embedder can tell apart."""

from __future__ import annotations

import csv
import random
from pathlib import Path

WORDS = {
    "cooking": "oven butter flour onion soup bread garlic sauce recipe pan",
    "sailing": "harbour anchor mast sail wind deck captain tide rope wave",
    "astronomy": "planet telescope orbit comet galaxy star moon eclipse nebula meteor",
    "football": "goal referee striker penalty match stadium keeper league corner whistle",
}
FILLER = ["the", "a", "with", "near", "some", "under", "old", "small", "before", "every", "quite"]
NEW_TEXTS = {
    "a pan of onion soup with butter and garlic": "cooking",
    "the captain raised the sail and the anchor": "sailing",
    "a comet seen near the moon by telescope": "astronomy",
    "the referee gave a penalty before the whistle": "football",
}


def write_texts(path: Path, rows: int = 300, seed: int = 0) -> Path:
    """A CSV file with the columns `text` and `label`, every label as frequent."""
    chance = random.Random(seed)
    labels = sorted(WORDS)
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("text", "label"))
        for number in range(rows):
            label = labels[number % len(labels)]
            words = chance.sample(WORDS[label].split(), 4) + chance.sample(FILLER, 3)
            chance.shuffle(words)
            writer.writerow((" ".join(words), label))
    return path
