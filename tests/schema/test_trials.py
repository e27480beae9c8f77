"""Trials through the API: asked for, read, made in the data set."""

from __future__ import annotations

from typing import Any

import pytest

from store.records.report import ClassReport
from store.records.trial import (
    ClassChange,
    Flip,
    HeadQuality,
    Interval,
    Judgement,
    TermsView,
    TrialVerdict,
)
from store.store import Store
from tests.schema.conftest import Caller
from tests.schema.making import published, trained

TRY = """
mutation($input: TryFixesInput!) {
  tryFixes(input: $input) {
    job { id kind status trial { id } model { name } }
    trial { id result { verdict } }
    userErrors { __typename code path message }
  }
}
"""
TRIAL = """
query($id: ID!) {
  trial(id: $id) {
    id fixes { row label drop } job { kind } modelVersion { number } datasetVersion { number }
    appliedVersion { number } training { id } owner { name }
    result {
      verdict message before { accuracy macroF1 logLoss } after { accuracy }
      gain { value low high } logLossGain { low } pValue resamples level testRows
      becameRight becameWrong otherAnswers toRight { row text actual before after } toWrong { row }
      classes { label before { f1 support } after { f1 } }
      learntFixes testFixes idleFixes trainRows terms seconds refitSeconds
    }
  }
  node(id: $id) { __typename }
}
"""
LIST = """
query($id: ID!, $first: Int!, $after: String) {
  modelVersion(id: $id) {
    trials(first: $first, after: $after) {
      totalCount nodes { id } pageInfo { hasNextPage endCursor }
    }
  }
}
"""
APPLY = """
mutation($input: ApplyFixesInput!) {
  applyFixes(input: $input) {
    trial { appliedVersion { number } } version { id number status } job { kind status }
    userErrors { __typename code path message }
  }
}
"""
FIXES = [{"row": 0, "label": "b"}, {"row": 3, "drop": True}]
RESULT = Judgement(
    verdict=TrialVerdict.BETTER, message="Better.",
    before=HeadQuality(0.5, 0.4, 1.5), after=HeadQuality(0.75, 0.7, 1.0),
    gain=Interval(0.25, 0.1, 0.4), log_loss_gain=Interval(0.5, 0.25, 0.75), p_value=0.03,
    resamples=2_000, level=0.95, test_rows=4, became_right=1, became_wrong=0, other_answers=0,
    to_right=(Flip(7, "a text", "b", "a", "b"),), to_wrong=(),
    classes=(ClassChange("b", ClassReport("b", 1, 0.5, 0.6, 2), ClassReport("b", 1, 1, 1, 2)),),
    learnt_fixes=1, test_fixes=1, idle_fixes=0, train_rows=8, terms=TermsView.REFITTED,
    seconds=2.0, refit_seconds=1.5,
)  # fmt: skip


async def tried(caller: Caller, version_id: str, **more: Any) -> Any:
    data = await caller(TRY, input={"modelVersionId": version_id, "fixes": FIXES, **more})
    return data["tryFixes"]


async def judged(caller: Caller, version_id: str) -> str:
    """The id of a trial that has a result."""
    payload = await tried(caller, version_id)
    job = await caller.store.mongo.jobs.get(payload["job"]["id"])
    return (await caller.store.trials.judged(job, RESULT)).id


async def test_a_trial_and_its_result(alice: Caller) -> None:
    _, version = await trained(alice)
    payload = await tried(alice, version.id)
    assert payload["userErrors"] == []
    assert payload["trial"]["result"] is None
    assert payload["job"] == {
        "id": payload["job"]["id"],
        "kind": "REFIT",
        "status": "QUEUED",
        "trial": {"id": payload["trial"]["id"]},
        "model": {"name": "letters"},
    }
    identifier = await judged(alice, version.id)
    data = await alice(TRIAL, id=identifier)
    assert data["node"] == {"__typename": "Trial"}
    assert data["trial"] == {
        "id": identifier,
        "fixes": [
            {"row": 0, "label": "b", "drop": False},
            {"row": 3, "label": None, "drop": True},
        ],
        "job": {"kind": "REFIT"},
        "modelVersion": {"number": 1},
        "datasetVersion": {"number": 1},
        "appliedVersion": None,
        "training": None,
        "owner": {"name": "alice"},
        "result": {
            "verdict": "BETTER",
            "message": "Better.",
            "before": {"accuracy": 0.5, "macroF1": 0.4, "logLoss": 1.5},
            "after": {"accuracy": 0.75},
            "gain": {"value": 0.25, "low": 0.1, "high": 0.4},
            "logLossGain": {"low": 0.25},
            "pValue": 0.03,
            "resamples": 2_000,
            "level": 0.95,
            "testRows": 4,
            "becameRight": 1,
            "becameWrong": 0,
            "otherAnswers": 0,
            "toRight": [{"row": 7, "text": "a text", "actual": "b", "before": "a", "after": "b"}],
            "toWrong": [],
            "classes": [{"label": "b", "before": {"f1": 0.6, "support": 2}, "after": {"f1": 1.0}}],
            "learntFixes": 1,
            "testFixes": 1,
            "idleFixes": 0,
            "trainRows": 8,
            "terms": "REFITTED",
            "seconds": 2.0,
            "refitSeconds": 1.5,
        },
    }


