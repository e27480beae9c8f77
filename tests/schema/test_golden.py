"""Golden questions: pinned, asked, and in the way of a version that fails them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from store.records.prediction import Answer, Score
from store.store import Store
from tests.schema.conftest import Caller
from tests.schema.making import published, trained

PIN = """
mutation($input: PinQuestionInput!) {
  pinQuestion(input: $input) {
    question { id text label note blocks pinnedBy { name } } userErrors { code path }
  }
}
"""
BLOCK = """
mutation($input: BlockByQuestionInput!) {
  blockByQuestion(input: $input) { question { blocks } userErrors { code } }
}
"""
UNPIN = """
mutation($input: UnpinQuestionInput!) {
  unpinQuestion(input: $input) { question { id } userErrors { code } }
}
"""
PUBLISH = """
mutation($input: PublishModelInput!) {
  publishModel(input: $input) {
    model { publishedVersion { number } }
    userErrors { __typename code message ... on GoldenFailedError { questionIds } }
  }
}
"""
RESULTS = """
query($id: ID!) {
  modelVersion(id: $id) {
    goldenResults { question { text pinnedBy { name } } label probability abstained passed }
    model { goldenQuestions { totalCount nodes { text } } }
  }
}
"""


@asynccontextmanager
async def answering(store: Store, label: str, abstained: bool = False) -> AsyncIterator[None]:
    """An inference worker to which everything is `label`."""

    async def answer() -> None:
        while True:
            for call in await store.calls.take(64, 0.05):
                said = Answer(label, 0.75, abstained, (Score(label, 0.75),), 0, "fees")
                await store.calls.answer(call, [said] * len(call.texts))

    task = asyncio.create_task(answer())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def pin(caller: Caller, model_id: str, **given: Any) -> Any:
    asked = {"modelId": model_id, "text": "one", "label": "a", **given}
    return (await caller(PIN, input=asked))["pinQuestion"]


async def publish(caller: Caller, version: Any, **given: Any) -> Any:
    asked = {"modelId": version.model_id, "versionId": version.id, **given}
    return (await caller(PUBLISH, input=asked))["publishModel"]


async def test_a_version_that_fails_is_not_published_unless_forced(alice: Caller) -> None:
    _, version = await trained(alice)
    pinned = await pin(alice, version.model_id, note="of law")
    question = pinned["question"]
    assert (question["label"], question["note"], question["blocks"]) == ("a", "of law", True)
    async with answering(alice.store, "b"):
        told = await publish(alice, version)
        (error,) = told["userErrors"]
        assert (error["__typename"], error["code"]) == ("GoldenFailedError", "GOLDEN_FAILED")
        assert error["questionIds"] == [question["id"]]
        assert "'one' it answers 'b', not 'a'" in error["message"]
        assert told["model"] is None
    async with answering(alice.store, "a", abstained=True):
        (error,) = (await publish(alice, version))["userErrors"]
        assert "it does not answer" in error["message"]
    told = await publish(alice, version, force=True)
    assert told == {"model": {"publishedVersion": {"number": 1}}, "userErrors": []}


async def test_a_version_that_passes_is_published(alice: Caller) -> None:
    _, version = await trained(alice)
    await pin(alice, version.model_id)
    async with answering(alice.store, "a"):
        assert (await publish(alice, version))["userErrors"] == []
        shown = (await alice(RESULTS, id=version.id))["modelVersion"]
    (result,) = shown["goldenResults"]
    assert result == {
        "question": {"text": "one", "pinnedBy": {"name": "alice"}}, "label": "a",
        "probability": 0.75, "abstained": False, "passed": True,
    }  # fmt: skip
    assert shown["model"]["goldenQuestions"] == {"totalCount": 1, "nodes": [{"text": "one"}]}


async def test_others_pins_block_once_the_owner_says_so(alice: Caller, bob: Caller) -> None:
    version = await published(alice)
    question = (await pin(bob, version.model_id))["question"]
    assert not question["blocks"]
    given = {"id": question["id"], "blocks": True}
    assert (await bob(BLOCK, input=given))["blockByQuestion"]["userErrors"] == [{"code": "DENIED"}]
    assert (await alice(BLOCK, input=given))["blockByQuestion"]["question"] == {"blocks": True}
    async with answering(alice.store, "b"):
        (error,) = (await publish(alice, version))["userErrors"]
        assert error["code"] == "GOLDEN_FAILED"
    gone = await bob(UNPIN, input={"id": question["id"]})
    assert gone["unpinQuestion"]["userErrors"] == []
    assert (await bob(UNPIN, input={"id": question["id"]}))["unpinQuestion"]["userErrors"] == [
        {"code": "NOT_FOUND"}
    ]


async def test_a_question_of_another_is_not_taken_away(alice: Caller, bob: Caller) -> None:
    version = await published(alice)
    question = (await pin(alice, version.model_id))["question"]
    told = (await bob(UNPIN, input={"id": question["id"]}))["unpinQuestion"]
    assert told["userErrors"] == [{"code": "DENIED"}]
    async with answering(alice.store, "a"):
        shown = (await bob(RESULTS, id=version.id))["modelVersion"]
    assert shown["goldenResults"][0]["question"]["pinnedBy"] is None


async def test_bad_questions(alice: Caller, bob: Caller) -> None:
    _, version = await trained(alice)
    assert (await pin(bob, version.model_id))["userErrors"][0]["code"] == "NOT_FOUND"
    for field in ("text", "label"):
        (error,) = (await pin(alice, version.model_id, **{field: " "}))["userErrors"]
        assert error["path"] == ["input", field]
    first = await pin(alice, version.model_id, idempotencyKey="k")
    assert (await pin(alice, version.model_id, idempotencyKey="k")) == first
    other = await trained(bob, "other")
    asked = {"modelId": version.model_id, "versionId": other[1].id}
    (error,) = (await alice(PUBLISH, input=asked))["publishModel"]["userErrors"]
    assert error["code"] == "NOT_FOUND"
