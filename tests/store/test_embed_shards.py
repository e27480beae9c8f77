"""Shards of the embed stage against real services: who gets one, who lost one, what is left."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from store import ids
from store.clock import now
from store.errors import Conflict, IllegalMove, NotFound, StaleAttempt
from store.objects import keys
from store.records.embed_shard import EmbedShard, EmbedShardStatus
from store.records.job import Failure, Job, JobKind, Priority, new_stages
from store.store import Store
from store.training.embed_shards import texts_key

LEAD, HELPER, OTHER = "lead:1", "helper:1", "other:1"
KEY = "e" * 64


async def led_job(store: Store, **more: object) -> Job:
    """A training that the worker LEAD runs."""
    job = Job(
        id=ids.new(ids.JOB), kind=JobKind.TRAIN, owner_id="usr_a", dataset_id="ds_a",
        dataset_version_id="dsv_a", created_at=now(), stages=new_stages(JobKind.TRAIN),
    )  # fmt: skip
    await store.mongo.jobs.insert(replace(job, **more))  # type: ignore[arg-type]
    return await store.jobs.claim(job.id, LEAD)


async def offered(store: Store, job: Job, count: int = 2) -> list[EmbedShard]:
    shards = [EmbedShard.of(job, KEY, f"{number:064}", 1_000) for number in range(count)]
    await store.embed_shards.plan(shards)
    for shard in shards:
        await store.objects.put_bytes(texts_key(shard), b"texts")
        await store.embed_shards.offer(shard)
    return shards


async def kept(store: Store, shard: EmbedShard) -> EmbedShard:
    return await store.mongo.embed_shards.get(shard.id)


async def taken(store: Store, worker: str) -> EmbedShard:
    shard = await store.embed_shards.next_for(worker)
    assert shard is not None
    return await store.embed_shards.claim(shard, worker)


async def lose(store: Store, shard: EmbedShard) -> None:
    """As if its worker had not renewed in time."""
    past = now() - timedelta(seconds=1)
    await store.mongo.embed_shards.amend(
        shard.id, lambda held: held.renewed(held.attempt, past, held.done)
    )


async def test_a_shard_is_claimed_once_however_many_reach_for_it(store: Store) -> None:
    (shard,) = await offered(store, await led_job(store), 1)
    claims = [store.embed_shards.claim(shard, f"host:{number}") for number in range(8)]
    results = await asyncio.gather(*claims, return_exceptions=True)
    won = [result for result in results if isinstance(result, EmbedShard)]
    assert len(won) == 1
    assert all(isinstance(r, IllegalMove | Conflict) for r in results if r is not won[0])
    held = await kept(store, shard)
    assert (held.status, held.attempt) == (EmbedShardStatus.RUNNING, 1)
    assert held.worker == won[0].worker


async def test_a_shard_is_not_to_be_had_before_its_texts_are_stored(store: Store) -> None:
    shard = EmbedShard.of(await led_job(store), KEY, "0" * 64, 1_000)
    await store.embed_shards.plan([shard])
    assert await store.embed_shards.next_for(HELPER) is None
    with pytest.raises(IllegalMove):
        await store.embed_shards.claim(shard, HELPER)
    assert (await kept(store, shard)).status is EmbedShardStatus.PLANNED


async def test_a_worker_helps_with_one_shard_at_a_time_and_never_itself(store: Store) -> None:
    job = await led_job(store)
    await offered(store, job, 3)
    assert await store.embed_shards.next_for(LEAD) is None
    own = await store.embed_shards.claim_own(job)
    helped = await taken(store, HELPER)
    assert own is not None
    assert helped.id != own.id
    assert await store.embed_shards.next_for(HELPER) is None
    await store.embed_shards.finish(helped)
    last = await taken(store, HELPER)
    await store.embed_shards.finish(last)
    assert len({own.id, helped.id, last.id}) == 3
    assert await store.embed_shards.next_for(HELPER) is None  # there is none left


async def test_the_first_shard_is_of_the_highest_priority_then_of_the_oldest_job(
    store: Store,
) -> None:
    oldest, younger = await led_job(store), await led_job(store)
    highest = await led_job(store, priority=Priority.HIGH)
    lowest = await led_job(store, priority=Priority.LOW)
    for job in (lowest, younger, highest, oldest):
        await offered(store, job, 1)
    first = [await taken(store, f"host:{number}") for number in range(4)]
    assert [shard.job_id for shard in first] == [highest.id, oldest.id, younger.id, lowest.id]


async def test_a_lost_shard_is_done_again_alone_and_its_late_mark_refused(store: Store) -> None:
    job = await led_job(store)
    await offered(store, job)
    zombie, fine = await taken(store, HELPER), await taken(store, OTHER)
    await store.embed_shards.finish(fine)
    await lose(store, zombie)
    again = await store.embed_shards.claim_own(job)
    assert again is not None
    assert (again.id, again.attempt) == (zombie.id, 2)
    before = await kept(store, zombie)
    for write in (
        store.embed_shards.finish(zombie),
        store.embed_shards.renew(zombie, 999),
        store.embed_shards.give_back(zombie),
        store.embed_shards.fail(zombie, HELPER),
    ):
        with pytest.raises(StaleAttempt):
            await write
    assert await kept(store, zombie) == before
    assert not await store.embed_shards.is_wanted(zombie)
    assert await store.embed_shards.claim_own(job) is None
    await store.embed_shards.finish(again)
    assert (await kept(store, fine)).attempt == 1
    tally = await store.embed_shards.tally(job)
    assert (tally.shards, tally.finished, tally.rows) == (2, 2, 2_000)


async def test_progress_counts_the_rows_of_unfinished_shards(store: Store) -> None:
    job = await led_job(store)
    await offered(store, job, 3)
    await store.embed_shards.finish(await taken(store, HELPER))
    await store.embed_shards.renew(await taken(store, OTHER), 250)
    tally = await store.embed_shards.tally(job)
    assert (tally.shards, tally.finished, tally.rows) == (3, 1, 1_250)


async def test_a_worker_that_failed_leaves_the_shard_to_others_and_at_last_to_the_lead(
    store: Store,
) -> None:
    job = await led_job(store)
    (shard,) = await offered(store, job, 1)
    for worker in ("a:1", "b:1", "c:1"):
        await store.embed_shards.fail(await taken(store, worker), worker)
        assert await store.embed_shards.next_for(worker) is None
    assert await store.embed_shards.next_for("d:1") is None
    own = await store.embed_shards.claim_own(job)
    assert own is not None
    assert (own.attempt, own.failed_on) == (4, ("a:1", "b:1", "c:1"))
    assert own.id == shard.id


async def test_shards_of_a_job_that_stopped_are_wanted_no_longer(store: Store) -> None:
    job = await led_job(store)
    await offered(store, job)
    held = await taken(store, HELPER)
    assert await store.embed_shards.is_wanted(held)
    await store.jobs.request_cancel(job.id)
    assert not await store.embed_shards.is_wanted(held)
    assert await store.embed_shards.next_for(OTHER) is None


async def test_shards_of_an_attempt_before_are_not_those_of_the_next(store: Store) -> None:
    job = await led_job(store)
    old = await offered(store, job)
    fault = Failure("LOST", "gone", retryable=True)
    await store.jobs.requeue(job, fault)
    again = await store.jobs.claim(job.id, OTHER)
    assert await store.embed_shards.next_for(HELPER) is None
    new = await offered(store, again, 1)
    helped = await taken(store, HELPER)
    assert helped.id == new[0].id
    assert sorted(await store.embed_shards.names_before(again)) == [shard.name for shard in old]
    assert await store.embed_shards.names_before(job) == []
    assert (await store.embed_shards.tally(again)).shards == 1


async def test_what_an_ended_job_left_is_swept_and_nothing_else(store: Store) -> None:
    over, running = await led_job(store), await led_job(store)
    left, needed = await offered(store, over), await offered(store, running)
    gone = EmbedShard.of(replace(over, id="job_gone"), KEY, "9" * 64, 1)
    await store.embed_shards.plan([gone])
    await store.jobs.fail(over, Failure("BUG", "broken", retryable=False))
    assert await store.embed_shards.sweep() == 2
    assert await store.embed_shards.sweep() == 0
    for shard in (*left, gone):
        with pytest.raises(NotFound):
            await kept(store, shard)
    objects = await store.objects.list(f"{keys.of_dataset('ds_a')[0]}embedding/")
    assert {each.key for each in objects} == {texts_key(shard) for shard in needed}
    assert [(await kept(store, shard)).status for shard in needed] == ["QUEUED", "QUEUED"]
