"""The whole application behind real sockets, and people who have signed in to it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import httpx
import orjson
import pytest
import uvicorn
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from server.serving import configured
from shoal.ports import free_port
from store.accounts import Accounts
from store.records.account import Role
from store.settings import Settings
from store.store import open_store
from tests.conftest import make_settings

PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Site:
    """A running server."""

    url: str
    http: httpx.AsyncClient

    @property
    def socket_url(self) -> str:
        return self.url.replace("http", "ws") + "/graphql"

    async def ask(self, query: str, token: str = "", **variables: object) -> httpx.Response:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        body = {"query": query, "variables": variables}
        return await self.http.post("/graphql", json=body, headers=headers)

    async def sign_in(self, email: str, password: str = PASSWORD) -> dict[str, str]:
        response = await self.ask(
            "mutation($e: String!, $p: String!) { signIn(input: {email: $e, password: $p}) "
            "{ accessToken refreshToken userErrors { code message } } }",
            e=email, p=password,
        )  # fmt: skip
        signed_in: dict[str, str] = response.json()["data"]["signIn"]
        return signed_in


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[Site]:
    port = free_port()
    config = configured(settings.model_copy(update={"port": port}))
    config.timeout_graceful_shutdown = 1
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:
        assert not task.done(), "the server ended before it had started"
        await asyncio.sleep(0.01)
    url = f"http://127.0.0.1:{port}"
    async with httpx.AsyncClient(base_url=url, timeout=20) as http:
        yield Site(url, http)
    server.should_exit = True
    await task


@pytest.fixture(scope="session")
def site_settings(
    mongo_uri: str, redis_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Settings:
    """Its tokens outlast the session, however slow the machine."""
    folder = tmp_path_factory.mktemp("site")
    return make_settings(mongo_uri, redis_url, folder, access_token_ttl_s=24 * 3600)


@pytest.fixture(scope="session")
async def site(site_settings: Settings) -> AsyncIterator[Site]:
    """One server for all tests here: starting one takes longer than most tests do."""
    async with serving(site_settings) as running:
        yield running


@pytest.fixture(scope="session")
async def accounts(site_settings: Settings) -> AsyncIterator[Accounts]:
    """The accounts of `site`, by a way that asks nobody."""
    async with open_store(site_settings) as opened:
        yield opened.accounts


@pytest.fixture(scope="session")
async def admin_token(site: Site, accounts: Accounts) -> str:
    await accounts.create_user("admin@example.org", "Admin", Role.ADMIN, PASSWORD)
    return (await site.sign_in("admin@example.org"))["accessToken"]


@pytest.fixture(scope="session")
async def user_token(site: Site, accounts: Accounts) -> str:
    await accounts.create_user("user@example.org", "User", Role.USER, PASSWORD)
    return (await site.sign_in("user@example.org"))["accessToken"]


class Talk:
    """One side of a WebSocket, in graphql-transport-ws."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket

    async def send(self, **message: object) -> None:
        await self._socket.send(orjson.dumps(message).decode())

    async def send_raw(self, data: str | bytes) -> None:
        await self._socket.send(data)

    async def receive(self) -> dict[str, Any]:
        message: dict[str, Any] = orjson.loads(await asyncio.wait_for(self._socket.recv(), 60))
        return message

    async def closed(self) -> tuple[int | None, str | None]:
        """The code and reason with which the server ends, whatever it still sends before."""
        async with asyncio.timeout(60):
            with suppress(ConnectionClosed):
                while True:
                    await self._socket.recv()
        return self._socket.close_code, self._socket.close_reason


@asynccontextmanager
async def talking(
    site: Site, token: str | None = None, protocol: str = "graphql-transport-ws", **headers: str
) -> AsyncIterator[Talk]:
    """A socket; with a token, one that is past its greeting."""
    protocols = [Subprotocol(protocol)] if protocol else None
    async with connect(
        site.socket_url, subprotocols=protocols, additional_headers=headers, compression=None
    ) as socket:
        talk = Talk(socket)
        if token is not None:
            await talk.send(type="connection_init", payload={"authorization": f"Bearer {token}"})
            assert await talk.receive() == {"type": "connection_ack"}
        yield talk
