"""The data folder: its layout, its secret, its lock, and the record of what runs in it."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil


class AlreadyRunning(Exception):
    """Another `shoal up` holds the folder."""


@dataclass(frozen=True)
class ChildRecord:
    """A child as the next start must recognise it: a pid alone may have a new owner by then."""

    name: str
    pid: int
    born: float

    @property
    def is_alive(self) -> bool:
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(self.pid)
            is_it = abs(process.create_time() - self.born) < 1
            return is_it and process.status() != psutil.STATUS_ZOMBIE
        return False

    def stop(self, grace_s: float = 10) -> None:
        """SIGTERM, then SIGKILL to its whole group, as `Process.stop` would."""
        deadline = time.monotonic() + grace_s
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGTERM)
            while self.is_alive and time.monotonic() < deadline:
                time.sleep(0.05)
            os.killpg(self.pid, signal.SIGKILL)


@dataclass(frozen=True)
class Running:
    """What a running platform left in the folder for other commands to find."""

    url: str
    environ: dict[str, str]
    """Where the embedded services are: what another process needs to join them."""
    children: tuple[ChildRecord, ...]


@dataclass(frozen=True)
class Folder:
    """Everything that one installation keeps lies under `root`."""

    root: Path

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    def secret_key(self) -> str:
        """The installation's secret, made at the first start and readable by its owner alone."""
        path = self.root / "secret_key"
        with suppress(FileExistsError):
            write_private(path, secrets.token_urlsafe(48), exclusive=True)
        return path.read_text().strip()

    def adopt_secret_key(self, secret: str) -> None:
        """Let that be the installation's secret, unless it has one."""
        self.root.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            write_private(self.root / "secret_key", secret, exclusive=True)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the folder alone. The kernel lets go of it when we die, however we die."""
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / "lock").open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise AlreadyRunning(f"Shoal is running already on {self.root}") from None
            yield

    def running_now(self) -> Running | None:
        """The platform that holds the folder right now."""
        if not self.root.is_dir():
            return None
        try:
            with self.lock():
                return None
        except AlreadyRunning:
            return self.read_running()

    def write_running(self, running: Running) -> None:
        temporary = self._running.with_suffix(".new")
        write_private(temporary, json.dumps(asdict(running), indent=1))
        temporary.replace(self._running)

    def read_running(self) -> Running | None:
        """The record of the last start, whether or not it still runs."""
        if not self._running.exists():
            return None
        plain = json.loads(self._running.read_text())
        children = tuple(ChildRecord(**child) for child in plain["children"])
        return Running(plain["url"], plain["environ"], children)

    def forget_running(self) -> None:
        self._running.unlink(missing_ok=True)

    def stop_orphans(self) -> list[str]:
        """Stop what a killed `shoal up` left behind, last started first; the names of those."""
        record = self.read_running()
        orphans = [child for child in record.children if child.is_alive] if record else []
        for child in reversed(orphans):
            child.stop()
        self.forget_running()
        return [child.name for child in orphans]

    @property
    def _running(self) -> Path:
        return self.root / "running.json"


def write_private(path: Path, text: str, *, exclusive: bool = False) -> None:
    """Write a file that only its owner may read."""
    flags = os.O_WRONLY | os.O_CREAT | (os.O_EXCL if exclusive else os.O_TRUNC)
    with os.fdopen(os.open(path, flags, 0o600), "w") as file:
        file.write(text + "\n")
