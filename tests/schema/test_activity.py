"""Everything that happens: listed and followed."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from store.clock import now
from store.events import Feed
from store.records.event import Event, EventKind, Topic
from tests.schema.conftest import Caller
from tests.schema.making import create, published, trained

EVENTS = """
query($id: ID, $first: Int! = 20, $after: String, $topics: [Topic!]) {
  events(subjectId: $id, first: $first, after: $after, topics: $topics) {
    nodes { kind topic } edges { cursor node { kind } } pageInfo { hasNextPage endCursor } hasGap
  }
}
"""
ACTIVITY = """
subscription($after: String, $topics: [Topic!]) {
  activity(after: $after, topics: $topics) {
    __typename ... on ActivityEvent { kind subjectId rowsPerSecond } ... on CaughtUp { cursor }
  }
}
"""


def kinds(page: Any) -> list[str]:
    return [node["kind"] for node in page["nodes"]]


async def test_events_of_one_thing(alice: Caller, bob: Caller) -> None:
    job, _ = await trained(alice)
    page = (await alice(EVENTS, id=job.id, first=3))["events"]
    assert kinds(page) == ["JOB_QUEUED", "JOB_STARTED", "STAGE_STARTED"]
    assert page["pageInfo"]["hasNextPage"] is True
    assert page["hasGap"] is False
    assert page["pageInfo"]["endCursor"] == page["edges"][-1]["cursor"]
    rest = (await alice(EVENTS, id=job.id, after=page["pageInfo"]["endCursor"]))["events"]
    assert kinds(rest) == ["STAGE_DONE", "JOB_SUCCEEDED"]
    assert rest["pageInfo"]["hasNextPage"] is False
    assert await bob.codes(EVENTS, id=job.id) == ["NOT_FOUND"]


async def test_events_of_everything_are_for_admins(alice: Caller, admin: Caller) -> None:
    await create(alice)
    assert await alice.codes(EVENTS) == ["FORBIDDEN"]
    page = (await admin(EVENTS, topics=["JOB"], first=3))["events"]
    assert kinds(page) == ["JOB_QUEUED"]
    rest = (await admin(EVENTS, after=page["pageInfo"]["endCursor"]))["events"]
    assert kinds(rest) == []


async def test_others_read_what_is_published_only(alice: Caller, bob: Caller) -> None:
    model_id = (await published(alice)).model_id
    assert kinds((await alice(EVENTS, id=model_id))["events"]) == [
        "MODEL_CREATED", "MODEL_VERSION_CREATED", "MODEL_PUBLISHED",
    ]  # fmt: skip
    assert kinds((await bob(EVENTS, id=model_id))["events"]) == ["MODEL_PUBLISHED"]


async def test_bad_pages(admin: Caller) -> None:
    assert await admin.codes(EVENTS, first=0) == ["BAD_USER_INPUT"]
    assert await admin.codes(EVENTS, first=101) == ["BAD_USER_INPUT"]
    assert await admin.codes(EVENTS, after="nonsense") == ["BAD_USER_INPUT"]


async def test_the_newest_page_by_page(alice: Caller, admin: Caller) -> None:
    await trained(alice)
    query = """
      query($last: Int, $before: String, $after: String) {
        events(first: 100, after: $after, last: $last, before: $before) {
          edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        }
      }
    """
    everything = (await admin(query))["events"]["edges"]
    newest = (await admin(query, last=4))["events"]
    begin, end = everything[-4]["cursor"], everything[-1]["cursor"]
    assert newest["edges"] == everything[-4:]
    assert newest["pageInfo"] == {
        "hasNextPage": False, "hasPreviousPage": True, "startCursor": begin, "endCursor": end,
    }  # fmt: skip
    earlier = (await admin(query, last=100, before=begin))["events"]
    assert earlier["edges"] == everything[:-4]
    assert earlier["pageInfo"]["hasNextPage"] is True
    assert earlier["pageInfo"]["hasPreviousPage"] is False
    for wrong in (
        {"last": 0},
        {"last": 101},
        {"last": 1, "after": end},
        {"last": 1, "before": "x"},
    ):
        assert await admin.codes(query, **wrong) == ["BAD_USER_INPUT"]


async def test_activity_is_live_and_resumes(alice: Caller, admin: Caller) -> None:
    items = admin.follow(ACTIVITY, topics=["JOB"])
    caught_up = await anext(items)
    assert caught_up["__typename"] == "CaughtUp"
    made = await create(alice)
    event = await anext(items)
    assert (event["kind"], event["subjectId"]) == ("JOB_QUEUED", made["job"]["id"])
    await items.aclose()

    resumed = admin.follow(ACTIVITY, after=caught_up["cursor"])
    assert [(await anext(resumed)).get("kind") for _ in range(4)] == [
        "DATASET_CREATED", "VERSION_CREATED", "JOB_QUEUED", None,
    ]  # fmt: skip
    await resumed.aclose()


async def test_silence_is_told(admin: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(admin.store.settings.__dict__, "feed_heartbeat_s", 0.05)
    items = admin.follow("subscription { activity { __typename ... on Heartbeat { at cursor } } }")
    assert (await anext(items))["__typename"] == "CaughtUp"
    beat = await anext(items)
    assert beat["__typename"] == "Heartbeat"
    assert beat["at"].endswith("Z")
    await items.aclose()


async def test_silence_is_told_also_where_others_happen(
    admin: Caller, alice: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And how far the stream is, so that nothing is read twice after a reconnect."""
    monkeypatch.setitem(admin.store.settings.__dict__, "feed_heartbeat_s", 0.5)
    events = admin.store.events

    async def work() -> None:
        """Something to tell of every few milliseconds."""
        for number in range(10_000):
            event = Event(Topic.DATASET, EventKind.DATASET_CHANGED, "ds_a", alice.id, now())
            await events.append(replace(event, done=number))
            await asyncio.sleep(0.01)

    items = admin.follow(
        "subscription { activity(topics: [MODEL]) { __typename ... on Heartbeat { cursor } } }"
    )
    assert (await anext(items))["__typename"] == "CaughtUp"
    working = asyncio.create_task(work())
    beat = await anext(items)
    working.cancel()
    await asyncio.wait([working])
    await items.aclose()
    assert beat["__typename"] == "Heartbeat"
    assert beat["cursor"] in [each.cursor for each in await events.latest(Feed.of("ds_a"), 1_000)]