async def test_the_same_key_is_one_trial(alice: Caller) -> None:
    _, version = await trained(alice)
    first = await tried(alice, version.id, idempotencyKey="k")
    assert await tried(alice, version.id, idempotencyKey="k") == first
    assert await alice.store.mongo.trials.count({}) == 1


async def test_trials_are_listed_newest_first(alice: Caller, admin: Caller) -> None:
    _, version = await trained(alice)
    made = [(await tried(alice, version.id))["trial"]["id"] for _ in range(3)]
    page = (await alice(LIST, id=version.id, first=2))["modelVersion"]["trials"]
    assert (page["totalCount"], page["pageInfo"]["hasNextPage"]) == (3, True)
    assert [each["id"] for each in page["nodes"]] == made[:0:-1]
    rest = await alice(LIST, id=version.id, first=2, after=page["pageInfo"]["endCursor"])
    assert [each["id"] for each in rest["modelVersion"]["trials"]["nodes"]] == made[:1]
    seen = await admin(LIST, id=version.id, first=3)
    assert [each["id"] for each in seen["modelVersion"]["trials"]["nodes"]] == made[::-1]


async def test_trials_are_nobody_elses(alice: Caller, bob: Caller, nobody: Caller) -> None:
    version = await published(alice)
    identifier = await judged(alice, version.id)
    assert await bob(TRIAL, id=identifier) == {"trial": None, "node": None}
    assert (await bob(LIST, id=version.id, first=5))["modelVersion"]["trials"]["totalCount"] == 0
    refused = (await tried(bob, version.id))["userErrors"]
    assert [each["code"] for each in refused] == ["DENIED"]
    data = await bob(APPLY, input={"trialId": identifier})
    assert data["applyFixes"]["userErrors"][0]["__typename"] == "NotFoundError"
    assert await nobody.codes(TRIAL, id=identifier) == ["UNAUTHENTICATED"] * 2
    assert await alice.store.mongo.trials.count({}) == 1

    _, hidden = await trained(alice, "hidden")
    assert (await tried(bob, hidden.id))["userErrors"][0]["code"] == "NOT_FOUND"


@pytest.mark.parametrize(
    ("fixes", "path"),
    [
        ([], ["fixes"]),
        ([{"row": 1}], ["fixes", "0"]),
        ([{"row": 1, "label": "a", "drop": True}], ["fixes", "0"]),
        ([{"row": 1, "label": "c"}], ["fixes", "0", "label"]),
        ([{"row": 12, "label": "a"}], ["fixes", "0", "row"]),
        ([{"row": 1, "label": "a"}, {"row": 1, "drop": True}], ["fixes", "1", "row"]),
    ],
)
async def test_bad_fixes(alice: Caller, fixes: list[Any], path: list[str]) -> None:
    _, version = await trained(alice)
    (refused,) = (await tried(alice, version.id, fixes=fixes))["userErrors"]
    assert (refused["__typename"], refused["path"]) == ("ValidationError", ["input", *path])
    assert await alice.store.mongo.trials.count({}) == 0


async def test_fixes_are_made_once(store: Store, alice: Caller) -> None:
    _, version = await trained(alice)
    waiting = (await tried(alice, version.id))["trial"]["id"]
    (refused,) = (await alice(APPLY, input={"trialId": waiting}))["applyFixes"]["userErrors"]
    assert (refused["code"], refused["message"]) == (
        "ILLEGAL_MOVE",
        "the trial has no result yet",
    )
    identifier = await judged(alice, version.id)
    made = (await alice(APPLY, input={"trialId": identifier, "retrain": True}))["applyFixes"]
    assert made["userErrors"] == []
    assert made["trial"] == {"appliedVersion": {"number": 2}}
    assert (made["version"]["number"], made["version"]["status"]) == (2, "UPLOADED")
    assert made["job"] == {"kind": "INGEST", "status": "QUEUED"}
    again = (await alice(APPLY, input={"trialId": identifier}))["applyFixes"]
    assert again["version"]["id"] == made["version"]["id"]
    assert await store.mongo.dataset_versions.count({}) == 2
    edited = await store.mongo.dataset_versions.get(made["version"]["id"])
    assert edited.edits is not None
    assert identifier in edited.edits.note
    assert (await alice(TRIAL, id=identifier))["trial"]["training"] is None  # it is not READY yet
