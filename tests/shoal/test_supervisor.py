from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from shoal import supervisor as module
from shoal.process import Process, start
from shoal.supervisor import Supervisor


def sleeper(log: Path, name: str = "sleeper") -> Process:
    return start(name, [sys.executable, "-c", "import time; time.sleep(60)"], log)


def dying(log: Path) -> Process:
    return start("dying", [sys.executable, "-c", "print('out of luck')"], log)


class Changes:
    """Remembers who ran after each change, and lets a test wait for the next one."""

    def __init__(self) -> None:
        self.processes: list[Process] = []
        self.happened = threading.Event()

    def __call__(self, processes: list[Process]) -> None:
        self.processes = processes
        self.happened.set()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIRST_DELAY_S", 0.01)
    monkeypatch.setattr(module, "WATCH_INTERVAL_S", 0.01)


def test_what_dies_is_started_again_and_told(tmp_path: Path) -> None:
    said: list[str] = []
    changes = Changes()
    supervisor = Supervisor(said.append, changes)
    first = supervisor.start(partial(sleeper, tmp_path / "log"))
    supervisor.watch()
    changes.happened.clear()
    first.kill()
    assert changes.happened.wait(10)
    (second,) = changes.processes
    assert second.pid != first.pid
    assert second.is_alive
    assert said == [f"sleeper died; it starts again in 0.01 s (see {tmp_path / 'log'})"]
    supervisor.stop()
    assert not second.is_alive
    assert not supervisor.gave_up


def test_what_keeps_dying_ends_the_watch_with_its_last_words(tmp_path: Path) -> None:
    said: list[str] = []
    supervisor = Supervisor(said.append, Changes())
    healthy = supervisor.start(partial(sleeper, tmp_path / "healthy"))
    supervisor.start(partial(dying, tmp_path / "log"))
    supervisor.watch()
    supervisor.wait()
    assert supervisor.gave_up
    assert said[-1].startswith(f"dying died {module.MAX_DEATHS + 1} times in a row:")
    assert "out of luck" in said[-1]
    assert healthy.is_alive
    supervisor.stop()


def test_children_stop_in_the_opposite_order_of_their_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped: list[str] = []
    stop: Callable[..., None] = Process.stop

    def remember(self: Process, grace_s: float = 10) -> None:
        stopped.append(self.name)
        stop(self, grace_s)

    monkeypatch.setattr(Process, "stop", remember)
    supervisor = Supervisor(print, Changes())
    for name in ("mongo", "worker", "server"):
        supervisor.start(partial(sleeper, tmp_path / name, name))
    supervisor.stop()
    assert stopped == ["server", "worker", "mongo"]
