"""Doing again what ended without a result, and reading a file in another way."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from store import ids
from store.datasets.datasets import Made
from store.errors import Conflict, IllegalMove, InvalidValue, NotFound
from store.records.dataset import (
    Columns,
    DataFormat,
    DatasetVersion,
    Problem,
    Reading,
    VersionStatus,
)
from store.records.job import Failure, Job, JobKind, JobStatus, Priority
from store.records.training import EmbedderKind, EmbedderSpec, TrainingSpec
from store.store import Store
from tests.store.test_datasets import OWNER, ROWS, found, made

ADMIN = "usr_admin"
SPEC = TrainingSpec(EmbedderSpec(EmbedderKind.TFIDF))
MORE = Reading(DataFormat.CSV, "latin2", ";")


async def ended(store: Store, job: Job, code: str = "LOST", message: str = "gone") -> Job:
    """The job after it failed for good."""
    held = await store.jobs.claim(job.id, "worker-1")
    return await store.jobs.fail(held, Failure(code, message, retryable=True, stage="read"))


async def ready(store: Store, version: DatasetVersion, rows: int = 20) -> DatasetVersion:
    return await store.datasets.version_ready(version.id, **found(version, rows))


async def rejected(store: Store, made: Made) -> DatasetVersion:
    problem = Problem("NO_GOOD_ROWS", "bad", "mend it")
    version = await store.datasets.version_rejected(made.version.id, (problem,), 1)
    await ended(store, made.job, "NO_GOOD_ROWS")
    return version


async def trained_in_vain(store: Store, **more: Priority) -> Job:
    _, version, _ = await made(store)
    await ready(store, version)
    job = await store.models.start_training(OWNER, version.id, SPEC, "letters", **more)
    return await ended(store, job, "OUT_OF_MEMORY")


# -- the same again -------------------------------------------------------------------------------


async def test_a_training_is_done_again_by_a_new_job(store: Store) -> None:
    job = await trained_in_vain(store, priority=Priority.LOW)
    again = await store.mending.retry(job.id)
    assert (again.kind, again.status, again.attempt) == (JobKind.TRAIN, JobStatus.QUEUED, 0)
    assert (again.retry_of, again.owner_id, again.priority) == (job.id, OWNER, Priority.LOW)
    assert (again.spec, again.model_id) == (job.spec, job.model_id)
    assert again.dataset_version_id == job.dataset_version_id
    assert await store.mongo.jobs.get(job.id) == job
    assert await store.mending.retried_by(job.id) == again


async def test_a_training_may_be_done_again_by_another_spec(store: Store) -> None:
    job = await trained_in_vain(store)
    spec = replace(SPEC, max_rows=10)
    assert (await store.mending.retry(job.id, spec=spec)).spec == spec
    with pytest.raises(InvalidValue, match="maxRows"):
        await store.mending.retry(job.id, spec=replace(SPEC, max_rows=1))


async def test_the_newest_job_is_shown_of_several(store: Store) -> None:
    job = await trained_in_vain(store)
    await store.mending.retry(job.id)
    newest = await store.mending.retry(job.id)
    assert await store.mending.retried_by(job.id) == newest
    assert await store.mending.retried_by(newest.id) is None


async def test_asked_again_by_the_same_id_it_is_the_same_job(store: Store) -> None:
    job, fresh = await trained_in_vain(store), ids.new(ids.JOB)
    first = await store.mending.retry(job.id, new_id=fresh)
    assert await store.mending.retry(job.id, new_id=fresh) == first
    assert await store.mongo.jobs.count({"retry_of": job.id}) == 1


async def test_only_what_ended_without_a_result_is_done_again(store: Store) -> None:
    _, version, job = await made(store)
    with pytest.raises(IllegalMove, match="QUEUED; only a failed or cancelled"):
        await store.mending.retry(job.id)
    job = await store.jobs.claim(job.id, "worker-1")
    with pytest.raises(IllegalMove, match="RUNNING"):
        await store.mending.retry(job.id)
    await ready(store, version)
    await store.jobs.succeed(job)
    with pytest.raises(IllegalMove, match="SUCCEEDED"):
        await store.mending.retry(job.id)
    with pytest.raises(NotFound):
        await store.mending.retry("job_none")


async def test_a_cancelled_ingest_is_done_again_for_the_same_version(store: Store) -> None:
    _, version, job = await made(store)
    await store.jobs.request_cancel(job.id)
    again = await store.mending.retry(job.id)
    kept = await store.mongo.dataset_versions.get(version.id)
    assert (again.dataset_version_id, again.retry_of) == (version.id, job.id)
    assert (kept.job_id, kept.retry_of, kept.status) == (again.id, job.id, VersionStatus.UPLOADED)
    with pytest.raises(InvalidValue, match="only a training"):
        await store.mending.retry(job.id, spec=SPEC)


async def test_one_of_two_who_ask_at_once_has_an_ingest_done_again(store: Store) -> None:
    _, version, job = await made(store)
    await ended(store, job)
    asked = [store.mending.retry(job.id) for _ in range(4)]
    results = await asyncio.gather(*asked, return_exceptions=True)
    jobs = [each for each in results if isinstance(each, Job)]
    assert len(jobs) == 1
    assert all(isinstance(each, (IllegalMove, Job)) for each in results)
    assert (await store.mongo.dataset_versions.get(version.id)).job_id == jobs[0].id
    assert await store.mongo.jobs.count({"dataset_version_id": version.id}) == 2


async def test_who_died_before_the_new_ingest_was_there_has_it_made_by_the_next(
    store: Store,
) -> None:
    dataset, version, job = await made(store)
    await ended(store, job)
    fresh = ids.new(ids.JOB)
    await store.mongo.dataset_versions.amend(
        version.id, lambda known: known.asked_again(job.id, fresh)
    )
    with pytest.raises(IllegalMove, match="still being read"):
        await store.datasets.append_rows(dataset.id, rows=[])
    assert (await store.mongo.jobs.get(fresh)).retry_of == job.id
    assert (await store.mending.retry(job.id, new_id=fresh)).id == fresh


async def test_a_final_version_is_not_read_again_by_a_retry(store: Store) -> None:
    created = await made(store)
    await rejected(store, created)
    with pytest.raises(IllegalMove, match="REJECTED"):
        await store.mending.retry(created.job.id)


async def test_an_ingest_that_later_versions_passed_over_is_not_done_again(store: Store) -> None:
    dataset, _, job = await made(store)
    await ended(store, job)
    await store.datasets.append_rows(dataset.id, rows=ROWS)
    with pytest.raises(IllegalMove, match="later versions"):
        await store.mending.retry(job.id)


# -- read otherwise -------------------------------------------------------------------------------


async def test_the_file_of_a_rejected_version_makes_the_next_one(store: Store) -> None:
    created = await made(store)
    old = await rejected(store, created)
    columns = Columns("text")
    dataset, version, job = await store.datasets.reread(old.id, MORE, columns)
    assert (version.number, dataset.version_count, version.base_id) == (2, 2, None)
    assert version.source == replace(
        old.source, format=DataFormat.CSV, encoding="iso-8859-2", delimiter=";"
    )
    assert version.columns == columns
    assert (job.retry_of, job.dataset_version_id) == (created.job.id, version.id)
    assert await store.mongo.dataset_versions.get(old.id) == old


async def test_rows_that_were_ready_stay_below_a_file_read_again(store: Store) -> None:
    dataset, first, _ = await made(store)
    await ready(store, first)
    appended = await store.datasets.append_rows(dataset.id, rows=ROWS)
    await rejected(store, appended)
    again = await store.datasets.reread(appended.version.id, MORE)
    assert (again.version.number, again.version.base_id) == (3, first.id)


async def test_the_newest_ready_version_is_replaced_and_not_appended_to(store: Store) -> None:
    dataset, first, _ = await made(store)
    await ready(store, first)
    second = await store.datasets.reread(first.id, MORE)
    assert second.version.base_id is None
    await rejected(store, second)
    # a try that failed changes nothing: the first version is still the one to go on from
    appended = await store.datasets.append_rows(dataset.id, rows=ROWS)
    assert appended.version.base_id == first.id
    await ready(store, appended.version)
    third = await store.datasets.reread(appended.version.id, MORE)
    assert third.version.base_id == first.id
    await ready(store, third.version)
    with pytest.raises(IllegalMove, match="not the newest"):
        await store.datasets.reread(first.id, MORE)


async def test_nothing_is_read_again_while_it_is_read(store: Store) -> None:
    _, version, _ = await made(store)
    with pytest.raises(IllegalMove, match="still being read"):
        await store.datasets.reread(version.id, MORE)


@pytest.mark.parametrize(
    "reading",
    [
        Reading(encoding="klingon"), Reading(delimiter=""), Reading(delimiter="::"),
        Reading(delimiter="\n"), Reading(delimiter='"'),
    ],
)  # fmt: skip
async def test_what_cannot_be_followed_is_refused(store: Store, reading: Reading) -> None:
    created = await made(store)
    old = await rejected(store, created)
    with pytest.raises(InvalidValue):
        await store.datasets.reread(old.id, reading)
    assert (await store.mongo.datasets.get(old.dataset_id)).version_count == 1


async def test_two_who_reread_at_once_make_one_version(store: Store) -> None:
    created = await made(store)
    old = await rejected(store, created)
    asked = [store.datasets.reread(old.id, MORE) for _ in range(3)]
    results = await asyncio.gather(*asked, return_exceptions=True)
    assert sum(isinstance(each, tuple) for each in results) == 1
    assert {type(each) for each in results if isinstance(each, Exception)} <= {
        Conflict,
        IllegalMove,
    }


# -- fixes ----------------------------------------------------------------------------------------


async def test_a_fix_of_a_training_trains_by_its_spec(store: Store) -> None:
    job = await trained_in_vain(store)
    again = await store.mending.apply(job.id, "fewer-rows")
    assert again.spec == replace(SPEC, max_rows=10)
    assert (again.retry_of, again.owner_id) == (job.id, OWNER)


async def test_a_fix_of_a_file_reads_it_otherwise(store: Store) -> None:
    created = await made(store)
    version = created.version
    shown = "\\xe3\\xe4\\xe5 \\xec\\xee\\xff \\xea\\xe0\\xf0\\xf2\\xe0"
    problems = (Problem("NO_GOOD_ROWS", "-", "-"), Problem("BAD_ENCODING", "-", "-", 2, "t", shown))
    await store.datasets.version_rejected(version.id, problems, 2)
    await ended(store, created.job, "NO_GOOD_ROWS")
    fresh = ids.new(ids.JOB)
    again = await store.mending.apply(created.job.id, "encoding-cp1251", new_id=fresh)
    assert (again.id, again.retry_of) == (fresh, created.job.id)
    made_of = await store.mongo.dataset_versions.get(again.dataset_version_id)
    assert (made_of.source.encoding, made_of.number) == ("cp1251", 2)
    twice = await store.mending.apply(created.job.id, "encoding-cp1251", new_id=fresh)
    assert twice == again
    assert await store.mongo.dataset_versions.count({"dataset_id": version.dataset_id}) == 2


async def test_a_fix_that_is_not_offered_is_refused(store: Store) -> None:
    job = await trained_in_vain(store)
    with pytest.raises(InvalidValue, match="fewer-rows"):
        await store.mending.apply(job.id, "encoding-cp1251")
    cancelled = await store.mending.retry(job.id)
    await store.jobs.request_cancel(cancelled.id)
    with pytest.raises(InvalidValue, match="none"):
        await store.mending.apply(cancelled.id, "again")


async def test_a_purge_that_failed_is_asked_for_again(store: Store) -> None:
    dataset, version, job = await made(store)
    await store.jobs.request_cancel(job.id)
    await store.trash.put(dataset.id, OWNER)
    purge = await ended(store, await store.trash.purge(dataset.id), "NOT_FREED")
    again = await store.mending.apply(purge.id, "again")
    assert (again.kind, again.purges, again.retry_of) == (JobKind.PURGE, dataset.id, purge.id)
    assert (await store.mongo.dataset_versions.get(version.id)).job_id == job.id
