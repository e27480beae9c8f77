"""The life of jobs against real services: races, lost workers, lost messages."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from shoal.ports import free_port
from shoal.services import start_valkey
from store import ids
from store.clock import now
from store.errors import IllegalMove, NotFound, StaleAttempt, Unavailable
from store.events import Feed
from store.jobs import SweepResult, announcements, retries
from store.records.event import Event, EventKind
from store.records.job import Failure, Job, JobKind, JobStatus, new_stages
from store.records.stage import StageStatus
from store.settings import Settings
from store.store import Store, open_store
from tests.conftest import make_settings

WORKER = "host:1"
FAULT = Failure("OUT_OF_MEMORY", "the stage needed more memory", retryable=True, stage="read")


def new_job(**more: object) -> Job:
    job = Job(
        id=ids.new(ids.JOB),
        kind=JobKind.INGEST,
        owner_id="usr_a",
        dataset_id="ds_a",
        dataset_version_id="dsv_a",
        created_at=now(),
        stages=new_stages(JobKind.INGEST),
    )
    return replace(job, **more)  # type: ignore[arg-type]


async def submitted(store: Store) -> Job:
    return await store.jobs.submit(new_job())


async def claimed(store: Store) -> Job:
    return await store.jobs.claim((await submitted(store)).id, WORKER)


async def told(store: Store, job: Job) -> list[Event]:
    return (await store.events.page(Feed.of(job.id), None, 100)).events


async def kinds(store: Store, job: Job) -> list[EventKind]:
    return [event.kind for event in await told(store, job)]


async def let_lease_run_out(store: Store, job: Job) -> None:
    past = now() - timedelta(seconds=1)
    await store.mongo.jobs.amend(job.id, lambda kept: kept.renewed(kept.attempt, past))


async def age(store: Store, job: Job, **times: timedelta) -> Job:
    """As if `job` had been made that much earlier, wherever it is kept."""
    moved = {name: getattr(job, name) - ago for name, ago in times.items()}
    return await store.mongo.jobs.amend(job.id, lambda kept: replace(kept, **moved))


# -- the straight way -----------------------------------------------------------------------------


async def test_a_job_goes_its_way_and_tells_every_step(store: Store) -> None:
    job = await claimed(store)
    await store.jobs.stage_started(job, "read", 10)
    await store.jobs.stage_progressed(job, "read", 4, 10, persist=False)
    await store.jobs.stage_progressed(job, "read", 7, 10, persist=True)
    await store.jobs.stage_done(job, "read", 10, "10 rows", ("artefacts/a",))
    await store.jobs.renew(job)
    await store.jobs.commit(job, "mdv_a")
    done = await store.jobs.succeed(job)
    assert done == await store.mongo.jobs.get(job.id)
    assert (done.status, done.model_version_id, done.attempt) == (JobStatus.SUCCEEDED, "mdv_a", 1)
    read = done.stage("read")
    assert (read.status, read.done, read.summary, read.attempt) == (
        StageStatus.DONE, 10, "10 rows", 1,
    )  # fmt: skip
    events = await told(store, job)
    assert [(e.kind, e.stage, e.done, e.total, e.attempt) for e in events] == [
        (EventKind.JOB_QUEUED, None, None, None, 0),
        (EventKind.JOB_STARTED, None, None, None, 1),
        (EventKind.STAGE_STARTED, "read", 0, 10, 1),
        (EventKind.STAGE_PROGRESSED, "read", 4, 10, 1),
        (EventKind.STAGE_PROGRESSED, "read", 7, 10, 1),
        (EventKind.STAGE_DONE, "read", 10, 10, 1),
        (EventKind.JOB_SUCCEEDED, None, None, None, 1),
    ]
    assert events[-1].related == {
        "dataset": "ds_a", "dataset_version": "dsv_a", "model_version": "mdv_a",
    }  # fmt: skip
    assert {event.owner_id for event in events} == {"usr_a"}


async def test_progress_is_in_the_record_only_when_asked(store: Store) -> None:
    job = await claimed(store)
    started = await store.jobs.stage_started(job, "read", 10)
    await store.jobs.stage_progressed(started, "read", 4, 10, persist=False)
    assert (await told(store, job))[-1].done == 4
    assert await store.mongo.jobs.get(job.id) == started
    await store.jobs.stage_progressed(started, "read", 5, 10, persist=True)
    assert (await store.mongo.jobs.get(job.id)).stage("read").done == 5


async def test_a_failed_job_says_where_and_why(store: Store) -> None:
    job = await claimed(store)
    await store.jobs.stage_started(job, "read", 10)
    failed = await store.jobs.fail(job, FAULT)
    assert (failed.status, failed.failure) == (JobStatus.FAILED, FAULT)
    assert failed.stage("read").status is StageStatus.FAILED
    event = (await told(store, job))[-1]
    assert (event.kind, event.message, event.stage) == (
        EventKind.JOB_FAILED, FAULT.message, "read",
    )  # fmt: skip


async def test_a_job_given_back_waits_and_goes_on_as_another_attempt(store: Store) -> None:
    job = await claimed(store)
    await store.jobs.stage_done(job, "read", 3)
    waiting = await store.jobs.requeue(job, FAULT, delay_s=60)
    assert (waiting.status, waiting.failure, waiting.worker) == (JobStatus.QUEUED, FAULT, None)
    assert waiting.stage("read").status is StageStatus.DONE
    with pytest.raises(IllegalMove, match="waits until"):
        await store.jobs.claim(job.id, WORKER)
    await age(store, waiting, not_before=timedelta(seconds=61))
    again = await store.jobs.claim(job.id, "host:2")
    assert (again.attempt, again.worker, again.failure) == (2, "host:2", None)
    assert await kinds(store, job) == [
        EventKind.JOB_QUEUED, EventKind.JOB_STARTED, EventKind.STAGE_DONE,
        EventKind.JOB_RETRIED, EventKind.JOB_STARTED,
    ]  # fmt: skip


# -- fencing --------------------------------------------------------------------------------------


async def test_of_twenty_claims_exactly_one_wins(store: Store) -> None:
    job = await submitted(store)
    claims = await asyncio.gather(
        *(store.jobs.claim(job.id, f"host:{n}") for n in range(20)), return_exceptions=True
    )
    won = [claim for claim in claims if isinstance(claim, Job)]
    lost = [claim for claim in claims if isinstance(claim, IllegalMove)]
    assert (len(won), len(lost)) == (1, 19)
    assert await store.mongo.jobs.get(job.id) == won[0]
    assert (await kinds(store, job)).count(EventKind.JOB_STARTED) == 1


async def test_a_missing_job_cannot_be_claimed(store: Store) -> None:
    with pytest.raises(NotFound):
        await store.jobs.claim("job_none", WORKER)


async def test_late_writes_of_a_dead_attempt_are_refused_and_shown(store: Store) -> None:
    stale = await claimed(store)
    await let_lease_run_out(store, stale)
    await store.jobs.sweep()
    held = await store.jobs.claim(stale.id, "host:2")
    with pytest.raises(StaleAttempt):
        await store.jobs.renew(stale)
    late = [
        store.jobs.stage_started(stale, "read"),
        store.jobs.stage_progressed(stale, "read", 1, 2, persist=True),
        store.jobs.stage_done(stale, "read", 2),
        store.jobs.commit(stale, "mdv_late"),
        store.jobs.succeed(stale),
        store.jobs.fail(stale, FAULT),
        store.jobs.requeue(stale, FAULT),
        store.jobs.acknowledge_cancel(stale),
    ]
    for write in late:
        with pytest.raises(StaleAttempt):
            await write
    assert await store.mongo.jobs.get(stale.id) == held
    refused = [e for e in await told(store, stale) if e.kind is EventKind.LATE_WRITE_REFUSED]
    assert [event.attempt for event in refused] == [1] * len(late)
    assert refused[0].message == (
        f"attempt 1 of job {stale.id} no longer holds it (it is RUNNING at attempt 2)"
    )


async def test_an_ended_job_stays_as_it_ended(store: Store) -> None:
    job = await claimed(store)
    done = await store.jobs.succeed(job)
    for move in (store.jobs.fail(job, FAULT), store.jobs.request_cancel(job.id)):
        with pytest.raises(IllegalMove):
            await move
    assert await store.mongo.jobs.get(job.id) == done


# -- cancelling -----------------------------------------------------------------------------------


async def test_a_waiting_job_is_cancelled_at_once(store: Store) -> None:
    job = await submitted(store)
    cancelled = await store.jobs.request_cancel(job.id)
    assert cancelled.status is JobStatus.CANCELLED
    assert await kinds(store, job) == [EventKind.JOB_QUEUED, EventKind.JOB_CANCELLED]
    with pytest.raises(IllegalMove):
        await store.jobs.claim(job.id, WORKER)


async def test_a_running_job_is_cancelled_when_its_worker_lets_go(store: Store) -> None:
    job = await claimed(store)
    assert not await store.jobs.is_cancelling(job)
    asked = await store.jobs.request_cancel(job.id)
    assert asked == await store.jobs.request_cancel(job.id)
    assert await store.jobs.is_cancelling(job)
    with pytest.raises(IllegalMove):
        await store.jobs.succeed(job)
    done = await store.jobs.acknowledge_cancel(job)
    assert done.status is JobStatus.CANCELLED
    assert await kinds(store, job) == [
        EventKind.JOB_QUEUED, EventKind.JOB_STARTED, EventKind.JOB_CANCELLING,
        EventKind.JOB_CANCELLED,
    ]  # fmt: skip


async def test_a_job_that_fails_while_it_is_cancelled_is_cancelled(store: Store) -> None:
    job = await claimed(store)
    await store.jobs.request_cancel(job.id)
    assert (await store.jobs.fail(job, FAULT)).status is JobStatus.CANCELLED
    assert (await kinds(store, job))[-1] is EventKind.JOB_CANCELLED


# -- mending --------------------------------------------------------------------------------------


async def test_of_many_sweepers_one_takes_back_a_lost_job(store: Store) -> None:
    job = await claimed(store)
    await store.jobs.stage_done(job, "read", 3)
    await let_lease_run_out(store, job)
    results = await asyncio.gather(*(store.jobs.sweep() for _ in range(8)))
    assert sum(result.requeued for result in results) == 1
    waiting = await store.mongo.jobs.get(job.id)
    assert (waiting.status, waiting.attempt, waiting.worker) == (JobStatus.QUEUED, 1, None)
    assert waiting.failure == Failure("LOST", "the worker of attempt 1 is gone", retryable=True)
    assert waiting.stage("read").status is StageStatus.DONE
    assert (await kinds(store, job)).count(EventKind.JOB_RETRIED) == 1
    assert await store.queue.depth() == 1
    assert await store.jobs.sweep() == SweepResult()
    assert (await store.jobs.claim(job.id, "host:2")).attempt == 2


async def test_a_renewed_lease_is_left_alone(store: Store) -> None:
    job = await claimed(store)
    await let_lease_run_out(store, job)
    renewed = await store.jobs.renew(job)
    assert await store.jobs.sweep() == SweepResult()
    assert await store.mongo.jobs.get(job.id) == renewed


async def test_a_job_lost_too_often_fails(store: Store) -> None:
    job = await submitted(store)
    for _ in range(retries.WORKER.tries):
        await let_lease_run_out(store, await store.jobs.claim(job.id, WORKER))
        assert await store.jobs.sweep() == SweepResult(requeued=1)
    await let_lease_run_out(store, await store.jobs.claim(job.id, WORKER))
    assert await store.jobs.sweep() == SweepResult(failed=1)
    failed = await store.mongo.jobs.get(job.id)
    assert (failed.status, failed.attempt) == (JobStatus.FAILED, 5)
    assert failed.failure == Failure("LOST", "the worker of attempt 5 is gone", retryable=True)
    assert (await kinds(store, job))[-1] is EventKind.JOB_FAILED


async def test_a_stage_that_ends_well_wipes_out_the_failures_before(store: Store) -> None:
    job = await submitted(store)
    for _ in range(2 * retries.WORKER.tries):
        held = await store.jobs.claim(job.id, WORKER)
        await store.jobs.stage_done(held, "read", 3, artefacts=("key",))
        await let_lease_run_out(store, held)
        assert await store.jobs.sweep() == SweepResult(requeued=1)
    assert (await store.mongo.jobs.get(job.id)).failures == 1


async def test_a_lost_job_that_was_to_be_cancelled_is_cancelled(store: Store) -> None:
    job = await claimed(store)
    await store.jobs.request_cancel(job.id)
    await let_lease_run_out(store, job)
    assert await store.jobs.sweep() == SweepResult(cancelled=1)
    assert (await store.mongo.jobs.get(job.id)).status is JobStatus.CANCELLED
    assert (await kinds(store, job))[-1] is EventKind.JOB_CANCELLED


async def test_a_job_whose_ring_and_event_were_lost_is_rung_and_told_once(store: Store) -> None:
    job = new_job(created_at=now() - timedelta(seconds=11))
    await store.mongo.jobs.insert(replace(job, news=(announcements.queued(job),)))
    results = await asyncio.gather(*(store.jobs.sweep() for _ in range(4)))
    assert sum(result.rung for result in results) == 1
    assert await store.queue.depth() == 1
    assert await kinds(store, job) == [EventKind.JOB_QUEUED]


async def test_a_job_that_waits_for_its_retry_is_not_rung_early(store: Store) -> None:
    job = await claimed(store)
    await store.jobs.requeue(job, FAULT, delay_s=60)
    assert await store.jobs.sweep() == SweepResult()


async def test_an_end_that_was_not_told_is_told_once(store: Store) -> None:
    """As after a crash between the record and the event."""
    job = await claimed(store)
    at = now() - timedelta(seconds=11)

    def end(kept: Job) -> Job:
        failed = kept.failed(1, at, FAULT)
        return replace(failed, news=(*kept.news, announcements.ended(failed)))

    await store.mongo.jobs.amend(job.id, end)
    assert (await kinds(store, job))[-1] is EventKind.JOB_STARTED
    await asyncio.gather(*(store.jobs.sweep() for _ in range(4)))
    assert (await kinds(store, job)).count(EventKind.JOB_FAILED) == 1


async def test_news_of_a_dead_writer_is_told_once_and_before_what_follows(
    store: Store, settings: Settings
) -> None:
    """Each of the other writers finds a stage's start in the record, and not in the feed."""
    job = await claimed(store)
    at = now()

    def start(kept: Job) -> Job:
        moved = kept.stage_started(1, "read", at, 3)
        return replace(moved, news=(*kept.news, announcements.stage_started(moved, "read", at)))

    await store.mongo.jobs.amend(job.id, start)
    async with open_store(settings) as other:
        await asyncio.gather(
            other.jobs.renew(job), store.jobs.renew(job), store.jobs.request_cancel(job.id)
        )
        await other.jobs.acknowledge_cancel(job)
    assert await kinds(store, job) == [
        EventKind.JOB_QUEUED, EventKind.JOB_STARTED, EventKind.STAGE_STARTED,
        EventKind.JOB_CANCELLING, EventKind.JOB_CANCELLED,
    ]  # fmt: skip


