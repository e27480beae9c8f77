"""Rings as arq's own worker answers them."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import orjson
import pytest
from arq.worker import Worker, func
from redis.asyncio import Redis

from store import ids
from store.clock import now
from store.queue import job_deserializer, job_serializer, queue_name, redis_settings
from store.records.job import Job, JobKind, new_stages
from store.settings import Settings
from store.store import Store

# arq closes its pool by a name that redis-py has since changed
pytestmark = pytest.mark.filterwarnings("ignore:Call to deprecated close:DeprecationWarning")


def new_job() -> Job:
    return Job(
        id=ids.new(ids.JOB),
        kind=JobKind.TRAIN,
        owner_id="usr_a",
        dataset_id="ds_a",
        dataset_version_id="dsv_a",
        created_at=now(),
        stages=new_stages(JobKind.TRAIN),
    )


async def answered(settings: Settings) -> list[str]:
    """Ids of the jobs that a worker in burst mode is rung for."""
    heard: list[str] = []

    async def run_job(_: dict[Any, Any], job_id: str) -> None:
        heard.append(job_id)

    worker = Worker(
        functions=[func(run_job, name="run_job")],
        queue_name=queue_name(settings),
        redis_settings=redis_settings(settings),
        job_serializer=job_serializer,
        job_deserializer=job_deserializer,
        keep_result=0,
        poll_delay=0.02,
        burst=True,
        handle_signals=False,
    )
    await worker.main()
    await worker.close()
    return heard


async def test_a_ring_reaches_a_worker_once(store: Store) -> None:
    job = new_job()
    await asyncio.gather(*(store.queue.enqueue_job(job) for _ in range(5)))
    assert await store.queue.depth() == 1
    assert await answered(store.settings) == [job.id]
    assert await store.queue.depth() == 0


async def test_a_ring_may_follow_one_that_was_answered(store: Store) -> None:
    job = new_job()
    await store.queue.enqueue_job(job)
    assert await answered(store.settings) == [job.id]
    await store.queue.enqueue_job(job)
    assert await answered(store.settings) == [job.id]


async def test_a_retry_is_not_rung_before_its_time(store: Store) -> None:
    not_before = now() + timedelta(hours=1)
    job = replace(new_job(), attempt=1, not_before=not_before)
    await store.queue.enqueue_job(job)
    due_ms = await store.redis.zscore(queue_name(store.settings), f"{job.id}:1:0")
    assert due_ms == not_before.timestamp() * 1000


async def test_a_job_that_waits_another_minute_is_rung_again(store: Store) -> None:
    job = new_job()
    for minutes in (0, 0, 1, 2):
        waiting = replace(job, created_at=job.created_at - timedelta(minutes=minutes))
        await store.queue.enqueue_job(waiting)
    assert await store.queue.depth() == 3


async def test_rings_that_led_to_a_lost_attempt_are_taken_away(store: Store) -> None:
    lost, other = new_job(), new_job()
    for waiting in (lost, replace(lost, attempt=1), replace(lost, attempt=2), other):
        await store.queue.enqueue_job(waiting)
    await store.redis.set(f"arq:in-progress:{lost.id}:0:0", b"1")
    await store.queue.forget(replace(lost, attempt=2))
    kept = [key async for key in store.redis.scan_iter(f"arq:*{lost.id}*")]
    assert kept == [f"arq:job:{lost.id}:2:0".encode()]
    assert await store.queue.depth() == 2
    assert sorted(await answered(store.settings)) == sorted([lost.id, other.id])


async def test_what_travels_is_json(store: Store, redis_url: str) -> None:
    job = new_job()
    await store.queue.enqueue_job(job)
    client = Redis.from_url(redis_url)
    sent = orjson.loads(await client.get(f"arq:job:{job.id}:0:0"))
    await client.aclose()
    assert (sent["f"], sent["a"], sent["k"]) == ("run_job", [job.id], {})


def test_the_serializer_takes_exceptions_and_refuses_nothing_silently() -> None:
    plain = job_deserializer(job_serializer({"s": False, "r": ValueError("no"), "a": ("x",)}))
    assert plain == {"s": False, "r": "ValueError('no')", "a": ["x"]}
    with pytest.raises(orjson.JSONDecodeError):
        job_deserializer(b"\x80\x04pickle")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("redis://10.0.0.1:7000/3", ("10.0.0.1", 7000, 3, None, None, False)),
        ("redis://host", ("host", 6379, 0, None, None, False)),
        ("rediss://me:p%40ss@host:1/2", ("host", 1, 2, "me", "p@ss", True)),
    ],
)
def test_arq_connects_where_everybody_does(
    settings: Settings, url: str, expected: tuple[object, ...]
) -> None:
    found = redis_settings(settings.model_copy(update={"redis_url": url}))
    assert (
        found.host, found.port, found.database, found.username, found.password, found.ssl,
    ) == expected  # fmt: skip
