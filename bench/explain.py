"""Explanations over HTTP: what one costs beside an answer, and whether its words matter."""

from __future__ import annotations

import asyncio
import csv
import random
import statistics
from collections.abc import Awaitable, Callable, Sequence
from itertools import islice
from typing import Any

from bench.data import banking77, path_of
from bench.figure import Figure, at_least, at_most
from bench.platform import Platform, Stopwatch
from bench.serving import fresh_texts
from bench.training import published

EXPLAIN = """query Explain($input: ExplainInput!) {
  explain(input: $input) {
    explanations { words { start end weight } } userErrors { code message }
  }
}"""
PREDICT = """query Predict($input: PredictInput!) {
  predict(input: $input) { predictions { label } userErrors { code message } }
}"""
MODEL = "explained"
CALLS, WARM_UP = 60, 10
BUSY = 2
LONG_TEXTS = 5
QUESTIONS = 400
TOP = 3
Span = tuple[int, int]


async def explain(platform: Platform) -> list[Figure]:
    """Times on texts that no cache has seen, then the faithfulness of the weights."""
    await published(platform, MODEL)
    return [*await _times(platform), *await _faithfulness(platform)]


async def _times(platform: Platform) -> list[Figure]:
    """Of explanations and answers in turns, and of answers while others have things explained."""
    texts = fresh_texts()

    def explaining() -> Awaitable[Any]:
        return _ask(platform, EXPLAIN, [next(texts)])

    def predicting() -> Awaitable[Any]:
        return _ask(platform, PREDICT, [next(texts)])

    turns = [(await _ms(explaining), await _ms(predicting)) for _ in range(CALLS + WARM_UP)]
    explain_ms, predict_ms = (statistics.median(e) for e in zip(*turns[WARM_UP:], strict=True))
    beside_ms = await _while_busy(explaining, predicting)
    reviews = _reviews()
    long_ms = statistics.median(
        [await _ms(lambda t=text: _ask(platform, EXPLAIN, [t])) for text in reviews]
    )
    print(
        f"# p50 in ms: explain {explain_ms:.1f}, predict {predict_ms:.1f}, "
        f"predict while {BUSY} explain {beside_ms:.1f}, explain a review {long_ms:.0f}"
    )
    return [
        at_most("explain_over_predict", explain_ms / predict_ms, 15, "x"),
        at_most("predict_while_explaining_over_alone", beside_ms / predict_ms, 3, "x"),
        at_most("explain_long_text", long_ms, 2_000, "ms"),
    ]


async def _while_busy(
    explaining: Callable[[], Awaitable[Any]], predicting: Callable[[], Awaitable[Any]]
) -> float:
    """Median of an answer while BUSY callers have one text after the other explained."""

    async def forever() -> None:
        while True:
            await explaining()

    busy = [asyncio.create_task(forever()) for _ in range(BUSY)]
    try:
        return statistics.median([await _ms(predicting) for _ in range(CALLS)])
    finally:
        for each in busy:
            each.cancel()
        await asyncio.gather(*busy, return_exceptions=True)


async def _faithfulness(platform: Platform) -> list[Figure]:
    """Accuracy that is lost with the words that count most, beside as many at random."""
    test, chance = banking77("test"), random.Random(0)
    rows = chance.sample(range(len(test.texts)), QUESTIONS)
    texts, labels = [test.texts[i] for i in rows], [test.labels[i] for i in rows]
    found = await _all(platform, EXPLAIN, texts, 8, words=64, neighbours=0)
    words = [each["words"] for each in found]
    top = [_without(text, _heaviest(of)) for text, of in zip(texts, words, strict=True)]
    anyhow = [
        _without(text, [_span(word) for word in chance.sample(of, min(TOP, len(of)))])
        for text, of in zip(texts, words, strict=True)
    ]
    whole, without_top, without_any = [
        await _accuracy(platform, each, labels) for each in (texts, top, anyhow)
    ]
    print(f"# accuracy {whole:.3f}, without {TOP} words: top {without_top:.3f}, "
          f"random {without_any:.3f}")  # fmt: skip
    over_random = (whole - without_top) / (whole - without_any)
    return [
        at_least("accuracy_lost_without_top_words", whole - without_top, 0.7),
        at_least("top_words_over_random_words", over_random, 2.5, "x"),
    ]


def _heaviest(words: Sequence[dict[str, Any]]) -> list[Span]:
    """The TOP that speak most for the label."""
    for_it = sorted(words, key=lambda word: -word["weight"])[:TOP]
    return [_span(word) for word in for_it if word["weight"] > 0]


def _span(word: dict[str, Any]) -> Span:
    return word["start"], word["end"]


def _without(text: str, spans: Sequence[Span]) -> str:
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + text[end:]
    return text


def _reviews() -> list[str]:
    """Texts of some 3,600 characters."""
    with path_of("movie_reviews/reviews_200.csv").open(newline="", encoding="utf-8") as file:
        return [row["text"][:10_000] for row in islice(csv.DictReader(file), LONG_TEXTS)]


async def _accuracy(platform: Platform, texts: Sequence[str], labels: Sequence[str]) -> float:
    found = await _all(platform, PREDICT, texts, 64)
    pairs = zip(found, labels, strict=True)
    return sum(each["label"] == label for each, label in pairs) / len(labels)


async def _all(
    platform: Platform, document: str, texts: Sequence[str], at_once: int, **more: int
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for start in range(0, len(texts), at_once):
        found += await _ask(platform, document, texts[start : start + at_once], **more)
    return found


async def _ask(
    platform: Platform, document: str, texts: Sequence[str], **more: int
) -> list[dict[str, Any]]:
    """The payload's list, with one entry a text."""
    payload = await platform.api.do(document, model=MODEL, texts=list(texts), **more)
    return next(value for name, value in payload.items() if name != "userErrors")


async def _ms(asking: Callable[[], Awaitable[Any]]) -> float:
    watch = Stopwatch()
    await asking()
    return watch.seconds * 1000
