"""The platform of docker-compose.yml as processes here, each in a fresh folder."""

from __future__ import annotations

import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from motor.motor_asyncio import AsyncIOMotorClient
from redis import Redis
from redis.exceptions import RedisError

from shoal.environment import write
from shoal.ports import free_port
from shoal.process import Process, start
from shoal.services import valkey_binary
from tests.conftest import S3_KEY, S3_SECRET
from tests.containers.compose import OURS, Container, Here, as_developed, compose, read_env


@dataclass
class Composed:
    """What `docker compose up --scale pipeline-worker=2` would run."""

    file: dict[str, Any]
    folder: Path
    moved: dict[str, str]
    """Addresses of the file, to where these are here."""
    container: Callable[[Path], Container] = as_developed
    """How the image's processes are begun in a service's folder."""
    processes: ExitStack = field(default_factory=ExitStack)
    started: list[Process] = field(default_factory=list)
    metrics_ports: dict[str, int] = field(default_factory=dict)

    def here(self, name: str) -> Here:
        """A service's own view: each container has the ports 8000 and 9100 to itself."""
        folder = self.folder / name
        (folder / "tmp").mkdir(parents=True, exist_ok=True)
        port = self.metrics_ports.setdefault(name, free_port())
        return Here(folder, self.moved | {"9100": str(port), "0.0.0.0": "127.0.0.1"})

    def command(self, service: str, *instead: str, name: str = "") -> tuple[list[str], Any]:
        """The image's entry point with the service's command, or another; and its environment."""
        container, environ = self.begun(name or service, service)
        words = instead or self.file["services"][service]["command"]
        return [*container.enter, *container.entrypoint, *words], environ

    def begun(self, name: str, service: str) -> tuple[Container, dict[str, str]]:
        here = self.here(name)
        container = self.container(here.folder)
        environ = here.environment(container, self.file["services"][service])
        return container, environ | {"SHOAL_PORT": self.moved["8000"]}

    def client(self) -> tuple[Path, dict[str, str]]:
        """The folder and the environment of the client's container."""
        here = self.here("client")
        given = self.file["services"]["client"]["environment"]
        return here.folder, {name: here.translated(value) for name, value in given.items()}

    def start(self, service: str, name: str = "") -> Process:
        command, environ = self.command(service, name=name)
        name = name or service
        process = start(name, command, self.folder / f"{name}.log", environ)
        self.processes.callback(process.stop)
        self.started.append(process)
        return process

    def run(self, service: str, *instead: str) -> str:
        """As `docker compose run --rm`."""
        command, environ = self.command(service, *instead)
        told = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
        assert told.returncode == 0, told.stdout + told.stderr
        return told.stdout

    def is_healthy(self, service: str, test: list[str], name: str = "") -> bool:
        """The health check itself, in the service's environment."""
        container, environ = self.begun(name or service, service)
        words = [*container.enter, *map(self.here(name or service).translated, test)]
        return subprocess.run(words, env=environ, capture_output=True, check=False).returncode == 0


def start_redis(composed: Composed) -> None:
    """By the file's own command, but for the port, the address and the folder."""
    said, port = composed.file["services"]["redis"], composed.moved["redis:6379"].split(":")[1]
    (folder := composed.folder / "redis").mkdir()
    script = said["command"][2].replace("dir /data", f"dir {folder}\nport {port}\nbind 127.0.0.1")
    environ = {**said["environment"], "PATH": f"{valkey_binary().parent}:/usr/bin:/bin"}
    process = start("redis", [*said["command"][:2], script], composed.folder / "redis.log", environ)
    composed.processes.callback(process.stop)
    with Redis(port=int(port), password=said["environment"]["REDIS_PASSWORD"]) as redis:
        process.wait_until(lambda: _answers(redis))


def _answers(redis: Redis) -> bool:
    try:
        return bool(redis.ping())
    except RedisError:
        return False


@asynccontextmanager
async def composing(
    mongo_uri: str,
    s3_endpoint: str,
    folder: Path,
    container: Callable[[Path], Container] = as_developed,
) -> AsyncIterator[Composed]:
    """Up and healthy, with the secrets of a new installation."""
    write(folder / ".env", force=False)
    # the gateway that stands in for MinIO has these
    given = read_env(folder / ".env") | {"MINIO_ACCESS_KEY": S3_KEY, "MINIO_SECRET_KEY": S3_SECRET}
    moved = {
        "mongo:27017": mongo_uri.removeprefix("mongodb://"),
        "replicaSet=rs0&": "",  # SecantusDB runs alone
        "redis:6379": f"127.0.0.1:{free_port()}",
        "http://localhost:9000": f"http://{s3_endpoint}",
        "minio:9000": s3_endpoint,
        "server:8000": f"127.0.0.1:{(port := free_port())}",
        "8000": str(port),
    }
    # what deploy/mongo/users.js does
    client: AsyncIOMotorClient[Any] = AsyncIOMotorClient(mongo_uri)
    roles = ["readWriteAnyDatabase", "dbAdminAnyDatabase"]
    await client.admin.command("createUser", "shoal", pwd=given["MONGO_PASSWORD"], roles=roles)
    client.close()
    composed = Composed(compose(given), folder, moved, container)
    with composed.processes:
        start_redis(composed)
        composed.run("migrate")
        for name in OURS:
            if name != "migrate":
                composed.start(name)
        last = composed.start("pipeline-worker", "pipeline-worker-2")
        last.wait_until(lambda: _is_ready(f"http://127.0.0.1:{port}"), timeout_s=90)
        yield composed
        for process in composed.started:  # all at once: each takes its time
            process.popen.terminate()


def _is_ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz").is_success
    except httpx.TransportError:
        return False
