"""Choosing and claiming against real services: turns, limits, stale tickets, races."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from store.clock import now
from store.errors import IllegalMove
from store.events import Feed
from store.jobs.line import RISES_EVERY
from store.records.event import EventKind
from store.records.job import Failure, Job, JobKind, JobStatus, Priority, Span
from store.settings import MAX_RUNNING, Settings
from store.store import Store, open_store
from tests.conftest import make_settings
from tests.store.waiting import submitted, waiting_job

WORKER = "host:1"


@pytest.fixture
async def two_at_once(mongo_uri: str, redis_url: str, tmp_path: Path) -> AsyncIterator[Store]:
    """A store where two trainings may run at once, and any number of ingests."""
    limited = make_settings(
        mongo_uri, redis_url, tmp_path, max_running={JobKind.TRAIN: 2, JobKind.INGEST: 100}
    )
    async with open_store(limited) as store:
        yield store


async def claimed_ids(store: Store) -> list[str]:
    """All that may be had, in the order it was."""
    taken = []
    while job := await store.jobs.claim_next(WORKER):
        taken.append(job.id)
    return taken


async def rings(store: Store) -> int:
    return int(await store.redis.zcard(f"{store.settings.redis_prefix}:pipeline"))


async def test_nothing_waits(store: Store) -> None:
    assert await store.jobs.claim_next(WORKER) is None


async def test_claiming_gives_a_held_job_and_takes_its_ticket(store: Store) -> None:
    job = await submitted(store, estimate=Span(1.5, 3))
    held = await store.jobs.claim_next(WORKER)
    assert held == await store.mongo.jobs.get(job.id)
    assert held is not None
    assert (held.status, held.attempt, held.worker) == (JobStatus.RUNNING, 1, WORKER)
    assert await store.queue.tickets.all() == {}
    assert await store.jobs.claim_next("host:2") is None


async def test_a_ticket_keeps_what_the_choice_needs(store: Store) -> None:
    job = await submitted(store, estimate=Span(1.5, 3), priority=Priority.LOW)
    (found,) = (await store.queue.tickets.all()).values()
    assert (found.id, found.kind, found.owner_id) == (job.id, job.kind, job.owner_id)
    assert (found.priority, found.since, found.estimate) == (
        Priority.LOW, job.created_at, Span(1.5, 3),
    )  # fmt: skip


async def test_tickets_of_kinds_yet_to_come_are_left_alone(store: Store) -> None:
    """As while hosts are upgraded one by one."""
    key = f"{store.settings.redis_prefix}:jobs:waiting"
    await store.redis.hset(key, "job_new", b'["DREAM","usr_a","NORMAL",1,null,null,"more"]')
    job = await submitted(store)
    assert await claimed_ids(store) == [job.id]
    assert await store.queue.depth() == 1


async def test_one_job_does_not_wait_behind_fifty_of_somebody_else(store: Store) -> None:
    many = [await submitted(store, "usr_hog") for _ in range(50)]
    await store.jobs.claim_next(WORKER)
    await store.jobs.claim_next(WORKER)
    modest = await submitted(store, "usr_modest")
    taken = await store.jobs.claim_next(WORKER)
    assert taken is not None
    assert taken.id == modest.id
    assert await store.queue.depth() == len(many) - 2


async def test_turns_are_remembered_when_the_jobs_have_ended(store: Store) -> None:
    mine = [await submitted(store, "usr_a") for _ in range(2)]
    done = await store.jobs.claim_next(WORKER)
    assert done is not None
    await store.jobs.succeed(done)
    theirs = await submitted(store, "usr_b")
    assert await claimed_ids(store) == [theirs.id, mine[1].id]


async def test_priorities_and_age(store: Store) -> None:
    long_ago = now() - RISES_EVERY
    normal = await submitted(store, "usr_a")
    low = await submitted(store, "usr_b", priority=Priority.LOW)
    risen = await submitted(store, "usr_c", priority=Priority.LOW, created_at=long_ago)
    high = await submitted(store, "usr_d", priority=Priority.HIGH)
    assert await claimed_ids(store) == [high.id, risen.id, normal.id, low.id]


async def test_a_changed_priority_counts_and_is_told(store: Store) -> None:
    first, second = await submitted(store, "usr_a"), await submitted(store, "usr_b")
    changed = await store.jobs.change_priority(second.id, Priority.HIGH)
    assert changed.priority is Priority.HIGH
    told = (await store.events.page(Feed.of(second.id), None, 10)).events[-1]
    assert (told.kind, told.message) == (EventKind.JOB_CHANGED, "priority is HIGH")
    assert await claimed_ids(store) == [second.id, first.id]
    with pytest.raises(IllegalMove, match="is RUNNING and cannot be moved in its queue"):
        await store.jobs.change_priority(first.id, Priority.LOW)
    assert (await store.mongo.jobs.get(first.id)).priority is Priority.NORMAL


async def test_a_retry_waits_for_its_time(store: Store) -> None:
    job = await store.jobs.claim((await submitted(store)).id, WORKER)
    fault = Failure("CHILD_DIED", "gone", retryable=True)
    await store.jobs.requeue(job, fault, delay_s=0.3)
    assert await store.jobs.claim_next(WORKER) is None
    await asyncio.sleep(0.31)
    again = await store.jobs.claim_next(WORKER)
    assert again is not None
    assert (again.id, again.attempt) == (job.id, 2)


async def test_a_cancelled_job_is_not_chosen(store: Store) -> None:
    job = await submitted(store)
    await store.jobs.request_cancel(job.id)
    assert await store.queue.depth() == 0
    assert await store.jobs.claim_next(WORKER) is None


async def test_tickets_of_jobs_that_went_on_are_passed_over_and_go(store: Store) -> None:
    gone, elsewhere, missing = (waiting_job() for _ in range(3))
    await store.jobs.submit(gone)
    await store.jobs.request_cancel(gone.id)
    await store.jobs.submit(elsewhere)
    await store.jobs.claim(elsewhere.id, "host:2")
    await store.queue.enqueue(gone, elsewhere, missing)  # a sweeper that read too early
    job = await submitted(store)
    assert await claimed_ids(store) == [job.id]
    assert await store.queue.depth() == 0
    assert (await store.mongo.jobs.get(elsewhere.id)).worker == "host:2"


async def test_a_lost_ticket_is_written_again(store: Store) -> None:
    job = await submitted(store, created_at=now() - timedelta(seconds=11))
    await store.redis.flushdb()
    assert await store.jobs.claim_next(WORKER) is None
    result = await store.jobs.sweep()
    assert (result.rung, await rings(store)) == (1, 1)
    assert await claimed_ids(store) == [job.id]


# -- limits ---------------------------------------------------------------------------------------


async def test_a_full_kind_waits_and_holds_nobody_up(two_at_once: Store) -> None:
    store = two_at_once
    trainings = [await submitted(store) for _ in range(4)]
    ingest = await submitted(store, kind=JobKind.INGEST)
    assert await claimed_ids(store) == [trainings[0].id, trainings[1].id, ingest.id]
    ended = await store.mongo.jobs.get(trainings[0].id)
    await store.jobs.succeed(ended)
    assert await claimed_ids(store) == [trainings[2].id]


async def test_who_is_asked_to_stop_still_counts(two_at_once: Store) -> None:
    trainings = [await submitted(two_at_once) for _ in range(3)]
    assert len(await claimed_ids(two_at_once)) == 2
    await two_at_once.jobs.request_cancel(trainings[0].id)
    assert await two_at_once.jobs.claim_next(WORKER) is None


async def test_many_choosers_never_take_twice_nor_more_than_may_run(two_at_once: Store) -> None:
    """Several stores, as several processes have them."""
    most = Counter[JobKind]()

    async def work(store: Store, number: int) -> list[str]:
        taken = []
        while len(await two_at_once.mongo.jobs.all_by({"status": "SUCCEEDED"}, 100)) < 24:
            job = await store.jobs.claim_next(f"host:{number}")
            if job is None:
                await asyncio.sleep(0.005)
                continue
            held = Counter(each.kind for each in await store.mongo.jobs.held())
            most.update({kind: held[kind] - most[kind] for kind in held if held[kind] > most[kind]})
            await asyncio.sleep(0.01)
            await store.jobs.succeed(job)
            taken.append(job.id)
        return taken

    jobs = [await submitted(two_at_once, f"usr_{n % 3}") for n in range(24)]
    async with open_store(two_at_once.settings) as b, open_store(two_at_once.settings) as c:
        work_done = await asyncio.gather(
            *(work(store, n) for n, store in enumerate([two_at_once, b, c] * 2))
        )
    assert sorted(job_id for taken in work_done for job_id in taken) == sorted(j.id for j in jobs)
    assert most == {JobKind.TRAIN: 2}


async def test_a_chooser_that_died_holds_nobody_up_for_long(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.jobs.tickets.CHOOSING_S", 0.2)
    job = await submitted(store)
    choosing = store.queue.tickets.choosing()
    await choosing.__aenter__()  # and never leaves
    held = await store.jobs.claim_next(WORKER)
    assert held is not None
    assert held.id == job.id
    await choosing.__aexit__(None, None, None)  # too late, and harmless


def test_limits_of_kinds_left_out_keep_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MONGO_DB_URI", "REDIS_URL"):
        monkeypatch.setenv(name, "x")
    monkeypatch.setenv("SECRET_KEY", "x" * 32)
    monkeypatch.setenv("SHOAL_MAX_RUNNING", '{"TRAIN": 3}')
    assert Settings().max_running == MAX_RUNNING | {JobKind.TRAIN: 3}
    for wrong in ('{"TRAIN": 0}', '{"DREAM": 1}', '{"TRAIN": "many"}'):
        monkeypatch.setenv("SHOAL_MAX_RUNNING", wrong)
        with pytest.raises(ValidationError):
            Settings()


# -- rings ----------------------------------------------------------------------------------------


async def test_who_takes_a_job_rings_for_the_next(store: Store) -> None:
    for _ in range(2):
        await submitted(store)
    await store.redis.delete(f"{store.settings.redis_prefix}:pipeline")
    await store.jobs.claim_next(WORKER)
    assert await rings(store) == 1
    await store.jobs.claim_next(WORKER)
    assert await rings(store) == 1


async def test_jobs_of_a_full_kind_are_not_rung_for(two_at_once: Store) -> None:
    for _ in range(3):
        await submitted(two_at_once)
    await two_at_once.jobs.claim_next(WORKER)
    await two_at_once.redis.delete(f"{two_at_once.settings.redis_prefix}:pipeline")
    await two_at_once.jobs.claim_next(WORKER)
    assert await rings(two_at_once) == 0


async def test_ten_thousand_jobs_ring_a_few_times(store: Store) -> None:
    jobs: list[Job] = [waiting_job(f"usr_{n % 20}") for n in range(10_000)]
    for n in range(0, 10_000, 500):
        await store.queue.enqueue(*jobs[n : n + 500])
    assert await rings(store) == 8
    assert await store.queue.depth() == 10_000
