"""The disk is full during an ingest: that job says so and fails, and the rest goes on."""

from __future__ import annotations

import asyncio
import random
import string
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from shoal.demo import documents
from shoal.demo.data import own_file
from store.datasets.datasets import Made, Row
from store.errors import DiskFull
from store.events import Feed
from store.jobs import retries
from store.records.dataset import VersionStatus
from store.records.event import EventKind
from store.records.job import Job, JobStatus
from store.settings import Settings
from store.store import Store, open_store
from tests.conftest import make_settings
from tests.faults.caller import surely_do
from tests.faults.conftest import IS_FULL
from tests.faults.disk import fill, small_disk
from tests.faults.documents import PREDICT
from tests.faults.lane import SERVED, Lane, lane
from workers.pipeline_worker import PipelineWorker

MB = 2**20
DISK_BYTES = 24 * MB
OWNER = "usr_full"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "disk", DISK_BYTES) as place:
        yield place


@pytest.fixture
def settings(mongo_uri: str, redis_url: str, disk: Path) -> Settings:
    return make_settings(mongo_uri, redis_url, disk)


@pytest.fixture
async def worker(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[PipelineWorker]:
    monkeypatch.setitem(retries.RULES, DiskFull.code, retries.Rule(tries=1, first_s=0, longest_s=0))
    async with open_store(settings) as store:
        made = PipelineWorker(store)
        yield made
        await made.close()


@pytest.fixture
async def store(worker: PipelineWorker) -> Store:
    return worker._store


async def asked(store: Store, name: str, rows: int) -> Made:
    """Rows that no compression makes small."""
    chance = random.Random(name)
    letters = string.ascii_letters + string.digits
    texts = ("".join(chance.choices(letters, k=900)) for _ in range(rows))
    made = [Row(text=text, label="ab"[number % 2]) for number, text in enumerate(texts)]
    return await store.datasets.create_from_rows(OWNER, name, rows=made)


async def run(store: Store, worker: PipelineWorker, made: Made) -> Job:
    """Answer rings until the job has ended."""
    while not (job := await store.mongo.jobs.get(made.job.id)).status.is_terminal:
        await worker.run_job({})
    return job


@pytest.mark.parametrize(("room", "stage"), [(1.5 * MB, "read"), (2 * MB, "store")])
async def test_a_full_disk_fails_the_ingest_and_nothing_else(
    store: Store, worker: PipelineWorker, disk: Path, room: float, stage: str
) -> None:
    """A megabyte of rows, then what `read` makes of them, then the copy that `store` keeps."""
    filler = fill(disk, but=int(room))
    large = await asked(store, "large", 1_000)
    failed = await run(store, worker, large)
    assert failed.status is JobStatus.FAILED
    assert failed.failure is not None
    assert (failed.failure.code, failed.failure.stage) == ("DISK_FULL", stage)
    assert str(disk) in failed.failure.message
    assert "SHOAL_DATA" in failed.failure.message
    page = await store.events.page(Feed.of(failed.id), None, 100)
    assert [e.message for e in page.events if e.kind is EventKind.JOB_FAILED] == [
        failed.failure.message
    ]
    assert await store.objects.list(f"datasets/{large.dataset.id}/{large.version.id}/") == ()
    assert [path for path in (disk / "data" / "work").iterdir() if path.is_dir()] == []

    small = await asked(store, "small", 20)  # there is still room for this one
    assert (await run(store, worker, small)).status is JobStatus.SUCCEEDED
    version = await store.mongo.dataset_versions.get(small.version.id)
    assert version.status is VersionStatus.READY

    filler.unlink()
    again = await asked(store, "large", 1_000)
    assert (await run(store, worker, again)).status is JobStatus.SUCCEEDED


async def test_a_full_disk_refuses_an_upload_with_its_reason(
    store: Store, worker: PipelineWorker, disk: Path
) -> None:
    fill(disk, but=0)
    with pytest.raises(DiskFull, match="SHOAL_DATA"):
        await asked(store, "large", 1_000)
    assert await store.mongo.jobs.count({}) == 0


@pytest.mark.skipif(not IS_FULL, reason="takes minutes: a part of `make faults`")
@pytest.mark.timeout(600)
async def test_a_platform_outlives_its_full_disk(tmp_path: Path) -> None:
    """With SecantusDB, Valkey and all logs on the disk that an ingest fills up."""
    with small_disk(tmp_path / "disk", 700 * MB) as disk:
        async with lane(disk / "lane", 300) as running:
            upload_id = await _sent(running, write_noise(tmp_path / "large.csv", 60_000))
            fill(disk, but=70 * MB)
            made = await surely_do(
                running.api, documents.CREATE_DATASET, name="large", uploadId=upload_id
            )
            ending = asyncio.create_task(running.ended(made["version"]["job"]["id"], 300))
            while not ending.done():
                text = f"how late is it? {time.time()}"
                await running.api.do(PREDICT, model=SERVED, texts=[text])
                await asyncio.sleep(0.5)
            failed = ending.result()
            assert (failed["status"], failed["failure"]["code"]) == ("FAILED", "DISK_FULL")
            small = await running.create("small", 50)
            assert (await running.ended(small["job"]["id"], 60))["status"] == "SUCCEEDED"
            assert "died" not in running.platform.log.read_text()


def write_noise(path: Path, rows: int) -> Path:
    """A kilobyte a row that no compression makes small."""
    chance = random.Random(0)
    with path.open("w") as file:
        file.write("text,label\n")
        for number in range(rows):
            file.write(f"{''.join(chance.choices(string.ascii_letters, k=1_000))},{number % 2}\n")
    return path


async def _sent(running: Lane, path: Path) -> str:
    size = own_file(path).size
    made = await running.api.do(documents.CREATE_UPLOAD, filename=path.name, size=size)
    for part in made["ticket"]["parts"]:
        await running.api.put(part, path, {})
    upload_id: str = made["upload"]["id"]
    return upload_id
