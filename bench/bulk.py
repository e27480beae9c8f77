"""A file of answers beside a loop of `predict` calls over the same texts, and what it holds."""

from __future__ import annotations

import asyncio
import csv
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx

from bench.data import banking77
from bench.figure import Figure, at_least, at_most
from bench.platform import Platform, Stopwatch
from bench.training import published

CALL_TEXTS = 64
LOOP_TEXTS = 30 * CALL_TEXTS
MANY_ROWS = 200_000
PREDICT = """query Predict($input: PredictInput!) {
  predict(input: $input) {
    predictions { text label probability scores { label probability } }
    userErrors { code message }
  }
}"""
START = """mutation Start($input: PredictInBulkInput!) {
  predictInBulk(input: $input) { job { id } userErrors { code message } }
}"""
RESULT = """query Result($id: ID!) {
  job(id: $id) { bulkResult { url } }
}"""
Answers = list[dict[str, Any]]


async def bulk(platform: Platform) -> list[Figure]:
    """Rows a second over the loop's, whether both say the same, and memory of many rows."""
    source, trained = await published(platform, "bulk")
    rows, bulk_per_s = await _in_bulk(platform, source)
    texts = [row["text"] for row in rows[:LOOP_TEXTS]]  # without the outer blanks of the file
    loop, loop_per_s = await _in_calls(platform, "bulk", texts)
    equal = sum(_same(row, answer) for row, answer in zip(rows, loop, strict=False)) / len(loop)
    held_mb, many_per_s = await asyncio.to_thread(_many, platform, trained["id"])
    print(
        f"# rows/s: bulk {bulk_per_s:.0f}, calls of {CALL_TEXTS} {loop_per_s:.0f}; "
        f"{MANY_ROWS:,} rows alone {many_per_s:.0f}"
    )
    return [
        at_least("bulk_over_predict_loop", bulk_per_s / loop_per_s, 1.4, "x"),
        at_least("bulk_equals_predict", equal, 1),
        at_most("bulk_memory_of_many_rows", held_mb, 600, "MB"),
    ]


async def _in_bulk(platform: Platform, source: str) -> tuple[Answers, float]:
    """The file's rows, and how many of them a second from the job's start to its end."""
    watch = Stopwatch()
    asked = {"model": "bulk", "datasetVersionId": source, "format": "JSONL"}
    started = await platform.api.do(START, **asked)
    await platform.wait_for(started["job"]["id"])
    seconds = watch.seconds
    job = (await platform.api.run(RESULT, id=started["job"]["id"]))["job"]
    async with httpx.AsyncClient() as http:
        file = (await http.get(job["bulkResult"]["url"])).raise_for_status()
    rows = [json.loads(line) for line in file.content.splitlines()]
    return rows, len(rows) / seconds


async def _in_calls(platform: Platform, model: str, texts: list[str]) -> tuple[Answers, float]:
    """One call after the other, none of them seen before."""
    answers: Answers = []
    await platform.api.run(PREDICT, input={"model": model, "texts": ["warm up"]})
    watch = Stopwatch()
    for start in range(0, len(texts), CALL_TEXTS):
        asked = {"model": model, "texts": texts[start : start + CALL_TEXTS]}
        answers += (await platform.api.run(PREDICT, input=asked))["predict"]["predictions"]
    return answers, len(texts) / watch.seconds


def _same(row: Mapping[str, Any], answer: Mapping[str, Any]) -> bool:
    """To the last bit."""
    return all(row[name] == answer[name] for name in ("text", "label", "probability", "scores"))


def _many(platform: Platform, version_id: str) -> tuple[float, float]:
    """Megabytes at most, and rows a second, of a process that answers MANY_ROWS short rows."""
    bundle = platform.settings.data / "bundles" / version_id
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch, "many.csv")
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([["text"], *([text] for text in _short_texts())])
        command = [sys.executable, "-m", "bench.bulk_alone", str(bundle), str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    held, per_s = map(float, done.stdout.split()[-2:])
    return held, per_s


def _short_texts() -> Iterator[str]:
    """Three words each, most of them seen more than once, as short questions are."""
    test = banking77("test").texts
    for number in range(MANY_ROWS):
        words = test[number % len(test)].split()
        yield " ".join(_few(words, number // len(test)))


def _few(words: list[str], start: int) -> Iterable[str]:
    return [words[(start + n) % len(words)] for n in range(3)]
