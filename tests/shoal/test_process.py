from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from shoal.ports import free_port, is_open, port_near
from shoal.process import Process, StartFailed, start, uninterrupted

STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("up", flush=True)
time.sleep(60)
"""


def python(code: str, log: Path) -> Process:
    return start("child", [sys.executable, "-c", code], log)


def says(process: Process, word: str) -> bool:
    return word in process.tail()


def test_a_child_that_is_ready_is_waited_for_and_stopped(tmp_path: Path) -> None:
    port = free_port()
    process = start("web", [sys.executable, "-m", "http.server", str(port)], tmp_path / "log")
    process.wait_until(lambda: is_open(port))
    assert process.is_alive
    process.stop()
    assert process.popen.returncode == -signal.SIGTERM
    assert not is_open(port)


def test_a_child_that_ends_early_is_told_with_its_last_words(tmp_path: Path) -> None:
    process = python("print('no such disk')", tmp_path / "log")
    with pytest.raises(StartFailed, match=r"child ended(?s:.*)no such disk"):
        process.wait_until(lambda: False)


def test_a_child_that_is_never_ready_does_not_stay(tmp_path: Path) -> None:
    process = python("import time; time.sleep(60)", tmp_path / "log")
    with pytest.raises(StartFailed, match="was not ready in time"):
        process.wait_until(lambda: False, timeout_s=0.1)
    assert not process.is_alive


def test_a_child_that_ignores_the_request_is_killed(tmp_path: Path) -> None:
    process = python(STUBBORN, tmp_path / "log")
    process.wait_until(lambda: says(process, "up"))
    process.stop(grace_s=0.2)
    assert process.popen.returncode == -signal.SIGKILL


def test_no_signal_breaks_into_what_is_uninterrupted() -> None:
    before = signal.getsignal(signal.SIGINT)
    with uninterrupted():
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.01)
    assert signal.getsignal(signal.SIGINT) is before


def test_the_preferred_port_is_given_unless_it_is_taken() -> None:
    port = free_port()
    assert port_near(port) == port


def test_a_taken_port_gives_another(tmp_path: Path) -> None:
    port = free_port()
    process = start("web", [sys.executable, "-m", "http.server", str(port)], tmp_path / "log")
    process.wait_until(lambda: is_open(port))
    other = port_near(port)
    process.stop()
    assert other != port
