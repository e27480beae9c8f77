"""`shoal worker`: from any directory, on any host that reaches the services."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from shoal.folder import Folder, Running
from shoal.ports import free_port
from shoal.process import Process, start
from shoal.services import script
from store.settings import Settings
from store.store import Store

Environment = dict[str, str]
GIVEN = ("SECRET_KEY", "MONGO_DB_URI", "REDIS_URL", "SHOAL_", "MINIO_")


@pytest.fixture
def bare() -> Environment:
    """An environment with none of our settings."""
    return {name: value for name, value in os.environ.items() if not name.startswith(GIVEN)}


@pytest.fixture
def joining(bare: Environment, settings: Settings) -> Environment:
    return bare | {
        "SECRET_KEY": settings.secret_key.get_secret_value(),
        "MONGO_DB_URI": settings.mongo_db_uri,
        "REDIS_URL": settings.redis_url,
        "SHOAL_DATABASE": settings.database,
        "SHOAL_REDIS_PREFIX": settings.redis_prefix,
        "SHOAL_DATA": str(settings.data),
    }


@pytest.fixture
def directory(tmp_path: Path) -> Iterator[Path]:
    """A working directory whose folders are called as ours are."""
    for name in ("store", "workers", "shoal"):
        (tmp_path / "here" / name).mkdir(parents=True)
        (tmp_path / "here" / name / "__init__.py").write_text("raise SystemExit('the wrong one')")
    before = Path.cwd()
    os.chdir(tmp_path / "here")
    yield tmp_path / "here"
    os.chdir(before)


def refusal(kind: str, environment: Environment) -> str:
    """What is printed by a command that must fail."""
    ended = subprocess.run(
        [script("shoal"), "worker", kind], env=environment, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert ended.returncode == 1
    assert "Traceback" not in ended.stdout + ended.stderr
    return ended.stdout


async def joined(store: Store, process: Process) -> None:
    """Wait until the process is among the workers, then stop it."""
    async with asyncio.timeout(60):
        while not (found := await store.presence.workers()):
            assert process.is_alive, process.tail()
            await asyncio.sleep(0.1)
    assert [each.id for each in found] == [f"{socket.gethostname()}:{process.pid}"]
    process.stop()
    assert process.popen.returncode == 0
    assert await store.presence.workers() == ()


@pytest.mark.parametrize("kind", ["pipeline", "inference"])
async def test_it_joins_from_any_directory(
    store: Store, joining: Environment, directory: Path, tmp_path: Path, kind: str
) -> None:
    command = [script("shoal"), "worker", kind]
    await joined(store, start(kind, command, tmp_path / "worker.log", joining))


async def test_it_joins_the_platform_that_runs_on_its_folder(
    store: Store, joining: Environment, bare: Environment, tmp_path: Path
) -> None:
    folder = Folder(store.settings.data)
    with folder.lock():
        known = {name: value for name, value in joining.items() if name not in bare}
        folder.write_running(Running("http://127.0.0.1:1", known, ()))
        environment = bare | {"SHOAL_DATA": str(folder.root)}
        command = [script("shoal"), "worker", "inference"]
        await joined(store, start("inference", command, tmp_path / "worker.log", environment))


def test_each_setting_that_is_missing_is_named(bare: Environment, directory: Path) -> None:
    said = refusal("pipeline", bare | {"MONGO_DB_URI": "mongodb://127.0.0.1:1"})
    assert "SECRET_KEY is not set" in said
    assert "REDIS_URL is not set" in said
    assert "MONGO_DB_URI" not in said
    assert str(directory / ".shoal") in said
    assert not (directory / ".shoal").exists()


def test_each_service_that_does_not_answer_is_named_without_its_password(
    bare: Environment, tmp_path: Path
) -> None:
    ports = [free_port() for _ in range(3)]
    said = refusal("inference", bare | {
        "SECRET_KEY": "s" * 40,
        "MONGO_DB_URI": f"mongodb://me:hidden@127.0.0.1:{ports[0]}/",
        "REDIS_URL": f"redis://:hidden@127.0.0.1:{ports[1]}/0",
        "MINIO_ENDPOINT": f"127.0.0.1:{ports[2]}",
        "MINIO_SECRET_KEY": "hidden",
        "SHOAL_DATA": str(tmp_path),
        "SHOAL_SERVICE_TIMEOUT_S": "1",
    })  # fmt: skip
    names = ("MONGO_DB_URI", "REDIS_URL", "MINIO_ENDPOINT")
    for name, port in zip(names, ports, strict=True):
        assert f"{name} is 127.0.0.1:{port}" in said
    assert "hidden" not in said


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("MONGO_DB_URI", "http://db.example", "Invalid URI scheme"),
        ("REDIS_URL", "cache.example:6379", "Redis URL must specify"),
        ("SHOAL_MAX_WAITING_CALLS", "many", "valid integer"),
        ("SECRET_KEY", "short", "at least 32"),
    ],
)
def test_a_setting_that_cannot_be_is_named(
    joining: Environment, name: str, value: str, why: str
) -> None:
    said = refusal("pipeline", joining | {name: value})
    assert f"{name}: " in said
    assert why in said


async def test_a_folder_that_is_not_the_platforms_is_refused(
    store: Store, joining: Environment, tmp_path: Path
) -> None:
    said = await asyncio.to_thread(
        refusal, "pipeline", joining | {"SHOAL_DATA": str(tmp_path / "another")}
    )
    assert "MINIO_ENDPOINT" in said
    assert await store.presence.workers() == ()
