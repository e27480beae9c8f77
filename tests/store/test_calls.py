"""Calls and replies between processes, over a real Valkey."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from redis.asyncio import Redis

from shoal.ports import free_port
from shoal.services import start_valkey
from store.calls.calls import REPLY_TTL_S, Call, CallKind, Calls
from store.errors import NoAnswer, Overloaded, Refused, Unavailable
from store.records.prediction import Answer, Neighbour, Score
from store.redis.connection import open_redis
from store.settings import Settings
from tests.conftest import make_settings


def answer_to(text: str) -> Answer:
    return Answer(
        label=f"label of {text}", probability=0.75, abstained=False,
        scores=(Score("a", 0.75), Score("b", 0.25)), cluster=3, cluster_name="dog, cat",
        neighbours=(Neighbour(7, "a dog", None, 0.5),), truncated=True,
    )  # fmt: skip


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Calls]:
    redis = open_redis(settings)
    calls = Calls(settings=settings, redis=redis)
    yield calls
    await calls.close()
    await redis.aclose()


@pytest.fixture
async def server(settings: Settings) -> AsyncIterator[Calls]:
    async with opened(settings) as calls:
        yield calls


@pytest.fixture
async def worker(settings: Settings) -> AsyncIterator[Calls]:
    """Another process's end: it shares nothing with the server but Redis."""
    async with opened(settings) as calls:
        yield calls


@pytest.fixture
async def redis(settings: Settings) -> AsyncIterator[Redis]:
    client = open_redis(settings)
    yield client
    await client.aclose()


async def serve(worker: Calls) -> None:
    while True:
        for call in await worker.take(64, 0.2):
            await worker.answer(call, [answer_to(text) for text in call.texts])


@asynccontextmanager
async def serving(worker: Calls) -> AsyncIterator[None]:
    task = asyncio.create_task(serve(worker))
    yield
    task.cancel()
    await asyncio.wait([task])


def ask(calls: Calls, *texts: str) -> asyncio.Task[list[Answer]]:
    return asyncio.create_task(calls.predict("mdv_a", texts, 3, 2))


async def queued(redis: Redis, settings: Settings, calls: int) -> None:
    """Return once so many calls wait."""
    async with asyncio.timeout(60):
        while await redis.llen(f"{settings.redis_prefix}:calls:waiting") < calls:
            await asyncio.sleep(0.005)


async def waiting(worker: Calls, count: int) -> list[Call]:
    """Take until `count` calls have come."""
    taken: list[Call] = []
    async with asyncio.timeout(60):
        while len(taken) < count:
            taken += await worker.take(64, 0.2)
    return taken


async def test_an_answer_comes_back_as_it_was_given(server: Calls, worker: Calls) -> None:
    async with serving(worker):
        assert await ask(server, "x", "y") == [answer_to("x"), answer_to("y")]


async def test_the_worker_learns_all_of_the_question(server: Calls, worker: Calls) -> None:
    asked = ask(server, "x", "ü \u2028 \n")
    (call,) = await waiting(worker, 1)
    assert (call.kind, call.subject, call.texts) == (
        CallKind.PREDICT,
        "mdv_a",
        ("x", "ü \u2028 \n"),
    )
    assert call.arguments == {"top_k": 3, "neighbours": 2}
    assert 5 < call.deadline - time.time() <= 10
    await worker.answer(call, [])
    assert await asked == []


async def test_everything_that_waits_is_taken_at_once(
    server: Calls, worker: Calls, redis: Redis, settings: Settings
) -> None:
    asked = [ask(server, f"text {n}") for n in range(40)]
    await queued(redis, settings, 40)
    calls = await worker.take(64, 1)
    assert sorted(call.texts for call in calls) == sorted((f"text {n}",) for n in range(40))
    await worker.answer_many([(call, [answer_to(call.texts[0])]) for call in calls])
    answers = await asyncio.gather(*asked)
    assert [answer[0].label for answer in answers] == [f"label of text {n}" for n in range(40)]


async def test_a_worker_takes_no_more_texts_than_it_wants(
    server: Calls, worker: Calls, redis: Redis, settings: Settings
) -> None:
    asked = []
    for size in (2, 2, 5, 1):
        asked.append(ask(server, *("x" * size)))
        await queued(redis, settings, len(asked))
    sizes = []
    for _ in range(3):
        calls = await worker.take(4, 0.2)
        sizes.append([len(call.texts) for call in calls])
        await worker.answer_many([(call, [answer_to("x")]) for call in calls])
    assert sizes == [[2, 2], [5], [1]]
    await asyncio.gather(*asked)


async def test_replies_find_their_callers_in_any_order(server: Calls, worker: Calls) -> None:
    first, second = ask(server, "first"), ask(server, "second")
    calls = await waiting(worker, 2)
    for call in sorted(calls, key=lambda call: call.texts, reverse=True):
        await worker.answer(call, [answer_to(call.texts[0])])
    assert (await first, await second) == ([answer_to("first")], [answer_to("second")])


