"""Calls that take long have a lane of their own: others neither wait for them nor lose room."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from store.calls.calls import Call, CallKind, Calls
from store.errors import Overloaded
from store.records.prediction import Answer
from store.redis.connection import open_redis
from store.settings import Settings

ANSWER = Answer("a", 0.75, False, (), 0, "")


@pytest.fixture
async def calls(settings: Settings) -> AsyncIterator[Calls]:
    """Room for ten texts in each lane."""
    redis = open_redis(settings)
    opened = Calls(settings=settings.model_copy(update={"max_waiting_calls": 10}), redis=redis)
    yield opened
    await opened.close()
    await redis.aclose()


def explained(calls: Calls, text: str, weight: int) -> asyncio.Task[list[Answer]]:
    asked = calls.ask(Answer, CallKind.EXPLAIN, "mdv_a", [text], weight, words=3)
    return asyncio.create_task(asked)


async def taken(calls: Calls, *, slow: bool) -> list[Call]:
    async with asyncio.timeout(60):
        while not (found := await calls.take(1, 0.2, slow=slow)):
            pass
    return found


async def test_an_answer_is_taken_past_those_that_take_long(calls: Calls) -> None:
    waits = []
    for number, text in enumerate("xy", start=1):
        waits.append(explained(calls, text, 5))
        while (await calls.waiting())[0] < 5 * number:
            await asyncio.sleep(0.005)
    with pytest.raises(Overloaded):
        await explained(calls, "z", 1)
    predicted = asyncio.create_task(calls.predict("mdv_a", ["p"], 1, 0))
    (call,) = await taken(calls, slow=False)
    assert (call.kind, call.texts) == (CallKind.PREDICT, ("p",))
    await calls.answer(call, [ANSWER])
    assert await predicted == [ANSWER]
    assert await calls.take(8, 0.01) == []
    for text in "xy":  # one at a time, in the order they came
        (call,) = await taken(calls, slow=True)
        assert (call.kind, call.texts, call.arguments) == ("EXPLAIN", (text,), {"words": 3})
        assert 20 < call.deadline - time.time() <= 25
        await calls.answer(call, [ANSWER])
    assert await asyncio.gather(*waits) == [[ANSWER], [ANSWER]]
    assert await calls.take(1, 0.01, slow=True) == []
    assert await calls.waiting() == (0, None)


async def test_both_lanes_are_counted_as_waiting(calls: Calls) -> None:
    first = explained(calls, "x", 4)
    while (await calls.waiting())[0] < 4:
        await asyncio.sleep(0.005)
    _, since = await calls.waiting()
    predicted = asyncio.create_task(calls.predict("mdv_a", ["p", "q"], 1, 0))
    while (await calls.waiting())[0] < 6:
        await asyncio.sleep(0.005)
    assert await calls.waiting() == (6, since)
    for task in (first, predicted):
        task.cancel()
    await asyncio.wait([first, predicted])
