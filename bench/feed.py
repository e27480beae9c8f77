"""From a worker's event to its subscribers' sockets, with 100 and 1,000 of them at once."""

from __future__ import annotations

import asyncio
import re
import statistics
import time
from datetime import timedelta

from bench.crowd import Subscriber, crowd
from bench.figure import Figure, at_most
from bench.platform import Platform
from store import ids
from store.clock import now
from store.records.event import Event, EventKind, Topic
from store.records.job import STAGES, Job, JobKind, JobStatus
from store.records.stage import Stage
from store.store import Store, open_store

EVENTS = 50
PAUSE_S = 0.2
"""Between two events: a job tells its progress five times a second."""
SENT_AT = re.compile(rb'"message":"([0-9.]+)"')
ITEM = """__typename
  ... on ActivityEvent { cursor kind message job { id status progress } }
  ... on CaughtUp { cursor }"""
ACTIVITY = f"subscription {{ activity {{ {ITEM} }} }}"
JOB_EVENTS = f"subscription($id: ID!) {{ jobEvents(id: $id) {{ {ITEM} }} }}"


async def feed(platform: Platform) -> list[Figure]:
    """Percentiles over every event and every subscriber."""
    async with open_store(platform.settings) as store:
        job = await store.mongo.jobs.insert(_held_job())
        few = await _delays(platform, store, job, 100, ACTIVITY)
        all_jobs = await _delays(platform, store, job, 1_000, ACTIVITY)
        one_job = await _delays(platform, store, job, 1_000, JOB_EVENTS)
        await store.mongo.jobs.delete(job.id)
    return [
        at_most("event_to_100_subscribers_p50", few[49], 20, "ms"),
        at_most("event_to_100_subscribers_p99", few[98], 100, "ms"),
        at_most("event_to_1000_subscribers_p99", all_jobs[98], 250, "ms"),
        at_most("job_event_to_1000_subscribers_p99", one_job[98], 250, "ms"),
    ]


async def _delays(platform: Platform, store: Store, job: Job, size: int, query: str) -> list[float]:
    """The 1st to 99th percentile in milliseconds."""
    delays: list[float] = []
    began, all_heard = time.monotonic(), asyncio.Event()

    def heard(_: Subscriber, text: bytes) -> None:
        sent_at = SENT_AT.search(text)
        if sent_at is not None and float(sent_at[1]) >= began:
            delays.append((time.monotonic() - float(sent_at[1])) * 1000)
            if len(delays) == size * EVENTS:
                all_heard.set()

    who = {"url": platform.url, "token": platform.api.token}
    async with crowd(size, heard, query=query, variables={"id": job.id}, **who):
        await _tell(store, job)
        await all_heard.wait()
    return statistics.quantiles(delays, n=100)


async def _tell(store: Store, job: Job) -> None:
    for number in range(EVENTS):
        kind, sent_at = EventKind.STAGE_PROGRESSED, str(time.monotonic())
        await store.events.append(
            Event(Topic.JOB, kind, job.id, job.owner_id, now(), sent_at, "read", number, EVENTS)
        )
        await asyncio.sleep(PAUSE_S)


def _held_job() -> Job:
    """One that no worker takes up, for it seems to be held."""
    stages = tuple(Stage(name) for name in STAGES[JobKind.INGEST])
    about = ids.new(ids.USER), ids.new(ids.DATASET), ids.new(ids.DATASET_VERSION)
    return Job(
        ids.new(ids.JOB), JobKind.INGEST, *about, now(), stages, JobStatus.RUNNING,
        attempt=1, worker="bench", lease_until=now() + timedelta(hours=1),
    )  # fmt: skip
