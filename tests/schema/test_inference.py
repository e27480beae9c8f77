"""Answers through the API: asked for, listed, followed, corrected."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from store import ids
from store.calls.calls import Call
from store.records.prediction import Answer, Neighbour, Score
from store.store import Store
from tests.schema.conftest import Caller, NewCaller
from tests.schema.making import published, trained

PREDICT = """
query($input: PredictInput!) {
  predict(input: $input) {
    predictions {
      id text label probability abstained cached truncated latencyMs
      scores { label probability } cluster { number name } neighbours { row text label cosine }
    }
    modelVersion { number }
    userErrors { __typename code message path }
  }
}
"""
LIST = """
query($f: PredictionFilter) {
  predictions(filter: $f) {
    totalCount nodes { text label correction model { name } modelVersion { number } user { name } }
  }
}
"""
CORRECT = """
mutation($input: CorrectPredictionInput!) {
  correctPrediction(input: $input) {
    prediction { correction } userErrors { __typename code path }
  }
}
"""


def answer(call: Call, text: str) -> Answer:
    return Answer(
        label=text[0],
        probability=0.75,
        abstained=False,
        scores=(Score(text[0], 0.75), Score("z", 0.25))[: call.arguments["top_k"]],
        cluster=3,
        cluster_name="letters",
        neighbours=(Neighbour(5, "alpha", "a", 0.5),)[: call.arguments["neighbours"]],
    )


@asynccontextmanager
async def worker(store: Store) -> AsyncIterator[list[Call]]:
    """Answers every call with its text's first letter; gives the calls that it took."""
    taken: list[Call] = []

    async def serve() -> None:
        while True:
            for call in await store.calls.take(64, block_s=0.2):
                taken.append(call)
                await store.calls.answer(call, [answer(call, text) for text in call.texts])

    task = asyncio.create_task(serve())
    try:
        yield taken
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def ask(caller: Caller, model: str, *texts: str, **more: Any) -> Any:
    data = await caller(PREDICT, input={"model": model, "texts": list(texts), **more})
    return data["predict"]


async def test_predict_by_name_id_and_version(alice: Caller, bob: Caller) -> None:
    version = await published(alice)
    async with worker(alice.store) as taken:
        payload = await ask(bob, "letters", "apple", "bee", "apple", topK=2, neighbours=1)
        assert payload["userErrors"] == []
        assert payload["modelVersion"] == {"number": 1}
        first = payload["predictions"][0]
        assert first == {
            "id": first["id"],
            "text": "apple",
            "label": "a",
            "probability": 0.75,
            "abstained": False,
            "cached": False,
            "truncated": False,
            "latencyMs": first["latencyMs"],
            "scores": [{"label": "a", "probability": 0.75}, {"label": "z", "probability": 0.25}],
            "cluster": {"number": 3, "name": "letters"},
            "neighbours": [{"row": 5, "text": "alpha", "label": "a", "cosine": 0.5}],
        }
        assert [each["label"] for each in payload["predictions"]] == ["a", "b", "a"]
        for name in (version.model_id, version.id):
            again = await ask(bob, name, "apple", topK=2, neighbours=1)
            assert [each["cached"] for each in again["predictions"]] == [True]
        assert [call.texts for call in taken] == [("apple", "bee")]


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"texts": []}, ["input", "texts"]),
        ({"texts": ["x"] * 65}, ["input", "texts"]),
        ({"texts": ["x", "y" * 10_001]}, ["input", "texts", "1"]),
        ({"topK": 0}, ["input", "topK"]),
        ({"neighbours": 21}, ["input", "neighbours"]),
    ],
)
async def test_bad_input_asks_nobody(
    alice: Caller, more: dict[str, object], path: list[str]
) -> None:
    await published(alice)
    payload = (await alice(PREDICT, input={"model": "letters", "texts": ["x"]} | more))["predict"]
    assert (payload["predictions"], payload["modelVersion"]) == ([], None)
    assert [(e["code"], e["path"]) for e in payload["userErrors"]] == [("BAD_USER_INPUT", path)]
    assert await alice.store.calls.take(64, block_s=0.01) == []


