"""Bulk predictions from the request to the file, on real services and a real child process."""

from __future__ import annotations

import asyncio
import csv
import hashlib
import io
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from store import ids
from store.answers.bulk import folder_of, of_job, parts_of
from store.diagnosis import ReadAgain, diagnose
from store.errors import IllegalMove, InvalidValue, NotFound
from store.objects import keys
from store.records.bulk import BulkPrediction, BulkSpec, BulkStatus, ResultFormat
from store.records.dataset import Columns, DataKind, VersionStatus
from store.records.job import Job, JobKind, JobStatus
from store.records.model import ModelVersion
from store.records.quota import QuotaKind
from store.store import Store, open_store
from store.training.estimates import rate_id
from tests.conftest import make_settings
from tests.store.sending import send
from tests.workers.conftest import OWNER, small_rows, trained, worker_with
from workers.attempts.attempt import Attempt
from workers.children.isolation import Child, Nursery
from workers.inference.served import Served
from workers.pipeline.bulk.answering import CHUNK_TEXTS, answers
from workers.pipeline.bulk.columns import renamed
from workers.pipeline.progress import Cancelled
from workers.pipeline_worker import PipelineWorker


@pytest.fixture(scope="module")
async def store(
    mongo_uri: str, redis_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Store]:
    """One for all tests here: training takes longer than they do."""
    async with open_store(
        make_settings(mongo_uri, redis_url, tmp_path_factory.mktemp("bulk"))
    ) as opened:
        yield opened


@pytest.fixture(scope="module")
def worker(store: Store, nursery: Nursery) -> PipelineWorker:
    return worker_with(store, nursery)


@pytest.fixture(scope="module")
async def model(store: Store, worker: PipelineWorker) -> ModelVersion:
    """A version of a model, trained on `small_rows`."""
    job = await trained(store, worker)
    return await store.mongo.model_versions.get(job.model_version_id or "")


async def done(store: Store, worker: PipelineWorker, job: Job) -> BulkPrediction:
    """What the job left; it must have succeeded."""
    await worker.run_job({}, job.id)
    ended = await store.mongo.jobs.get(job.id)
    assert ended.status is JobStatus.SUCCEEDED, ended.failure
    return await store.mongo.bulk_predictions.get(of_job(job.id))


async def rows_of(store: Store, left: BulkPrediction) -> list[dict[str, Any]]:
    """The file's rows, whatever its format."""
    data = await store.objects.get_bytes(left.object_key or "")
    assert (len(data), hashlib.sha256(data).hexdigest()) == (left.bytes, left.sha256)
    if left.format is ResultFormat.PARQUET:
        rows: list[dict[str, Any]] = pq.read_table(pa.BufferReader(data)).to_pylist()
        return rows
    if left.format is ResultFormat.JSONL:
        return [orjson.loads(line) for line in data.splitlines()]
    return [_typed(row) for row in csv.DictReader(io.StringIO(data.decode(), newline=""))]


def _typed(row: dict[str, str]) -> dict[str, Any]:
    """A row of a CSV as it was before it was written."""
    read: dict[str, Any] = dict(row)
    for name in ("row", "line", "cluster"):
        read |= {name: int(row[name])} if name in row else {}
    for name in ("abstained", "truncated"):
        read[name] = {"true": True, "false": False}[row[name]]
    for name in ("scores", "neighbours", "prediction_set"):
        read |= {name: orjson.loads(row[name])} if name in row else {}
    score = float(row["ood_score"]) if row["ood_score"] else None
    return read | {"probability": float(row["probability"]), "ood_score": score}


async def uploaded(store: Store, name: str, data: bytes, owner: str = OWNER) -> str:
    upload, ticket = await store.uploads.create(owner, name, len(data))
    for part in ticket.parts:
        await send(store.objects, part, data)
    return upload.id


