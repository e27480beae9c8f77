"""Jobs through the API: started, read, followed, cancelled."""

from __future__ import annotations

import gc
from types import AsyncGeneratorType
from typing import Any

import pytest

from store import ids
from store.clock import now
from store.jobs import announcements
from store.records.job import Failure, JobStatus
from tests.schema.conftest import Caller
from tests.schema.making import create, ready_version, trained

START = """
mutation($input: StartTrainingInput!) {
  startTraining(input: $input) {
    job { id kind status model { name } spec { embedder { kind } seed clusterer { k } } }
    userErrors { __typename code message path }
  }
}
"""
JOB = """
query($id: ID!) {
  job(id: $id) {
    status progress attempt startedAt endedAt owner { name }
    stages { name status done total summary rowsPerSecond }
    failure { code message retryable stage }
    dataset { name } datasetVersion { number } model { name } modelVersion { number }
  }
}
"""
CANCEL = """
mutation($input: CancelJobInput!) {
  cancelJob(input: $input) { job { status } userErrors { __typename code path } }
}
"""
FOLLOW = """
subscription($id: ID!, $after: String) {
  jobEvents(id: $id, after: $after) {
    __typename
    ... on JobSnapshot { job { status } cursor }
    ... on ActivityEvent { kind stage done cursor subjectId job { status } dataset { name } }
    ... on CaughtUp { cursor }
  }
}
"""
LIST = "query($f: JobFilter) { jobs(filter: $f) { totalCount nodes { kind status } } }"


async def test_start_training(alice: Caller) -> None:
    version_id = await ready_version(alice)
    spec = {"embedder": {"kind": "TFIDF"}, "clusterer": {"kind": "KMEANS", "k": 5}, "seed": 7}
    given = {"datasetVersionId": version_id, "spec": spec, "idempotencyKey": "once"}
    payload = (await alice(START, input=given))["startTraining"]
    assert payload["userErrors"] == []
    job = payload["job"]
    assert job == {
        "id": job["id"],
        "kind": "TRAIN",
        "status": "QUEUED",
        "model": {"name": "letters"},
        "spec": {"embedder": {"kind": "TFIDF"}, "seed": 7, "clusterer": {"k": 5}},
    }
    again = (await alice(START, input=given))["startTraining"]
    assert again["job"]["id"] == job["id"]
    assert (await alice(LIST, f={"kind": "TRAIN"}))["jobs"] == {
        "totalCount": 1,
        "nodes": [{"kind": "TRAIN", "status": "QUEUED"}],
    }


async def test_default_spec(alice: Caller) -> None:
    given = {"datasetVersionId": await ready_version(alice), "modelName": "mine"}
    job = (await alice(START, input=given))["startTraining"]["job"]
    assert job["model"] == {"name": "mine"}
    assert job["spec"] == {
        "embedder": {"kind": "SENTENCE_TRANSFORMER"},
        "seed": 0,
        "clusterer": {"k": None},
    }


@pytest.mark.parametrize(
    ("more", "code", "path"),
    [
        ({"modelName": "No Spaces"}, "BAD_USER_INPUT", ["input", "modelName"]),
        (
            {"spec": {"embedder": {"kind": "TFIDF", "dimensions": 1}}},
            "BAD_USER_INPUT",
            ["input", "spec", "embedder", "dimensions"],
        ),
        ({"spec": {"embedder": {"kind": "KMER"}}}, "NOT_TRAINABLE", ["input"]),
        ({"datasetVersionId": ids.new("dsv")}, "NOT_FOUND", ["input", "datasetVersionId"]),
    ],
)
async def test_bad_training_starts_nothing(
    alice: Caller, more: dict[str, object], code: str, path: list[str]
) -> None:
    given = {"datasetVersionId": await ready_version(alice)} | more
    payload = (await alice(START, input=given))["startTraining"]
    assert payload["job"] is None
    assert [(each["code"], each["path"]) for each in payload["userErrors"]] == [(code, path)]
    assert (await alice(LIST, f={"kind": "TRAIN"}))["jobs"]["totalCount"] == 0


