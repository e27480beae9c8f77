"""Two versions of a model compared by a real job: on rows new to both, and on traffic."""

from __future__ import annotations

from dataclasses import replace

import pytest

from store.datasets.datasets import Row
from store.errors import IllegalMove, InvalidValue, NotFound
from store.models.comparisons import comparison_of
from store.records.comparison import Change, Query
from store.records.dataset import DataKind
from store.records.job import Job, JobStatus
from store.records.model import ModelVersion
from store.records.prediction import Answer, Prediction, Score
from store.records.training import SplitSpec
from store.records.trial import TrialVerdict
from store.store import Store
from tests.workers.conftest import FAST, OWNER, once, small_rows
from workers.pipeline import comparing
from workers.pipeline_worker import PipelineWorker

OTHER = "usr_other"
NEVER_SEEN = [
    ("rain and storm over the wind tonight", "weather"),
    ("butter the flour and simmer the stew", "kitchen"),
    ("passport and luggage at the airport", "travel"),
    ("interest on the loan of this bank account", "finance"),
]


async def versions(store: Store, worker: PipelineWorker) -> tuple[ModelVersion, ModelVersion]:
    """One that learnt two of four topics, and one that learnt them all, on a given test."""
    return await once(store, versions, lambda: _versions(store, worker))


async def _versions(store: Store, worker: PipelineWorker) -> tuple[ModelVersion, ModelVersion]:
    rows = [Row(text, label, "train") for text, label in small_rows()]
    rows += [Row(text, label, "test") for text, label in NEVER_SEEN * 3]
    half = [row for row in rows if row.label in ("weather", "kitchen")]
    made = await store.datasets.create_from_rows(OWNER, "half", rows=half)
    whole = await store.datasets.create_from_rows(OWNER, "whole", rows=rows)
    found = []
    for each in (made, whole):
        await worker.run_job({}, each.job.id)
        job = await store.models.start_training(OWNER, each.version.id, FAST, "topics")
        await worker.run_job({}, job.id)
        job = await store.mongo.jobs.get(job.id)
        found.append(await store.mongo.model_versions.get(job.model_version_id or ""))
    return found[0], found[1]


async def asked(store: Store, version: ModelVersion, text: str, **more: object) -> Prediction:
    """An answer in the log."""
    number = await store.mongo.predictions.count({})
    prediction = Prediction(
        id=f"prd_{number:026}", model_id=version.model_id, model_version_id=version.id,
        user_id=OWNER, text=text, label="weather", probability=0.9, abstained=False, cluster=0,
        cached=False, latency_ms=1.0, at=version.created_at,
    )  # fmt: skip
    return await store.mongo.predictions.insert(replace(prediction, **more))


async def compared(store: Store, worker: PipelineWorker, job: Job) -> Job:
    await worker.run_job({}, job.id)
    return await store.mongo.jobs.get(job.id)


async def test_a_version_that_knows_more_is_better_where_neither_has_learnt(
    store: Store, worker: PipelineWorker
) -> None:
    before, after = await versions(store, worker)
    train = "passport at the hotel, luggage on the train"
    for text in (train, train, "rain and fog and snow"):
        await asked(store, before, text)
    await asked(store, before, "loan of the bank", correction="finance")
    await asked(store, before, "a stranger's", user_id=OTHER)
    job = await store.comparisons.start(
        OWNER, before.id, after.id, queries=100, asked_by=OWNER
    )  # fmt: skip
    job = await compared(store, worker, job)
    assert job.status is JobStatus.SUCCEEDED
    found = await store.mongo.comparisons.get(comparison_of(job.id))
    exam, replay = found.exam, found.replay
    assert exam is not None
    assert replay is not None
    assert (exam.rows, exam.learnt_rows) == (12, 160)
    assert exam.verdict is TrialVerdict.BETTER
    assert exam.before.accuracy == 0.5 < exam.after.accuracy == 1.0
    assert exam.gain.value == exam.after.accuracy - exam.before.accuracy
    assert exam.gain.low > 0
    assert (exam.became_right, exam.became_wrong) == (6, 0)
    assert {flip.actual for flip in exam.to_right} == {"travel", "finance"}
    assert (replay.texts, replay.times, replay.changed_texts, replay.changed_times) == (3, 4, 2, 3)
    assert replay.turned[0].text == train
    assert (replay.turned[0].times, replay.turned[0].after) == (2, "travel")
    assert sum(change.times for change in replay.changes) == 3
    assert (replay.reviewed, replay.right_before, replay.right_after) == (1, 0, 1)
    assert "a stranger's" not in {turned.text for turned in replay.turned}


async def test_without_rows_new_to_both_there_is_no_exam(
    store: Store, worker: PipelineWorker
) -> None:
    _, after = await versions(store, worker)
    made = await store.datasets.create_from_rows(
        OWNER, "other", rows=[Row(text, label) for text, label in small_rows()]
    )
    await worker.run_job({}, made.job.id)
    spec = replace(FAST, split=SplitSpec(test_share=0.05))
    job = await store.models.start_training(OWNER, made.version.id, spec, "topics")
    await worker.run_job({}, job.id)
    job = await store.mongo.jobs.get(job.id)
    job = await store.comparisons.start(
        OWNER, after.id, job.model_version_id or "", queries=0, asked_by=None
    )
    job = await compared(store, worker, job)
    found = await store.mongo.comparisons.get(comparison_of(job.id))
    assert found.exam is None
    assert found.replay is not None
    assert (found.replay.texts, found.replay.turned) == (0, ())


async def test_what_cannot_be_compared_is_refused(store: Store, worker: PipelineWorker) -> None:
    before, after = await versions(store, worker)
    with pytest.raises(InvalidValue):
        await store.comparisons.start(OWNER, before.id, before.id, queries=1, asked_by=None)
    with pytest.raises(InvalidValue):
        await store.comparisons.start(OWNER, before.id, after.id, queries=10_001, asked_by=None)
    with pytest.raises(NotFound):
        await store.comparisons.start(OWNER, before.id, "mdv_none", queries=1, asked_by=None)
    other = replace(after, id="mdv_x", job_id="job_x", number=9, kind=DataKind.SEQUENCE)
    await store.mongo.model_versions.insert(other)
    with pytest.raises(IllegalMove):
        await store.comparisons.start(OWNER, before.id, other.id, queries=1, asked_by=None)


def test_not_to_answer_counts_as_an_answer_of_its_own() -> None:
    queries = [Query("a", 3, "prd_1", None), Query("b", 1, "prd_2", "y"), Query("c", 1, "p", "x")]

    def said(label: str, abstained: bool = False) -> Answer:
        return Answer(label, 0.6, abstained, (Score(label, 0.6),), 0, "")

    before = [said("x"), said("x"), said("x")]
    after = [said("x", abstained=True), said("y"), said("x")]
    found = comparing.replayed(queries, before, after)
    assert found.changes == (Change("x", "ABSTAIN", 1, 3), Change("x", "y", 1, 1))
    assert (found.refused_before, found.refused_after) == (0, 1)
    assert (found.reviewed, found.right_before, found.right_after) == (2, 1, 2)
