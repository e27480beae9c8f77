"""Drift measured by a real job, from dated predictions to a labelling batch that is learnt."""

from __future__ import annotations

import asyncio
import random
from datetime import datetime, timedelta

import pytest

from store import ids
from store.clock import now
from store.datasets.datasets import Row
from store.errors import IllegalMove, InvalidValue, NotFound
from store.events import Feed
from store.learning.drift import SETTLED, Drift, report_of
from store.learning.traffic import DAY, midnight
from store.records.account import Role, User
from store.records.dataset import DataKind
from store.records.drift import (
    DriftFindings,
    DriftPeriod,
    DriftReport,
    DriftSign,
    DriftVerdict,
    HeldOut,
)
from store.records.event import EventKind
from store.records.job import Job, JobStatus, Priority
from store.records.labelling import LabellingStatus
from store.records.model import ModelVersion
from store.records.prediction import Decision, Prediction, Review
from store.records.training import EmbedderKind, EmbedderSpec, SplitSpec, TrainingSpec
from store.store import Store
from tests.schema.making import REPORT, make_ready
from tests.workers.conftest import OWNER, TOPICS, small_rows
from workers.pipeline_worker import PipelineWorker

SPEC = TrainingSpec(
    embedder=EmbedderSpec(kind=EmbedderKind.TFIDF, dimensions=32), split=SplitSpec(test_share=0.4)
)
INSURANCE = (*TOPICS["weather"], *TOPICS["finance"])
"""Words that are known, but not together: what storms cost."""


async def model(store: Store, worker: PipelineWorker) -> ModelVersion:
    rows = [Row(text, label) for text, label in small_rows(per_label=50)]
    made = await store.datasets.create_from_rows(OWNER, "topics", rows=rows)
    await worker.run_job({}, made.job.id)
    job = await store.models.start_training(OWNER, made.version.id, SPEC, "topics")
    await worker.run_job({}, job.id)
    job = await store.mongo.jobs.get(job.id)
    return await store.mongo.model_versions.get(job.model_version_id or "")


async def registered(store: Store) -> ModelVersion:
    """A version that was never trained: nothing here looks into its bundle."""
    rows = [Row(text, label) for text, label in small_rows(per_label=2)]
    made = await store.datasets.create_from_rows(OWNER, "topics", rows=rows)
    await make_ready(store, made.version.id)
    job = await store.models.start_training(OWNER, made.version.id, SPEC, "topics")
    return await store.models.add_version(
        job, manifest_sha256="1" * 64, files=(), labels=("a", "b"), report=REPORT,
        kind=DataKind.TEXT,
    )  # fmt: skip


