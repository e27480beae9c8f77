"""Fixes of banking77's training rows, 5 % of which got a wrong label: how long, and what gain.

A trial is timed from the request to its result, as somebody waits for it who looks twenty times a
second; the head's part of it is told beside it.
"""

from __future__ import annotations

import csv
import random
import tempfile
from pathlib import Path
from typing import Any

from bench.data import banking77
from bench.figure import Figure, at_least, at_most
from bench.platform import Platform, Stopwatch

SHARE = 0.05
SEED = 13
TRY = """
mutation($input: TryFixesInput!) {
  tryFixes(input: $input) { job { id } trial { id } userErrors { code message } }
}
"""
RESULT = """
query($id: ID!) {
  trial(id: $id) {
    result {
      verdict message gain { value low high } logLossGain { value low high } pValue terms seconds
      refitSeconds
    }
  }
}
"""
Fix = dict[str, Any]


def with_wrong_labels(folder: Path) -> tuple[Path, list[Fix]]:
    """Both parts in one CSV, and what would set the flipped rows right, in a random order."""
    chance, fixes = random.Random(SEED), list[Fix]()
    path, number = folder / "banking77-flipped.csv", 0
    labels = sorted(set(banking77("train").labels))
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["text", "label", "split"])
        for part in ("train", "test"):
            rows = banking77(part)
            for text, label in zip(rows.texts, rows.labels, strict=True):
                said = label
                if part == "train" and chance.random() < SHARE:
                    said = chance.choice([each for each in labels if each != label])
                    fixes.append({"row": number, "label": label})
                writer.writerow([text, said, part])
                number += 1
    chance.shuffle(fixes)
    return path, fixes


async def refit(platform: Platform) -> list[Figure]:
    """Ten fixes, twice, then 500, on one model."""
    with tempfile.TemporaryDirectory() as scratch:
        path, fixes = with_wrong_labels(Path(scratch))
        columns = {"text": "text", "label": "label", "split": "split"}
        version = await platform.ingest(path, columns=columns)
    trained = await platform.train(version, "flipped")
    ten_s, ten = await _tried(platform, trained["id"], fixes[:10])
    again_s, _ = await _tried(platform, trained["id"], fixes[10:20])
    many_s, many = await _tried(platform, trained["id"], fixes[:500])
    print(f"# ten fixes: {ten['message']}")
    print(f"# 500 fixes: {many['message']}")
    print(f"# seconds: ten {ten_s:.2f}, ten others {again_s:.2f}, 500 {many_s:.2f}")
    return [
        at_most("refit_after_ten_fixes", max(ten_s, again_s), 3.0, " s"),
        at_most("refit_after_ten_fixes_head", ten["refitSeconds"], 2.5, " s"),
        at_least("gain_of_500_fixes_low", 100 * many["gain"]["low"], 0.0, " points"),
    ]


async def _tried(
    platform: Platform, version_id: str, fixes: list[Fix]
) -> tuple[float, dict[str, Any]]:
    """The seconds that a trial took, and its result."""
    watch = Stopwatch()
    asked = await platform.api.do(TRY, modelVersionId=version_id, fixes=fixes)
    await platform.wait_for(asked["job"]["id"])
    seconds = watch.seconds
    found = await platform.api.run(RESULT, id=asked["trial"]["id"])
    return seconds, found["trial"]["result"]
