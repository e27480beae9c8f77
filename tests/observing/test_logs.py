"""A line for each request and operation: who, what, how long; and nothing that is secret."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from shoal.ports import free_port, is_open
from shoal.process import start
from store.records.account import Role, User
from store.settings import Settings
from store.store import Store
from tests.conftest import environ_of

PASSWORD = "a-password-that-nobody-may-read"
SIGN_IN = f"""mutation {{
  signIn(input: {{email: "a@example.org", password: "{PASSWORD}"}}) {{ accessToken refreshToken }}
}}"""
VIEWER = "{ viewer { user { id } } }"


async def visit(url: str) -> list[str]:
    """Ask for this and that; returns the secrets that the server was shown, or gave."""
    async with httpx.AsyncClient(base_url=url) as http:
        answer = (await http.post("/graphql", json={"query": SIGN_IN})).json()
        tokens = answer["data"]["signIn"]
        bearer = {"authorization": f"Bearer {tokens['accessToken']}", "x-request-id": "my-request"}
        await http.post("/graphql", json={"query": VIEWER}, headers=bearer)
        await http.post("/graphql", json={"query": SIGN_IN.replace("email", "nothing")})
        preflighted = {"apollo-require-preflight": "1"}
        await http.get("/graphql", params={"query": VIEWER, "key": PASSWORD}, headers=preflighted)
        await http.get("/downloads/some/key?expires=1&signature=a-signature-to-be-kept")
        await http.get("/healthz")
    opening = {"type": "connection_init", "payload": {"authorization": bearer["authorization"]}}
    protocols = [Subprotocol("graphql-transport-ws")]
    where = url.replace("http", "ws") + "/graphql"
    async with connect(where, subprotocols=protocols) as socket:
        await socket.send(orjson.dumps(opening).decode())
        await socket.recv()
        for number, query in enumerate((SIGN_IN, VIEWER)):
            asked = {"type": "subscribe", "id": str(number), "payload": {"query": query}}
            await socket.send(orjson.dumps(asked).decode())
            assert orjson.loads(await socket.recv())["type"] == "next"
            assert orjson.loads(await socket.recv())["type"] == "complete"
    return [PASSWORD, "a-signature-to-be-kept", *tokens.values()]


def lines_of(log: Path) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in log.read_text().splitlines()]


@pytest.fixture
async def admin(store: Store) -> User:
    return await store.accounts.create_user("a@example.org", "A", Role.ADMIN, PASSWORD)


async def test_every_line_is_json_and_names_who_and_what(
    settings: Settings, admin: User, tmp_path: Path
) -> None:
    port, log = free_port(), tmp_path / "server.log"
    environ = environ_of(settings, SHOAL_PORT=port, SHOAL_LOG_LEVEL="DEBUG")
    process = start("server", [sys.executable, "-m", "server"], log, environ)
    process.wait_until(lambda: is_open(port))
    try:
        secrets = await visit(f"http://127.0.0.1:{port}")
    finally:
        process.stop()

    lines = lines_of(log)
    assert not [line for line in lines for secret in secrets if secret in str(line)]

    requests = [line for line in lines if line["event"] == "request"]
    assert [(line.get("operation"), line["status"]) for line in requests] == [
        ("mutation signIn", 200), ("query viewer", 200), ("unknown unknown", 200),
        ("query viewer", 401), (None, 403),
    ]  # fmt: skip
    assert [line.get("viewer") for line in requests] == [None, admin.id, None, None, None]
    assert requests[1]["request"] == "my-request"
    assert all(line["ms"] >= 0 and line["request"] for line in requests)

    operations = [line for line in lines if line["event"] == "operation"]
    assert [(line["operation"], line["viewer"], line["results"]) for line in operations] == [
        ("mutation signIn", admin.id, 1), ("query viewer", admin.id, 1),
    ]  # fmt: skip
    assert operations[0]["request"] == operations[1]["request"] != requests[0]["request"]