async def test_models_that_do_not_answer(alice: Caller, bob: Caller) -> None:
    _, version = await trained(alice)
    for name in ("letters", "nothing", version.id, ids.new(ids.MODEL)):
        payload = await ask(bob, name, "x")
        assert [(e["code"], e["path"]) for e in payload["userErrors"]] == [
            ("NOT_FOUND", ["input", "model"])
        ]
    own = await ask(alice, "letters", "x")
    assert [error["__typename"] for error in own["userErrors"]] == ["IllegalStateError"]
    async with worker(alice.store):
        assert (await ask(alice, version.id, "x"))["predictions"][0]["label"] == "x"


async def test_nobody_answers(alice: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    await published(alice)
    monkeypatch.setitem(alice.store.settings.__dict__, "predict_timeout_s", 0.1)
    (error,) = await alice.errors(PREDICT, input={"model": "letters", "texts": ["x"]})
    assert error["extensions"] == {
        "code": "NO_ANSWER",
        "retryable": True,
        "retryAfter": 1.0,
        "requestId": "req-1",
    }


async def test_predict_needs_its_scope(alice: Caller, new_caller: NewCaller) -> None:
    await published(alice)
    reader = await new_caller("reader", scopes={"READ"})
    assert await reader.codes(PREDICT, input={"model": "letters", "texts": ["x"]}) == ["FORBIDDEN"]


async def test_list_and_correct(alice: Caller, bob: Caller, admin: Caller) -> None:
    await published(alice)
    async with worker(alice.store):
        made = (await ask(bob, "letters", "apple"))["predictions"][0]
    given = {"id": made["id"], "label": "fruit"}
    assert (await alice(CORRECT, input=given))["correctPrediction"] == {
        "prediction": None,
        "userErrors": [
            {"__typename": "NotFoundError", "code": "NOT_FOUND", "path": ["input", "id"]}
        ],
    }
    assert (await bob(CORRECT, input=given))["correctPrediction"] == {
        "prediction": {"correction": "fruit"},
        "userErrors": [],
    }
    listed = {
        "totalCount": 1,
        "nodes": [
            {
                "text": "apple",
                "label": "a",
                "correction": "fruit",
                "model": {"name": "letters"},
                "modelVersion": {"number": 1},
                "user": {"name": "bob"},
            }
        ],
    }
    assert (await bob(LIST, f={"corrected": True, "label": "a"}))["predictions"] == listed
    assert (await admin(LIST))["predictions"] == listed
    assert (await bob(LIST, f={"corrected": False}))["predictions"]["totalCount"] == 0
    assert (await bob(LIST, f={"since": "2100-01-01T00:00:00Z"}))["predictions"]["totalCount"] == 0
    assert (await alice(LIST, f={"userId": bob.id}))["predictions"]["totalCount"] == 0


async def test_feed_of_answers(alice: Caller, admin: Caller) -> None:
    version = await published(alice)
    query = """
    subscription($m: ID) {
      predictionFeed(modelId: $m) {
        __typename ... on ActivityEvent { kind message model { name } user { name } }
      }
    }
    """
    assert [
        error.extensions["code"]
        async for result in alice.raw(query)
        for error in result.errors or []
    ] == ["FORBIDDEN"]
    items = admin.follow(query, m=version.model_id)
    others = admin.follow(query, m=ids.new(ids.MODEL))
    assert [(await anext(each))["__typename"] for each in (items, others)] == ["CaughtUp"] * 2
    async with worker(alice.store):
        await ask(alice, "letters", "apple")
    assert await anext(items) == {
        "__typename": "ActivityEvent",
        "kind": "PREDICTION_MADE",
        "message": "a",
        "model": {"name": "letters"},
        "user": {"name": "alice"},
    }
    await items.aclose()
    await others.aclose()


async def test_activity_tells_how_many_answers_were_given(alice: Caller, admin: Caller) -> None:
    version = await published(alice)
    query = """
    subscription {
      activity(topics: [PREDICTION]) {
        __typename
        ... on ActivityEvent { kind message model { id } modelVersion { id } user { id } }
      }
    }
    """
    items = admin.follow(query)
    assert (await anext(items))["__typename"] == "CaughtUp"
    async with worker(alice.store):
        for text in ("apple", "pear", "apple"):
            await ask(alice, "letters", text)
    await alice.store.predictions.drain()
    assert await anext(items) == {
        "__typename": "ActivityEvent",
        "kind": "PREDICTIONS_MADE",
        "message": "3 answers by version 1",
        "model": {"id": version.model_id},
        "modelVersion": {"id": version.id},
        "user": {"id": alice.id},
    }
    await items.aclose()
