"""One child process: started, waited for, stopped for sure."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


class StartFailed(Exception):
    """A child ended or stayed silent before it was ready; the message ends with its last lines."""


@dataclass
class Process:
    """A running child with its log file."""

    name: str
    popen: subprocess.Popen[bytes]
    log: Path

    @property
    def pid(self) -> int:
        return self.popen.pid

    @property
    def is_alive(self) -> bool:
        return self.popen.poll() is None

    def wait_until(self, ready: Callable[[], bool], timeout_s: float = 30) -> None:
        """Return once `ready()` holds; raise StartFailed when the child dies or time runs out."""
        deadline = time.monotonic() + timeout_s
        while not ready():
            if not self.is_alive or time.monotonic() > deadline:
                why = "ended" if not self.is_alive else f"was not ready in {timeout_s:.0f} s"
                raise StartFailed(f"{self.name} {why}. Its log, {self.log}, ends:\n{self.tail()}")
            time.sleep(0.02)

    def stop(self, grace_s: float = 10) -> None:
        """SIGTERM, and SIGKILL to the whole group when the grace is over."""
        if self.is_alive:
            self.popen.terminate()
        try:
            self.popen.wait(grace_s)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        os.killpg(self.pid, signal.SIGKILL)
        self.popen.wait()

    def tail(self, lines: int = 15) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


def start(
    name: str, command: Sequence[str], log: Path, env: Mapping[str, str] | None = None
) -> Process:
    """Start `command` in a process group of its own, its output appended to `log`.

    A group of its own keeps the terminal's Ctrl-C from reaching it: whoever started it decides
    in which order children stop.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as out:
        popen = subprocess.Popen(
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env=dict(os.environ if env is None else env),
            start_new_session=True,
        )
    return Process(name, popen, log)
