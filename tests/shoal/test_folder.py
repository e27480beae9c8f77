from __future__ import annotations

import signal
import stat
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from shoal.folder import AlreadyRunning, ChildRecord, Folder, Running
from shoal.process import Process, start

HOLD = """
import sys
from pathlib import Path
from shoal.folder import Folder
with Folder(Path(sys.argv[1])).lock():
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def sleeper(folder: Folder, first: str = "") -> tuple[Process, ChildRecord]:
    code = f"{first} import time; print('up', flush=True); time.sleep(60)"
    command = [sys.executable, "-c", code.strip()]
    process = start("sleeper", command, folder.logs / "sleeper.log")
    born = psutil.Process(process.pid).create_time()
    return process, ChildRecord("sleeper", process.pid, born)


def test_the_secret_is_made_once_and_private(folder: Folder) -> None:
    secret = folder.secret_key()
    assert len(secret) == 64
    assert folder.secret_key() == secret
    assert stat.S_IMODE((folder.root / "secret_key").stat().st_mode) == 0o600


def test_a_held_folder_is_refused_until_its_holder_dies(folder: Folder) -> None:
    command = [sys.executable, "-c", HOLD, str(folder.root)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(AlreadyRunning, match="running already"), folder.lock():
            pass
        holder.kill()
        holder.wait()
    with folder.lock():
        pass


def test_what_runs_is_recorded_privately_and_read_back(folder: Folder) -> None:
    running = Running("http://127.0.0.1:1", {"REDIS_URL": "redis://x"}, (ChildRecord("a", 1, 2.5),))
    assert folder.read_running() is None
    folder.write_running(running)
    assert folder.read_running() == running
    assert folder.running_now() is None, "nobody holds the folder"
    with folder.lock():
        assert folder.running_now() == running
    assert stat.S_IMODE((folder.root / "running.json").stat().st_mode) == 0o600


def test_orphans_are_stopped_and_forgotten(folder: Folder) -> None:
    process, record = sleeper(folder)
    folder.write_running(Running("", {}, (record,)))
    assert folder.stop_orphans() == ["sleeper"]
    assert process.popen.wait(10) != 0
    assert folder.read_running() is None
    assert folder.stop_orphans() == []


def test_an_orphan_that_ignores_the_request_is_killed(folder: Folder) -> None:
    process, record = sleeper(folder, "import signal; signal.signal(15, signal.SIG_IGN);")
    process.wait_until(lambda: "up" in process.tail())
    record.stop(grace_s=0.2)
    assert process.popen.wait(10) == -signal.SIGKILL


def test_a_stranger_with_an_orphans_pid_is_left_alone(folder: Folder) -> None:
    process, record = sleeper(folder)
    folder.write_running(Running("", {}, (ChildRecord("mongo", record.pid, record.born - 60),)))
    assert folder.stop_orphans() == []
    assert process.is_alive
    process.stop()
