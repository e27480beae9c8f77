"""The checks that containers are asked by."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
from collections.abc import AsyncIterator

import pytest

from shoal.heard import fault
from shoal.ports import free_port
from store.clock import now
from store.records.worker import WorkerKind, WorkerPresence
from store.settings import Settings
from store.store import Store
from tests.conftest import environ_of
from tests.server.conftest import Site, site, site_settings

__all__ = ["site", "site_settings"]

HOST = socket.gethostname()


def presence(host: str) -> WorkerPresence:
    return WorkerPresence(
        id=f"{host}:1", kind=WorkerKind.PIPELINE, host=host, pid=1, version="1", started_at=now(),
        heartbeat=now(), memory_bytes=1, memory_total_bytes=2, cores=1, slots=1,
    )  # fmt: skip


@pytest.fixture
async def quick(store: Store) -> AsyncIterator[Settings]:
    """Settings by which a worker is silent after 0.3 s."""
    yield store.settings.model_copy(update={"heartbeat_s": 0.1})


async def test_a_worker_of_this_host_is_heard(store: Store) -> None:
    assert f"no worker of {HOST}" in await fault(store.settings)
    await store.presence.beat(presence(f"{HOST}-other"))
    assert f"no worker of {HOST}" in await fault(store.settings)
    await store.presence.beat(presence(HOST))
    assert await fault(store.settings) == ""


async def test_a_worker_that_fell_silent_is_not_heard(store: Store, quick: Settings) -> None:
    await store.presence.beat(presence(HOST))
    async with asyncio.timeout(20):
        while not await fault(quick):
            await asyncio.sleep(0.05)
    assert await fault(store.settings) == ""


async def test_nothing_is_said_against_it_while_redis_is_away(settings: Settings) -> None:
    away = settings.model_copy(update={"redis_url": f"redis://127.0.0.1:{free_port()}/0"})
    assert await fault(away) == ""


def run(module: str, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, env=environ or None, capture_output=True, text=True, check=False)


def test_the_exit_code_tells_and_a_setting_that_is_missing_is_named(settings: Settings) -> None:
    environ = environ_of(settings)
    told = run("shoal.heard", **environ)
    assert told.returncode == 1
    assert f"no worker of {HOST} was heard of" in told.stderr
    del environ["REDIS_URL"]
    told = run("shoal.heard", **environ)
    assert told.returncode == 1
    assert "REDIS_URL is not set" in told.stderr
    assert "Traceback" not in told.stderr


async def test_a_url_is_asked(site: Site) -> None:
    asked = {
        f"{site.url}/healthz": (0, ""),
        f"{site.url}/nowhere": (1, "404"),
        f"http://127.0.0.1:{free_port()}/": (1, "refused"),
        "file:///etc/passwd": (1, "is no http:// URL"),
    }
    for url, (code, why) in asked.items():
        told = await asyncio.to_thread(run, "shoal.answers", url)
        assert (told.returncode, "Traceback" in told.stderr) == (code, False), told.stderr
        assert why in told.stderr
