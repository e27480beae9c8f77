"""Why a model answers as it does, through the API and real workers."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from store import ids
from store.datasets.datasets import Row
from store.records.edit import RowEdit
from store.records.explanation import Explanation
from store.records.model import ModelVersion
from store.records.prediction import Answer, Score
from store.records.training import ClassifierSpec, EmbedderKind, EmbedderSpec, TrainingSpec
from store.store import Store
from tests.schema.conftest import Caller, NewCaller
from tests.schema.making import published, trained
from tests.workers.conftest import worker_with
from workers.children.isolation import Nursery
from workers.inference_worker import InferenceWorker
from workers.pipeline_worker import PipelineWorker

EXPLAIN = """
query($input: ExplainInput!) {
  explain(input: $input) {
    explanations {
      text label probability against rival rivalProbability score emptyScore explained
      answer { label probability abstained decision truncated scores { label } }
      cluster { number name }
      words { start end text weight terms meaning } passages { text }
      deletion { words label probability }
      nearest { row } supporting { row label } opposing { row label cosine }
    }
    modelVersion { number } userErrors { __typename code message path }
  }
}
"""
CHANGE = """
query($input: ExplainChangeInput!) {
  explainChange(input: $input) {
    change {
      summary isSameAnswer label
      before { label against answer { label } words { text } }
      after { label against answer { label probability } }
      words { start end text before after change }
      rows { row move labelBefore labelAfter cosineBefore cosineAfter }
      training {
        isOtherData isSameDataset isOtherEmbedder spec labelsAdded labelsRemoved
        temperatureBefore temperatureAfter trainRowsBefore trainRowsAfter
      }
    }
    modelVersionBefore { number } modelVersionAfter { number }
    userErrors { __typename code message path }
  }
}
"""
SPEC = TrainingSpec(
    EmbedderSpec(EmbedderKind.TFIDF, dimensions=16), classifier=ClassifierSpec(sparse_view=True)
)
FILLER = ("please", "tell", "me", "about", "my", "card", "because", "i", "am", "waiting", "since")
PLANTED = {"refunds": "refund", "transfers": "transfer", "limits": "limit"}
TEXT = "\U0001f600 naïve question:\nwhere is my refund?"


def rows() -> list[Row]:
    """Sentences of the same words, each with the one word that decides its label."""
    chance = random.Random(5)
    return [
        Row(text=f"{' '.join(chance.sample(FILLER, 5))} {word} {number}", label=label)
        for label, word in PLANTED.items()
        for number in range(20)
    ]


@pytest.fixture
def pipeline(store: Store, nursery: Nursery) -> PipelineWorker:
    return worker_with(store, nursery)


@asynccontextmanager
async def answering(store: Store) -> AsyncIterator[None]:
    serving = asyncio.create_task(InferenceWorker(store).serve())
    try:
        yield
    finally:
        serving.cancel()
        await asyncio.wait({serving})


async def uploaded(caller: Caller, pipeline: PipelineWorker) -> str:
    """The id of a version of `rows`."""
    made = await caller.store.datasets.create_from_rows(caller.id, "questions", rows=rows())
    await pipeline.run_job({}, made.job.id)
    return made.version.id


async def train(
    caller: Caller, pipeline: PipelineWorker, version_id: str, spec: TrainingSpec = SPEC
) -> ModelVersion:
    store = caller.store
    job = await store.models.start_training(caller.id, version_id, spec, "helper")
    await pipeline.run_job({}, job.id)
    done = await store.mongo.jobs.get(job.id)
    return await store.mongo.model_versions.get(done.model_version_id or "")


async def explain(caller: Caller, model: str, *texts: str, **more: Any) -> Any:
    return (await caller(EXPLAIN, input={"model": model, "texts": list(texts), **more}))["explain"]


async def changed(caller: Caller, before: str, after: str, text: str = TEXT, **more: Any) -> Any:
    asked = {"text": text, "from": before, "to": after, **more}
    return (await caller(CHANGE, input=asked))["explainChange"]


async def test_a_word_an_offset_and_rows(
    alice: Caller, bob: Caller, pipeline: PipelineWorker
) -> None:
    version = await train(alice, pipeline, await uploaded(alice, pipeline))
    await alice.store.models.publish(version.model_id, version.id, alice.id)
    async with answering(alice.store):
        payload = await explain(bob, "helper", TEXT, "", TEXT, words=2, neighbours=2)
        assert payload["userErrors"] == []
        assert payload["modelVersion"] == {"number": 1}
        first, empty, again = payload["explanations"]
        assert first == again
        assert first["text"] == TEXT
        assert first["answer"]["decision"] == "ANSWER"
        assert first["cluster"]["name"] == version.report.clusters[first["cluster"]["number"]].name
        assert first["label"] == first["answer"]["label"] == "refunds"
        assert (first["words"][0]["text"], len(first["words"])) == ("refund", 2)
        assert first["words"][0]["start"] == TEXT.index("refund")
        assert first["words"][0]["end"] == TEXT.index("refund") + len("refund")
        assert first["deletion"]["probability"] < first["probability"]
        assert [row["label"] for row in first["supporting"]] == ["refunds"] * 2
        assert [row["label"] for row in first["opposing"]] == [first["rival"]] * 2
        assert (empty["words"], empty["deletion"], empty["explained"]) == ([], None, 0)
        alone = await explain(bob, version.model_id, TEXT, words=2, neighbours=2)
        assert alone["explanations"] == [first]
        why_not = await explain(bob, "helper", TEXT, label="limits", against="refunds")
        (explained,) = why_not["explanations"]
        assert (explained["label"], explained["against"]) == ("limits", "refunds")
        assert explained["words"][0]["weight"] < 0
    assert await alice.store.mongo.predictions.count({}) == 0


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"texts": []}, ["texts"]),
        ({"texts": ["x"] * 9}, ["texts"]),
        ({"texts": ["x", "y" * 10_001]}, ["texts", "1"]),
        ({"words": 65}, ["words"]),
        ({"words": -1}, ["words"]),
        ({"neighbours": 21}, ["neighbours"]),
        ({"label": "A"}, ["label"]),
        ({"against": "c"}, ["against"]),
        ({"label": "a", "against": "a"}, ["against"]),
    ],
)
async def test_bad_input_asks_nobody(
    alice: Caller, more: dict[str, object], path: list[str]
) -> None:
    await published(alice)
    payload = (await alice(EXPLAIN, input={"model": "letters", "texts": ["x"]} | more))["explain"]
    assert (payload["explanations"], payload["modelVersion"]) == ([], None)
    assert [(e["code"], e["path"]) for e in payload["userErrors"]] == [
        ("BAD_USER_INPUT", ["input", *path])
    ]
    assert await alice.store.calls.waiting() == (0, None)


async def test_an_unknown_label_is_told_with_the_nearest(alice: Caller) -> None:
    await published(alice)
    for label, hint in (("aa", "; did you mean 'a'?"), ("nothing", "")):
        (error,) = (await explain(alice, "letters", "x", label=label))["userErrors"]
        assert error["message"] == f"the model has no label {label!r}{hint}"


async def test_strangers_see_nothing(
    alice: Caller, bob: Caller, admin: Caller, new_caller: NewCaller
) -> None:
    (_, private), other = await trained(alice, "private"), await published(alice, "open")
    for model in ("private", private.id, ids.new(ids.MODEL_VERSION)):
        payload = await explain(bob, model, "x")
        assert [(e["code"], e["path"]) for e in payload["userErrors"]] == [
            ("NOT_FOUND", ["input", "model"])
        ]
    for before, after, field in ((private.id, other.id, "from"), (other.id, private.id, "to")):
        payload = await changed(bob, before, after)
        assert (payload["change"], payload["modelVersionBefore"]) == (None, None)
        assert [(e["code"], e["path"]) for e in payload["userErrors"]] == [
            ("NOT_FOUND", ["input", field])
        ]
    reader = await new_caller("reader", scopes={"READ"})
    assert await reader.codes(EXPLAIN, input={"model": "open", "texts": ["x"]}) == ["FORBIDDEN"]
    assert await admin.store.calls.waiting() == (0, None)


async def test_changes_of_the_labels_and_of_the_spec(
    alice: Caller, pipeline: PipelineWorker
) -> None:
    store, data = alice.store, await uploaded(alice, pipeline)
    first = await train(alice, pipeline, data)
    other = replace(SPEC, embedder=replace(SPEC.embedder, dimensions=8))
    respecified = await train(alice, pipeline, data, other)
    edits = [RowEdit(number, label="limits") for number in range(20)]
    made = await store.datasets.edit(data, alice.id, edits=edits)
    await pipeline.run_job({}, made.job.id)
    relabelled = await train(alice, pipeline, made.version.id)
    async with answering(store):
        payload = await changed(alice, first.id, relabelled.id, words=3)
        assert await changed(alice, first.id, relabelled.id, words=3) == payload
        back = (await changed(alice, relabelled.id, first.id))["change"]
        alike = (await changed(alice, first.id, respecified.id))["change"]
    assert payload["userErrors"] == []
    assert payload["modelVersionBefore"] == {"number": 1}
    assert payload["modelVersionAfter"] == {"number": 3}
    check_relabelled(payload["change"])
    assert (back["label"], back["words"]) == (None, [])
    assert "Version 3 does not know the label refunds." in back["summary"]
    assert (alike["isSameAnswer"], alike["label"]) == (True, "refunds")
    assert (alike["training"]["spec"], alike["training"]["isOtherEmbedder"]) == (["embedder"], True)
    assert {row["move"] for row in alike["rows"]} == {"KEPT"}
    assert alike["summary"].startswith("Both versions say refunds: version 2 with ")
    assert "none changed" in alike["summary"]
    assert "the spec (embedder)" in alike["summary"]


def check_relabelled(change: Any) -> None:
    """All rows of `refunds` are called `limits` now."""
    assert (change["label"], change["isSameAnswer"]) == ("limits", False)
    assert change["before"]["answer"]["label"] == "refunds"
    top = change["words"][0]
    assert (top["text"], top["start"]) == ("refund", TEXT.index("refund"))
    assert top["before"] < 0 < top["change"]
    moved = [row for row in change["rows"] if row["move"] == "RELABELLED"]
    assert {(row["labelBefore"], row["labelAfter"]) for row in moved} == {("refunds", "limits")}
    assert change["training"]["isOtherData"]
    assert change["training"]["isSameDataset"]
    assert change["training"]["labelsRemoved"] == ["refunds"]
    assert change["summary"].startswith("Version 3 says limits (")
    assert "“refund” counts" in change["summary"]
    assert "relabelled" in change["summary"]


async def test_versions_of_two_models_are_called_by_both_names(alice: Caller) -> None:
    (_, before), (_, after) = await trained(alice, "letters"), await trained(alice, "mail")
    calls = alice.store.calls
    asked = asyncio.create_task(changed(alice, before.id, after.id))
    for _ in range(4):  # what each answers, then why
        while not (taken := await calls.take(1, 0.2, slow=True)):
            pass
        await calls.answer(taken[0], [canned("ab"[taken[0].subject == after.id])])
    change = (await asked)["change"]
    assert change["rows"] == []
    assert change["summary"].startswith(
        "Version 1 of mail says b (0.75), version 1 of letters said a (0.75)."
    )
    assert "They learnt from different data sets." in change["summary"]


def canned(label: str) -> Explanation:
    answer = Answer(label, 0.75, False, (Score(label, 0.75),), 0, "all")
    return Explanation(
        text=TEXT, answer=answer, label=label, probability=0.75, against=None, rival=None,
        rival_probability=0.0, score=1.0, empty_score=0.0, explained=0.0, words=(), passages=(),
        deletion=None, nearest=(), supporting=(), opposing=(),
    )  # fmt: skip


async def test_a_version_is_not_compared_with_itself(alice: Caller) -> None:
    version = await published(alice)
    payload = await changed(alice, version.id, version.id)
    assert [(e["code"], e["path"]) for e in payload["userErrors"]] == [
        ("BAD_USER_INPUT", ["input", "to"])
    ]
