"""What journeys do behind the pages: events of the platform's own store, more and fewer servers."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from shoal.admin import settings_from
from shoal.folder import ChildRecord, Folder
from shoal.ports import free_port
from shoal.process import start
from shoal.stack import CLIENT_DIST, is_ready
from store.clock import now
from store.records.event import Event, EventKind, Topic
from store.store import Store, open_store
from store.system.presence import SYSTEM
from tests.journeys.conftest import Platform

WORKER = "worker-of-a-journey"


def environ_of(platform: Platform) -> dict[str, str]:
    """What a process needs to meet the platform in its store."""
    folder = Folder(platform.folder)
    running = folder.read_running()
    assert running is not None
    return {"SECRET_KEY": folder.secret_key()} | running.environ


@asynccontextmanager
async def store_of(platform: Platform) -> AsyncIterator[Store]:
    async with open_store(settings_from(environ_of(platform))) as store:
        yield store


async def tell(store: Store, *messages: str) -> None:
    """An event each, in this order, for admins to see among those of workers."""
    for message in messages:
        happened = Event(Topic.WORKER, EventKind.WORKER_STARTED, WORKER, SYSTEM, now(), message)
        await store.events.append(happened)


def kill_server(platform: Platform) -> ChildRecord:
    """Its process alone, as if the machine had; the supervisor starts another one."""
    running = Folder(platform.folder).read_running()
    assert running is not None
    server = next(child for child in running.children if child.name == "server")
    os.kill(server.pid, signal.SIGKILL)
    return server


@contextmanager
def another_server(platform: Platform, folder: Path, host: str, **settings: str) -> Iterator[int]:
    """The port of one more server on the platform's store, which others know by this host."""
    port = free_port()
    where = {"SHOAL_PORT": str(port), "SHOAL_PUBLIC_URL": f"http://{host}:{port}"}
    environ = {"SHOAL_CLIENT_DIST": str(CLIENT_DIST)} | dict(os.environ) | environ_of(platform)
    command = [sys.executable, "-m", "server"]
    process = start("server", command, folder / "server.log", environ | where | settings)
    process.wait_until(lambda: is_ready(f"http://127.0.0.1:{port}"), timeout_s=60)
    yield port
    process.stop()
