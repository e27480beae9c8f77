"""Answers are cached, logged before they are given, told, drained, corrected and counted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from store import ids
from store.answers.predictions import PredictionCounts, Served
from store.clock import now
from store.errors import InvalidValue, NoAnswer, NotFound, Refused, Unavailable
from store.events import Feed
from store.records.dataset import DataKind
from store.records.event import Event, EventKind, Topic
from store.records.model import Model, ModelVersion
from store.records.prediction import Answer, Neighbour, Score
from store.records.training import TrainingSpec
from store.store import Store, open_store
from tests.schema.making import REPORT

VIEWER, VERSION = "usr_viewer", "mdv_a"
MODEL = Model(ids.new(ids.MODEL), "usr_owner", "banking", "", now(), 1, VERSION)


class Worker:
    """Answers every call and remembers what it was asked."""

    def __init__(self, store: Store) -> None:
        self._calls = store.calls
        self.asked: list[tuple[str, ...]] = []

    async def serve(self) -> None:
        while True:
            for call in await self._calls.take(64, 0.2):
                self.asked.append(call.texts)
                await self._calls.answer(call, [answer_to(text) for text in call.texts])


def answer_to(text: str) -> Answer:
    return Answer(
        label=f"label of {text[:20]}", probability=0.75, abstained=text == "unsure",
        scores=(Score("a", 0.75),), cluster=3, cluster_name="dog, cat",
        neighbours=(Neighbour(7, "a dog", "animal", 0.5),),
    )  # fmt: skip


@pytest.fixture
async def worker(store: Store) -> AsyncIterator[Worker]:
    made = Worker(store)
    async with running(made):
        yield made


@asynccontextmanager
async def running(worker: Worker) -> AsyncIterator[None]:
    task = asyncio.create_task(worker.serve())
    yield
    task.cancel()
    await asyncio.wait([task])


async def predict(store: Store, *texts: str, top_k: int = 3, neighbours: int = 0) -> list[Served]:
    return await store.predictions.predict(VIEWER, MODEL, VERSION, texts, top_k, neighbours)


def cached(served: Sequence[Served]) -> list[bool]:
    return [each.cached for each in served]


async def told(store: Store) -> list[Event]:
    return (await store.events.page(Feed.predictions(), None, 100)).events


# -- predict --------------------------------------------------------------------------------------


async def test_each_text_gets_its_answer_in_order(store: Store, worker: Worker) -> None:
    served = await predict(store, "b", "a", "b")
    assert [each.answer for each in served] == [answer_to("b"), answer_to("a"), answer_to("b")]
    assert worker.asked == [("b", "a")]
    first = served[0].prediction
    assert (first.text, first.label, first.probability) == ("b", "label of b", 0.75)
    assert (first.user_id, first.model_id, first.model_version_id) == (VIEWER, MODEL.id, VERSION)
    assert (first.cluster, first.abstained, first.cached) == (3, False, False)
    assert 0 < first.latency_ms < 10_000
    assert len({each.prediction.id for each in served}) == 3


async def test_a_known_text_is_answered_from_the_cache(store: Store, worker: Worker) -> None:
    first = await predict(store, "a")
    second = await predict(store, "b", "a")
    assert (cached(first), cached(second)) == ([False], [False, True])
    assert second[1].answer == first[0].answer
    assert second[1].prediction.cached
    assert worker.asked == [("a",), ("b",)]


async def test_another_question_is_not_answered_from_the_cache(
    store: Store, worker: Worker
) -> None:
    await predict(store, "a")
    assert cached(await predict(store, "a", top_k=5)) == [False]
    assert cached(await predict(store, "a", neighbours=1)) == [False]
    other = await store.predictions.predict(VIEWER, MODEL, "mdv_b", ["a"], 3, 0)
    assert cached(other) == [False]
    assert cached(await predict(store, "a")) == [True]


async def test_the_cache_forgets(store: Store, worker: Worker) -> None:
    await predict(store, "a")
    (key,) = await store.redis.keys(f"{store.settings.redis_prefix}:answers:*")
    assert 0 < await store.redis.ttl(key) <= store.settings.answer_ttl_s


async def test_cached_texts_need_no_worker(store: Store) -> None:
    async with running(Worker(store)):
        await predict(store, "a", "b")
    assert cached(await predict(store, "b", "a")) == [True, True]


async def test_cached_texts_cost_two_round_trips(store: Store, worker: Worker) -> None:
    await predict(store, "a", "b")
    # the worker's own commands, and a reader that waits, would be counted, too
    async with open_store(store.settings) as quiet:
        before = await commands(quiet)
        await predict(quiet, "a", "b", "a")
        after = await commands(quiet)
    spent = {name: after[name] - before.get(name, 0) for name in after}
    assert spent["mget"] == 1
    assert spent["xadd"] == 4  # the log, and an event each
    assert spent.get("set", 0) == 0


async def commands(store: Store) -> dict[str, int]:
    stats = await store.redis.info("commandstats")
    return {name.removeprefix("cmdstat_"): each["calls"] for name, each in stats.items()}


async def test_who_follows_is_told_of_each_answer(store: Store, worker: Worker) -> None:
    served = await predict(store, "a", "b")
    events = await told(store)
    assert [event.message for event in events] == ["label of a", "label of b"]
    for event, each in zip(events, served, strict=True):
        assert (event.topic, event.kind) == (Topic.PREDICTION, EventKind.PREDICTION_MADE)
        assert (event.subject_id, event.owner_id) == (MODEL.id, VIEWER)
        assert event.related == {
            "model": MODEL.id, "model_version": VERSION, "prediction": each.prediction.id,
        }  # fmt: skip
    assert (await store.events.page(Feed.everything(), None, 10)).events == []


async def test_a_call_that_fails_logs_and_caches_nothing(store: Store) -> None:
    settings = store.settings.model_copy(update={"predict_timeout_s": 0.2})
    async with open_store(settings) as impatient:
        with pytest.raises(NoAnswer):
            await predict(impatient, "a")
    asked = asyncio.create_task(predict(store, "b"))
    while not (calls := await store.calls.take(64, 1)):
        pass  # the call that nobody waits for any more
    await store.calls.refuse(calls[0], "MODEL_UNAVAILABLE", "gone")
    with pytest.raises(Refused):
        await asked
    assert await store.redis.keys(f"{store.settings.redis_prefix}:predictions:*") == []
    assert await store.redis.keys(f"{store.settings.redis_prefix}:answers:*") == []
    assert await told(store) == []


# -- drain ----------------------------------------------------------------------------------------


async def test_the_log_moves_to_mongodb(store: Store, worker: Worker) -> None:
    served = [*await predict(store, "a", "ü"), *await predict(store, "a")]
    assert await store.mongo.predictions.count({}) == 0
    assert await store.predictions.drain() == 3
    for each in served:
        assert await store.mongo.predictions.get(each.prediction.id) == each.prediction
    assert await store.redis.xlen(f"{store.settings.redis_prefix}:predictions:log") == 0
    assert await store.predictions.drain() == 0


async def test_a_drain_that_died_halfway_is_done_again(store: Store, worker: Worker) -> None:
    served = await predict(store, "a", "b", "c")
    await store.mongo.predictions.insert(served[1].prediction)
    await store.mongo.predictions.amend(
        served[1].prediction.id, lambda known: known.corrected("x", "usr", now())
    )
    assert await store.predictions.drain() == 2
    assert await store.mongo.predictions.count({}) == 3
    assert (await store.mongo.predictions.get(served[1].prediction.id)).correction == "x"


async def test_workers_may_drain_at_the_same_time(store: Store, worker: Worker) -> None:
    for start in range(0, 500, 50):
        await predict(store, *(f"text {n}" for n in range(start, start + 50)))
    moved = await asyncio.gather(*(store.predictions.drain() for _ in range(3)))
    assert sum(moved) == 500
    assert await store.mongo.predictions.count({}) == 500


# -- telling how many -----------------------------------------------------------------------------


async def family(store: Store, versions: int = 1) -> tuple[Model, list[str]]:
    """A model whose versions are records, as those that answer are."""
    model = replace(MODEL, id=ids.new(ids.MODEL), name=ids.new(ids.MODEL).lower())
    await store.mongo.models.insert(model)
    made = [
        ModelVersion(
            id=ids.new(ids.MODEL_VERSION), model_id=model.id, owner_id=model.owner_id,
            number=number + 1, job_id=ids.new(ids.JOB), dataset_id="ds", dataset_version_id="dsv",
            kind=DataKind.TEXT, spec=TrainingSpec(), labels=("a",), report=REPORT,
            manifest_sha256="1" * 64, files=(), created_at=now(),
        )
        for number in range(versions)
    ]  # fmt: skip
    for version in made:
        await store.mongo.model_versions.insert(version)
    return model, [version.id for version in made]


async def counts(store: Store) -> list[Event]:
    page = await store.events.page(Feed.everything(), None, 100)
    return [event for event in page.events if event.kind is EventKind.PREDICTIONS_MADE]


async def a_second_passes(store: Store) -> None:
    await store.redis.delete(f"{store.settings.redis_prefix}:predictions:told")


async def test_what_was_filed_is_told_an_event_a_version(store: Store, worker: Worker) -> None:
    model, versions = await family(store, 2)
    for version_id, texts in zip(versions, (["a", "b", "a"], ["a"]), strict=True):
        await store.predictions.predict(VIEWER, model, version_id, texts)
    await store.predictions.drain()
    told_now = sorted(await counts(store), key=lambda event: event.message)
    assert [e.message for e in told_now] == ["1 answer by version 2", "3 answers by version 1"]
    assert [e.done for e in told_now] == [1, 3]
    for event in told_now:
        assert (event.topic, event.subject_id) == (Topic.PREDICTION, model.id)
        assert (event.owner_id, event.related["model"]) == (model.owner_id, model.id)
    assert [e.related["model_version"] for e in told_now] == versions[::-1]
    assert all(e.kind is EventKind.PREDICTION_MADE for e in await told(store))
    assert (await store.events.page(Feed.of(model.id), None, 9)).events == []


async def test_it_is_told_once_a_second_and_nothing_is_left_out(
    store: Store, worker: Worker
) -> None:
    model, (version_id,) = await family(store)
    for text in ("a", "b", "c"):
        await store.predictions.predict(VIEWER, model, version_id, [text, text])
        await store.predictions.drain()
    assert [event.message for event in await counts(store)] == ["2 answers by version 1"]
    await a_second_passes(store)
    await asyncio.gather(*(store.predictions.drain() for _ in range(5)))
    messages = [event.message for event in await counts(store)]
    assert messages == ["2 answers by version 1", "4 answers by version 1"]
    await a_second_passes(store)
    await store.predictions.drain()
    assert len(await counts(store)) == 2


async def test_each_answer_is_counted_by_one_drain(store: Store, worker: Worker) -> None:
    model, (version_id,) = await family(store)
    for start in range(0, 300, 30):
        texts = [f"text {n}" for n in range(start, start + 30)]
        await store.predictions.predict(VIEWER, model, version_id, texts)
    await asyncio.gather(*(store.predictions.drain() for _ in range(4)))
    await a_second_passes(store)
    await store.predictions.drain()
    assert sum(int(event.message.split()[0]) for event in await counts(store)) == 300


async def test_a_telling_that_died_is_ended_by_the_next(store: Store, worker: Worker) -> None:
    model, (version_id,) = await family(store)
    await store.predictions.predict(VIEWER, model, version_id, ["a"])
    tallies = store.predictions._tallies
    await tallies.count(await store.predictions._logged())
    keys = [tallies._untold, tallies._telling, tallies._told]
    assert await tallies._take(keys=keys, args=[1_000])  # and here its process died
    for _ in range(2):
        await store.predictions.drain()
    assert [event.message for event in await counts(store)] == ["1 answer by version 1"]


async def test_a_model_that_was_deleted_is_not_told_of(store: Store, worker: Worker) -> None:
    await predict(store, "a")
    await store.predictions.drain()
    assert await counts(store) == []
    assert not await store.redis.keys(f"{store.settings.redis_prefix}:predictions:tell*")


# -- feedback -------------------------------------------------------------------------------------


async def test_a_wrong_answer_is_corrected_even_before_the_drain(
    store: Store, worker: Worker
) -> None:
    (served,) = await predict(store, "a")
    corrected = await store.predictions.correct(served.prediction.id, " right ", "usr_b")
    assert (corrected.correction, corrected.corrected_by) == ("right", "usr_b")
    assert corrected.corrected_at is not None
    assert await store.mongo.predictions.get(served.prediction.id) == corrected
    expected = replace(served.prediction, revision=corrected.revision)
    assert replace(corrected, correction=None, corrected_by=None, corrected_at=None) == expected
    event = (await told(store))[-1]
    assert (event.kind, event.message) == (EventKind.PREDICTION_CORRECTED, "right")
    assert event.related["prediction"] == served.prediction.id


async def test_a_bad_correction_changes_nothing(store: Store, worker: Worker) -> None:
    (served,) = await predict(store, "a")
    await store.predictions.drain()
    for label in ("", "  ", "x" * 201):
        with pytest.raises(InvalidValue):
            await store.predictions.correct(served.prediction.id, label, "usr_b")
    with pytest.raises(NotFound):
        await store.predictions.correct("prd_none", "x", "usr_b")
    assert await store.mongo.predictions.get(served.prediction.id) == served.prediction
    assert len(await told(store)) == 1


async def test_answers_are_counted_by_version(store: Store, worker: Worker) -> None:
    served = await predict(store, "a", "unsure", "b")
    await store.predictions.predict(VIEWER, MODEL, "mdv_b", ["a"], 3, 0)
    await store.predictions.correct(served[0].prediction.id, "x", "usr_b")
    counts = await store.predictions.counts(VERSION)
    assert counts == PredictionCounts(total=3, abstained=1, corrected=1)
    assert await store.predictions.counts("mdv_none") == PredictionCounts(0, 0, 0)


async def test_without_redis_it_says_so(store: Store) -> None:
    async with open_store(store.settings) as cut_off:
        await cut_off.redis.connection_pool.disconnect()
        cut_off.redis.connection_pool.connection_kwargs["port"] = 1
        with pytest.raises(Unavailable, match="redis is unavailable"):
            await predict(cut_off, "a")
