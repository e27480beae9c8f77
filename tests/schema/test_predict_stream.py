"""Answers to many texts, each sent when it is ready."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

import pytest

from store.answers import stream as streams
from store.answers.predictions import Predictions
from store.calls.calls import Call
from store.store import Store, open_store
from tests.conftest import make_settings
from tests.schema.conftest import Caller, NewCaller
from tests.schema.making import published
from tests.schema.test_inference import answer, worker

STREAM = """
subscription($input: PredictStreamInput!) {
  predictStream(input: $input) {
    __typename
    ... on StreamedAnswer {
      index answer { id text label abstained cached scores { label } neighbours { row } }
    }
    ... on StreamFailure { code message retryable indexes }
    ... on StreamEnd { asked answered cached abstained }
  }
}
"""


def asked(texts: list[str], model: str = "letters", **more: Any) -> dict[str, Any]:
    return {"model": model, "texts": texts, **more}


async def items(caller: Caller, texts: list[str], **more: Any) -> list[dict[str, Any]]:
    return [each async for each in caller.follow(STREAM, input=asked(texts, **more))]


async def test_every_text_is_answered_once_whatever_the_order(alice: Caller, bob: Caller) -> None:
    await published(alice)
    texts = [f"{'abc'[n % 3]} {n}" for n in range(150)]
    store = alice.store

    async def serve() -> None:
        """The last call of a take is answered first, so answers overtake one another."""
        while True:
            for call in reversed(await store.calls.take(24, block_s=0.2)):
                await store.calls.answer(call, [answer(call, text) for text in call.texts])

    serving = asyncio.create_task(serve())
    got = await items(bob, texts, topK=2, neighbours=1)
    serving.cancel()
    *answers, end = got
    assert end == {
        "__typename": "StreamEnd", "asked": 150, "answered": 150, "cached": 0, "abstained": 0,
    }  # fmt: skip
    assert sorted(each["index"] for each in answers) == list(range(150))
    for each in answers:
        assert each["answer"]["text"] == texts[each["index"]]
        assert each["answer"]["label"] == texts[each["index"]][0]
        assert len(each["answer"]["scores"]) == 2
        assert each["answer"]["neighbours"] == [{"row": 5}]
    await store.predictions.drain()
    assert await store.mongo.predictions.count({"user_id": bob.id}) == 150
    known = await store.mongo.predictions.get(answers[0]["answer"]["id"])
    assert known.text == answers[0]["answer"]["text"]


async def test_what_was_answered_before_comes_from_the_cache(alice: Caller) -> None:
    await published(alice)
    async with worker(alice.store) as taken:
        await items(alice, ["a", "b"])
        *answers, end = await items(alice, ["b", "c", "b"])
    assert [call.texts for call in taken] == [("a", "b"), ("c",)]
    assert {each["index"]: each["answer"]["cached"] for each in answers} == {
        0: True, 1: False, 2: True,
    }  # fmt: skip
    assert (end["answered"], end["cached"]) == (3, 2)


async def test_no_more_is_asked_than_somebody_waits_for(
    alice: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    await published(alice)
    begun, running = 0, 0
    predict = Predictions.predict

    async def watched(self: Predictions, *how: Any) -> Any:
        nonlocal begun, running
        begun, running = begun + 1, running + 1
        try:
            return await predict(self, *how)
        finally:
            running -= 1

    monkeypatch.setattr(Predictions, "predict", watched)
    stream = alice.follow(STREAM, input=asked([f"a{n}" for n in range(1_000)]))
    async with worker(alice.store):
        for _ in range(3):
            assert (await anext(stream))["__typename"] == "StreamedAnswer"
        await asyncio.sleep(0.2)
        assert (begun, running) == (streams.IN_FLIGHT, 0)
        await stream.aclose()
        await asyncio.sleep(0.1)
    assert begun == streams.IN_FLIGHT


async def test_who_leaves_stops_the_asking(alice: Caller) -> None:
    """Nobody answers: the calls are still under way."""
    await published(alice)
    before = asyncio.all_tasks()
    stream = alice.raw(STREAM, input=asked([f"a{n}" for n in range(200)]))
    first = asyncio.create_task(anext(stream))  # type: ignore[arg-type]
    while (await alice.store.calls.waiting())[0] < streams.CHUNK_TEXTS * streams.IN_FLIGHT:
        await asyncio.sleep(0.01)
    first.cancel()
    await asyncio.wait({first})
    await stream.aclose()
    left = {task for task in asyncio.all_tasks() - before if "answer" in repr(task.get_coro())}
    assert left == set()


@pytest.fixture
async def small_queue(mongo_uri: str, redis_url: str, tmp_path: Any) -> AsyncGenerator[Store, None]:
    """A store that takes a call only while none waits."""
    settings = make_settings(mongo_uri, redis_url, tmp_path, max_waiting_calls=1)
    async with open_store(settings) as opened:
        yield opened


async def test_a_full_queue_is_waited_for(
    small_queue: Store, alice: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "LONGEST_PAUSE_S", 0.05)
    caller = Caller(small_queue, alice.viewer)
    await small_queue.mongo.users.insert(await alice.store.mongo.users.get(alice.id))
    await published(caller)
    async with worker(small_queue):
        *answers, end = await items(caller, [f"a{n}" for n in range(60)])
    assert (len(answers), end["answered"]) == (60, 60)


async def test_a_queue_that_stays_full_ends_it_and_names_every_text_left(
    small_queue: Store, alice: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "LONGEST_PAUSE_S", 0.02)
    monkeypatch.setattr(streams, "PATIENCE_S", 0.1)
    caller = Caller(small_queue, alice.viewer)
    await small_queue.mongo.users.insert(await alice.store.mongo.users.get(alice.id))
    version = await published(caller)
    blocking = asyncio.create_task(small_queue.calls.predict(version.id, ["first"], 1, 0))
    while not (await small_queue.calls.waiting())[0]:
        await asyncio.sleep(0.01)
    *failures, end = await items(caller, [f"a{n}" for n in range(100)])
    blocking.cancel()
    assert {(each["code"], each["retryable"]) for each in failures} == {("OVERLOADED", True)}
    assert sorted(i for each in failures for i in each["indexes"]) == list(range(100))
    assert (end["asked"], end["answered"]) == (100, 0)


async def test_a_worker_that_refuses_ends_it(alice: Caller) -> None:
    await published(alice)
    store, refused = alice.store, list[Call]()

    async def serve() -> None:
        while True:
            for call in await store.calls.take(64, block_s=0.2):
                refused.append(call)
                await store.calls.refuse(call, "MODEL_UNAVAILABLE", "it is broken")

    serving = asyncio.create_task(serve())
    *failures, end = await items(alice, [f"a{n}" for n in range(500)])
    serving.cancel()
    assert {each["code"] for each in failures} == {"MODEL_UNAVAILABLE"}
    assert sorted(i for each in failures for i in each["indexes"]) == list(range(500))
    assert len(refused) <= streams.IN_FLIGHT
    assert end["answered"] == 0


@pytest.mark.parametrize(
    ("input", "code"),
    [
        (asked([]), "BAD_USER_INPUT"),
        (asked(["a"] * 1_001), "BAD_USER_INPUT"),
        (asked(["a" * 10_001]), "BAD_USER_INPUT"),
        (asked(["a"], topK=0), "BAD_USER_INPUT"),
        (asked(["a"], neighbours=21), "BAD_USER_INPUT"),
        (asked(["a"], model="none"), "NOT_FOUND"),
    ],
)
async def test_what_cannot_be_asked_is_an_error(
    alice: Caller, input: dict[str, Any], code: str
) -> None:
    await published(alice)
    async with aclosing(alice.raw(STREAM, input=input)) as results:
        errors = [error async for result in results for error in result.errors]
    assert [error.extensions["code"] for error in errors] == [code]


async def test_it_takes_the_scope_predict(new_caller: NewCaller) -> None:
    reader = await new_caller("reader", scopes=set())
    results = [each async for each in reader.raw(STREAM, input=asked(["a"]))]
    assert [error.extensions["code"] for error in results[0].errors] == ["FORBIDDEN"]