async def test_two_servers_get_their_own_replies(settings: Settings, worker: Calls) -> None:
    async with opened(settings) as one, opened(settings) as two, serving(worker):
        answers = await asyncio.gather(*(ask(one, f"1-{n}") for n in range(20)),
                                       *(ask(two, f"2-{n}") for n in range(20)))  # fmt: skip
    assert [a[0].label for a in answers] == [f"label of {s}-{n}" for s in (1, 2) for n in range(20)]


async def test_a_refusal_keeps_its_code(server: Calls, worker: Calls) -> None:
    asked = ask(server, "x")
    (call,) = await waiting(worker, 1)
    await worker.refuse(call, "MODEL_UNAVAILABLE", "there is no such version")
    with pytest.raises(Refused, match="there is no such version") as caught:
        await asked
    assert caught.value.code == "MODEL_UNAVAILABLE"


async def test_with_too_many_waiting_a_caller_is_turned_away(
    settings: Settings, worker: Calls, redis: Redis
) -> None:
    async with opened(settings.model_copy(update={"max_waiting_calls": 5})) as server:
        waits = [ask(server, "a", "b", "c"), ask(server, "d", "e")]
        await queued(redis, settings, 2)
        with pytest.raises(Overloaded) as caught:
            await ask(server, "f")
        assert caught.value.retryable
        assert caught.value.retry_after_s > 0
        async with serving(worker):
            await asyncio.gather(*waits)
            assert await ask(server, "f") == [answer_to("f")]


async def test_the_count_of_waiting_texts_survives_a_worker_that_dies(
    settings: Settings, worker: Calls, redis: Redis
) -> None:
    async with opened(settings.model_copy(update={"max_waiting_calls": 2})) as server:
        for _ in range(5):  # each worker takes a call that it never answers nor counts out
            async with opened(settings) as dying:
                taking = asyncio.create_task(dying.take(64, 2))
                await asyncio.sleep(0.05)
                abandoned = ask(server, "a", "b")
                assert len(await taking) == 1
                abandoned.cancel()
        async with serving(worker):
            assert await ask(server, "f") == [answer_to("f")]
    assert await redis.get(f"{settings.redis_prefix}:calls:texts") is None


async def test_nobody_there_is_told_in_time(settings: Settings, worker: Calls) -> None:
    async with opened(settings.model_copy(update={"predict_timeout_s": 0.3})) as server:
        with pytest.raises(NoAnswer, match=r"no answer within 0\.3 s"):
            await ask(server, "x")
        assert await worker.take(64, 0.1) == []


async def test_calls_that_nobody_takes_do_not_stay(settings: Settings, redis: Redis) -> None:
    async with opened(settings.model_copy(update={"predict_timeout_s": 0.2})) as server:
        with pytest.raises(NoAnswer):
            await ask(server, "x")
    for key in await redis.keys(f"{settings.redis_prefix}:*"):
        assert 0 < await redis.ttl(key) <= 2


async def test_an_answer_for_a_caller_that_is_gone_is_dropped(server: Calls, worker: Calls) -> None:
    gone = ask(server, "gone")
    (call,) = await waiting(worker, 1)
    gone.cancel()
    await asyncio.wait([gone])
    await worker.answer(call, [answer_to("gone")])
    async with serving(worker):
        assert await ask(server, "here") == [answer_to("here")]


async def test_a_reply_to_a_process_that_is_gone_does_not_stay(
    settings: Settings, worker: Calls, redis: Redis
) -> None:
    key = f"{settings.redis_prefix}:calls:replies:gone"
    await worker.answer(
        Call("id", key, CallKind.PREDICT, "mdv_a", ("x",), time.time()), [answer_to("x")]
    )
    assert 0 < await redis.ttl(key) <= REPLY_TTL_S


async def test_a_restart_of_redis_fails_who_waits_and_nobody_later(tmp_path: Path) -> None:
    port = free_port()
    process = start_valkey(tmp_path / "valkey", port)
    url = f"redis://127.0.0.1:{port}/0"
    settings = make_settings("mongodb://unused", url, tmp_path, service_timeout_s=2.0)
    async with opened(settings) as server, opened(settings) as worker:
        asked = ask(server, "before")
        await waiting(worker, 1)
        process.kill()
        with pytest.raises(Unavailable):
            await asked
        with pytest.raises(Unavailable):
            await ask(server, "meanwhile")
        with pytest.raises(Unavailable):
            await worker.take(64, 0.1)
        process = start_valkey(tmp_path / "valkey", port)
        async with serving(worker):
            assert await ask(server, "after") == [answer_to("after")]
    process.stop()
