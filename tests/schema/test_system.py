"""The platform at a glance: for admins, whatever is down, and shared by all who look."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from shoal.ports import free_port
from shoal.process import Process
from shoal.services import start_mongo, start_valkey
from store import ids
from store.clock import now
from store.records.account import Role, Scope, User
from store.records.viewer import Viewer
from store.records.worker import WorkAtHand, WorkerKind, WorkerPresence
from store.store import open_store
from store.system import system
from store.system.health import Health
from store.version import VERSION
from tests.conftest import make_settings
from tests.schema.conftest import Caller
from tests.schema.making import create

SYSTEM = """{
  at version
  workers {
    id kind host pid version startedAt heartbeat memoryBytes memoryTotalBytes cores slots
    jobs { job { id kind } stage attempt } modelVersions { id }
  }
  queues { name mode depth oldest }
  services { name ok latencyMs detail }
  storage { bytes objects measuredAt kinds { kind bytes objects } }
}"""
QUERY = f"query {{ system {SYSTEM} }}"
FOLLOW = f"subscription {{ system {SYSTEM} }}"


def worker(*jobs: WorkAtHand) -> WorkerPresence:
    at = now()
    return WorkerPresence(
        id="host:7", kind=WorkerKind.PIPELINE, host="host", pid=7, version="0.9", started_at=at,
        heartbeat=at, memory_bytes=5 * 2**30, memory_total_bytes=2**40, cores=8, slots=2,
        jobs=jobs,
    )  # fmt: skip


def services(state: Any) -> dict[str, bool]:
    return {each["name"]: each["ok"] for each in state["services"]}


async def test_an_empty_platform(admin: Caller) -> None:
    state = (await admin(QUERY))["system"]
    assert (state["version"], state["workers"], state["storage"]) == (VERSION, [], None)
    assert services(state) == {"mongodb": True, "redis": True, "objects": True}
    assert all(each["latencyMs"] > 0 and each["detail"] == "" for each in state["services"])
    assert {"INGEST", "TRAIN", "INFERENCE"} <= {each["name"] for each in state["queues"]}


async def test_workers_and_what_they_are_at(alice: Caller, admin: Caller) -> None:
    job_id = (await create(alice))["job"]["id"]
    gone = WorkAtHand("job_01JD0000000000000000000000", 1)
    said = worker(WorkAtHand(job_id, 3, "read"), gone)
    await admin.store.presence.beat(said)
    await admin.store.objects.put_bytes("uploads/a/raw", b"four")
    await admin.store.storage.measure()
    state = (await admin(QUERY))["system"]
    (seen,) = state["workers"]
    assert abs(now() - datetime.fromisoformat(seen.pop("heartbeat"))) < timedelta(seconds=5)
    seen.pop("startedAt")
    assert seen == {
        "id": "host:7", "kind": "PIPELINE", "host": "host", "pid": 7, "version": "0.9",
        "memoryBytes": 5 * 2**30, "memoryTotalBytes": 2**40, "cores": 8, "slots": 2,
        "jobs": [
            {"job": {"id": job_id, "kind": "INGEST"}, "stage": "read", "attempt": 3},
            {"job": None, "stage": None, "attempt": 1},
        ],
        "modelVersions": [],
    }  # fmt: skip
    kinds = {each["kind"]: (each["bytes"], each["objects"]) for each in state["storage"]["kinds"]}
    assert kinds["uploads"] == (4, 1)
    assert state["storage"]["bytes"] == sum(size for size, _ in kinds.values())
    depth = {each["name"]: each["depth"] for each in state["queues"]}
    assert (depth["INGEST"], depth["TRAIN"]) == (1, 0)


async def test_it_is_for_admins(alice: Caller) -> None:
    assert await alice.codes(QUERY) == ["FORBIDDEN"]
    results = [each async for each in alice.raw(FOLLOW)]
    assert [e.extensions["code"] for each in results for e in each.errors or []] == ["FORBIDDEN"]


# -- following ------------------------------------------------------------------------------------


@pytest.fixture
def quick(admin: Caller, monkeypatch: pytest.MonkeyPatch) -> Caller:
    """An admin for whom seconds pass quickly."""
    monkeypatch.setattr(system, "LOOK_EACH_S", 0.05)
    monkeypatch.setattr(admin.store.system._recall, "_kept_s", 0.04)
    return admin


async def test_it_is_sent_at_once_and_again_when_something_changed(quick: Caller) -> None:
    states = quick.follow(FOLLOW)
    first = await anext(states)
    assert (first["workers"], first["version"]) == ([], VERSION)
    coming = asyncio.ensure_future(anext(states))
    done, _ = await asyncio.wait({coming}, timeout=0.5)
    assert not done  # it was looked at several times, and nothing had changed
    await quick.store.presence.beat(worker())
    assert [each["id"] for each in (await coming)["workers"]] == ["host:7"]
    await quick.store.presence.leave("host:7", "stopped")
    assert (await anext(states))["workers"] == []
    await states.aclose()


async def test_it_is_sent_now_and_then_though_nothing_changes(
    quick: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(quick.store.settings.__dict__, "feed_heartbeat_s", 0.2)
    states = quick.follow(FOLLOW)
    first, second = await anext(states), await anext(states)
    assert first["at"] < second["at"]
    assert (first["workers"], first["queues"]) == (second["workers"], second["queues"])
    await states.aclose()


async def test_many_share_one_look_and_leave_nothing_behind(
    admin: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = 0
    health = admin.store.services.health

    async def counted() -> dict[str, Health]:
        nonlocal looks
        looks += 1
        return await health()

    monkeypatch.setattr(admin.store.services, "health", counted)
    before = asyncio.all_tasks()
    many = [admin.follow(FOLLOW) for _ in range(50)]
    states = await asyncio.gather(*(anext(each) for each in many))
    assert looks == 1
    assert all(state == states[0] for state in states)
    for each in many:
        await each.aclose()
    assert asyncio.all_tasks() == before


# -- with a service down --------------------------------------------------------------------------


@asynccontextmanager
async def cut_off(mongo_uri: str, redis_url: str, folder: Path) -> AsyncIterator[Caller]:
    """An admin of a platform that gives its services little time."""
    settings = make_settings(mongo_uri, redis_url, folder, service_timeout_s=0.5)
    user = User(ids.new(ids.USER), "admin@example.org", "admin", Role.ADMIN, "-", now())
    async with open_store(settings) as store:
        await store.presence.beat(worker(WorkAtHand(ids.new(ids.JOB), 1)))
        yield Caller(store, Viewer(user, frozenset(Scope)))


async def glance(admin: Caller, process: Process, number: signal.Signals) -> Any:
    """What is to be seen once the service was sent the signal."""
    os.kill(process.pid, number)
    async with asyncio.timeout(60):
        return (await admin(QUERY))["system"]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
async def test_without_redis_it_says_so_and_what_it_can(
    mongo_uri: str, tmp_path: Path, number: signal.Signals
) -> None:
    port = free_port()
    process = start_valkey(tmp_path / "valkey", port)
    async with cut_off(mongo_uri, f"redis://127.0.0.1:{port}/0", tmp_path) as admin:
        state = await glance(admin, process, number)
        process.kill()
    assert services(state) == {"mongodb": True, "redis": False, "objects": True}
    assert (state["workers"], state["queues"], state["storage"]) == ([], [], None)
    assert next(each["detail"] for each in state["services"] if not each["ok"])


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
async def test_without_mongodb_it_says_so_and_what_it_can(
    redis_url: str, tmp_path: Path, number: signal.Signals
) -> None:
    port = free_port()
    process = start_mongo(tmp_path / "mongo", port)
    async with cut_off(f"mongodb://127.0.0.1:{port}", redis_url, tmp_path) as admin:
        state = await glance(admin, process, number)
        process.kill()
    assert services(state) == {"mongodb": False, "redis": True, "objects": True}
    (seen,) = state["workers"]
    assert (seen["id"], seen["jobs"]) == ("host:7", [{"job": None, "stage": None, "attempt": 1}])


async def test_without_its_folder_it_says_so(admin: Caller) -> None:
    (admin.store.settings.data / "objects").rename(admin.store.settings.data / "gone")
    state = (await admin(QUERY))["system"]
    assert services(state) == {"mongodb": True, "redis": True, "objects": False}
