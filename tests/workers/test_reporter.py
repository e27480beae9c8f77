"""Progress on its way into the feed: seldom, the last of it for sure, and never twice."""

from __future__ import annotations

import pytest

from store import ids
from store.clock import now
from store.events import Feed
from store.records.event import EventKind
from store.records.job import Job, JobKind, new_stages
from store.store import Store
from workers.attempts.reporter import Reporter


@pytest.fixture
async def job(store: Store) -> Job:
    made = Job(
        ids.new(ids.JOB), JobKind.TRAIN, "usr_a", "ds_a", "dsv_a", now(), new_stages(JobKind.TRAIN)
    )
    await store.jobs.submit(made)
    job = await store.jobs.claim(made.id, "host:1")
    return await store.jobs.stage_started(job, "embed", 100)


async def test_the_last_of_it_is_told_at_once_and_once(store: Store, job: Job) -> None:
    reporter = Reporter(store.jobs, job, "embed")
    for done in (10, 11, 12, 100, 100):
        await reporter.progress(done, 100)
    page = await store.events.page(Feed.of(job.id), None, 100)
    told = [e.done for e in page.events if e.kind is EventKind.STAGE_PROGRESSED]
    assert told == [10, 100]