async def test_version_must_be_ready(alice: Caller) -> None:
    made = await create(alice)
    payload = (await alice(START, input={"datasetVersionId": made["version"]["id"]}))[
        "startTraining"
    ]
    assert [error["code"] for error in payload["userErrors"]] == ["NOT_TRAINABLE"]


async def test_finished_training(alice: Caller) -> None:
    job, _ = await trained(alice)
    data = (await alice(JOB, id=job.id))["job"]
    stages = data.pop("stages")
    assert data == {
        "status": "SUCCEEDED",
        "progress": 1.0,
        "attempt": 1,
        "startedAt": data["startedAt"],
        "endedAt": data["endedAt"],
        "owner": {"name": "alice"},
        "failure": None,
        "dataset": {"name": "Letters"},
        "datasetVersion": {"number": 1},
        "model": {"name": "letters"},
        "modelVersion": {"number": 1},
    }
    assert len(stages) == 9
    speed = stages[0].pop("rowsPerSecond")
    assert speed > 0
    assert stages[0] == {
        "name": "clean",
        "status": "DONE",
        "done": 12,
        "total": 12,
        "summary": "12 rows are clean",
    }


async def test_ingest_shows_no_spec_and_its_failure(alice: Caller) -> None:
    made = await create(alice)
    job = await alice.store.jobs.claim(made["job"]["id"], "worker-1")
    await alice.store.jobs.fail(job, Failure("BAD_FILE", "no rows", False, "read"))
    query = "query($id: ID!) { job(id: $id) { spec { seed } failure { code retryable stage } } }"
    assert (await alice(query, id=job.id))["job"] == {
        "spec": None,
        "failure": {"code": "BAD_FILE", "retryable": False, "stage": "read"},
    }


async def test_cancel(alice: Caller, bob: Caller) -> None:
    job_id = (await create(alice))["job"]["id"]
    strange = (await bob(CANCEL, input={"id": job_id}))["cancelJob"]
    assert strange == {
        "job": None,
        "userErrors": [
            {"__typename": "NotFoundError", "code": "NOT_FOUND", "path": ["input", "id"]}
        ],
    }
    assert (await alice.store.mongo.jobs.get(job_id)).status is JobStatus.QUEUED
    done = (await alice(CANCEL, input={"id": job_id}))["cancelJob"]
    assert done == {"job": {"status": "CANCELLED"}, "userErrors": []}
    again = (await alice(CANCEL, input={"id": job_id}))["cancelJob"]["userErrors"]
    assert [error["__typename"] for error in again] == ["IllegalStateError"]


async def all_of(caller: Caller, **variables: Any) -> list[Any]:
    return [item async for item in caller.follow(FOLLOW, **variables)]


async def test_a_past_job_is_told_whole_and_ends(alice: Caller) -> None:
    job, _ = await trained(alice)
    items = await all_of(alice, id=job.id)
    assert items[0] == {
        "__typename": "JobSnapshot",
        "job": {"status": "SUCCEEDED"},
        "cursor": "0-0",
    }
    assert [item.get("kind", item["__typename"]) for item in items[1:]] == [
        "JOB_QUEUED", "JOB_STARTED", "STAGE_STARTED", "STAGE_DONE", "JOB_SUCCEEDED", "CaughtUp",
    ]  # fmt: skip
    assert items[4]["stage"] == "clean"
    assert items[4]["job"] == {"status": "SUCCEEDED"}
    assert items[4]["dataset"] == {"name": "Letters"}
    resumed = await all_of(alice, id=job.id, after=items[3]["cursor"])
    assert [item.get("kind", item["__typename"]) for item in resumed] == [
        "JobSnapshot", "STAGE_DONE", "JOB_SUCCEEDED", "CaughtUp",
    ]  # fmt: skip


