"""The loop from corrections to a new version, through the API."""

from __future__ import annotations

from typing import Any

from store import ids
from store.clock import now
from store.records.model import ModelVersion
from store.records.prediction import Prediction
from tests.schema.conftest import Caller
from tests.schema.making import published

QUEUE = """
query($id: ID!, $review: Review) {
  model(id: $id) {
    corrections(review: $review) {
      totalCount nodes { id text correction review reviewedAt learningRound { rows } }
    }
    learningRounds { totalCount nodes { rows before { number } } }
  }
}
"""
REVIEW = """
mutation($input: ReviewCorrectionsInput!) {
  reviewCorrections(input: $input) { predictions { id review } userErrors { code path } }
}
"""
LEARN = """
mutation($input: LearnFromCorrectionsInput!) {
  learnFromCorrections(input: $input) {
    round {
      id rows before { number } owner { name } training { id } comparison { id }
      datasetVersion { number status job { kind } } predictions { totalCount nodes { text } }
    }
    userErrors { code message path }
  }
}
"""


async def corrected(caller: Caller, version: ModelVersion, text: str) -> str:
    """The id of an answer that the caller has corrected."""
    made = Prediction(
        id=ids.new(ids.PREDICTION), model_id=version.model_id, model_version_id=version.id,
        user_id=caller.id, text=text, label="a", probability=0.5, abstained=False, cluster=0,
        cached=False, latency_ms=1.0, at=now(),
    )  # fmt: skip
    await caller.store.mongo.predictions.insert(made)
    await caller.store.predictions.correct(made.id, "b", caller.id)
    return made.id


async def queue(caller: Caller, version: ModelVersion, review: str | None = None) -> Any:
    return (await caller(QUEUE, id=version.model_id, review=review))["model"]


async def review(caller: Caller, version: ModelVersion, *wanted: str, how: str = "ACCEPTED") -> Any:
    given = {"modelId": version.model_id, "predictionIds": list(wanted), "review": how}
    return (await caller(REVIEW, input=given))["reviewCorrections"]


async def learn(caller: Caller, version: ModelVersion, **more: Any) -> Any:
    given = {"modelId": version.model_id, **more}
    return (await caller(LEARN, input=given))["learnFromCorrections"]


async def test_from_a_users_correction_to_a_round(alice: Caller, bob: Caller) -> None:
    version = await published(alice)
    right, wrong = await corrected(bob, version, "one"), await corrected(bob, version, "two")
    assert (await queue(alice, version))["corrections"]["totalCount"] == 2
    payload = await review(alice, version, right)
    assert payload == {"predictions": [{"id": right, "review": "ACCEPTED"}], "userErrors": []}
    await review(alice, version, wrong, how="REJECTED")
    assert (await queue(alice, version))["corrections"]["totalCount"] == 0
    payload = await learn(alice, version, idempotencyKey="k")
    assert payload["userErrors"] == []
    begun = payload["round"]
    assert (begun["rows"], begun["before"], begun["owner"]) == (1, {"number": 1}, {"name": "alice"})
    assert (begun["training"], begun["comparison"]) == (None, None)
    assert begun["datasetVersion"] == {
        "number": 2, "status": "UPLOADED", "job": {"kind": "INGEST"}
    }  # fmt: skip
    assert begun["predictions"] == {"totalCount": 1, "nodes": [{"text": "one"}]}
    assert await learn(alice, version, idempotencyKey="k") == payload
    shown = await queue(alice, version, "ACCEPTED")
    assert shown["corrections"]["nodes"][0]["learningRound"] == {"rows": 1}
    assert shown["learningRounds"] == {
        "totalCount": 1, "nodes": [{"rows": 1, "before": {"number": 1}}]
    }  # fmt: skip


async def test_others_see_their_own_and_decide_nothing(alice: Caller, bob: Caller) -> None:
    version = await published(alice)
    theirs = await corrected(bob, version, "one")
    await corrected(alice, version, "two")
    shown = await queue(bob, version)
    assert [each["id"] for each in shown["corrections"]["nodes"]] == [theirs]
    assert (await review(bob, version, theirs))["userErrors"][0]["code"] == "DENIED"
    assert (await learn(bob, version))["userErrors"][0]["code"] == "DENIED"


async def test_bad_requests_change_nothing(alice: Caller, bob: Caller) -> None:
    version, other = await published(alice), await published(bob, "other")
    foreign = await corrected(bob, other, "one")
    (error,) = (await review(alice, version, foreign))["userErrors"]
    assert (error["code"], error["path"]) == ("NOT_FOUND", ["input", "predictionIds", "0"])
    (error,) = (await review(alice, version))["userErrors"]
    assert error["path"] == ["input", "predictionIds"]
    (error,) = (await learn(alice, version))["userErrors"]
    assert error["code"] == "ILLEGAL_MOVE"
    assert "no accepted correction" in error["message"]
    assert await alice.store.mongo.learning_rounds.count({}) == 0