def known(count: int, seed: int) -> list[str]:
    """Texts as those of `small_rows`."""
    return [text for text, _ in small_rows(per_label=count // 4, seed=seed)]


def strange(count: int, seed: int) -> list[str]:
    """Three words of weather and three of finance in each."""
    chance = random.Random(seed)
    halves = TOPICS["weather"], TOPICS["finance"]
    return [
        f"{' '.join(word for half in halves for word in chance.choices(half, k=3))} number i{n}"
        for n in range(count)
    ]


async def ask(
    store: Store, version: ModelVersion, at: datetime, texts: list[str], user: str = OWNER
) -> list[Prediction]:
    """Answers in the log, of that day."""
    made = [
        Prediction(
            id=ids.derived(ids.PREDICTION, at + timedelta(minutes=number), text, user),
            model_id=version.model_id, model_version_id=version.id, user_id=user, text=text,
            label="weather", probability=0.9, abstained=False, cluster=0, cached=False,
            latency_ms=1.0, at=at, decision=Decision.ANSWER,
        )
        for number, text in enumerate(texts)
    ]  # fmt: skip
    await store.mongo.predictions.insert_many_ignoring_known(made)
    return made


async def measured(
    store: Store, worker: PipelineWorker, version: ModelVersion, **more: object
) -> tuple[Job, DriftReport]:
    asked = {"days": 5, "texts": 2_000, "asked_by": None} | more
    job = await store.drift.start(OWNER, version.id, **asked)  # type: ignore[arg-type]
    await worker.run_job({}, job.id)
    job = await store.mongo.jobs.get(job.id)
    assert job.status is JobStatus.SUCCEEDED, job.failure
    return job, await store.mongo.drift_reports.get(report_of(job.id))


async def test_a_quiet_day_a_day_that_drifts_and_the_holes_in_it(
    store: Store, worker: PipelineWorker
) -> None:
    version, today = await model(store, worker), midnight(now())
    learnt = [text for text, _ in small_rows(per_label=50)][:5]
    await ask(store, version, today - 3 * DAY, [*known(100, seed=1), *learnt])
    odd = strange(40, seed=3)
    await ask(store, version, today - 2 * DAY, [*known(80, seed=2), *odd])
    await ask(store, version, today - 2 * DAY + timedelta(hours=9), odd[:10])
    await ask(store, version, today - DAY, known(8, seed=4))
    await ask(store, version, today - 30 * DAY, strange(40, seed=5))
    _, report = await measured(store, worker, version)
    found = report.findings
    assert found is not None
    assert [day.begins for day in found.days] == [today - n * DAY for n in (3, 2, 1)]
    quiet, drifted, few = found.days
    assert (quiet.verdict, drifted.verdict, few.verdict) == (
        DriftVerdict.QUIET, DriftVerdict.DRIFTED, DriftVerdict.TOO_FEW
    )  # fmt: skip
    in_training = quiet.learnt_texts  # of those rows some were held out
    assert 0 < in_training <= 5
    assert (quiet.predictions, quiet.read, quiet.texts) == (105, 105, 105 - in_training)
    assert (drifted.predictions, drifted.texts) == (130, 120)
    assert (few.figures, few.advice, quiet.advice) == ((), None, None)
    figures = {figure.sign: figure for figure in drifted.figures}
    assert set(figures) == set(DriftSign)
    assert figures[DriftSign.NOVELTY].drifted
    assert figures[DriftSign.NOVELTY].value > 0.12
    assert figures[DriftSign.NOVELTY].p_value == 0.001
    assert "held-out rows" in drifted.message
    assert "createLabellingBatch" in (drifted.advice or "")
    assert {example.text for example in drifted.examples} <= set(odd)
    assert found.held_out.rows == 80
    assert (found.overall.predictions, found.overall.verdict) == (243, DriftVerdict.DRIFTED)

    texts = await texts_of(store, [each for hole in found.holes for each in hole.candidates])
    truly = sum(text in odd for text in texts)
    assert truly >= 0.8 * len(texts)
    assert truly >= 0.7 * len(odd)
    largest = found.holes[0]
    assert [hole.number for hole in found.holes] == list(range(len(found.holes)))
    assert largest.texts == max(hole.texts for hole in found.holes) == len(largest.candidates)
    assert largest.nearest_label in ("weather", "finance")
    assert largest.mean_cosine < found.held_out.mean_cosine
    assert sum(day.predictions for day in largest.days) == largest.predictions
    assert largest.a_day == pytest.approx(largest.predictions / 3)
    assert set(largest.keywords) & set(" ".join(odd).split())
    events = await store.events.page(Feed.of(version.model_id), None, 100)
    (told,) = [event for event in events.events if event.kind is EventKind.MODEL_DRIFTED]
    assert told.message.startswith(f"{today - 2 * DAY:%Y-%m-%d} drifted (novelty")
    await store.drift.tell(report)

    _, report = await measured(store, worker, version, asked_by="usr_of_no_answer")
    assert report.findings is not None
    assert (report.findings.days, report.findings.holes) == ((), ())
    overall = report.findings.overall
    assert (overall.predictions, overall.verdict) == (0, DriftVerdict.TOO_FEW)
    assert (await store.events.page(Feed.of(version.model_id), None, 100)).events == events.events


async def texts_of(store: Store, predictions: list[str]) -> list[str]:
    known = await store.mongo.predictions.get_many(predictions)
    return [known[each].text for each in predictions]


async def test_many_predictions_are_sampled_and_the_days_share_the_room(store: Store) -> None:
    version, today = await registered(store), midnight(now())
    every = known(400, seed=1)
    await ask(store, version, today - 2 * DAY, every)
    await ask(store, version, today - DAY, known(20, seed=2))
    job = await store.drift.start(OWNER, version.id, days=3, texts=100, asked_by=None)
    report = await store.drift.of(job)
    large, small = await store.drift.traffic(report)
    assert (large.predictions, len(large.read)) == (400, 50)
    assert (small.predictions, len(small.read)) == (20, 20)
    assert len({each.id for each in large.read}) == 50
    places = [every.index(each.text) for each in large.read]
    assert places == sorted(places)
    assert places[0] < 100 < 300 < places[-1]


async def test_a_batch_from_a_hole_to_a_label_that_the_model_learns(
    store: Store, worker: PipelineWorker
) -> None:
    version, today = await model(store, worker), midnight(now())
    odd = strange(40, seed=3)
    await ask(store, version, today - DAY, [*known(80, seed=2), *odd])
    _, report = await measured(store, worker, version)
    batch = await store.labelling.create(report, OWNER, holes=None, size=20)
    items = await store.labelling.items(batch)
    assert (len(items), {item.status for item in items}) == (20, {LabellingStatus.OPEN})
    assert len({item.prediction.text for item in items}) == 20
    holes = [item.candidate.hole for item in items]
    count = len(report.findings.holes) if report.findings else 0
    assert holes[:count] == list(range(count))
    for item in items[1:]:
        label = "insurance" if item.prediction.text in odd else item.prediction.label
        await store.predictions.correct(item.prediction.id, label, OWNER)
    batch = await store.labelling.skip(batch.id, items[0].prediction.id)
    assert await store.labelling.skip(batch.id, items[0].prediction.id) == batch
    with pytest.raises(NotFound):
        await store.labelling.skip(batch.id, "prd_other")
    statuses = [item.status for item in await store.labelling.items(batch)]
    assert statuses == [LabellingStatus.SKIPPED, *[LabellingStatus.LABELLED] * 19]
    another = await store.labelling.create(report, OWNER, holes=None, size=100)
    taken = {each.prediction_id for each in batch.candidates}
    assert not taken & {each.prediction_id for each in another.candidates}
    with pytest.raises(IllegalMove, match="already"):
        await store.labelling.create(report, OWNER, holes=None, size=1)

    done = [item.prediction for item in await store.labelling.items(batch)][1:]
    await store.corrections.review(done, Review.ACCEPTED, OWNER)
    learner = await store.mongo.models.get(version.model_id)
    begun = await store.corrections.learn(learner, OWNER, retrain=True, sees_all=True)
    rows = await store.mongo.dataset_versions.get(begun.dataset_version_id)
    await worker.run_job({}, rows.job_id or "")
    await worker.run_job({}, begun.training_job_id or "")
    training = await store.mongo.jobs.get(begun.training_job_id or "")
    taught = await store.mongo.model_versions.get(training.model_version_id or "")
    assert "insurance" in set(taught.labels) - set(version.labels)


async def test_yesterday_is_measured_once_for_what_is_published_and_asked(
    store: Store, worker: PipelineWorker
) -> None:
    await store.mongo.users.insert(User(OWNER, "o@example.org", "o", Role.USER, "-", now()))
    version, yesterday = await model(store, worker), midnight(now() - SETTLED) - DAY
    await ask(store, version, yesterday, known(40, seed=1))
    await ask(store, version, yesterday - DAY, known(40, seed=2))
    assert await store.drift.sweep() == 0  # nothing is published
    await store.models.publish(version.model_id, version.id, OWNER)
    assert await store.drift.sweep() == 0  # it has looked today
    others = [Drift(mongo=store.mongo, jobs=store.jobs, events=store.events) for _ in range(3)]
    assert await asyncio.gather(*(each.sweep() for each in others)) == [1, 1, 1]
    (job,) = await store.mongo.jobs.all_by({"kind": "DRIFT"}, 10)
    assert (job.priority, job.owner_id) == (Priority.LOW, OWNER)
    await worker.run_job({}, job.id)
    report = await store.mongo.drift_reports.get(report_of(job.id))
    assert report.asked_by == OWNER
    assert report.findings is not None
    assert [day.begins for day in report.findings.days] == [yesterday]
    since = yesterday - DAY
    (day,) = await store.drift.days(version.id, {}, since)
    await measured(store, worker, version)
    assert [each.begins for each in await store.drift.days(version.id, {}, since)] == [
        yesterday - DAY, yesterday
    ]  # fmt: skip
    assert day.predictions == 40


async def test_hardly_any_traffic_is_not_worth_a_job(store: Store) -> None:
    await store.mongo.users.insert(User(OWNER, "o@example.org", "o", Role.USER, "-", now()))
    version, yesterday = await registered(store), midnight(now() - SETTLED) - DAY
    await store.models.publish(version.model_id, version.id, OWNER)
    await ask(store, version, yesterday, known(40, seed=1), "usr_other")  # not for its owner
    await ask(store, version, yesterday, known(16, seed=2))
    assert await store.drift.sweep() == 0
    assert await store.mongo.jobs.count({"kind": "DRIFT"}) == 0


async def test_what_cannot_be_measured_is_refused_and_what_failed_is_done_again(
    store: Store,
) -> None:
    version = await registered(store)
    for days, texts in ((0, 1_000), (91, 1_000), (1, 99), (1, 20_001)):
        with pytest.raises(InvalidValue):
            await store.drift.start(OWNER, version.id, days=days, texts=texts, asked_by=None)
    with pytest.raises(NotFound):
        await store.drift.start(OWNER, "mdv_none", days=1, texts=100, asked_by=None)
    assert await store.mongo.drift_reports.count({}) == 0
    job = await store.drift.start(OWNER, version.id, days=7, texts=500, asked_by=OWNER)
    await store.jobs.request_cancel(job.id)
    again = await store.mending.retry(job.id)
    assert (again.kind, again.retry_of) == (job.kind, job.id)
    first = await store.mongo.drift_reports.get(report_of(job.id))
    second = await store.mongo.drift_reports.get(report_of(again.id))
    assert (second.since, second.until, second.texts) == (first.since, first.until, 500)
    assert second.asked_by == OWNER


async def test_reports_and_batches_go_with_their_model_and_their_data_set(
    store: Store, worker: PipelineWorker
) -> None:
    for of in ("model_id", "dataset_id"):
        version = await registered(store)
        made = await ask(store, version, now() - DAY, ["one", "two"])
        job = await store.drift.start(OWNER, version.id, days=2, texts=100, asked_by=None)
        await store.drift.measured(job, told_of(made))
        report = await store.drift.of(job)
        await store.labelling.create(report, OWNER, holes=None, size=2)
        for each in await store.mongo.jobs.all_by({"status": "QUEUED"}, 10):
            await store.jobs.request_cancel(each.id)
        await store.trash.put(getattr(version, of), OWNER)
        purge = await store.trash.purge(getattr(version, of))
        await worker.run_job({}, purge.id)
        assert (await store.mongo.jobs.get(purge.id)).status is JobStatus.SUCCEEDED
        assert await store.mongo.drift_reports.count({}) == 0
        assert await store.mongo.labelling_batches.count({}) == 0


def told_of(predictions: list[Prediction]) -> DriftFindings:
    """Findings with these as strange texts."""
    nothing = DriftPeriod(
        begins=now(), predictions=2, read=2, texts=2, learnt_texts=0, out_share=0.0,
        abstained_share=0.0, mean_confidence=0.9, verdict=DriftVerdict.TOO_FEW, message="",
        advice=None, figures=(), moves=(), examples=(),
    )  # fmt: skip
    strange = tuple(each.id for each in predictions)
    return DriftFindings(HeldOut(0, 0.0, 0.0, 0.0, 0.0), nothing, (), (), strange, "")
