"""Who lives is listed, who fell silent is told once, whoever looks and wherever one dies."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from store.clock import now
from store.events import Feed
from store.records.event import EventKind, Topic
from store.records.worker import WorkAtHand, WorkerKind, WorkerPresence
from store.store import Store
from store.system.presence import GONE_BEATS, QUIET_BEATS, SYSTEM

BEAT_S = 5.0


def worker(pid: int = 1, **more: object) -> WorkerPresence:
    at = now()
    made = WorkerPresence(
        id=f"host:{pid}", kind=WorkerKind.PIPELINE, host="host", pid=pid, version="1",
        started_at=at, heartbeat=at, memory_bytes=1, memory_total_bytes=2, cores=2, slots=2,
    )  # fmt: skip
    return replace(made, **more)  # type: ignore[arg-type]


async def silent_for(store: Store, worker_id: str, seconds: float) -> None:
    """Have Redis believe that it was heard of that much earlier."""
    heard = f"{store.settings.redis_prefix}:workers:heard"
    await store.redis.zincrby(heard, -seconds * 1000, worker_id)


async def told(store: Store) -> list[tuple[EventKind, str, str]]:
    page = await store.events.page(Feed.everything(), None, 100)
    assert all((e.topic, e.owner_id) == (Topic.WORKER, SYSTEM) for e in page.events)
    return [(event.kind, event.subject_id, event.message) for event in page.events]


async def test_a_worker_is_listed_as_it_said_last(store: Store) -> None:
    first = worker()
    assert await store.presence.beat(first) is True
    work = WorkAtHand("job_a", 2, "embed")
    said = replace(first, memory_bytes=9, jobs=(work,), models=("mdv_a", "mdv_b"))
    assert await store.presence.beat(said) is False
    (listed,) = await store.presence.workers()
    assert replace(listed, heartbeat=said.heartbeat) == said
    assert abs(listed.heartbeat - now()) < timedelta(seconds=5)


async def test_the_clock_of_its_host_does_not_matter(store: Store) -> None:
    early, late = now() - timedelta(days=1), now() + timedelta(days=1)
    await store.presence.beat(worker(1, started_at=early, heartbeat=early))
    await store.presence.beat(worker(2, started_at=late, heartbeat=late))
    listed = await store.presence.workers()
    assert [each.id for each in listed] == ["host:1", "host:2"]
    assert all(abs(each.heartbeat - now()) < timedelta(seconds=5) for each in listed)
    assert await store.presence.tidy() == 0


async def test_who_is_quiet_is_no_longer_listed_and_who_is_gone_is_told_once(
    store: Store,
) -> None:
    for pid in (1, 2):
        await store.presence.beat(worker(pid))
    await silent_for(store, "host:1", QUIET_BEATS * BEAT_S + 1)
    assert [each.id for each in await store.presence.workers()] == ["host:2"]
    assert await store.presence.tidy() == 0
    await silent_for(store, "host:1", (GONE_BEATS - QUIET_BEATS) * BEAT_S)
    await asyncio.gather(*(store.presence.tidy() for _ in range(10)))
    stopped = (EventKind.WORKER_STOPPED, "host:1", "pipeline worker was not heard of")
    assert await told(store) == [stopped]
    assert await store.presence.tidy() == 0


async def test_a_stop_that_nobody_came_to_tell_is_told_by_the_next(store: Store) -> None:
    await store.presence.beat(worker())
    await silent_for(store, "host:1", GONE_BEATS * BEAT_S + 1)
    reply = await store.presence._sweep(keys=store.presence._keys, args=[60_000, "was lost"])
    assert len(reply) == 2  # taken off the list, and the one who did so died here
    assert await store.presence.workers() == ()
    assert await store.presence.tidy() == 1
    assert await told(store) == [(EventKind.WORKER_STOPPED, "host:1", "pipeline worker was lost")]


async def test_one_that_says_goodbye_is_told_at_once_and_once(store: Store) -> None:
    await store.presence.beat(worker())
    await asyncio.gather(*(store.presence.leave("host:1", "stopped") for _ in range(3)))
    await store.presence.tidy()
    assert await store.presence.workers() == ()
    assert await told(store) == [(EventKind.WORKER_STOPPED, "host:1", "pipeline worker stopped")]


async def test_a_worker_in_the_place_of_a_dead_one_ends_it(store: Store) -> None:
    """A container that restarts has the same host name and process id."""
    old = worker()
    await store.presence.beat(old)
    new = worker(started_at=old.started_at + timedelta(seconds=3), cores=7)
    assert await store.presence.beat(new) is True
    assert await store.presence.beat(new) is False
    await store.presence.tidy()
    assert [each.cores for each in await store.presence.workers()] == [7]
    stopped = (EventKind.WORKER_STOPPED, "host:1", "pipeline worker was not heard of")
    assert await told(store) == [stopped]


async def test_one_that_was_given_up_may_come_back(store: Store) -> None:
    said = worker()
    await store.presence.beat(said)
    await silent_for(store, "host:1", GONE_BEATS * BEAT_S + 1)
    await store.presence.tidy()
    assert await store.presence.beat(said) is True
    assert [each.id for each in await store.presence.workers()] == ["host:1"]


@pytest.mark.parametrize("times", [1, 2])
async def test_a_start_is_told_once_however_often_it_is_tried(store: Store, times: int) -> None:
    said = worker()
    for _ in range(times):
        await store.presence.tell_start(said, said.started_at, "started")
    assert await told(store) == [(EventKind.WORKER_STARTED, "host:1", "pipeline worker started")]


async def test_what_a_newer_worker_says_beside_is_ignored(store: Store) -> None:
    await store.presence.beat(worker())
    key = f"{store.settings.redis_prefix}:workers"
    said = (await store.redis.hget(key, "host:1")).replace(b'"cores"', b'"gpus":1,"cores"')
    await store.redis.hset(key, "host:1", said)
    assert [each.cores for each in await store.presence.workers()] == [2]
