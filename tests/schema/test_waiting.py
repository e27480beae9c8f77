"""Why jobs wait, through the API, each reason reached as it comes about; priorities; queues."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from store import ids
from store.clock import now
from store.events import Feed
from store.records.event import EventKind
from store.records.job import Failure, Job, JobKind, Priority, Span
from store.records.worker import WorkerKind, WorkerPresence
from store.store import Store, open_store
from tests.conftest import make_settings
from tests.schema.conftest import Caller
from tests.schema.making import ready_version
from tests.store.waiting import submitted

WHY = """
query($id: ID!) {
  job(id: $id) {
    status waitingFor { code message position blocker { id } eta { p50 p90 } }
  }
}
"""
START = """
mutation($input: StartTrainingInput!) {
  startTraining(input: $input) { job { id priority } userErrors { __typename code message } }
}
"""
CHANGE = """
mutation($input: ChangeJobPriorityInput!) {
  changeJobPriority(input: $input) { job { priority } userErrors { __typename code path } }
}
"""
CLOSE = """
mutation($input: %sQueueInput!) {
  %sQueue(input: $input) {
    queue { name mode depth oldest running limit by { name } reason }
    userErrors { code message path }
  }
}
"""
PAUSE, DRAIN, RESUME = (CLOSE % (name, name.lower()) for name in ("Pause", "Drain", "Resume"))


@pytest.fixture
async def store(mongo_uri: str, redis_url: str, tmp_path: Path) -> AsyncIterator[Store]:
    """One training at a time."""
    settings = make_settings(mongo_uri, redis_url, tmp_path, max_running={JobKind.TRAIN: 1})
    async with open_store(settings) as opened:
        yield opened


async def worker(store: Store, slots: int = 1, kind: WorkerKind = WorkerKind.PIPELINE) -> None:
    at = now()
    await store.presence.beat(
        WorkerPresence(
            id=f"host:{kind}", kind=kind, host="host", pid=1, version="1", started_at=at,
            heartbeat=at, memory_bytes=1, memory_total_bytes=2, cores=1, slots=slots,
        )
    )  # fmt: skip


async def why(caller: Caller, job: Job) -> dict[str, Any]:
    return (await caller(WHY, id=job.id))["job"]["waitingFor"]


async def ingest(caller: Caller) -> Job:
    return await submitted(caller.store, caller.id, kind=JobKind.INGEST, estimate=Span(60, 90))


async def start(store: Store) -> Job:
    job = await store.jobs.claim_next("host:1")
    assert job is not None
    return job


async def test_no_worker(alice: Caller) -> None:
    await worker(alice.store, kind=WorkerKind.INFERENCE)
    assert await why(alice, await ingest(alice)) == {
        "code": "NO_WORKER",
        "message": "No pipeline worker is running; start one with `shoal worker pipeline`.",
        "position": 1,
        "blocker": None,
        "eta": None,
    }


async def test_starting_then_running(alice: Caller) -> None:
    job = await ingest(alice)
    await worker(alice.store)
    found = await why(alice, job)
    assert (found["code"], found["position"]) == ("STARTING", 1)
    assert found["eta"] == {"p50": 0.0, "p90": 1.0}
    await start(alice.store)
    assert (await alice(WHY, id=job.id))["job"] == {"status": "RUNNING", "waitingFor": None}


async def test_busy(alice: Caller, bob: Caller) -> None:
    await worker(alice.store)
    theirs = await ingest(bob)
    await start(alice.store)
    first, second = await ingest(alice), await ingest(alice)
    assert (await why(alice, first))["position"] == 1
    found = await why(alice, second)
    assert (found["code"], found["position"], found["blocker"]) == ("BUSY", 2, None)
    assert 60 < found["eta"]["p50"] <= 120 < found["eta"]["p90"] <= 180
    assert (await why(bob, await ingest(bob)))["blocker"] == {"id": theirs.id}


async def test_fair_share(alice: Caller, bob: Caller) -> None:
    await worker(alice.store)
    mine, waiting = await ingest(alice), await ingest(alice)
    await start(alice.store)
    await ingest(bob)
    found = await why(alice, waiting)
    assert (found["code"], found["position"]) == ("FAIR_SHARE", 2)
    assert found["blocker"] == {"id": mine.id}
    assert "younger jobs of others go first (1)" in found["message"]


async def test_kind_limit(alice: Caller) -> None:
    await worker(alice.store, slots=8)
    running, _, waiting = [await submitted(alice.store, alice.id) for _ in range(3)]
    await start(alice.store)
    found = await why(alice, waiting)
    assert (found["code"], found["position"]) == ("KIND_LIMIT", 2)
    assert found["blocker"] == {"id": running.id}
    assert found["message"].startswith("The limit of 1 for TRAIN jobs is used up")


async def test_back_off(alice: Caller) -> None:
    await worker(alice.store)
    await ingest(alice)
    job = await start(alice.store)
    fault = Failure("CHILD_DIED", "it was killed", retryable=True, stage="read")
    job = await alice.store.jobs.requeue(job, fault, delay_s=60)
    found = await why(alice, job)
    assert (found["code"], found["position"]) == ("BACK_OFF", None)
    assert found["message"].startswith("Attempt 1 ended at read (CHILD_DIED: it was killed)")
    assert 55 < found["eta"]["p50"] <= 60


async def test_worker_lost(alice: Caller) -> None:
    await ingest(alice)
    job = await start(alice.store)
    past = now() - timedelta(seconds=5)
    await alice.store.mongo.jobs.amend(job.id, lambda kept: kept.renewed(1, past))
    found = await why(alice, job)
    assert found["code"] == "WORKER_LOST"
    assert "host:1 has not renewed its lease" in found["message"]


async def test_a_job_without_a_ticket_is_explained_all_the_same(alice: Caller) -> None:
    """As when Redis lost its data and the sweeper has yet to mend it."""
    await worker(alice.store)
    job = await ingest(alice)
    await alice.store.queue.tickets.remove(job.id)
    assert (await why(alice, job))["code"] == "STARTING"


# -- queues ---------------------------------------------------------------------------------------


async def test_paused_and_resumed(alice: Caller, admin: Caller) -> None:
    await worker(alice.store)
    job = await submitted(alice.store, alice.id)
    closed = await admin(PAUSE, input={"name": "TRAIN", "reason": "an upgrade"})
    assert closed["pauseQueue"] == {
        "queue": {
            "name": "TRAIN", "mode": "PAUSED", "depth": 1,
            "oldest": job.created_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "running": 0, "limit": 1, "by": {"name": "admin"}, "reason": "an upgrade",
        },
        "userErrors": [],
    }  # fmt: skip
    assert await alice.store.jobs.claim_next("host:1") is None
    found = await why(alice, job)
    assert (found["code"], found["position"], found["eta"]) == ("PAUSED", None, None)
    assert found["message"] == (
        "admin paused the queue TRAIN (an upgrade); it goes on when an admin resumes it."
    )
    drained = (await admin(DRAIN, input={"name": "TRAIN"}))["drainQueue"]["queue"]
    assert (drained["mode"], drained["reason"]) == ("DRAINING", "")
    assert "admin is draining the queue TRAIN;" in (await why(alice, job))["message"]
    opened = (await admin(RESUME, input={"name": "TRAIN"}))["resumeQueue"]["queue"]
    assert (opened["mode"], opened["by"]) == ("OPEN", None)
    assert (await why(alice, job))["code"] == "STARTING"


async def test_a_bad_reason(admin: Caller) -> None:
    for mutation, name in ((PAUSE, "pauseQueue"), (DRAIN, "drainQueue")):
        payload = (await admin(mutation, input={"name": "TRAIN", "reason": "x" * 501}))[name]
        assert payload["queue"] is None
        assert [(error["code"], error["path"]) for error in payload["userErrors"]] == [
            ("BAD_USER_INPUT", ["input", "reason"])
        ]
    assert await admin.store.mongo.queues.count({}) == 0


async def test_only_admins_close_queues(alice: Caller) -> None:
    for mutation in (PAUSE, DRAIN, RESUME):
        assert await alice.codes(mutation, input={"name": "TRAIN"}) == ["FORBIDDEN"]
        assert await alice.codes(mutation, input={"name": "INFERENCE"}) == ["BAD_REQUEST"]
    assert await alice.store.mongo.queues.count({}) == 0


# -- priorities -----------------------------------------------------------------------------------


async def test_a_training_starts_with_its_priority(alice: Caller, admin: Caller) -> None:
    version_id = await ready_version(alice)
    for given, kept in ((None, "NORMAL"), ("LOW", "LOW")):
        more = {"priority": given} if given else {}
        payload = await alice(START, input={"datasetVersionId": version_id, **more})
        assert payload["startTraining"]["job"]["priority"] == kept
    high = {"datasetVersionId": version_id, "priority": "HIGH"}
    refused = (await alice(START, input=high))["startTraining"]
    assert refused["job"] is None
    assert [(error["__typename"], error["code"]) for error in refused["userErrors"]] == [
        ("DeniedError", "DENIED")
    ]
    assert await alice.store.mongo.jobs.count({"priority": "HIGH"}) == 0
    given = {**high, "modelName": "urgent"}
    assert (await admin(START, input=given))["startTraining"]["job"]["priority"] == "HIGH"


async def test_changing_a_priority(alice: Caller, bob: Caller, admin: Caller) -> None:
    job = await submitted(alice.store, alice.id)
    low = {"id": job.id, "priority": "LOW"}
    assert (await alice(CHANGE, input=low))["changeJobPriority"] == {
        "job": {"priority": "LOW"}, "userErrors": [],
    }  # fmt: skip
    told = (await alice.store.events.page(Feed.of(job.id), None, 10)).events[-1]
    assert told.kind is EventKind.JOB_CHANGED
    high = {"id": job.id, "priority": "HIGH"}
    for caller, kind in ((alice, "DeniedError"), (bob, "NotFoundError")):
        payload = (await caller(CHANGE, input=high))["changeJobPriority"]
        assert payload["job"] is None
        assert [error["__typename"] for error in payload["userErrors"]] == [kind]
    assert (await alice.store.mongo.jobs.get(job.id)).priority is Priority.LOW
    assert (await admin(CHANGE, input=high))["changeJobPriority"]["job"] == {"priority": "HIGH"}


async def test_a_job_that_no_longer_waits_keeps_its_priority(alice: Caller) -> None:
    job = await submitted(alice.store, alice.id)
    await start(alice.store)
    payload = (await alice(CHANGE, input={"id": job.id, "priority": "LOW"}))["changeJobPriority"]
    assert [error["__typename"] for error in payload["userErrors"]] == ["IllegalStateError"]
    missing = {"id": ids.new(ids.JOB), "priority": "LOW"}
    payload = (await alice(CHANGE, input=missing))["changeJobPriority"]
    assert [(each["code"], each["path"]) for each in payload["userErrors"]] == [
        ("NOT_FOUND", ["input", "id"])
    ]


async def test_one_look_explains_a_page_of_jobs(
    alice: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = [await ingest(alice) for _ in range(5)]
    looks = 0
    explain = type(alice.store.waits).explain

    async def counted(self: Any, asked: list[Job]) -> Any:
        nonlocal looks
        looks += 1
        return await explain(self, asked)

    monkeypatch.setattr(type(alice.store.waits), "explain", counted)
    data = await alice("{ jobs { nodes { id waitingFor { position } } } }")
    places = {each["id"]: each["waitingFor"]["position"] for each in data["jobs"]["nodes"]}
    assert places == {job.id: place for place, job in enumerate(jobs, 1)}
    assert looks == 1