async def test_an_outage_of_redis_loses_no_job_and_no_end(tmp_path: Path, mongo_uri: str) -> None:
    port = free_port()
    valkey = start_valkey(tmp_path / "valkey", port)
    settings = make_settings(
        mongo_uri, f"redis://127.0.0.1:{port}/0", tmp_path, service_timeout_s=1
    )
    async with open_store(settings) as store:
        job = await claimed(store)
        valkey.stop()
        done = await store.jobs.succeed(job)
        assert done.status is JobStatus.SUCCEEDED
        waiting = await submitted(store)
        with pytest.raises(Unavailable):
            await store.queue.depth()
        health = await store.health()
        assert {name: each.ok for name, each in health.items()} == {
            "mongodb": True, "redis": False, "objects": True,
        }  # fmt: skip
        valkey = await asyncio.to_thread(start_valkey, tmp_path / "valkey", port)
        ago = timedelta(seconds=11)
        done = await age(store, done, ended_at=ago)
        waiting = await age(store, waiting, created_at=ago)
        await store.jobs.sweep()
        assert (await kinds(store, done))[-1] is EventKind.JOB_SUCCEEDED
        assert await kinds(store, waiting) == [EventKind.JOB_QUEUED]
        assert await store.queue.depth() == 2
    valkey.stop()
