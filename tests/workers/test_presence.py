"""Workers as others see them, with real processes: they appear, they work, they go."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from shoal.ports import free_port
from shoal.process import Process, start
from shoal.services import start_valkey
from store.datasets.datasets import Row
from store.errors import Unavailable
from store.events import Feed
from store.records.dataset import DatasetVersion, VersionStatus
from store.records.event import EventKind
from store.records.job import STAGES, JobKind
from store.records.worker import WorkAtHand, WorkerKind, WorkerPresence
from store.settings import Settings
from store.store import Store, open_store
from store.version import VERSION
from tests.conftest import make_settings
from tests.workers.conftest import FAST, OWNER, small_rows
from workers import host
from workers.pipeline_worker import MAX_JOBS
from workers.presence import present
from workers.process import worker_name

HEARTBEAT_S = 0.25
Check = Callable[[tuple[WorkerPresence, ...]], bool]


@pytest.fixture
def settings(mongo_uri: str, redis_url: str, tmp_path: Path) -> Settings:
    return make_settings(mongo_uri, redis_url, tmp_path, heartbeat_s=HEARTBEAT_S)


@pytest.fixture
def environment(settings: Settings) -> dict[str, str]:
    return os.environ | {
        "SECRET_KEY": settings.secret_key.get_secret_value(),
        "MONGO_DB_URI": settings.mongo_db_uri,
        "REDIS_URL": settings.redis_url,
        "SHOAL_DATABASE": settings.database,
        "SHOAL_REDIS_PREFIX": settings.redis_prefix,
        "SHOAL_DATA": str(settings.data),
        "SHOAL_HEARTBEAT_S": str(HEARTBEAT_S),
    }


@pytest.fixture
def launch(environment: dict[str, str], tmp_path: Path) -> Iterator[Callable[[str], Process]]:
    started: list[Process] = []

    def launch_one(kind: str) -> Process:
        command = [sys.executable, "-m", f"workers.{kind}_worker"]
        log = tmp_path / f"{kind}{len(started)}.log"
        started.append(start(kind, command, log, environment))
        return started[-1]

    yield launch_one
    for each in started:
        each.kill()


async def until(store: Store, check: Check) -> tuple[WorkerPresence, ...]:
    """The living workers, once they are as awaited."""
    async with asyncio.timeout(60):
        while not check(found := await store.presence.workers()):
            await asyncio.sleep(0.05)
    return found


async def told(store: Store, kind: EventKind) -> list[tuple[str, str]]:
    page = await store.events.page(Feed.everything(), None, 100)
    return [(event.subject_id, event.message) for event in page.events if event.kind is kind]


async def test_processes_come_and_go_and_each_is_told_once(
    store: Store, launch: Callable[[str], Process]
) -> None:
    killed, stopped = launch("inference"), launch("inference")
    ids = [f"{socket.gethostname()}:{each.pid}" for each in (killed, stopped)]
    found = await until(store, lambda workers: len(workers) == 2)
    assert sorted(each.id for each in found) == sorted(ids)
    for each in found:
        assert (each.kind, each.version) == (WorkerKind.INFERENCE, VERSION)
        assert each.slots == each.cores == host.cores()
        assert 10_000_000 < each.memory_bytes < each.memory_total_bytes
    killed.kill()
    await until(store, lambda workers: [each.id for each in workers] == ids[1:])
    stopped.stop()
    assert await store.presence.workers() == ()
    assert (ids[1], "inference worker stopped") in await told(store, EventKind.WORKER_STOPPED)
    async with asyncio.timeout(60):
        while len(await told(store, EventKind.WORKER_STOPPED)) < 2:
            await asyncio.gather(*(store.presence.tidy() for _ in range(3)))
            await asyncio.sleep(0.1)
    gone = (ids[0], "inference worker was not heard of")
    assert gone in await told(store, EventKind.WORKER_STOPPED)
    started = {(each, "inference worker started") for each in ids}
    assert set(await told(store, EventKind.WORKER_STARTED)) == started
    assert len(await told(store, EventKind.WORKER_STARTED)) == 2
    assert stopped.popen.returncode == 0


async def test_a_frozen_worker_is_given_up_and_comes_back(
    store: Store, launch: Callable[[str], Process]
) -> None:
    frozen = launch("inference")
    await until(store, lambda workers: len(workers) == 1)
    os.kill(frozen.pid, signal.SIGSTOP)
    async with asyncio.timeout(60):
        while not await store.presence.tidy():
            await asyncio.sleep(0.1)
    assert await store.presence.workers() == ()
    os.kill(frozen.pid, signal.SIGCONT)
    await until(store, lambda workers: len(workers) == 1)
    async with asyncio.timeout(60):
        while len(await told(store, EventKind.WORKER_STARTED)) < 2:
            await asyncio.sleep(0.05)
    messages = [what for _, what in await told(store, EventKind.WORKER_STARTED)]
    assert messages == ["inference worker started", "inference worker was heard of again"]


async def test_a_pipeline_worker_shows_what_it_is_at(
    store: Store, launch: Callable[[str], Process]
) -> None:
    process = launch("pipeline")
    rows = [Row(text=text, label=label) for text, label in small_rows()]
    made = await store.datasets.create_from_rows(OWNER, "seen", rows=rows)
    async with asyncio.timeout(60):
        while (await version_of(store, made.version.id)).status is not VersionStatus.READY:
            await asyncio.sleep(0.05)
    job = await store.models.start_training(OWNER, made.version.id, FAST, "seen")
    (busy,) = await until(store, lambda workers: is_at(workers, job.id))
    assert busy.id == f"{socket.gethostname()}:{process.pid}"
    assert (busy.kind, busy.slots) == (WorkerKind.PIPELINE, MAX_JOBS)
    (work,) = (work for work in busy.jobs if work.job_id == job.id)
    assert work.attempt == 1
    assert work.stage in STAGES[JobKind.TRAIN]
    await until(store, lambda workers: not workers[0].jobs)
    storage = await store.storage.measured()
    assert storage is not None
    assert storage.objects == sum(usage.objects for usage in storage.kinds.values())


def is_at(workers: tuple[WorkerPresence, ...], job_id: str) -> bool:
    """Whether one of them is at a stage of the job."""
    return any(w.job_id == job_id and w.stage for each in workers for w in each.jobs)


async def version_of(store: Store, version_id: str) -> DatasetVersion:
    return await store.mongo.dataset_versions.get(version_id)


async def test_a_worker_outlives_redis_and_is_heard_again(mongo_uri: str, tmp_path: Path) -> None:
    port, folder = free_port(), tmp_path / "valkey"
    url = f"redis://127.0.0.1:{port}/0"
    settings = make_settings(mongo_uri, url, tmp_path, heartbeat_s=HEARTBEAT_S)
    valkey = start_valkey(folder, port)
    async with open_store(settings) as store:
        async with present(store, WorkerKind.INFERENCE, slots=1):
            await until(store, lambda workers: len(workers) == 1)
            valkey.kill()
            await asyncio.sleep(3 * HEARTBEAT_S)
            valkey = start_valkey(folder, port)
            (back,) = await until_up(store)
            assert back.id == worker_name()
        assert await store.presence.workers() == ()
        assert len(await told(store, EventKind.WORKER_STOPPED)) == 1
    valkey.stop()


async def until_up(store: Store) -> tuple[WorkerPresence, ...]:
    while True:
        with suppress(Unavailable):
            return await until(store, lambda workers: len(workers) == 1)
        await asyncio.sleep(0.1)


async def test_what_changes_is_said_before_the_next_heartbeat(
    mongo_uri: str, redis_url: str, tmp_path: Path
) -> None:
    jobs: tuple[WorkAtHand, ...] = ()
    settings = make_settings(mongo_uri, redis_url, tmp_path, heartbeat_s=300)
    async with (
        open_store(settings) as store,
        present(store, WorkerKind.PIPELINE, slots=1, jobs=lambda: jobs),
    ):
        await until(store, lambda workers: len(workers) == 1)
        jobs = (WorkAtHand("job_a", 1, "embed"),)
        (busy,) = await until(store, lambda workers: bool(workers[0].jobs))
        assert busy.jobs == jobs


def test_memory_is_that_of_all_below() -> None:
    before = host.memory_bytes()
    script = "import time; held = b'x' * 50_000_000; print('held', flush=True); time.sleep(60)"
    child = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
    assert child.stdout is not None
    child.stdout.readline()
    assert 50_000_000 < host.memory_bytes() - before < 150_000_000
    child.kill()
    child.communicate()


def test_a_containers_limit_is_its_memory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    whole = host.memory_total_bytes()
    assert whole > 2**28
    limit, endless = tmp_path / "limit", tmp_path / "endless"
    limit.write_text("123456789\n")
    endless.write_text("max\n")
    monkeypatch.setattr(host, "LIMITS", (endless, limit, tmp_path / "missing"))
    assert host.memory_total_bytes() == 123456789


@pytest.mark.parametrize("kind", ["pipeline", "inference"])
def test_without_settings_a_worker_says_which_ones(kind: str, tmp_path: Path) -> None:
    bare = {name: value for name, value in os.environ.items() if not name.startswith("SHOAL_")}
    ended = subprocess.run(
        [sys.executable, "-m", f"workers.{kind}_worker"], env=bare, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert ended.returncode == 1
    for name in ("SECRET_KEY", "MONGO_DB_URI", "REDIS_URL"):
        assert f"{name} is not set" in ended.stderr
    assert "Traceback" not in ended.stderr
