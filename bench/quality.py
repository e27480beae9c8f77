"""Suspected label errors on banking77 with 5 % of the labels flipped, against a random list."""

from __future__ import annotations

import csv
import random
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.data import Rows, banking77
from bench.figure import Figure, at_least
from bench.platform import Platform, Stopwatch

SHARE = 0.05
SEED = 0
LISTS = 200
CHECK = """
mutation($input: CheckDatasetInput!) {
  checkDataset(input: $input) { job { id } userErrors { code message } }
}
"""
FINDINGS = """
query($id: ID!, $after: String) {
  node(id: $id) { ... on DatasetVersion {
    quality { labelNoise }
    findings(kind: LABEL_ERROR, first: 100, after: $after) {
      nodes { evidence { row } edits { label } }
      pageInfo { hasNextPage endCursor }
    }
  } }
}
"""


@dataclass(frozen=True)
class Spoilt:
    """Rows with some labels flipped, and what these were before."""

    rows: Rows
    right: dict[int, str]


def spoilt(rows: Rows, share: float, seed: int) -> Spoilt:
    """A share of the labels, each flipped to any other one alike."""
    chance, labels = random.Random(seed), list(rows.labels)
    every = sorted(set(labels))
    flipped = chance.sample(range(len(labels)), round(share * len(labels)))
    for place in flipped:
        labels[place] = chance.choice([label for label in every if label != labels[place]])
    return Spoilt(Rows(rows.texts, labels), {place: rows.labels[place] for place in flipped})


async def quality(platform: Platform) -> list[Figure]:
    """How many of the flipped labels are found, how far up, and how many are put right."""
    data = spoilt(banking77("train"), SHARE, SEED)
    version = await _ingest(platform, data.rows)
    watch = Stopwatch()
    asked = {"datasetVersionId": version, "spec": {"kinds": ["LABEL_ERROR"]}}
    started = await platform.api.do(CHECK, **asked)
    await platform.wait_for(started["job"]["id"])
    seconds = watch.seconds
    listed, noise = await _listed(platform, version)
    return _figures(data, listed, noise, seconds)


def _figures(
    data: Spoilt, listed: list[tuple[int, str]], noise: float, seconds: float
) -> list[Figure]:
    flipped, rows = set(data.right), [row for row, _ in listed]
    count = len(flipped)
    at_random = _at_random(len(data.rows.texts), flipped)
    first = len(flipped & set(rows[:count])) / count
    found = flipped & set(rows)
    mended = sum(label == data.right.get(row) for row, label in listed)
    print(
        f"# {count} flipped, {len(rows)} suspected in {seconds:.1f} s; of these "
        f"{len(found) / len(rows):.3f} flipped, {mended / len(found):.3f} of them put right; "
        f"at random {at_random:.3f}; estimated share of wrong labels {noise:.3f}"
    )
    return [
        at_least("label_errors_precision_and_recall_at_n", first, 0.9),
        at_least("label_errors_times_random", first / at_random, 10, "x"),
        at_least("label_errors_average_precision", _average_precision(rows, flipped), 0.95),
        at_least("label_errors_recall", len(found) / count, 0.95),
    ]


def _at_random(rows: int, flipped: set[int]) -> float:
    """Precision, and recall, of a random list as long as there are flipped rows: mean of many."""
    chance, count = random.Random(SEED + 1), len(flipped)
    hits = [len(flipped & set(chance.sample(range(rows), count))) for _ in range(LISTS)]
    return sum(hits) / LISTS / count


def _average_precision(rows: list[int], flipped: set[int]) -> float:
    """Of the list as it is; what it lacks counts as never found."""
    hits, total = 0, 0.0
    for rank, row in enumerate(rows, start=1):
        if row in flipped:
            hits += 1
            total += hits / rank
    return total / len(flipped)


async def _ingest(platform: Platform, rows: Rows) -> str:
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch, "spoilt.csv")
        _write(path, rows)
        return await platform.ingest(path, columns={"text": "text", "label": "label"})


def _write(path: Path, rows: Rows) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["text", "label"])
        writer.writerows(zip(rows.texts, rows.labels, strict=True))


async def _listed(platform: Platform, version: str) -> tuple[list[tuple[int, str]], float]:
    """The suspected rows with the label proposed for each, the worst first."""
    listed: list[tuple[int, str]] = []
    after = None
    while True:
        found: dict[str, Any] = await platform.api.run(FINDINGS, id=version, after=after)
        page = found["node"]["findings"]
        nodes = page["nodes"]
        listed += [(each["evidence"][0]["row"], each["edits"][0]["label"]) for each in nodes]
        if not page["pageInfo"]["hasNextPage"]:
            return listed, found["node"]["quality"]["labelNoise"]
        after = page["pageInfo"]["endCursor"]
