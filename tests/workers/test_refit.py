"""Trials run by a worker: a model's head fitted again, judged, and the fixes made."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from store.datasets.datasets import Made, Row
from store.diagnosis import diagnose
from store.errors import Conflict, IllegalMove, InvalidValue, NotFound
from store.objects import keys
from store.records.dataset import DatasetVersion, VersionStatus
from store.records.job import Job, JobStatus
from store.records.model import ModelVersion
from store.records.stage import StageStatus
from store.records.trial import RowFix, TermsView, TrialVerdict
from store.store import Store
from tests.workers.conftest import FAST, OWNER, small_rows, trained
from workers.pipeline_worker import PipelineWorker

KITCHEN_CALLED_WEATHER = 0.6


async def done(store: Store, worker: PipelineWorker, job: Job) -> Job:
    await worker.run_job({})
    return await store.mongo.jobs.get(job.id)


async def mislabelled(
    store: Store, worker: PipelineWorker
) -> tuple[DatasetVersion, ModelVersion, list[RowFix]]:
    """Data with a split of its own, most of whose weather is called kitchen where it is learnt."""
    rows, fixes = [], []
    for number, (text, label) in enumerate(small_rows(per_label=80)):
        is_test = number % 2 == 0
        is_wrong = not is_test and label == "weather" and number % 10 < 10 * KITCHEN_CALLED_WEATHER
        if is_wrong:
            fixes.append(RowFix(number, label))
        said = "kitchen" if is_wrong else label
        rows.append(Row(text=text, label=said, split="test" if is_test else "train"))
    made = await store.datasets.create_from_rows(owner_id=OWNER, name="wrong", rows=rows)
    await done(store, worker, made.job)
    job = await store.models.start_training(OWNER, made.version.id, FAST, "wrong")
    job = await done(store, worker, job)
    version = await store.mongo.model_versions.get(job.model_version_id or "")
    return await store.mongo.dataset_versions.get(made.version.id), version, fixes


async def test_fixes_are_tried_then_made_then_trained_on(
    store: Store, worker: PipelineWorker
) -> None:
    rows, version, fixes = await mislabelled(store, worker)
    job = await done(store, worker, await store.trials.start(OWNER, version.id, fixes))
    assert (job.status, job.failure) == (JobStatus.SUCCEEDED, None)
    assert all(stage.status is StageStatus.DONE for stage in job.stages)
    found = (await store.trials.of(job)).judgement
    assert found is not None
    assert (found.verdict, found.gain.low > 0) == (TrialVerdict.BETTER, True)
    assert (found.learnt_fixes, found.test_rows) == (len(fixes), 160)
    assert found.to_right[0].actual == found.to_right[0].after == "weather"
    assert 0 < found.refit_seconds < found.seconds
    assert await store.mongo.model_versions.count({}) == 1
    assert await store.mongo.dataset_versions.count({}) == 1

    trial_id = (await store.trials.of(job)).id
    twins = (store.trials.apply(trial_id, OWNER, retrain=True) for _ in range(2))
    for twin in await asyncio.gather(*twins, return_exceptions=True):
        assert isinstance(twin, Made | Conflict), twin
    made = await store.trials.apply(trial_id, OWNER)
    assert await store.mongo.dataset_versions.count({}) == 2
    await worker.run_job({})  # the edit, and the training that it begins
    fixed = await store.mongo.dataset_versions.get(made.version.id)
    assert (fixed.status, fixed.base_id) == (VersionStatus.READY, rows.id)
    assert fixed.profile is not None and rows.profile is not None
    counts = {each.label: each.rows for each in fixed.profile.labels}
    assert counts["weather"] == counts["kitchen"]
    trial = await store.trials.of(job)
    training = await store.mongo.jobs.get(trial.training_job_id or "")
    assert (training.status, training.dataset_version_id) == (JobStatus.SUCCEEDED, fixed.id)
    better = await store.mongo.model_versions.get(training.model_version_id or "")
    assert (better.model_id, better.number, better.spec) == (version.model_id, 2, version.spec)
    assert better.report.accuracy > version.report.accuracy


async def test_what_the_training_kept_is_needed(store: Store, worker: PipelineWorker) -> None:
    training = await trained(store, worker)
    version_id = training.model_version_id or ""
    fit = keys.artefacts(training.dataset_id, "", "fit").removesuffix("/")
    for each in await store.objects.list(fit):
        await store.objects.delete(each.key)
    job = await done(store, worker, await store.trials.start(OWNER, version_id, [RowFix(0, None)]))
    assert job.failure is not None
    assert (job.status, job.failure.code) == (JobStatus.FAILED, "ARTEFACTS_GONE")
    told = diagnose(job, None)
    assert told is not None and "train again" in told.cause
    assert (await store.trials.of(job)).judgement is None

    again = await store.models.start_training(
        OWNER, training.dataset_version_id, training.spec, "small"
    )
    await done(store, worker, again)
    retried = await store.mending.retry(job.id)  # the stages of both are the same
    retried = await done(store, worker, retried)
    assert (retried.status, retried.retry_of) == (JobStatus.SUCCEEDED, job.id)
    trial = await store.trials.of(retried)
    assert trial.judgement is not None
    assert trial.fixes == (RowFix(0, None),)


async def test_a_row_that_was_left_out_cannot_be_tried(
    store: Store, worker: PipelineWorker
) -> None:
    training = await trained(store, worker, replace(FAST, max_rows=100))
    version_id = training.model_version_id or ""
    fixes = [RowFix(row, None) for row in range(160)]
    job = await done(store, worker, await store.trials.start(OWNER, version_id, fixes))
    assert job.failure is not None
    assert job.failure.code == "ROW_NOT_USED"
    assert [each.row for each in job.failure.problems if each.row is not None]
    with pytest.raises(IllegalMove, match="no result"):
        await store.trials.apply((await store.trials.of(job)).id, OWNER)


async def test_bad_fixes_are_refused_at_once(store: Store, worker: PipelineWorker) -> None:
    training = await trained(store, worker)
    version = await store.mongo.model_versions.get(training.model_version_id or "")
    for fixes, path in (
        ([], ["fixes"]),
        ([RowFix(0, None)] * 1_001, ["fixes"]),
        ([RowFix(160, None)], ["fixes", "0", "row"]),
        ([RowFix(-1, None)], ["fixes", "0", "row"]),
        ([RowFix(1, None), RowFix(1, "travel")], ["fixes", "1", "row"]),
        ([RowFix(1, "politics")], ["fixes", "0", "label"]),
    ):
        with pytest.raises(InvalidValue) as refused:
            await store.trials.start(OWNER, version.id, fixes)
        assert refused.value.path == ["input", *path]
    with pytest.raises(NotFound):
        await store.trials.start(OWNER, "mdv_none", [RowFix(0, None)])
    assert await store.mongo.trials.count({}) == 0

    job = await done(store, worker, await store.trials.start(OWNER, version.id, [RowFix(0, None)]))
    await store.datasets.append_rows(version.dataset_id, rows=[Row("more rain", "weather")])
    await worker.run_job({})
    trial = await store.trials.of(job)
    assert trial.judgement is not None and trial.judgement.terms is not TermsView.KEPT
    with pytest.raises(IllegalMove, match="not the newest"):
        await store.trials.apply(trial.id, OWNER, retrain=True)
    kept = await store.trials.of(job)
    assert (kept.applied_version_id, kept.training_job_id) == (None, None)


async def test_a_purge_takes_trials_along(store: Store, worker: PipelineWorker) -> None:
    training = await trained(store, worker)
    version_id, model_id = training.model_version_id or "", training.model_id or ""
    job = await done(store, worker, await store.trials.start(OWNER, version_id, [RowFix(0, None)]))
    trial = await store.trials.of(job)
    assert await store.live.trials([trial.id])
    await store.trash.put(training.dataset_id, OWNER)
    assert not await store.live.trials([trial.id])
    with pytest.raises(NotFound):
        await store.trials.start(OWNER, version_id, [RowFix(0, None)])
    await done(store, worker, await store.trash.purge(training.dataset_id))
    assert await store.mongo.trials.count({}) == 0

    await store.mongo.trials.insert(replace(trial, dataset_id="ds_other"))
    await store.trash.put(model_id, OWNER)
    await done(store, worker, await store.trash.purge(model_id))
    assert await store.mongo.trials.count({}) == 0
