"""Real services, started once a session on free ports; each test gets names of its own in them."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from pymongo import MongoClient
from xdist.remote import Producer

from shoal.ports import free_port, is_open
from shoal.process import Process, start
from shoal.services import script, start_mongo, start_valkey
from store.settings import Settings
from store.store import Store, open_store
from tests.databases import Databases, fresh_name
from tests.order import ByPlatform, rank
from workers.children.isolation import Nursery

os.environ["HF_HUB_OFFLINE"] = "1"

SECRET = "a-secret-for-tests-that-is-long-enough"
S3_KEY, S3_SECRET = "shoal-test", "shoal-test-secret"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: rank(item.nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByPlatform:
    return ByPlatform(config, log)


@pytest.fixture(scope="session")
def mongo_uri(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port = free_port()
    process = start_mongo(tmp_path_factory.mktemp("services") / "mongo", port)
    yield f"mongodb://127.0.0.1:{port}"
    process.stop()


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port = free_port()
    process = start_valkey(tmp_path_factory.mktemp("services") / "valkey", port)
    yield f"redis://127.0.0.1:{port}/0"
    process.stop()


@pytest.fixture(scope="session")
def s3_endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`host:port` of SeaweedFS's S3 gateway, with the keys S3_KEY and S3_SECRET."""
    process, port = start_seaweed(tmp_path_factory.mktemp("services") / "seaweed")
    yield f"127.0.0.1:{port}"
    process.kill()  # it takes ten seconds to stop, and its data goes with the session


def start_seaweed(folder: Path) -> tuple[Process, int]:
    folder.mkdir(parents=True, exist_ok=True)
    ports = {name: free_port() for name in ("master", "volume", "filer", "s3")}
    grpc = {name: free_port() for name in ports}
    flags = [f"-{name}.port={port}" for name, port in ports.items()]
    flags += [f"-{name}.port.grpc={port}" for name, port in grpc.items()]
    flags += ["-s3.port.iceberg=0", "-s3.port.lance=0"]  # their fixed ports may be another one's
    env = os.environ | {"AWS_ACCESS_KEY_ID": S3_KEY, "AWS_SECRET_ACCESS_KEY": S3_SECRET}
    process = start(
        "seaweed",
        [script("weed"), "server", f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1",
         "-filer", "-s3", "-volume.max=100", "-master.volumeSizeLimitMB=64", *flags],
        folder / "seaweed.log",
        env,
    )  # fmt: skip
    process.wait_until(lambda: is_open(ports["s3"]) and can_write(ports["master"]), timeout_s=60)
    return process, ports["s3"]


def can_write(master: int) -> bool:
    """Whether a volume takes files: ports are open seconds before."""
    try:
        answer = httpx.get(f"http://127.0.0.1:{master}/dir/assign", timeout=5)
    except httpx.TransportError:
        return False
    return "fid" in answer.json()


@pytest.fixture(scope="session")
def databases(mongo_uri: str) -> Iterator[Databases]:
    client: MongoClient[dict[str, Any]] = MongoClient(mongo_uri)
    yield Databases(client)
    client.close()


@pytest.fixture
def database(databases: Databases) -> Iterator[str]:
    """The name of one without records, for this test alone."""
    with databases.one() as name:
        yield name


@pytest.fixture
def settings(mongo_uri: str, redis_url: str, tmp_path: Path, database: str) -> Settings:
    """Settings on the local volume, with a database and a Redis prefix of their own."""
    return make_settings(mongo_uri, redis_url, tmp_path, database=database)


def make_settings(mongo_uri: str, redis_url: str, folder: Path, **more: object) -> Settings:
    """Unless told otherwise, with a database that is made ready only for these."""
    name = fresh_name()
    values: dict[str, object] = {
        "SECRET_KEY": SECRET,
        "MONGO_DB_URI": mongo_uri,
        "REDIS_URL": redis_url,
        "database": name,
        "redis_prefix": name,
        "data": folder / "data",
        "service_timeout_s": 20,  # a loaded machine is no outage
    }
    return Settings.model_validate(values | more)


@pytest.fixture
async def store(settings: Settings) -> AsyncIterator[Store]:
    async with open_store(settings) as opened:
        yield opened


class LentNursery(Nursery):
    """Has its children still when a worker that it was lent to ends."""

    async def close(self) -> None:
        pass

    async def end(self) -> None:
        await super().close()


@pytest.fixture(scope="session")
async def nursery() -> AsyncIterator[Nursery]:
    """Children that have their imports behind them, for worker after worker."""
    made = LentNursery(slots=2)
    yield made
    await made.end()


def environ_of(settings: Settings, **more: object) -> dict[str, str]:
    """The environment of a process that is to have these settings."""
    own = {
        "SECRET_KEY": settings.secret_key.get_secret_value(),
        "MONGO_DB_URI": settings.mongo_db_uri,
        "REDIS_URL": settings.redis_url,
        "SHOAL_DATABASE": settings.database,
        "SHOAL_REDIS_PREFIX": settings.redis_prefix,
        "SHOAL_DATA": str(settings.data),
    }
    return os.environ | own | {name: str(value) for name, value in more.items()}