async def test_every_row_of_a_version_is_answered_as_alone_and_in_its_place(
    store: Store, worker: PipelineWorker, model: ModelVersion
) -> None:
    spec = BulkSpec(top_k=4, neighbours=2)
    source = model.dataset_version_id
    job = await store.bulk.start(OWNER, model.id, spec, dataset_version_id=source)
    assert (job.kind, job.model_version_id) == (JobKind.PREDICT, model.id)
    assert job.estimate is not None
    left = await done(store, worker, job)
    rate = await store.mongo.rates.get(rate_id("predict", model.spec))
    assert [seen.units for seen in rate.observations] == [len(small_rows())]
    rows = await rows_of(store, left)
    given = small_rows()
    asked = [(row["row"], row["text"], row["given_label"]) for row in rows]
    assert asked == [(number, *each) for number, each in enumerate(given)]
    bundle = await Served(store).get(model.id)
    for row in rows[::7]:
        [alone] = bundle.answer([row["text"]], 4, 2)
        assert (row["label"], row["probability"]) == (alone.label, alone.probability)
        assert (row["decision"], row["ood_score"]) == (alone.decided, alone.ood_score)
        assert tuple(row["prediction_set"]) == alone.prediction_set
        scores = [(each["label"], each["probability"]) for each in row["scores"]]
        assert scores == [(each.label, each.probability) for each in alone.scores]
        assert (row["cluster"], row["cluster_name"]) == (alone.cluster, alone.cluster_name)
        near = [(each["row"], each["text"], each["cosine"]) for each in row["neighbours"]]
        assert near == [(each.row, each.text, each.cosine) for each in alone.neighbours]
    assert (left.rows, left.problem_count, left.problems_key) == (len(given), 0, None)
    assert {each.label: each.rows for each in left.label_counts} == Counter(
        r["label"] for r in rows
    )
    assert left.name == f"small-small-{model.number}"
    folder = f"datasets/{model.dataset_id}/bulk/{model.model_id}/"
    assert [each.key for each in await store.objects.list(folder)] == [left.object_key]


BROKEN = b"""id,text,label,row
7,rain and thunder,weather,a
8,"simmer, the garlic",kitchen,b
9,one,too,many,fields
10,,finance,c
11,"=cmd() an invoice
for the bank",finance,d
"""


async def test_a_file_of_more_rows_than_may_be_answered_today_is_refused(
    store: Store, worker: PipelineWorker, model: ModelVersion
) -> None:
    """Nobody knows how many rows a file has before the worker has cut it into parts."""
    limit = QuotaKind.PREDICTIONS_PER_DAY
    upload_id = await uploaded(store, "many.txt", b"one\ntwo\nthree\n", "usr_small")
    await store.quotas.limit("usr_small", limit, 2)
    job = await store.bulk.start("usr_small", model.id, BulkSpec(upload_id=upload_id))
    await worker.run_job({}, job.id)
    ended = await store.mongo.jobs.get(job.id)
    assert ended.failure is not None
    assert (ended.failure.code, ended.failure.retryable) == ("QUOTA_EXCEEDED", False)
    assert await store.quotas.used(await store.quotas.one("usr_small", limit)) == 0
    await store.quotas.limit("usr_small", limit, 3)
    again = await store.bulk.again(ended, ids.new(ids.JOB))
    assert (await done(store, worker, again)).rows == 3
    assert await store.quotas.used(await store.quotas.one("usr_small", limit)) == 3


