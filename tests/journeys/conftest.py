"""One platform for all journeys: what `shoal up` starts, reached as its users reach it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from shoal.demo.api import Api
from shoal.demo.documents import SIGN_IN
from shoal.ports import free_port
from shoal.process import Process, start
from tests.journeys.browser import EMAIL, FLAGS, chromium

READY = "Ctrl-C stops everything"
RESULTS = Path(__file__).resolve().parents[2] / "test-results"
HAS_FAILED = pytest.StashKey[bool]()
expect.set_options(timeout=60_000)  # a loaded machine is no failure


@dataclass(frozen=True)
class Platform:
    """A running `shoal up`."""

    process: Process
    folder: Path
    url: str
    password: str

    def shoal(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Another command on the same folder."""
        environ = shoal_environ(self.folder) | {"SHOAL_ADMIN_PASSWORD": self.password}
        return run_shoal(arguments, environ)

    def interrupt(self) -> int:
        """Ctrl-C; the exit code."""
        self.process.popen.send_signal(signal.SIGINT)
        return self.process.popen.wait(60)


def shoal_environ(folder: Path) -> dict[str, str]:
    return dict(os.environ) | {"SHOAL_DATA": str(folder), "COLUMNS": "160"}


def run_shoal(
    arguments: Sequence[str], environ: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "shoal.cli", *arguments]
    return subprocess.run(
        command, env=environ, capture_output=True, text=True, timeout=110, check=False
    )


def start_platform(folder: Path, log: Path) -> Platform:
    """`shoal up` on a folder; the password is empty when the folder had an admin already."""
    port = free_port()
    environ = shoal_environ(folder) | {"SHOAL_PORT": str(port)}
    # as a script's shell starts what it puts in the background: with SIGINT ignored
    command = ["sh", "-c", "trap '' INT; exec \"$0\" -m shoal.cli up", sys.executable]
    process = start("shoal", command, log, environ)
    process.wait_until(lambda: READY in log.read_text(), timeout_s=90)
    told = re.search(r"with the password (\S+) \(shown only now\)", log.read_text())
    return Platform(process, folder, f"http://127.0.0.1:{port}", told[1] if told else "")


@pytest.fixture(scope="package")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    folder = tmp_path_factory.mktemp("platform")
    running = start_platform(folder / "data", folder / "up.log")
    yield running
    assert running.interrupt() == 0


@pytest.fixture
async def api(platform: Platform) -> AsyncIterator[Api]:
    """Signed in as the admin."""
    async with Api(platform.url) as signed_in:
        session = await signed_in.do(SIGN_IN, email=EMAIL, password=platform.password)
        signed_in.token = session["accessToken"]
        yield signed_in


@pytest.fixture(scope="package")
async def browser() -> AsyncIterator[Browser]:
    """A real one; where there is none its tests fail, unless SHOAL_NO_BROWSER=1."""
    if not (path := chromium()):
        pytest.fail(
            "This test needs Chromium: install it (apt-get install chromium), name one with "
            "SHOAL_BROWSER=/path, or leave the test out with SHOAL_NO_BROWSER=1."
        )
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield opened
        await opened.close()


@pytest.fixture
async def page(browser: Browser, request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    """A page of somebody who has not been here before; where its test fails, a picture is left."""
    async with await browser.new_context() as context:
        opened = await context.new_page()
        yield opened
        if HAS_FAILED in request.node.stash:
            name = re.sub(r"\W+", "-", request.node.nodeid)
            await opened.screenshot(path=RESULTS / f"{name}.png", full_page=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fixtures see whether their test has failed."""
    report = yield
    if report.failed:
        item.stash[HAS_FAILED] = True
    return report


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what needs a browser; deselect it, visibly in the summary, where none is to be had."""
    with_browser = [item for item in items if "browser" in getattr(item, "fixturenames", ())]
    for item in with_browser:
        item.add_marker("browser")
    if os.environ.get("SHOAL_NO_BROWSER") == "1":
        config.hook.pytest_deselected(items=with_browser)
        items[:] = [item for item in items if item not in with_browser]
