"""A round of learning, from corrected answers to a comparison, by real jobs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from store import ids
from store.clock import now
from store.errors import IllegalMove
from store.models.comparisons import comparison_of
from store.records.job import JobStatus
from store.records.model import Model, ModelVersion
from store.records.prediction import Prediction, Review
from store.store import Store
from tests.workers.conftest import OWNER, small_rows, trained
from workers.pipeline_worker import PipelineWorker

USER = ids.new(ids.USER)


async def served(store: Store, worker: PipelineWorker) -> tuple[Model, ModelVersion]:
    job = await trained(store, worker)
    version = await store.mongo.model_versions.get(job.model_version_id or "")
    model = await store.models.publish(version.model_id, version.id, OWNER)
    return model, version


async def corrected(store: Store, version: ModelVersion, text: str, label: str) -> Prediction:
    made = Prediction(
        id=ids.new(ids.PREDICTION), model_id=version.model_id, model_version_id=version.id,
        user_id=USER, text=text, label="weather", probability=0.5, abstained=False, cluster=0,
        cached=False, latency_ms=1.0, at=now(),
    )  # fmt: skip
    await store.mongo.predictions.insert(made)
    return await store.predictions.correct(made.id, label, USER)


async def test_accepted_corrections_become_rows_a_version_and_a_comparison(
    store: Store, worker: PipelineWorker
) -> None:
    model, version = await served(store, worker)
    right = await corrected(store, version, "crypto wallet and ledger", "finance")
    first_word = await corrected(store, version, "ice on the road", "travel")
    last_word = await corrected(store, version, "ice on the road", "weather")
    wrong = await corrected(store, version, "a wrong correction", "kitchen")
    await corrected(store, version, "nobody has looked at this", "kitchen")
    accepted = [right, first_word, last_word]
    await store.corrections.review(accepted, Review.ACCEPTED, OWNER)
    await store.corrections.review([wrong], Review.REJECTED, OWNER)
    begun = await store.corrections.learn(model, OWNER, retrain=True, sees_all=True)
    assert begun.rows == 2
    assert begun.prediction_ids == tuple(each.id for each in accepted)
    learnt = await store.mongo.predictions.get_many(begun.prediction_ids)
    assert {each.round_id for each in learnt.values()} == {begun.id}

    rows = await store.mongo.dataset_versions.get(begun.dataset_version_id)
    await worker.run_job({}, rows.job_id or "")
    rows = await store.mongo.dataset_versions.get(rows.id)
    assert rows.profile is not None
    assert (rows.number, rows.rows) == (2, len(small_rows()) + 2)
    assert {each.label: each.rows for each in rows.profile.labels} == {
        "finance": 41, "weather": 41, "kitchen": 40, "travel": 40
    }  # fmt: skip
    await worker.run_job({}, begun.training_job_id or "")
    training = await store.mongo.jobs.get(begun.training_job_id or "")
    assert (training.status, training.dataset_version_id) == (JobStatus.SUCCEEDED, rows.id)
    await worker.run_job({}, begun.comparison_job_id or "")
    comparison = await store.mongo.comparisons.get(comparison_of(begun.comparison_job_id or ""))
    assert (comparison.before_id, comparison.after_id) == (version.id, training.model_version_id)
    assert comparison.replay is not None
    assert comparison.replay.texts == 4
    assert comparison.replay.reviewed == 4

    with pytest.raises(IllegalMove, match="no accepted correction"):
        await store.corrections.learn(model, OWNER, retrain=True, sees_all=True)
    with pytest.raises(IllegalMove, match="learnt from already"):
        await store.corrections.review([right], Review.REJECTED, OWNER)


async def test_a_round_is_begun_once_and_a_refused_one_leaves_nothing(
    store: Store, worker: PipelineWorker
) -> None:
    model, version = await served(store, worker)
    one = await corrected(store, version, "crypto wallet", "finance")
    await store.corrections.review([one], Review.ACCEPTED, OWNER)
    identifier = ids.new(ids.LEARNING)
    begun = await store.corrections.learn(
        model, OWNER, retrain=False, sees_all=False, round_id=identifier
    )
    assert begun.training_job_id is None
    assert begun == await store.corrections.learn(
        model, OWNER, retrain=False, sees_all=False, round_id=identifier
    )
    assert (await store.mongo.datasets.get(begun.dataset_id)).version_count == 2

    other = await corrected(store, version, "another one", "finance")
    await store.corrections.review([other], Review.ACCEPTED, OWNER)
    with pytest.raises(IllegalMove, match="still being read"):
        await store.corrections.learn(model, OWNER, retrain=False, sees_all=False)
    assert await store.mongo.learning_rounds.count({}) == 1
    assert (await store.mongo.predictions.get(other.id)).round_id is None


async def test_what_a_dead_round_took_up_is_not_learnt_twice(
    store: Store, worker: PipelineWorker
) -> None:
    model, version = await served(store, worker)
    one = await corrected(store, version, "crypto wallet", "finance")
    await store.corrections.review([one], Review.ACCEPTED, OWNER)
    begun = await store.corrections.learn(model, OWNER, retrain=False, sees_all=False)
    # its maker died before it was marked
    await store.mongo.predictions.amend(one.id, lambda known: replace(known, round_id=None))
    rows = await store.mongo.dataset_versions.get(begun.dataset_version_id)
    await worker.run_job({}, rows.job_id or "")
    with pytest.raises(IllegalMove, match="no accepted correction"):
        await store.corrections.learn(model, OWNER, retrain=False, sees_all=False)
    assert (await store.mongo.predictions.get(one.id)).round_id == begun.id


async def test_another_word_is_to_be_reviewed_anew(store: Store, worker: PipelineWorker) -> None:
    _, version = await served(store, worker)
    one = await corrected(store, version, "crypto wallet", "finance")
    await store.corrections.review([one], Review.ACCEPTED, OWNER)
    again = await store.predictions.correct(one.id, "kitchen", USER)
    assert (again.correction, again.review, again.reviewed_by) == ("kitchen", None, None)
    plain = replace(one, id=ids.new(ids.PREDICTION), correction=None)
    await store.mongo.predictions.insert(plain)
    with pytest.raises(IllegalMove, match="has no correction"):
        await store.corrections.review([plain], Review.ACCEPTED, OWNER)
