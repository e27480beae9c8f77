"""Rings as arq's own worker answers them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import orjson
import pytest
from arq.worker import Worker, func

from store.clock import now
from store.jobs.queue import ENOUGH, job_deserializer, job_serializer, queue_name, redis_settings
from store.settings import Settings
from store.store import Store
from tests.store.waiting import waiting_job

# arq closes its pool by a name that redis-py has since changed
pytestmark = pytest.mark.filterwarnings("ignore:Call to deprecated close:DeprecationWarning")


async def answered(store: Store) -> int:
    """How often a worker in burst mode is rung."""
    heard = 0

    async def run_job(ring: dict[Any, Any]) -> None:
        nonlocal heard
        heard += 1
        await store.queue.answered(ring["job_id"])

    worker = Worker(
        functions=[func(run_job, name="run_job")],
        queue_name=queue_name(store.settings),
        redis_settings=redis_settings(store.settings),
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


async def rings(store: Store) -> dict[str, float]:
    """When each ring is due, by its name."""
    found = await store.redis.zrange(queue_name(store.settings), 0, -1, withscores=True)
    return {name.decode(): due_ms for name, due_ms in found}


async def test_a_ring_reaches_one_worker(store: Store) -> None:
    await store.queue.enqueue(waiting_job())
    assert await answered(store) == 1
    assert await rings(store) == {}


async def test_jobs_that_come_together_ring_once(store: Store) -> None:
    jobs = [waiting_job() for _ in range(3)]
    await store.queue.enqueue(*jobs)
    assert len(await rings(store)) == 1
    assert set(await store.queue.tickets.all()) == {job.id for job in jobs}


async def test_enough_rings_are_enough_until_they_are_answered(store: Store) -> None:
    for _ in range(ENOUGH + 5):
        await store.queue.ring()
    assert len(await rings(store)) == ENOUGH
    assert await answered(store) == ENOUGH
    await store.queue.ring()
    assert await answered(store) == 1


async def test_a_retry_is_not_rung_before_its_time(store: Store) -> None:
    not_before = now() + timedelta(hours=1)
    job = waiting_job(attempt=1, not_before=not_before)
    for _ in range(2):
        await store.queue.enqueue(job)
    assert await rings(store) == {f"{job.id}:1": not_before.timestamp() * 1000}


async def test_rings_to_come_are_no_reason_to_be_silent(store: Store) -> None:
    later = now() + timedelta(hours=1)
    await store.queue.enqueue(*(waiting_job(not_before=later) for _ in range(ENOUGH)))
    await store.queue.enqueue(waiting_job())
    soon_ms = (now() + timedelta(seconds=1)).timestamp() * 1000
    assert sum(due_ms < soon_ms for due_ms in (await rings(store)).values()) == 1


async def test_a_ring_is_taken_away_when_it_is_answered(store: Store) -> None:
    """Its worker may be busy for hours, or die: nobody else must take it for one that waits."""
    await store.queue.ring()
    (ring,) = await rings(store)
    await store.queue.answered(ring)
    assert await rings(store) == {}
    assert await store.redis.exists(f"arq:job:{ring}") == 0


async def test_lost_rings_are_looked_for_by_one_at_a_time(store: Store) -> None:
    assert await store.queue.may_mend()
    assert not await store.queue.may_mend()


async def test_what_travels_is_json(store: Store) -> None:
    await store.queue.ring()
    (ring,) = await rings(store)
    sent = orjson.loads(await store.redis.get(f"arq:job:{ring}"))
    assert (sent["f"], sent["a"], sent["k"]) == ("run_job", [], {})


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