async def test_a_running_job_is_followed_to_its_end(alice: Caller) -> None:
    store, job_id = alice.store, (await create(alice))["job"]["id"]
    items = alice.follow(FOLLOW, id=job_id)
    seen = [await anext(items) for _ in range(3)]
    assert [item.get("kind", item["__typename"]) for item in seen] == [
        "JobSnapshot", "JOB_QUEUED", "CaughtUp",
    ]  # fmt: skip
    job = await store.jobs.claim(job_id, "worker-1")
    started = await anext(items)
    assert (started["kind"], started["job"]) == ("JOB_STARTED", {"status": "RUNNING"})
    await store.jobs.succeed(job)
    last = [item async for item in items]
    assert [(item["kind"], item["job"]["status"]) for item in last] == [
        ("JOB_SUCCEEDED", "SUCCEEDED")
    ]


async def test_a_job_whose_end_is_yet_to_be_told_is_followed_until_it_is(alice: Caller) -> None:
    """The record ends first, its event comes a moment later."""
    store, job_id = alice.store, (await create(alice))["job"]["id"]
    job = await store.jobs.claim(job_id, "worker-1")
    ended = await store.mongo.jobs.amend(job_id, lambda kept: kept.succeeded(job.attempt, now()))
    items = alice.follow(FOLLOW, id=job_id)
    seen = [await anext(items) for _ in range(4)]
    assert seen[0]["job"] == {"status": "SUCCEEDED"}
    assert seen[3]["__typename"] == "CaughtUp"
    event = await store.events.append_if_missing(announcements.ended(ended))
    assert [item["kind"] async for item in items] == ["JOB_SUCCEEDED"]
    resumed = await all_of(alice, id=job_id, after=event.cursor)
    assert [item["__typename"] for item in resumed] == ["JobSnapshot", "CaughtUp"]


async def test_a_job_whose_end_is_never_told_is_not_followed_for_ever(
    alice: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(alice.store.settings.__dict__, "feed_heartbeat_s", 0.05)
    store, job_id = alice.store, (await create(alice))["job"]["id"]
    job = await store.jobs.claim(job_id, "worker-1")
    await store.mongo.jobs.amend(job_id, lambda kept: kept.succeeded(job.attempt, now()))
    items = await all_of(alice, id=job_id)
    assert [item["__typename"] for item in items[3:]] == ["CaughtUp", "Heartbeat", "Heartbeat"]


def live_generators() -> list[str]:
    return [
        each.ag_code.co_name
        for each in gc.get_objects()
        if type(each) is AsyncGeneratorType and each.ag_frame is not None
        if each.ag_code.co_name in ("follow", "to_the_end", "job_events", "job_log")
    ]


async def test_a_closed_subscription_leaves_no_generator(alice: Caller) -> None:
    job_id = (await create(alice))["job"]["id"]
    items = alice.follow(FOLLOW, id=job_id)
    await anext(items)
    await anext(items)
    assert sorted(live_generators()) == [
        "follow", "follow", "follow", "job_events", "to_the_end",
    ]  # fmt: skip
    await items.aclose()
    assert live_generators() == []


async def test_strangers_cannot_follow(alice: Caller, bob: Caller) -> None:
    job_id = (await create(alice))["job"]["id"]
    assert await codes_of(bob, id=job_id) == ["NOT_FOUND"]
    assert await codes_of(bob, id=ids.new(ids.JOB)) == ["NOT_FOUND"]
    assert await codes_of(alice, id=job_id, after="nonsense") == ["BAD_USER_INPUT"]


async def codes_of(caller: Caller, **variables: Any) -> list[str]:
    codes: list[str] = []
    async for result in caller.raw(FOLLOW, **variables):
        codes += [error.extensions["code"] for error in result.errors or []]
    return codes
