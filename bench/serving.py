"""`predict` over HTTP against an empty query and against a bare call in one process."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Iterable, Iterator

import aiohttp

from bench.data import banking77
from bench.figure import Figure, at_least, at_most
from bench.platform import Platform

EMPTY = "query Empty { __typename }"
PREDICT = """query Predict($input: PredictInput!) {
  predict(input: $input) { predictions { label probability } userErrors { message } }
}"""
CALLS = 300
WARM_UP = 30
CALLERS = 32


class Caller:
    """Sends one document after the other over one connection pool."""

    def __init__(self, session: aiohttp.ClientSession, url: str, model: str) -> None:
        self._session, self._url, self._model = session, f"{url}/graphql", model

    async def empty(self) -> float:
        return await self._ask({"query": EMPTY})

    async def predict(self, text: str) -> float:
        asked = {"model": self._model, "texts": [text]}
        return await self._ask({"query": PREDICT, "variables": {"input": asked}})

    async def _ask(self, body: dict[str, object]) -> float:
        began = time.perf_counter()
        async with self._session.post(self._url, json=body) as reply:
            answer = await reply.json()
        if "errors" in answer or (answer["data"].get("predict") or {}).get("userErrors"):
            raise RuntimeError(str(answer)[:500])
        return (time.perf_counter() - began) * 1000


async def serving(platform: Platform, model: str, bare_ms: float) -> list[Figure]:
    """The three figures of serving; `bare_ms` is the bare call's median."""
    headers = {"Authorization": f"Bearer {platform.api.token}"}
    texts = fresh_texts()
    async with aiohttp.ClientSession(headers=headers) as session:
        caller = Caller(session, platform.url, model)
        for text in _take(texts, WARM_UP):
            await caller.predict(text)
        cached_ms = await _cached_over_empty(caller, next(texts))
        new_ms = statistics.median([await caller.predict(text) for text in _take(texts, CALLS)])
        per_s = await _many_callers(caller, texts)
    return [
        at_most("predict_cached_over_empty", cached_ms, 3, "ms"),
        at_most("predict_new_over_bare_call", new_ms / bare_ms, 1, "x"),
        at_least("predict_32_callers_over_bare_call", per_s * bare_ms / 1000, 3, "x"),
    ]


def fresh_texts() -> Iterator[str]:
    """Real questions that no cache has seen: each is made unlike all others."""
    test = banking77("test").texts
    for number in range(1_000_000):
        yield f"{test[number % len(test)]} {number}"


async def _cached_over_empty(caller: Caller, text: str) -> float:
    """Taken in turns, so that both see the same machine."""
    await caller.predict(text)
    pairs = [(await caller.predict(text), await caller.empty()) for _ in range(CALLS)]
    cached, empty = zip(*pairs, strict=True)
    return statistics.median(cached) - statistics.median(empty)


async def _many_callers(caller: Caller, texts: Iterator[str]) -> float:
    """New texts a second while CALLERS ask side by side."""
    waiting = _take(texts, 4 * CALLS)

    async def ask_on() -> None:
        while waiting:
            await caller.predict(waiting.pop())

    began = time.perf_counter()
    await asyncio.gather(*(ask_on() for _ in range(CALLERS)))
    return 4 * CALLS / (time.perf_counter() - began)


def _take(texts: Iterable[str], count: int) -> list[str]:
    return [text for text, _ in zip(texts, range(count), strict=False)]
