"""The platform on one machine: the services that are not given, and the application's processes."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import httpx
import psutil

from shoal.folder import ChildRecord, Folder, Running
from shoal.ports import free_port, port_near
from shoal.process import Process, StartFailed, start, uninterrupted
from shoal.services import start_mongo, start_valkey
from shoal.supervisor import Say, Supervisor

CLIENT_DIST = Path(__file__).resolve().parent.parent / "client" / "dist"
DEFAULT_PORT = 8000
JOINABLE = (
    "MONGO_DB_URI", "REDIS_URL", "SHOAL_DATABASE", "SHOAL_REDIS_PREFIX", "SHOAL_DATA",
    "MINIO_ENDPOINT", "MINIO_ACCESS_KEY", "MINIO_SECRET_KEY", "MINIO_SECURE", "SHOAL_BUCKET",
)  # fmt: skip


class Stack:
    """Everything that `shoal up` starts, on one data folder that it holds alone.

    Services first, then workers, the server last; they stop in the opposite order, so that
    whoever is still working can still write down how far it came.
    """

    def __init__(self, folder: Folder, say: Say) -> None:
        self._folder = folder
        self._say = say
        self._supervisor = Supervisor(say, self._record)
        self._lock = folder.lock()
        self.environ = dict(os.environ) | {"SHOAL_DATA": str(folder.root)}
        self.url = ""

    def __enter__(self) -> Stack:
        self._lock.__enter__()
        for name in self._folder.stop_orphans():
            self._say(f"stopped {name}, left behind by a start that was killed")
        self.environ.setdefault("SECRET_KEY", self._folder.secret_key())
        return self

    def __exit__(self, *_: object) -> None:
        with uninterrupted():
            if self.url:
                self._say("stopping; what is unfinished goes on at the next start")
            self._supervisor.stop()
            self._folder.forget_running()
        self._lock.__exit__(None, None, None)

    @property
    def gave_up(self) -> bool:
        """Whether a child could not be kept alive."""
        return self._supervisor.gave_up

    def start_services(self) -> None:
        """MongoDB and Valkey, except those that the environment already names."""
        if "MONGO_DB_URI" not in self.environ:
            port = free_port()
            self.environ["MONGO_DB_URI"] = f"mongodb://127.0.0.1:{port}"
            self._supervisor.start(partial(start_mongo, self._folder.root / "mongo", port))
        if "REDIS_URL" not in self.environ:
            port = free_port()
            self.environ["REDIS_URL"] = f"redis://127.0.0.1:{port}/0"
            self._supervisor.start(partial(start_valkey, self._folder.root / "valkey", port))

    def start_application(self) -> None:
        """Workers and the server; returns once the platform says that it is ready."""
        self._choose_port()
        for module in ("workers.pipeline_worker", "workers.inference_worker", "server.webhooks"):
            self._supervisor.start(partial(self._launch, module))
        server = self._supervisor.start(partial(self._launch, "server"))
        server.wait_until(partial(is_ready, self.url), timeout_s=60)
        self._supervisor.watch()

    def wait(self) -> None:
        """Return once a child could not be kept alive; interrupts pass through."""
        self._supervisor.wait()

    def _choose_port(self) -> None:
        host = self.environ.setdefault("SHOAL_HOST", "127.0.0.1")
        wanted = int(self.environ.get("SHOAL_PORT", DEFAULT_PORT))
        port = port_near(wanted, host)
        if port != wanted and "SHOAL_PORT" in self.environ:
            raise StartFailed(f"port {wanted}, which SHOAL_PORT asks for, is taken")
        if port != wanted:
            self._say(f"port {wanted} is taken, so the server listens on {port}")
        self.environ["SHOAL_PORT"] = str(port)
        self.url = f"http://127.0.0.1:{port}"
        self.environ.setdefault("SHOAL_PUBLIC_URL", self.url)
        if CLIENT_DIST.is_dir():
            self.environ.setdefault("SHOAL_CLIENT_DIST", str(CLIENT_DIST))

    def _launch(self, module: str) -> Process:
        name = module.rpartition(".")[2]
        log = self._folder.logs / f"{name}.log"
        return start(name, [sys.executable, "-m", module], log, self.environ)

    def _record(self, processes: list[Process]) -> None:
        joinable = {name: self.environ[name] for name in JOINABLE if name in self.environ}
        children = tuple(record for process in processes for record in _recorded(process))
        self._folder.write_running(Running(self.url, joinable, children))


def _recorded(process: Process) -> Iterator[ChildRecord]:
    with suppress(psutil.NoSuchProcess):
        yield ChildRecord(process.name, process.pid, psutil.Process(process.pid).create_time())


def is_ready(url: str) -> bool:
    """Whether the server answers and every service behind it does."""
    try:
        return httpx.get(f"{url}/readyz", timeout=2).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


@contextmanager
def services(folder: Folder, say: Say) -> Iterator[Mapping[str, str]]:
    """The environment of a store: of the platform that runs on the folder, or services of our own.

    For commands that need the records for a moment, whether or not the platform is up.
    """
    if running := folder.running_now():
        yield {"SECRET_KEY": folder.secret_key()} | os.environ | running.environ
        return
    with Stack(folder, say) as stack:
        stack.start_services()
        yield stack.environ
