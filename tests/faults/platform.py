"""One whole platform in a folder of its own: `shoal up`, and a second pipeline worker."""

from __future__ import annotations

import os
import re
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from shoal.folder import Folder, Running
from shoal.ports import free_port
from shoal.process import Process, start
from shoal.supervisor import Supervisor
from store.settings import Settings

READY = "Ctrl-C stops everything"
START_S = 120
SECOND = "pipeline_worker_2"


@dataclass(frozen=True)
class Living:
    """A process of the platform, by the name that its log file has."""

    name: str
    pid: int


class Platform:
    """Every process is real and restarted by a supervisor when it dies. All methods block."""

    def __init__(self, root: Path, **environ: str) -> None:
        self.folder = Folder(root / "data")
        self.log = root / "up.log"
        self.password = ""
        self._port = free_port()
        self._environ = dict(os.environ) | {
            "SHOAL_DATA": str(self.folder.root), "SHOAL_PORT": str(self._port), "COLUMNS": "160",
        } | environ  # fmt: skip
        self._up: Process | None = None
        self._second = Supervisor(self._say, lambda _: None)
        self._second_worker: Process | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Return once everything is up. Raises StartFailed."""
        command = [sys.executable, "-m", "shoal.cli", "up"]
        self._up = start("shoal", command, self.log, self._environ)
        self._up.wait_until(lambda: READY in self.log.read_text(), timeout_s=START_S)
        told = re.search(r"with the password (\S+) \(shown only now\)", self.log.read_text())
        self.password = told[1] if told else ""
        self._second.start(self._launch_second)
        self._second.watch()

    def stop(self) -> None:
        """End every process, stopped ones too."""
        for process in self.processes():
            with suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGCONT)
        self._second.stop()
        if self._up is not None and self._up.is_alive:
            self._up.popen.send_signal(signal.SIGINT)
            self._up.stop(grace_s=60)

    @property
    def is_up(self) -> bool:
        """Whether both supervisors still keep their children alive."""
        return self._up is not None and self._up.is_alive and not self._second.gave_up

    def living(self) -> list[Living]:
        """The processes that run now, without children of theirs and without `shoal up`."""
        running = self.folder.read_running()
        children = running.children if running else ()
        found = [Living(child.name, child.pid) for child in children if child.is_alive]
        pid = self._second_pid()
        return [*found, *([Living(SECOND, pid)] if pid else [])]

    def processes(self) -> list[psutil.Process]:
        """Every process of this platform, `shoal up` and orphans included, by its data folder."""
        return [process for process in psutil.process_iter() if self._is_ours(process)]

    def settings(self) -> Settings:
        """What a worker on this host has, for looking at the records and the files."""
        values: dict[str, object] = {"SECRET_KEY": self.folder.secret_key()}
        for name, value in (self._environ | self.running().environ).items():
            values[name.removeprefix("SHOAL_").lower() if "SHOAL_" in name else name] = value
        return Settings.model_validate(values)

    def running(self) -> Running:
        running = self.folder.read_running()
        assert running is not None, "the platform has not been started"
        return running

    def _launch_second(self) -> Process:
        command = [sys.executable, "-m", "shoal.cli", "worker", "pipeline"]
        log = self.folder.logs / f"{SECOND}.log"
        self._second_worker = start(SECOND, command, log, self._environ)
        return self._second_worker

    def _second_pid(self) -> int | None:
        worker = self._second_worker
        return worker.pid if worker is not None and worker.is_alive else None

    def _is_ours(self, process: psutil.Process) -> bool:
        with suppress(psutil.Error):
            return process.environ().get("SHOAL_DATA") == str(self.folder.root)
        return False

    def _say(self, line: str) -> None:
        with self.log.open("a") as log:
            log.write(f"{line}\n")
