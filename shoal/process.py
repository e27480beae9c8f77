"""One child process: started, waited for, stopped for sure."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
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
        """Return once `ready()` holds; raise StartFailed when the child dies or time runs out.

        Whoever gets an exception instead, an interrupt too, has no child left to care for.
        """
        try:
            self._wait_until(ready, time.monotonic() + timeout_s)
        except BaseException:
            self.kill()
            raise

    def _wait_until(self, ready: Callable[[], bool], deadline: float) -> None:
        while not ready():
            if not self.is_alive or time.monotonic() > deadline:
                why = "was not ready in time" if self.is_alive else "ended"
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
        """SIGKILL to the whole group: children of a child that died are ended as well."""
        with suppress(ProcessLookupError):
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


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Let no signal break into what must come to its end."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, signal.SIG_IGN) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