async def test_the_list_and_the_feed_have_the_same_items(alice: Caller, admin: Caller) -> None:
    shown = "cursor at topic kind message subjectId stage done total attempt user { name }"
    job, _ = await trained(alice)
    for asked, listed in (
        (f'jobEvents(id: "{job.id}")', f'events(subjectId: "{job.id}", first: 100)'),
        ('activity(after: "0-0")', "events(first: 100)"),
    ):
        page = (await admin(f"{{ events: {listed} {{ nodes {{ {shown} }} }} }}"))["events"]
        items = admin.follow(
            f"subscription {{ {asked} {{ __typename ... on ActivityEvent {{ {shown} }} }} }}"
        )
        told = []
        while (item := await anext(items))["__typename"] != "CaughtUp":
            if item.pop("__typename") == "ActivityEvent":
                told.append(item)
        await items.aclose()
        assert told == page["nodes"]
        assert len(told) >= 5


async def test_what_is_no_longer_kept_is_told(alice: Caller) -> None:
    job, _ = await trained(alice)
    feed = f"{alice.store.settings.redis_prefix}:events:{job.id}"
    await alice.store.redis.xtrim(feed, maxlen=2, approximate=False)
    query = """
    subscription($id: ID!) {
      jobEvents(id: $id, after: "1-0") {
        __typename ... on Gap { fromCursor toCursor } ... on ActivityEvent { kind }
      }
    }
    """
    items = [item async for item in alice.follow(query, id=job.id)]
    assert [item.get("kind", item["__typename"]) for item in items] == [
        "JobSnapshot", "Gap", "STAGE_DONE", "JOB_SUCCEEDED", "CaughtUp",
    ]  # fmt: skip
    assert items[1]["fromCursor"] == "1-0"
    resumed = [
        item async for item in alice.follow(query.replace("1-0", items[1]["toCursor"]), id=job.id)
    ]
    assert resumed == [items[0], *items[2:]]
    assert (await alice(EVENTS, id=job.id, after="1-0"))["events"]["hasGap"] is True


async def test_speed_of_a_stage(alice: Caller, admin: Caller) -> None:
    items = admin.follow(ACTIVITY)
    await anext(items)
    made = await create(alice)
    job = await alice.store.jobs.claim(made["job"]["id"], "worker-1")
    job = await alice.store.jobs.stage_started(job, "read", 10)
    await alice.store.jobs.stage_progressed(job, "read", 5, 10, persist=True)
    while (item := await anext(items))["kind"] != "STAGE_PROGRESSED":
        assert item["rowsPerSecond"] is None
    assert item["rowsPerSecond"] > 0
    await items.aclose()


async def test_dataset_feed(alice: Caller) -> None:
    dataset_id = (await create(alice))["dataset"]["id"]
    query = """
    subscription($id: ID!) {
      datasetEvents(id: $id) {
        __typename
        ... on DatasetSnapshot { dataset { name } cursor }
        ... on ActivityEvent { kind cursor dataset { name } }
      }
    }
    """
    items = alice.follow(query, id=dataset_id)
    seen = [await anext(items) for _ in range(4)]
    await items.aclose()
    assert [item.get("kind", item["__typename"]) for item in seen] == [
        "DatasetSnapshot", "DATASET_CREATED", "VERSION_CREATED", "CaughtUp",
    ]  # fmt: skip
    assert seen[1]["dataset"] == {"name": "Letters"}
