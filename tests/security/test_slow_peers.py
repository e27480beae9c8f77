"""Peers that do not read, and peers that are gone without a word."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import orjson
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from server import serving
from server.connections import protocol
from server.http import protocol as http_protocol
from server.metrics import SOCKETS
from store.accounts import Accounts
from store.records.account import Role
from store.settings import Settings
from tests.server.conftest import PASSWORD, Site, talking
from tests.server.conftest import serving as serve

EVERYTHING = " ".join(f"a{n}: __schema {{ types {{ description }} }}" for n in range(4)).join("{}")
"""Much to read, and little work."""
ACTIVITY = (
    "subscription { activity { ... on ActivityEvent { message } ... on CaughtUp { cursor } } }"
)
MUCH = " ".join(
    f"a{n}: __schema {{ types {{ fields {{ name description args {{ name description }} }} }} }}"
    for n in range(4)
).join("{}")
"""Its answer is larger than what the system holds for both ends."""


@asynccontextmanager
async def lazy(site: Site, token: str, asks: int = 20) -> AsyncIterator[ClientConnection]:
    """A client that has asked for a lot, and reads nothing until it is told to."""
    end = socket.socket()
    end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    end.setblocking(False)
    host, port = site.url.removeprefix("http://").split(":")
    await asyncio.get_running_loop().sock_connect(end, (host, int(port)))
    async with connect(
        site.socket_url, sock=end, subprotocols=[Subprotocol("graphql-transport-ws")],
        compression=None, max_queue=1, ping_interval=None, max_size=None,
    ) as client:  # fmt: skip
        opening = {"type": "connection_init", "payload": {"authorization": f"Bearer {token}"}}
        await client.send(orjson.dumps(opening).decode())
        await client.recv()
        for number in range(asks):
            asked = {"type": "subscribe", "id": str(number), "payload": {"query": EVERYTHING}}
            await client.send(orjson.dumps(asked).decode())
        yield client


async def read_to_the_end(client: ClientConnection) -> None:
    """With room for the rest at once: through a tiny window it comes drop by drop, for minutes."""
    end = client.transport.get_extra_info("socket")
    end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2**20)
    with pytest.raises(ConnectionClosed):
        async with asyncio.timeout(60):
            while True:
                await client.recv()


async def until_open(count: float) -> None:
    async with asyncio.timeout(60):
        while SOCKETS._value.get() != count:
            await asyncio.sleep(0.02)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "PATIENCE_S", 0.3)
    monkeypatch.setattr(protocol, "GRACE_S", 0.3)


@pytest.mark.usefixtures("impatient")
async def test_who_does_not_read_is_cut_off_and_holds_up_nobody(
    site: Site, admin_token: str, accounts: Accounts
) -> None:
    before = SOCKETS._value.get()
    async with lazy(site, admin_token) as client, talking(site, admin_token) as other:
        await other.send(type="subscribe", id="1", payload={"query": ACTIVITY})
        await other.receive()
        await accounts.create_user("l@example.org", "Lively", Role.USER, PASSWORD)
        assert (await other.receive())["payload"]["data"]["activity"]["message"] == "Lively joined"
        await until_open(before + 1)
        await read_to_the_end(client)
    await until_open(before)


async def test_who_reads_again_in_time_learns_why(
    site: Site, admin_token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "PATIENCE_S", 0.3)
    before = SOCKETS._value.get()
    async with lazy(site, admin_token) as client:
        await until_open(before)
        await read_to_the_end(client)
        assert (client.close_code, client.close_reason) == protocol.TOO_SLOW


async def test_who_reads_is_left_alone(
    site: Site, admin_token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "PATIENCE_S", 10)
    async with lazy(site, admin_token, asks=3) as client:
        for _ in range(6):
            assert orjson.loads(await client.recv())["type"] in ("next", "complete")


async def test_a_peer_that_is_gone_without_a_word_is_noticed(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "PING_S", 0.2)
    before = SOCKETS._value.get()
    async with serve(settings) as site:
        reader, writer = await asyncio.open_connection(*site.url.removeprefix("http://").split(":"))
        writer.write(
            b"GET /graphql HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: c2hvYWwtc2hvYWwtc2hvYQ==\r\n"
            b"Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
        )
        await reader.readuntil(b"\r\n\r\n")
        await until_open(before + 1)
        await until_open(before)  # its pings were never answered
        writer.close()


async def test_who_does_not_read_an_event_stream_is_cut_off(
    site: Site, admin_token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_protocol, "PATIENCE_S", 0.3)
    with socket.socket() as end:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        host, port = site.url.removeprefix("http://").split(":")
        end.connect((host, int(port)))
        body = orjson.dumps({"query": MUCH})
        head = (
            f"POST /graphql HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {admin_token}\r\n"
            "Accept: text/event-stream\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        end.sendall((head.encode() + body) * 8)  # one after the other
        with pytest.raises(ConnectionError):
            async with asyncio.timeout(60):
                while True:
                    end.send(b"\r\n")
                    await asyncio.sleep(0.05)
