"""Queues paused, drained and resumed; what is told and noted of it."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime, timedelta

import pytest

from store.clock import now
from store.errors import InvalidValue
from store.events import Feed
from store.records.event import EventKind, Topic
from store.records.job import JobKind
from store.records.queue import QueueMode, QueueState
from store.store import Store
from store.system.queues import QueueStatus
from tests.store.waiting import AT, submitted

ADMIN = "usr_admin"
TRAIN = JobKind.TRAIN


def test_states_say_who_closed_it_and_why() -> None:
    paused = QueueState("TRAIN").paused(ADMIN, AT, "an upgrade")
    assert (paused.mode, paused.by, paused.at, paused.reason) == (
        QueueMode.PAUSED, ADMIN, AT, "an upgrade",
    )  # fmt: skip
    draining = paused.draining("usr_other", AT, "")
    assert (draining.mode, draining.by, draining.reason) == (QueueMode.DRAINING, "usr_other", "")
    assert draining.resumed() == QueueState("TRAIN")


async def status(store: Store, name: str) -> QueueStatus:
    return next(queue for queue in await store.queues.all() if queue.name == name)


async def test_queues_that_nobody_touched_are_open(store: Store) -> None:
    queues = await store.queues.all()
    assert [queue.name for queue in queues] == [*JobKind, "INFERENCE"]
    assert {queue.mode for queue in queues} == {QueueMode.OPEN}
    assert {(queue.depth, queue.oldest, queue.by, queue.reason) for queue in queues} == {
        (0, None, None, "")
    }


async def test_depth_age_and_what_runs(store: Store) -> None:
    first = await submitted(store, created_at=now() - timedelta(minutes=5))
    for _ in range(2):
        await submitted(store)
    await submitted(store, kind=JobKind.INGEST)
    found = await status(store, "TRAIN")
    assert (found.depth, found.oldest, found.running) == (3, first.created_at, 0)
    await store.jobs.claim_next("host:1")
    found = await status(store, "TRAIN")
    assert (found.depth, found.running) == (2, 1)
    assert found.oldest is not None
    assert found.oldest > first.created_at
    assert found.limit == store.settings.max_running[TRAIN]


async def test_calls_that_wait_are_a_queue(store: Store) -> None:
    asked = time.time()
    call = asyncio.create_task(store.calls.predict("mdv_a", ["one", "two"], 1, 0))
    while (found := await status(store, "INFERENCE")).depth == 0:
        await asyncio.sleep(0.01)
    assert (found.depth, found.running) == (2, None)
    assert found.limit == store.settings.max_waiting_calls
    assert isinstance(found.oldest, datetime)
    assert asked - 0.001 <= found.oldest.timestamp() <= time.time()
    call.cancel()
    await asyncio.wait({call})


@pytest.mark.parametrize("how", ["pause", "drain"])
async def test_nothing_is_taken_from_a_closed_queue(store: Store, how: str) -> None:
    training = await submitted(store)
    ingest = await submitted(store, kind=JobKind.INGEST)
    await getattr(store.queues, how)(TRAIN, ADMIN, "an upgrade")
    taken = await store.jobs.claim_next("host:1")
    assert taken is not None
    assert taken.id == ingest.id
    assert await store.jobs.claim_next("host:1") is None
    await store.queues.resume(TRAIN)
    taken = await store.jobs.claim_next("host:1")
    assert taken is not None
    assert taken.id == training.id


async def test_closing_is_told_and_noted(store: Store) -> None:
    await store.queues.pause(TRAIN, ADMIN, "  an upgrade ")
    found = await status(store, "TRAIN")
    assert (found.mode, found.by, found.reason) == (QueueMode.PAUSED, ADMIN, "an upgrade")
    await store.queues.drain(TRAIN, "usr_other")
    await store.queues.resume(TRAIN)
    events = (await store.events.page(Feed.everything(), None, 10)).events
    assert [(event.kind, event.message) for event in events] == [
        (EventKind.QUEUE_PAUSED, "the queue TRAIN is paused: an upgrade"),
        (EventKind.QUEUE_PAUSED, "the queue TRAIN is being drained"),
        (EventKind.QUEUE_RESUMED, "the queue TRAIN goes on"),
    ]
    assert {(event.topic, event.subject_id, event.owner_id) for event in events} == {
        (Topic.WORKER, "TRAIN", "system")
    }


@pytest.mark.parametrize("reason", ["x" * 501, "two\nlines"])
async def test_a_bad_reason_closes_nothing(store: Store, reason: str) -> None:
    for close in (store.queues.pause, store.queues.drain):
        with pytest.raises(InvalidValue, match="a reason has at most 500 printable characters"):
            await close(TRAIN, ADMIN, reason)
    assert (await status(store, "TRAIN")).mode is QueueMode.OPEN


async def test_workers_see_within_a_second_that_a_queue_is_drained(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not await store.queues.is_draining(TRAIN)
    await store.queues.drain(TRAIN, ADMIN)  # by this process: at once
    assert await store.queues.is_draining(TRAIN)
    assert not await store.queues.is_draining(JobKind.INGEST)
    await store.mongo.queues.amend("TRAIN", QueueState.resumed)  # by another process
    assert await store.queues.is_draining(TRAIN)
    later = time.monotonic() + 1
    monkeypatch.setattr("store.recall.time.monotonic", lambda: later)
    assert not await store.queues.is_draining(TRAIN)


async def test_two_admins_at_once_leave_one_state(store: Store) -> None:
    await asyncio.gather(*(store.queues.pause(TRAIN, f"usr_{n}", str(n)) for n in range(5)))
    assert await store.mongo.queues.count({}) == 1
    found = await status(store, "TRAIN")
    assert found.by == f"usr_{found.reason}"
