"""A thousand subscribers of one server process: each gets everything, and leaves nothing."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import orjson
import psutil
import pytest

from bench.crowd import Subscriber, crowd
from server.execution.audiences import SHARED_S
from shoal.ports import free_port, is_open
from shoal.process import start
from store import ids
from store.clock import now
from store.records.account import Role, User
from store.records.event import Event, EventKind, Topic
from store.records.job import STAGES, Job, JobKind
from store.records.stage import Stage
from store.redis.connection import MAX_CONNECTIONS
from store.settings import Settings
from store.store import Store
from tests.conftest import environ_of

SUBSCRIBERS = 1_000
EVENTS = 20
SUBSCRIPTIONS = 'shoal_subscriptions_open{over="websocket"}'
MOST_BYTES_EACH = 60_000
SEEN = "__typename ... on ActivityEvent { cursor kind message job { id status progress } }"
ACTIVITY = f"subscription {{ activity {{ {SEEN} ... on CaughtUp {{ cursor }} }} }}"
JOB_EVENTS = (
    f"subscription($id: ID!) {{ jobEvents(id: $id) {{ {SEEN} ... on CaughtUp {{ cursor }} }} }}"
)
PASSWORD = "correct horse battery"
OF_A_SOCKET = (
    "server.connections.protocol.SocketProtocol", "server.connections.sockets.Socket",
    "server.execution.audiences.Audience",
    "store.events.inbox.Inbox", "store.events.follower.Follower", "async_generator",
)  # fmt: skip
ALSO_OF_REDIS = ("_asyncio.Future", "uvloop.loop.TCPTransport", "uvloop.loop.TimerHandle")
ALL = OF_A_SOCKET + ALSO_OF_REDIS


@dataclass(frozen=True)
class Server:
    """A server process, seen from outside and by its own counts."""

    url: str
    process: psutil.Process
    redis_port: int

    @property
    def resident_bytes(self) -> int:
        return int(self.process.memory_info().rss)

    async def counts(self) -> dict[str, Any]:
        async with httpx.AsyncClient(base_url=self.url, timeout=60) as http:
            counts: dict[str, Any] = (await http.get("/counts")).json()
            text = (await http.get("/metrics")).text
        links = self.process.net_connections("tcp")
        to_redis = [link for link in links if link.raddr and link.raddr.port == self.redis_port]
        counts["redis"] = len(to_redis)
        for name in ("shoal_sockets_open", SUBSCRIPTIONS):
            (line,) = [line for line in text.splitlines() if line.startswith(name + " ")]
            counts[name] = float(line.rpartition(" ")[2])
        return counts


@asynccontextmanager
async def subscribed(
    server: Server, token: str, job: Job, size: int
) -> AsyncIterator[list[Subscriber]]:
    """Half of them follow everything, the other half one job."""

    def heard(one: Subscriber, text: bytes) -> None:
        one.texts.append(text)

    half, who = size // 2, {"url": server.url, "token": token}
    async with (
        crowd(half, heard, query=ACTIVITY, variables={}, **who) as first,
        crowd(half, heard, query=JOB_EVENTS, variables={"id": job.id}, **who) as second,
    ):
        yield [*first, *second]


async def tell(store: Store, job: Job, number: int) -> list[str]:
    """Append events about the job; returns their messages."""
    told = [f"{ids.new(ids.JOB)} at {each}" for each in range(number)]
    for message in told:
        kind = EventKind.STAGE_PROGRESSED
        await store.events.append(Event(Topic.JOB, kind, job.id, job.owner_id, now(), message))
        await asyncio.sleep(0.02)
    return told


def messages(one: Subscriber) -> list[str]:
    """What it was told of the job, as it came."""
    payloads = [orjson.loads(text).get("payload") or {} for text in one.texts]
    items = [item for payload in payloads for item in payload.get("data", {}).values()]
    return [item["message"] for item in items if item["__typename"] == "ActivityEvent"]


async def heard_all(subscribers: list[Subscriber], told: list[str]) -> None:
    last = told[-1].encode()
    async with asyncio.timeout(60):
        while not all(one.texts and last in one.texts[-1] for one in subscribers):
            await asyncio.sleep(0.05)


async def quiet(server: Server) -> dict[str, Any]:
    """The counts once no socket is open, and what is shared for a moment is let go."""
    async with asyncio.timeout(60):
        while (counts := await server.counts())["shoal_sockets_open"] or counts[SUBSCRIPTIONS]:
            await asyncio.sleep(0.1)
        await asyncio.sleep(SHARED_S + 0.5)
        return await server.counts()


@pytest.fixture
def server(settings: Settings, tmp_path: Path) -> Iterator[Server]:
    port = free_port()
    environ = environ_of(settings, SHOAL_PORT=port)
    command = [sys.executable, "-m", "tests.faults.counted_server"]
    process = start("server", command, tmp_path / "server.log", environ)
    process.wait_until(lambda: is_open(port))
    redis_port = urlsplit(settings.redis_url).port
    assert redis_port is not None
    yield Server(f"http://127.0.0.1:{port}", psutil.Process(process.pid), redis_port)
    process.stop()
    assert "Traceback" not in process.log.read_text()


@pytest.fixture
async def admin(store: Store) -> User:
    return await store.accounts.create_user("a@example.org", "A", Role.ADMIN, PASSWORD)


@pytest.fixture
async def token(store: Store, admin: User) -> str:
    return (
        await store.accounts.sign_in(admin.email, PASSWORD, address="", user_agent="")
    ).access_token


async def idle_job(store: Store, owner: User) -> Job:
    """One that nobody works on."""
    stages = tuple(Stage(name) for name in STAGES[JobKind.INGEST])
    about = ids.new(ids.DATASET), ids.new(ids.DATASET_VERSION)
    return await store.mongo.jobs.insert(
        Job(ids.new(ids.JOB), JobKind.INGEST, owner.id, *about, now(), stages)
    )


async def test_a_thousand_are_told_everything_and_leave_nothing(
    server: Server, store: Store, admin: User, token: str
) -> None:
    earlier, job = await idle_job(store, admin), await idle_job(store, admin)
    async with subscribed(server, token, earlier, 100):
        await tell(store, earlier, 2)
    before = await quiet(server)
    empty_bytes = server.resident_bytes

    async with subscribed(server, token, job, SUBSCRIBERS) as subscribers:
        counts = await server.counts()
        assert counts["shoal_sockets_open"] == SUBSCRIBERS
        told = await tell(store, job, EVENTS)
        await heard_all(subscribers, told)
        each_bytes = (server.resident_bytes - empty_bytes) / SUBSCRIBERS
        for one in subscribers:
            one.reset()
    after = await quiet(server)

    for one in subscribers:
        assert messages(one) == told
    assert each_bytes <= MOST_BYTES_EACH
    assert after["tasks"] == before["tasks"]
    grown = {name: after["classes"].get(name, 0) - before["classes"].get(name, 0) for name in ALL}
    assert [name for name in OF_A_SOCKET if grown[name] > 0] == []
    # less than two each; on a busy machine pools of connections grow by half as much
    assert after["objects"] - before["objects"] < 2 * SUBSCRIBERS
    # the pool of connections to Redis may have grown: it has a bound
    assert [name for name in ALSO_OF_REDIS if grown[name] > 2 * MAX_CONNECTIONS] == []
    assert after["redis"] <= max(before["redis"], MAX_CONNECTIONS)
