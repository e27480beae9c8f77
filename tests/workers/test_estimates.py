"""Forecasts before, during and after real trainings."""

from __future__ import annotations

from dataclasses import replace

from store.records.job import STAGES, JobKind, Span
from store.records.rate import Observation, Rate
from store.records.stage import StageStatus
from store.records.training import ClustererKind, ClustererSpec, EmbedderSpec, TrainingSpec
from store.store import Store
from store.training.estimates import rate_id, run_time_s
from tests.workers.conftest import FAST, OWNER, ingested, trained
from workers.pipeline_worker import PipelineWorker

OTHER_CLUSTERS = replace(FAST, clusterer=ClustererSpec(kind=ClustererKind.KMEANS))


async def test_what_was_run_is_learnt_and_told_of_the_next(
    store: Store, worker: PipelineWorker
) -> None:
    job = await trained(store, worker)
    version = await store.mongo.dataset_versions.get(job.dataset_version_id)
    for stage in job.stages:
        rate = await store.mongo.rates.get(rate_id(stage.name, job.spec))
        assert [seen.units for seen in rate.observations] == [version.rows]
        assert rate.observations[0].peak_bytes == stage.peak_bytes > 0
    fresh = await store.estimates.training(version, replace(FAST, seed=1))
    took = run_time_s(job)
    assert took is not None
    assert 0.3 * took < fresh.seconds.p50 < 3 * took
    assert fresh.peak_bytes >= max(stage.peak_bytes for stage in job.stages)


async def test_stages_and_rows_that_are_known_cost_nothing(
    store: Store, worker: PipelineWorker
) -> None:
    job = await trained(store, worker)
    version = await store.mongo.dataset_versions.get(job.dataset_version_id)
    for spec in (FAST, OTHER_CLUSTERS):
        await _a_second_each(store, spec, version.rows)
    again = await store.estimates.training(version, FAST)
    clusters = await store.estimates.training(version, OTHER_CLUSTERS)
    fresh = await store.estimates.training(version, replace(FAST, seed=1))
    assert again.seconds.p50 < clusters.seconds.p50 < fresh.seconds.p50
    assert fresh.seconds.p50 == len(job.stages)
    assert (again.rows_to_embed, again.rows_cached) == (0, version.rows)
    assert (fresh.rows_to_embed, fresh.rows_cached) == (version.rows, 0)


async def test_a_stage_whose_first_run_is_being_noted_is_told_as_if_never_run(
    store: Store, worker: PipelineWorker
) -> None:
    version = await ingested(store, worker)
    before = await store.estimates.training(version, FAST)
    await store.mongo.rates.insert_many_ignoring_known([Rate(rate_id("cluster", FAST))])
    assert await store.estimates.training(version, FAST) == before


async def test_what_would_be_refused_says_so(store: Store, worker: PipelineWorker) -> None:
    version = await ingested(store, worker)
    spec = replace(FAST, embedder=EmbedderSpec(dimensions=1))
    told = await store.estimates.training(version, spec)
    assert told.refusal is not None
    assert told.refusal.code == "BAD_USER_INPUT"
    unread = replace(version, shards=())
    assert (await store.estimates.training(unread, FAST)).refusal is not None
    assert (await store.estimates.training(version, FAST)).refusal is None


async def test_the_error_of_past_estimates_is_told(store: Store, worker: PipelineWorker) -> None:
    assert (await store.estimates.accuracy()).jobs == 0
    job = await trained(store, worker)
    assert job.estimate is not None
    accuracy = await store.estimates.accuracy()
    assert accuracy.jobs == 2  # the ingest had one as well
    assert accuracy.median_ratio is not None
    assert accuracy.median_ratio > 0
    took = run_time_s(job) or 0.0
    bad = replace(job, id="job_slow", estimate=Span(took / 100, took / 50))
    await store.mongo.jobs.insert(bad)
    assert (await store.estimates.accuracy()).within_p90 != 1.0


async def test_what_remains_shrinks_with_the_stages(store: Store, worker: PipelineWorker) -> None:
    version = await ingested(store, worker)
    job = await store.models.start_training(OWNER, version.id, FAST, "remaining")
    held = await store.jobs.claim(job.id, "host:1")
    whole = await store.estimates.remaining(held)
    assert whole is not None
    for stage in held.stages[:4]:
        await store.jobs.stage_started(held, stage.name, version.rows)
        held = await store.jobs.stage_done(held, stage.name, version.rows)
    rest = await store.estimates.remaining(held)
    assert rest is not None
    assert rest.p50 < whole.p50
    assert (held.kind, held.stages[3].status) == (JobKind.TRAIN, StageStatus.DONE)


async def _a_second_each(store: Store, spec: TrainingSpec, rows: int) -> None:
    """Have every stage seen to take a second, whatever it took here."""
    for stage in STAGES[JobKind.TRAIN]:
        rate = Rate(rate_id(stage, spec), (Observation(rows, 1.0),))
        await store.mongo.rates.delete(rate.id)
        await store.mongo.rates.insert(rate)
