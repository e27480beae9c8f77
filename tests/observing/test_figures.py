"""What is counted, where it happens."""

from __future__ import annotations

import asyncio

import pytest
from prometheus_client import REGISTRY

from store import ids
from store.calls.calls import Calls
from store.clock import now
from store.errors import NoAnswer, StaleAttempt
from store.events import Feed
from store.records.event import Event, EventKind, Topic
from store.records.job import STAGES, Failure, Job, JobKind
from store.records.stage import Stage
from store.store import Store
from workers.attempts.trail import Trail
from workers.inference.chunk import answering
from workers.pipeline.progress import Cancelled


class Figures:
    """How much series have grown since the first look at each."""

    def __init__(self) -> None:
        self._first: dict[tuple[str, tuple[tuple[str, str], ...]], float] = {}

    def __call__(self, name: str, **labels: str) -> float:
        value = REGISTRY.get_sample_value(name, labels) or 0.0
        return value - self._first.setdefault((name, tuple(labels.items())), value)


@pytest.fixture
def grown() -> Figures:
    return Figures()


def ingest_job() -> Job:
    stages = tuple(Stage(name) for name in STAGES[JobKind.INGEST])
    about = ids.new(ids.USER), ids.new(ids.DATASET), ids.new(ids.DATASET_VERSION)
    return Job(ids.new(ids.JOB), JobKind.INGEST, *about, now(), stages)


async def test_moves_failures_and_late_writes_of_jobs(store: Store, grown: Figures) -> None:
    def counts() -> list[float]:
        moves = [
            grown("shoal_job_moves_total", kind="INGEST", state=state)
            for state in ("RUNNING", "QUEUED", "FAILED")
        ]
        lost = grown("shoal_job_failures_total", kind="INGEST", code="CHILD_DIED")
        return [*moves, lost, grown("shoal_late_writes_refused_total", kind="INGEST")]

    counts()
    job = await store.jobs.submit(ingest_job())
    assert counts() == [0, 0, 0, 0, 0]
    held = await store.jobs.claim(job.id, "worker-1")
    await store.jobs.stage_started(held, "read")
    assert counts() == [1, 0, 0, 0, 0]
    await store.jobs.requeue(held, Failure("CHILD_DIED", "it died", retryable=True))
    assert counts() == [1, 1, 0, 1, 0]
    with pytest.raises(StaleAttempt):
        await store.jobs.stage_started(held, "store")
    assert counts() == [1, 1, 0, 1, 1]
    again = await store.jobs.claim(job.id, "worker-2")
    await store.jobs.fail(again, Failure("CHILD_DIED", "again", retryable=True))
    assert counts() == [2, 1, 1, 2, 1]


@pytest.mark.parametrize(
    ("end", "outcome"),
    [
        (ValueError("broken"), "failed"),
        (Cancelled(), "cancelled"),
        (StaleAttempt("lost"), "left"),
        (asyncio.CancelledError(), "left"),
    ],
)
def test_a_stage_that_does_not_end_is_booked_with_its_attempts_end(
    grown: Figures, end: BaseException, outcome: str
) -> None:
    labels = {"kind": "INGEST", "stage": "read", "outcome": outcome}
    grown("shoal_stage_seconds_count", **labels)
    trail = Trail(ingest_job())
    with pytest.raises(type(end)), trail.attempt():
        trail.stage_started("read")
        assert REGISTRY.get_sample_value("shoal_attempts_running", {"kind": "INGEST"}) == 1
        raise end
    assert grown("shoal_stage_seconds_count", **labels) == 1
    assert REGISTRY.get_sample_value("shoal_attempts_running", {"kind": "INGEST"}) == 0


def test_a_stage_that_was_kept_has_done_no_rows(grown: Figures) -> None:
    def counts() -> list[float]:
        read = {"kind": "INGEST", "stage": "read"}
        return [
            grown("shoal_stage_seconds_count", **read, outcome="done"),
            grown("shoal_stage_seconds_count", **read, outcome="kept"),
            grown("shoal_stage_rows_total", **read),
        ]

    counts()
    trail = Trail(ingest_job())
    with trail.attempt():
        trail.stage_started("read")
        trail.stage_started("read")  # told twice, as by a stage in two parts
        trail.stage_done(7, is_kept=False)
        trail.stage_started("read")
        trail.stage_done(7, is_kept=True)
    assert counts() == [1, 1, 7]


async def test_calls_and_why_nobody_answered(store: Store, grown: Figures) -> None:
    def counts() -> list[float]:
        failures = [
            grown("shoal_call_failures_total", code=code) for code in ("NO_ANSWER", "BROKEN")
        ]
        refused = grown("shoal_inference_calls_total", outcome="BROKEN")
        return [*failures, refused, grown("shoal_inference_texts_sum")]

    counts()
    impatient = store.settings.model_copy(update={"predict_timeout_s": 0.05})
    calls = Calls(settings=impatient, redis=store.redis)
    with pytest.raises(NoAnswer):
        await calls.predict("mdv_1", ["nobody is there"], 3, 0)
    await calls.close()
    assert counts() == [1, 0, 0, 0]
    asking = asyncio.create_task(store.calls.predict("mdv_1", ["one", "two"], 3, 0))
    taken = await store.calls.take(8, 5)
    with answering(taken) as chunk:
        await store.calls.refuse(taken[0], "BROKEN", "the model is broken")
        chunk.outcome = "BROKEN"
    with pytest.raises(Exception, match="broken"):
        await asking
    assert counts() == [1, 1, 1, 2]


async def test_the_feeds_lag_is_told_once_an_event(store: Store, grown: Figures) -> None:
    grown("shoal_feed_lag_seconds_count")
    feed = store.events.follow(Feed.everything())
    await anext(feed)
    for message in ("one", "two"):
        kind = EventKind.STAGE_PROGRESSED
        job, owner = ids.new(ids.JOB), ids.new(ids.USER)
        await store.events.append(Event(Topic.JOB, kind, job, owner, now(), message))
        await anext(feed)
    await feed.aclose()
    assert grown("shoal_feed_lag_seconds_count") == 2
