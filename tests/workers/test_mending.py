"""Jobs that fail for real, their diagnosis, and its fix: from the file or the data to the end."""

from __future__ import annotations

import resource
from pathlib import Path
from typing import Any

import pytest

from store.datasets.datasets import Row
from store.diagnosis import Diagnosis, diagnose
from store.jobs import retries
from store.records.dataset import VersionStatus
from store.records.job import Job, JobStatus
from store.store import Store
from tests.store.sending import send
from tests.workers.conftest import FAST, OWNER, ingested, small_rows
from workers.attempts.attempt import Attempt
from workers.children.isolation import Nursery
from workers.pipeline_worker import PipelineWorker

RUSSIAN = [
    ("Где моя карта? Она ещё не пришла.", "карта"),
    ("Я потерял кошелёк вчера вечером.", "потеря"),
    ("Как изменить ПИН-код, подскажите?", "пин"),
]
JAPANESE = [
    ("私のカードはどこですか？まだ届いていません。", "カード"),
    ("昨日の夜、財布をなくしました。", "紛失"),
]


@pytest.fixture(autouse=True)
def one_try(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each failure is final at once: what is tried again, and when, is tested elsewhere."""
    for code in ("CHILD_DIED", "OUT_OF_MEMORY", "DISK_FULL"):
        monkeypatch.delitem(retries.RULES, code)


async def run_to_its_end(store: Store, worker: PipelineWorker, job: Job) -> Job:
    await worker.run_job({}, job.id)
    ended = await store.mongo.jobs.get(job.id)
    assert ended.status.is_terminal, ended
    return ended


def let_grow_no_more(pid: int) -> None:
    """Leave a process the memory that it has, and next to nothing beside it."""
    held = int(Path(f"/proc/{pid}/statm").read_text().split()[0]) * resource.getpagesize()
    resource.prlimit(pid, resource.RLIMIT_AS, (held + 2**20, held + 2**20))


async def diagnosed(store: Store, job: Job) -> Diagnosis:
    found = diagnose(job, await store.mongo.dataset_versions.find(job.dataset_version_id))
    assert found is not None
    return found


async def fixed(store: Store, worker: PipelineWorker, job: Job, fix_id: str) -> Job:
    """The job that the fix began, at its end."""
    assert fix_id in [fix.id for fix in (await diagnosed(store, job)).fixes]
    return await run_to_its_end(store, worker, await store.mending.apply(job.id, fix_id))


async def uploaded(store: Store, data: bytes, filename: str) -> Job:
    """The ingest of a file."""
    upload, ticket = await store.uploads.create(OWNER, filename, len(data))
    await send(store.objects, ticket.parts[0], data)
    made = await store.datasets.create_from_upload(OWNER, "letters", upload_id=upload.id)
    return made.job


async def trained_on(
    store: Store, worker: PipelineWorker, rows: list[tuple[str, str | None]]
) -> Job:
    """A training of the rows, at its end."""
    made = await store.datasets.create_from_rows(
        OWNER, "rows", rows=[Row(text, label) for text, label in rows]
    )
    await run_to_its_end(store, worker, made.job)
    job = await store.models.start_training(OWNER, made.version.id, FAST, "mended")
    return await run_to_its_end(store, worker, job)


# -- files ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("rows", "encoding"), [(RUSSIAN, "cp1251"), (JAPANESE, "cp932")])
async def test_a_file_in_an_old_encoding(
    store: Store, worker: PipelineWorker, rows: list[tuple[str, str]], encoding: str
) -> None:
    text = "text,label\n" + "".join(f'"{text}",{label}\n' for text, label in rows)
    job = await uploaded(store, text.encode(encoding), "letters.csv")
    ended = await run_to_its_end(store, worker, job)
    assert (ended.status, ended.attempt) == (JobStatus.FAILED, 1)
    found = await diagnosed(store, ended)
    assert found.fixes[0].id == f"encoding-{encoding}"
    assert rows[0][0] in found.fixes[0].label
    assert [row.line for row in found.rows] == list(range(2, len(rows) + 2))
    again = await fixed(store, worker, ended, f"encoding-{encoding}")
    assert (again.status, again.retry_of) == (JobStatus.SUCCEEDED, ended.id)
    version = await store.mongo.dataset_versions.get(again.dataset_version_id)
    assert (version.status, version.rows, version.number) == (VersionStatus.READY, len(rows), 2)
    assert version.source.encoding == encoding
    assert version.profile is not None
    assert {count.label for count in version.profile.labels} == {label for _, label in rows}


async def test_a_cancelled_ingest_is_done_again(store: Store, worker: PipelineWorker) -> None:
    job = await uploaded(store, b"text,label\nsome words here,a\nother words,b\n", "rows.csv")
    await store.jobs.request_cancel(job.id)
    again = await run_to_its_end(store, worker, await store.mending.retry(job.id))
    assert again.status is JobStatus.SUCCEEDED
    version = await store.mongo.dataset_versions.get(job.dataset_version_id)
    assert (version.status, version.job_id) == (VersionStatus.READY, again.id)
    assert (await store.mongo.jobs.get(job.id)).status is JobStatus.CANCELLED


async def test_a_full_disk_ends_an_ingest_and_nothing_else(
    store: Store, worker: PipelineWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = await uploaded(store, b"text,label\nsome words here,a\nother words,b\n", "rows.csv")
    stage, is_full = Attempt.stage, True

    async def on_a_full_disk(self: Attempt, name: str, *more: Any) -> Any:
        if name == "read" and is_full:
            (self.scratch / "out").mkdir()
            (self.scratch / "out" / "shard-00000.parquet").symlink_to("/dev/full")
        return await stage(self, name, *more)

    monkeypatch.setattr(Attempt, "stage", on_a_full_disk)
    ended = await run_to_its_end(store, worker, job)
    assert ended.status is JobStatus.FAILED
    assert ended.failure is not None
    assert (ended.failure.code, ended.failure.stage) == ("DISK_FULL", "read")
    assert str(store.settings.data) in ended.failure.message
    assert "SHOAL_DATA" in ended.failure.message
    version = await store.mongo.dataset_versions.get(job.dataset_version_id)
    assert version.status is VersionStatus.UPLOADED  # the file is not at fault
    assert list((store.settings.data / "work").iterdir()) == []
    is_full = False
    again = await fixed(store, worker, ended, "again")
    assert again.status is JobStatus.SUCCEEDED
    assert (await store.mongo.dataset_versions.get(version.id)).status is VersionStatus.READY


async def test_a_full_disk_that_the_worker_meets_itself(
    store: Store, worker: PipelineWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = await uploaded(store, b"text,label\nsome words here,a\nother words,b\n", "rows.csv")
    mkdir = Path.mkdir

    def full(self: Path, *more: Any, **named: Any) -> None:
        if job.id in self.name:
            Path("/dev/full").write_bytes(b"no room")
        mkdir(self, *more, **named)

    monkeypatch.setattr(Path, "mkdir", full)
    ended = await run_to_its_end(store, worker, job)
    assert (ended.failure and ended.failure.code) == "DISK_FULL"


# -- labels ---------------------------------------------------------------------------------------


async def test_labels_of_one_row_each_are_merged(store: Store, worker: PipelineWorker) -> None:
    texts = [text for text, _ in small_rows(5)]
    labels = ["often", "often", *(f"odd {n}" for n in range(len(texts) - 2))]
    job = await trained_on(store, worker, list(zip(texts, labels, strict=True)))
    assert job.failure is not None
    assert job.failure.code == "TOO_FEW_TEXTS_A_CLASS"
    found = await diagnosed(store, job)
    assert "18 of them are on a single row." in found.evidence
    first = found.rows[0]
    assert (first.row, first.text) == (2, texts[2])
    assert "'odd 0'" in first.reason
    again = await fixed(store, worker, job, "merge-labels-2")
    assert again.status is JobStatus.SUCCEEDED
    version = await store.mongo.model_versions.get(again.model_version_id or "")
    assert set(version.labels) == {"often", "other"}


async def test_labels_of_one_row_each_are_left_out(store: Store, worker: PipelineWorker) -> None:
    odd: list[tuple[str, str | None]] = [("a sentence for one", "a"), ("and for another", "b")]
    rows = [*odd, *((text, None) for text, _ in small_rows(10))]
    job = await trained_on(store, worker, rows)
    assert job.failure is not None
    assert job.failure.code == "NOTHING_TO_TEST_ON"
    again = await fixed(store, worker, job, "drop-labels-2")
    assert again.status is JobStatus.SUCCEEDED
    version = await store.mongo.model_versions.get(again.model_version_id or "")
    assert version.report.labels_from_clusters


# -- memory ---------------------------------------------------------------------------------------


async def test_out_of_memory_goes_on_from_the_last_stage_with_less_work(
    store: Store, worker: PipelineWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker._nursery = Nursery()  # a child that has fitted before has the room for it
    version = await ingested(store, worker)
    stage = Attempt.stage

    async def starve(self: Attempt, name: str, *more: Any) -> Any:
        if name == "fit" and self.job.spec.classifier.sparse_view is not False:
            let_grow_no_more(self.child.pid)
        return await stage(self, name, *more)

    monkeypatch.setattr(Attempt, "stage", starve)
    job = await store.models.start_training(OWNER, version.id, FAST, "starved")
    ended = await run_to_its_end(store, worker, job)
    assert ended.failure is not None
    assert (ended.failure.code, ended.failure.stage) == ("OUT_OF_MEMORY", "fit")
    found = await diagnosed(store, ended)
    assert any("held" in each and "MB" in each for each in found.evidence)
    again = await fixed(store, worker, ended, "no-sparse-view")
    assert again.status is JobStatus.SUCCEEDED
    assert again.spec.classifier.sparse_view is False
    assert [each.name for each in again.stages if each.is_kept] == [
        "clean", "split", "embed", "cluster", "project",
    ]  # fmt: skip
    await worker.close()


async def test_a_training_whose_child_was_killed_is_done_again_from_there(
    store: Store, worker: PipelineWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = await ingested(store, worker)
    stage, is_broken = Attempt.stage, True

    async def kill(self: Attempt, name: str, *more: Any) -> Any:
        if name == "evaluate" and is_broken:
            self.child.kill()
        return await stage(self, name, *more)

    monkeypatch.setattr(Attempt, "stage", kill)
    job = await store.models.start_training(OWNER, version.id, FAST, "again")
    ended = await run_to_its_end(store, worker, job)
    assert (ended.failure and ended.failure.code) == "CHILD_DIED"
    assert "was killed, most likely for its memory" in (await diagnosed(store, ended)).cause
    is_broken = False
    again = await fixed(store, worker, ended, "again")
    assert again.status is JobStatus.SUCCEEDED
    assert [each.name for each in again.stages if not each.is_kept] == ["evaluate", "package"]
