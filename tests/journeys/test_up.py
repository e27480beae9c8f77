"""`shoal up`: one at a time on a folder, and nothing lost however it ends."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import psutil

from shoal.demo.api import Api
from shoal.demo.documents import SIGN_IN, WHO_AM_I
from shoal.folder import Folder
from tests.journeys.browser import EMAIL
from tests.journeys.conftest import Platform, start_platform


async def test_a_second_up_on_the_folder_is_refused(platform: Platform) -> None:
    refused = platform.shoal("up")
    assert refused.returncode == 1
    assert "running already" in refused.stdout
    assert platform.process.is_alive


async def test_an_admin_is_made_beside_the_running_platform(platform: Platform) -> None:
    made = platform.shoal("admin", "create", "--email", "Second@example.org")
    assert made.returncode == 0, made.stdout
    password = made.stdout.rstrip().rpartition(" ")[2]
    async with Api(platform.url) as api:
        session = await api.do(SIGN_IN, email="second@example.org", password=password)
        api.token = session["accessToken"]
        viewer = (await api.run(WHO_AM_I))["viewer"]
    assert viewer["user"]["email"] == "second@example.org"
    again = platform.shoal("admin", "create", "--email", "second@example.org")
    assert again.returncode == 1
    assert "has an account already" in again.stdout


async def test_the_running_platform_is_backed_up_and_the_backup_tried(
    platform: Platform, tmp_path: Path
) -> None:
    well = platform.shoal("doctor")
    assert well.returncode == 0, well.stdout
    made = platform.shoal("backup", str(tmp_path / "backup"))
    assert made.returncode == 0, made.stdout
    tried = platform.shoal("restore", "--drill", str(tmp_path / "backup"))
    assert tried.returncode == 0, tried.stdout
    assert "This backup restores" in tried.stdout
    refused = platform.shoal("restore", str(tmp_path / "backup"))
    assert refused.returncode == 1
    assert "running already" in refused.stdout
    assert platform.shoal("migrate").returncode == 0
    assert platform.process.is_alive


async def test_killed_and_started_again_it_finds_its_data(tmp_path: Path) -> None:
    first = start_platform(tmp_path / "data", tmp_path / "first.log")
    running = Folder(first.folder).read_running()
    assert running is not None
    os.kill(first.process.pid, signal.SIGKILL)
    first.process.popen.wait()
    assert all(child.is_alive for child in running.children)

    second = start_platform(tmp_path / "data", tmp_path / "second.log")
    said = (tmp_path / "second.log").read_text()
    for child in running.children:
        assert f"stopped {child.name}, left behind" in said
        assert not child.is_alive
    assert second.password == "", "the admin is there already"
    async with Api(second.url) as api:
        session = await api.do(SIGN_IN, email=EMAIL, password=first.password)
    assert session["accessToken"]

    children = Folder(second.folder).read_running()
    assert children is not None
    assert second.interrupt() == 0
    assert not any(child.is_alive for child in children.children)
    assert not psutil.pid_exists(second.process.pid)
    assert Folder(second.folder).read_running() is None
