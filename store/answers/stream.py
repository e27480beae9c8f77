"""Answers to many texts, given as they are ready.

A few small calls are under way at a time and the next is asked when somebody has taken an answer:
so a long list neither fills the queue that all callers share, nor is asked for nobody. Every text
is answered or named by a failure, and the last item tells what it came to.
"""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass

from store.answers.predictions import Served
from store.errors import Overloaded, StoreError

CHUNK_TEXTS = 8
"""What an inference worker answers at once."""
IN_FLIGHT = 8
PATIENCE_S = 30.0
"""How long a full queue is waited for."""
LONGEST_PAUSE_S = 4.0

Ask = Callable[[Sequence[str]], Awaitable[list[Served]]]
"""One answer a text, in order; raises StoreError."""


@dataclass(frozen=True, slots=True)
class StreamedAnswer:
    index: int
    served: Served


@dataclass(frozen=True, slots=True)
class StreamFailure:
    """No further text is asked after it."""

    code: str
    message: str
    retryable: bool
    indexes: tuple[int, ...]
    """Of the texts that get no answer for it."""


@dataclass(frozen=True, slots=True)
class StreamEnd:
    asked: int
    answered: int = 0
    cached: int = 0
    abstained: int = 0


StreamItem = StreamedAnswer | StreamFailure | StreamEnd
Chunk = list[tuple[int, str]]


async def answer_stream(ask: Ask, texts: Sequence[str]) -> AsyncGenerator[StreamItem, None]:
    """Closing it stops the asking: no call of it is left."""
    numbered = list(enumerate(texts))
    waiting = deque(
        numbered[start : start + CHUNK_TEXTS] for start in range(0, len(texts), CHUNK_TEXTS)
    )
    running: set[asyncio.Task[list[StreamItem]]] = set()
    answered: list[Served] = []
    try:
        while waiting or running:
            while waiting and len(running) < IN_FLIGHT:
                running.add(asyncio.create_task(_answers(ask, waiting.popleft(), waiting)))
            done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                running.discard(task)
                for item in task.result():
                    answered += [item.served] if isinstance(item, StreamedAnswer) else []
                    yield item
    finally:
        await _end(running)
    yield StreamEnd(
        asked=len(texts), answered=len(answered), cached=sum(each.cached for each in answered),
        abstained=sum(each.answer.abstained for each in answered),
    )  # fmt: skip


async def _answers(ask: Ask, chunk: Chunk, waiting: deque[Chunk]) -> list[StreamItem]:
    """The answers to a chunk, or one failure, which takes along all that waits."""
    try:
        served = await _patiently(ask, [text for _, text in chunk])
    except StoreError as fault:
        lost = [index for each in (chunk, *waiting) for index, _ in each]
        waiting.clear()
        return [StreamFailure(fault.code, str(fault), fault.retryable, tuple(lost))]
    return [StreamedAnswer(index, each) for (index, _), each in zip(chunk, served, strict=True)]


async def _patiently(ask: Ask, texts: Sequence[str]) -> list[Served]:
    """Wait for room in the queue, longer each time. Raises what `ask` does."""
    pause_s, waited_s = 0.0, 0.0
    while True:
        try:
            return await ask(texts)
        except Overloaded as full:
            if waited_s >= PATIENCE_S:
                raise
            pause_s = min(max(2 * pause_s, full.retry_after_s), LONGEST_PAUSE_S)
            pause_s *= random.uniform(0.5, 1.0)  # not all at once
            await asyncio.sleep(pause_s)
            waited_s += pause_s


async def _end(tasks: set[asyncio.Task[list[StreamItem]]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
