"""A job's log through the API: followed live, listed, the same after it was archived."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from store import ids
from store.joblogs import line, streams
from store.records.event import LogLevel
from store.records.job import Failure, Job
from tests.schema.conftest import Caller
from tests.schema.making import create, published
from tests.schema.test_jobs import live_generators

FOLLOW = """
subscription($id: ID!, $after: String) {
  jobLog(id: $id, after: $after) {
    __typename
    ... on LogLine { cursor at level stage attempt worker message fields { name value } }
    ... on CaughtUp { cursor } ... on Gap { fromCursor toCursor } ... on Heartbeat { cursor }
  }
}
"""
LIST = """
query($id: ID!, $first: Int! = 20, $after: String, $level: LogLevel, $stage: String) {
  job(id: $id) {
    log(first: $first, after: $after, level: $level, stage: $stage) {
      nodes { cursor level stage message } edges { cursor node { message } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor } hasGap
    }
  }
}
"""
BEGAN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def no_settling(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "SETTLE_MS", 0)


async def held(caller: Caller) -> Job:
    """An ingest that a worker has taken up."""
    return await caller.store.jobs.claim((await create(caller))["job"]["id"], "host:1")


async def say(caller: Caller, job: Job, *said: tuple[LogLevel, str, str]) -> None:
    lines = [
        line(job, level, message, BEGAN + timedelta(microseconds=n), stage, {"rows": n})
        for n, (level, stage, message) in enumerate(said)
    ]
    await caller.store.job_logs.append(job, lines, maybe_there=False)


SOME = (
    (LogLevel.INFO, "read", "reading"),
    (LogLevel.WARNING, "read", "line 3 is empty"),
    (LogLevel.INFO, "store", "storing"),
)


async def listed(caller: Caller, job: Job, **asked: Any) -> Any:
    return (await caller(LIST, id=job.id, **asked))["job"]["log"]


def told(page: Any) -> list[str]:
    assert [edge["node"]["message"] for edge in page["edges"]] == [
        node["message"] for node in page["nodes"]
    ]
    return [node["message"] for node in page["nodes"]]


async def test_lines_are_followed_to_the_end_of_the_job(alice: Caller) -> None:
    job = await held(alice)
    items = alice.follow(FOLLOW, id=job.id)
    opening = [await anext(items) for _ in range(3)]
    assert [item.get("message", item["__typename"]) for item in opening] == [
        "ingest job queued", "attempt 1 on host:1", "CaughtUp",
    ]  # fmt: skip
    await say(alice, job, SOME[1])
    heard = await anext(items)
    assert heard == {
        "__typename": "LogLine",
        "cursor": heard["cursor"],
        "at": "2026-01-02T03:04:05.000Z",
        "level": "WARNING",
        "stage": "read",
        "attempt": 1,
        "worker": "host:1",
        "message": "line 3 is empty",
        "fields": [{"name": "rows", "value": "0"}],
    }
    await alice.store.jobs.fail(job, Failure("BAD", "no rows", False, "read"))
    rest = [item async for item in items]
    assert [(item["level"], item["message"], item["fields"]) for item in rest] == [
        ("ERROR", "no rows", [])
    ]


async def test_pages_can_leave_lines_out(alice: Caller) -> None:
    job = await held(alice)
    await say(alice, job, *SOME)
    page = await listed(alice, job, first=3)
    assert told(page) == ["ingest job queued", "attempt 1 on host:1", "reading"]
    assert page["pageInfo"]["hasNextPage"] is True
    assert page["pageInfo"]["startCursor"] == page["nodes"][0]["cursor"]
    assert page["pageInfo"]["endCursor"] == page["edges"][2]["cursor"]
    rest = await listed(alice, job, first=3, after=page["pageInfo"]["endCursor"])
    assert told(rest) == ["line 3 is empty", "storing"]
    assert (rest["pageInfo"]["hasNextPage"], rest["pageInfo"]["hasPreviousPage"]) == (False, True)
    assert told(await listed(alice, job, stage="read")) == ["reading", "line 3 is empty"]
    assert told(await listed(alice, job, level="WARNING")) == ["line 3 is empty"]
    assert told(await listed(alice, job, level="WARNING", stage="store")) == []
    assert told(await listed(alice, job, level="INFO", first=1)) == ["ingest job queued"]


async def test_the_log_is_the_same_once_it_is_archived(alice: Caller) -> None:
    job = await held(alice)
    await say(alice, job, *SOME)
    await alice.store.jobs.succeed(job)
    before = [item async for item in alice.follow(FOLLOW, id=job.id)]
    page = await listed(alice, job)
    assert await alice.store.job_logs.sweep() == 1
    await alice.store.redis.delete(f"{alice.store.settings.redis_prefix}:events:log:{job.id}")
    assert [item async for item in alice.follow(FOLLOW, id=job.id)] == before
    assert await listed(alice, job) == page
    for number, item in enumerate(before):
        after = [each async for each in alice.follow(FOLLOW, id=job.id, after=item["cursor"])]
        assert after == before[number + 1 :] or after == before[-1:]
        assert told(await listed(alice, job, after=item["cursor"])) == [
            each["message"] for each in before[number + 1 :] if "message" in each
        ]


async def test_a_log_is_for_its_owner_and_admins(alice: Caller, bob: Caller, admin: Caller) -> None:
    model_id = (await published(alice)).model_id
    version = await alice.store.mongo.model_versions.find_by(model_id=model_id)
    assert version is not None
    job = await alice.store.mongo.jobs.get(version.job_id)
    assert await codes_of(bob, id=job.id) == ["NOT_FOUND"]
    assert (await bob(LIST, id=job.id))["job"] is None
    assert told(await listed(admin, job))[0] == "train job queued"
    assert await codes_of(admin, id=job.id) == []


async def test_bad_asks(alice: Caller) -> None:
    job = await held(alice)
    assert await codes_of(alice, id=job.id, after="nonsense") == ["BAD_USER_INPUT"]
    assert await codes_of(alice, id=ids.new(ids.JOB)) == ["NOT_FOUND"]
    assert await alice.codes(LIST, id=job.id, after="nonsense") == ["BAD_USER_INPUT"]
    assert await alice.codes(LIST, id=job.id, first=0) == ["BAD_USER_INPUT"]
    assert await alice.codes(LIST, id=job.id, first=101) == ["BAD_USER_INPUT"]
    page = await listed(alice, job, stage="no such stage")
    assert (told(page), page["pageInfo"]["hasNextPage"]) == ([], False)


async def codes_of(caller: Caller, **variables: Any) -> list[str]:
    codes: list[str] = []
    async for result in caller.raw(FOLLOW, **variables):
        codes += [error.extensions["code"] for error in result.errors or []]
    return codes


def running() -> Counter[str]:
    """The tasks by what they run: those of the background are made anew each second."""
    return Counter(task.get_coro().__qualname__ for task in asyncio.all_tasks())  # type: ignore[union-attr]


async def test_a_dropped_follower_leaves_nothing_behind(alice: Caller) -> None:
    job = await held(alice)
    before = running()
    items = alice.follow(FOLLOW, id=job.id)
    for _ in range(3):
        await anext(items)
    assert (running() - before).total() == 1
    assert sorted(live_generators()) == ["follow", "follow", "follow", "job_log", "to_the_end"]
    await items.aclose()
    assert live_generators() == []
    assert not running() - before