async def test_a_broken_row_of_a_file_is_told_and_keeps_its_number(
    store: Store, worker: PipelineWorker, model: ModelVersion
) -> None:
    upload_id = await uploaded(store, "new rows.csv", BROKEN)
    spec = BulkSpec(
        ResultFormat.CSV, upload_id=upload_id, columns=Columns("text", "label"),
        keep=("id", "row"), escapes_formulas=True,
    )  # fmt: skip
    job = await store.bulk.start(OWNER, model.id, spec)
    assert (job.dataset_id, job.estimate) == ("", None)
    left = await done(store, worker, job)
    rows = await rows_of(store, left)
    names = ("row", "line", "text", "given_label", "label", "id", "input_row")
    assert [tuple(row[name] for name in names) for row in rows] == [
        (0, 2, "rain and thunder", "weather", "weather", "7", "a"),
        (1, 3, "simmer, the garlic", "kitchen", "kitchen", "8", "b"),
        (4, 6, "'=cmd() an invoice\nfor the bank", "finance", "finance", "11", "d"),
    ]
    assert (left.rows, left.rejected_rows, left.problem_count) == (3, 2, 2)
    assert [(each.row, each.line, each.code) for each in left.problems] == [
        (2, 4, "FIELD_COUNT"), (3, 5, "EMPTY_TEXT"),
    ]  # fmt: skip
    told = await store.objects.get_bytes(left.problems_key or "")
    assert [orjson.loads(line)["row"] for line in told.splitlines()] == [2, 3]
    assert left.name == f"new-rows-small-{model.number}"


async def test_a_file_without_a_good_row_fails_with_its_problems(
    store: Store, worker: PipelineWorker, model: ModelVersion
) -> None:
    upload_id = await uploaded(store, "empty.csv", b"text,label\n,a\n,b\n")
    spec = BulkSpec(upload_id=upload_id, columns=Columns("text", "label"))
    job = await store.bulk.start(OWNER, model.id, spec)
    await worker.run_job({}, job.id)
    ended = await store.mongo.jobs.get(job.id)
    assert ended.status is JobStatus.FAILED
    assert ended.failure is not None
    assert ended.failure.problems
    diagnosis = diagnose(ended, None)
    assert diagnosis is not None
    assert not any(isinstance(fix.action, ReadAgain) for fix in diagnosis.fixes)
    kept = await store.mongo.bulk_predictions.get(of_job(job.id))
    assert (kept.status, kept.object_key) == (BulkStatus.PENDING, None)


async def test_all_formats_read_back_equal(
    store: Store, worker: PipelineWorker, model: ModelVersion
) -> None:
    data = b'{"text": "rain, \\"wind\\"\\nand fog", "n": {"a": [1]}}\n{"text": "an invoice"}\n'
    upload_id = await uploaded(store, "rows.jsonl", data)
    read = []
    for form in ResultFormat:
        spec = BulkSpec(form, neighbours=1, upload_id=upload_id, keep=("n",))
        left = await done(store, worker, await store.bulk.start(OWNER, model.id, spec))
        read.append([{k: v or None for k, v in row.items()} for row in await rows_of(store, left)])
    assert read[0] == read[1] == read[2]
    assert [row["n"] for row in read[0]] == ['{"a":[1]}', None]


async def test_what_is_not_asked_for_is_left_out(
    store: Store, worker: PipelineWorker, model: ModelVersion
) -> None:
    source = model.dataset_version_id
    spec = BulkSpec(has_scores=False, has_clusters=False)
    job = await store.bulk.start(OWNER, model.id, spec, dataset_version_id=source)
    [first, *_] = await rows_of(store, await done(store, worker, job))
    assert list(first) == [
        "row", "text", "given_label", "label", "probability", "decision", "abstained",
        "prediction_set", "ood_score", "truncated",
    ]  # fmt: skip


def counted(monkeypatch: pytest.MonkeyPatch, *, kill_at: int = 0, stop: Any = None) -> list[str]:
    """The parts that children are asked to answer; before part `kill_at` the child dies."""
    asked: list[str] = []
    run = Child.run

    async def counting(self: Child, request: dict[str, Any], *more: Any) -> Any:
        if request["call"] == "predict_part":
            asked.append(request["request"]["asked"].rpartition("/")[2])
            if len(asked) == kill_at:
                await (stop() if stop else self.close())
        return await run(self, request, *more)

    monkeypatch.setattr(Child, "run", counting)
    monkeypatch.setattr(import_module("workers.tasks.predict"), "PART_ROWS", 40)
    return asked


async def test_a_killed_child_costs_the_part_at_hand_and_changes_nothing(
    store: Store, worker: PipelineWorker, model: ModelVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, spec = model.dataset_version_id, BulkSpec(ResultFormat.JSONL)
    whole = await store.bulk.start(OWNER, model.id, spec, dataset_version_id=source)
    whole_left = await done(store, worker, whole)
    asked = counted(monkeypatch, kill_at=3)
    job = await store.bulk.start(OWNER, model.id, spec, dataset_version_id=source)
    await worker.run_job({}, job.id)
    back = await store.mongo.jobs.get(job.id)
    assert (back.status, back.failure and back.failure.code) == (JobStatus.QUEUED, "CHILD_DIED")
    assert len(await store.objects.list(parts_of(job))) == 2
    due = await store.mongo.jobs.amend(job.id, lambda held: replace(held, not_before=None))
    await store.queue.enqueue(due)
    left = await done(store, worker, job)
    names = [f"{start:010}-00040.parquet" for start in (0, 40, 80, 120)]
    assert asked == [*names[:3], *names[2:]]
    assert (left.sha256, left.label_counts) == (whole_left.sha256, whole_left.label_counts)
    ended = await store.mongo.jobs.get(job.id)
    assert (ended.attempt, ended.stage("predict").fresh) == (2, 80)
    assert [each.key for each in await store.objects.list(folder_of(job))] == [left.object_key]


async def test_a_cancelled_one_stops_soon_and_is_gone_on_with_by_its_retry(
    store: Store, worker: PipelineWorker, model: ModelVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def cancel() -> None:
        await store.jobs.request_cancel(job.id)
        await asyncio.Event().wait()

    asked = counted(monkeypatch, kill_at=2, stop=cancel)
    source = model.dataset_version_id
    job = await store.bulk.start(OWNER, model.id, BulkSpec(), dataset_version_id=source)
    await worker.run_job({}, job.id)
    ended = await store.mongo.jobs.get(job.id)
    assert ended.status is JobStatus.CANCELLED
    parts = [each.key for each in await store.objects.list(parts_of(job))]
    assert len(parts) == 1
    monkeypatch.undo()
    asked = counted(monkeypatch)
    again = await store.mending.retry(job.id)
    assert (again.retry_of, parts_of(again)) == (job.id, parts_of(job))
    left = await done(store, worker, again)
    assert (len(asked), left.rows) == (3, 160)
    assert await store.objects.list(folder_of(job)) == ()


async def test_a_second_attempt_after_the_end_keeps_the_first_file(
    store: Store, worker: PipelineWorker, model: ModelVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = model.dataset_version_id
    job = await store.bulk.start(OWNER, model.id, BulkSpec(), dataset_version_id=source)
    succeed = Attempt.succeed

    async def hand_back(self: Any) -> None:
        monkeypatch.setattr(Attempt, "succeed", succeed)
        raise asyncio.CancelledError

    monkeypatch.setattr(Attempt, "succeed", hand_back)
    await worker.run_job({}, job.id)
    first = await store.mongo.bulk_predictions.get(of_job(job.id))
    assert first.status is BulkStatus.READY
    assert await done(store, worker, job) == first
    assert [each.key for each in await store.objects.list(folder_of(job))] == [first.object_key]


async def test_old_files_are_deleted_and_the_record_says_so(
    store: Store, worker: PipelineWorker, model: ModelVersion
) -> None:
    upload_id = await uploaded(store, "rows.txt", b"rain and fog\n")
    two = [
        await done(store, worker, await store.bulk.start(OWNER, model.id, spec))
        for spec in [BulkSpec(upload_id=upload_id)] * 2
    ]
    for place, each in enumerate(two):
        overdue = each.expires_at - timedelta(days=31)
        await store.mongo.bulk_predictions.amend(
            each.id, lambda kept, at=overdue: replace(kept, expires_at=at)
        )
        assert await store.bulk.sweep() == 1
        gone = await store.mongo.bulk_predictions.get(each.id)
        assert (gone.status, gone.rows) == (BulkStatus.EXPIRED, 1)
        assert await store.objects.stat(each.object_key or "") is None
        is_needed = place == 0  # by the other one
        assert bool(await store.objects.stat(keys.upload(upload_id))) == is_needed
    assert await store.bulk.sweep() == 0


async def test_what_cannot_be_asked_is_refused_and_leaves_nothing(
    store: Store, model: ModelVersion
) -> None:
    before = await store.mongo.bulk_predictions.count({})
    source, start = model.dataset_version_id, store.bulk.start
    foreign = await uploaded(store, "rows.txt", b"rain\n", owner="usr_b")
    with pytest.raises(NotFound):
        await start(OWNER, model.id, BulkSpec(upload_id=foreign))
    with pytest.raises(NotFound):
        await start(OWNER, "mdv_none", BulkSpec(), dataset_version_id=source)
    with pytest.raises(NotFound):
        await start(OWNER, model.id, BulkSpec(), dataset_version_id="dsv_none")
    versions = store.mongo.dataset_versions
    kept = await versions.get(source)
    for changed, refusal in [
        (replace(kept, kind=DataKind.SEQUENCE), InvalidValue),
        (replace(kept, status=VersionStatus.REJECTED), IllegalMove),
    ]:
        await versions.amend(source, lambda known, to=changed: replace(to, revision=known.revision))
        with pytest.raises(refusal):
            await start(OWNER, model.id, BulkSpec(), dataset_version_id=source)
    await versions.amend(source, lambda known: replace(kept, revision=known.revision))
    assert await store.mongo.bulk_predictions.count({}) == before


async def test_between_two_chunks_it_can_be_stopped(store: Store, model: ModelVersion) -> None:
    bundle = await Served(store).get(model.id)
    told: list[tuple[int, int]] = []

    def stop_at_once(done: int, total: int) -> None:
        told.append((done, total))
        if done:
            raise Cancelled

    texts = [text for text, _ in small_rows()] * 2
    with pytest.raises(Cancelled):
        answers(bundle, texts, BulkSpec(), stop_at_once)
    assert told == [(0, 320), (2 * CHUNK_TEXTS, 320)]


def test_columns_that_are_carried_along_take_no_name_of_an_answer() -> None:
    assert renamed(["id", "label", "input_label", "row"]) == [
        "id", "input_input_label", "input_label", "input_row",
    ]  # fmt: skip


async def test_purging_frees_what_was_answered(store: Store, worker: PipelineWorker) -> None:
    """With the model what it answered for anybody, with the data set what was asked of its rows."""
    job = await trained(store, worker)
    version_id, source = job.model_version_id or "", job.dataset_version_id
    upload_id = await uploaded(store, "rows.txt", b"rain and fog\n")
    starts = [
        await store.bulk.start(OWNER, version_id, BulkSpec(), dataset_version_id=source),
        await store.bulk.start(OWNER, version_id, BulkSpec(upload_id=upload_id)),
    ]
    left = [await done(store, worker, each) for each in starts]
    model_id = job.model_id or ""
    await store.trash.put(model_id, OWNER)
    purge = await store.trash.purge(model_id)
    await worker.run_job({}, purge.id)
    ended = await store.mongo.jobs.get(purge.id)
    assert ended.status is JobStatus.SUCCEEDED
    assert ended.freed_bytes is not None
    assert ended.freed_bytes > sum(each.bytes for each in left)
    assert [await store.objects.stat(each.object_key or "") for each in left] == [None, None]
    assert await store.mongo.bulk_predictions.count({"model_id": model_id}) == 0
    assert await store.objects.list(f"datasets/{job.dataset_id}/bulk/") == ()
