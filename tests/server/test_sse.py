from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncGenerator
from typing import Any

import orjson
import pytest

from server import auth, http_protocol, sse
from store.accounts import Accounts
from store.recall import Recall
from store.records.account import Role, Scope
from tests.server.conftest import Site

EVERYTHING = " ".join(
    f"a{n}: __schema {{ types {{ name fields {{ name description type {{ name }} }} }} }}"
    for n in range(9)
).join("{}")
"""Its answer is larger than what the system holds for both ends."""
ACTIVITY = "subscription { activity { __typename ... on ActivityEvent { message } } }"


async def events(
    site: Site, query: str, token: str = "", method: str = "POST"
) -> AsyncGenerator[tuple[str, Any], None]:
    """Each event's name and data; keep-alive comments as (":", None)."""
    headers = {"accept": "text/event-stream", "authorization": f"Bearer {token}"}
    how: dict[str, Any] = {"json" if method == "POST" else "params": {"query": query}}
    async with site.http.stream(method, "/graphql", headers=headers, **how) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        name = ""
        async for line in response.aiter_lines():
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data:"):
                text = line.removeprefix("data:").strip()
                yield name, orjson.loads(text) if text else None
            elif line.startswith(":"):
                yield ":", None


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_query_gives_one_result_and_completes(
    site: Site, user_token: str, method: str
) -> None:
    query = "{ viewer { user { name } } }"
    got = [event async for event in events(site, query, user_token, method)]
    data = {"data": {"viewer": {"user": {"name": "User"}}}}
    assert got == [("next", data), ("complete", None)]


async def test_an_event_reaches_its_subscriber(
    site: Site, admin_token: str, accounts: Accounts
) -> None:
    stream = events(site, ACTIVITY, admin_token)
    assert (await anext(stream))[0] == "next"
    await accounts.create_user("sse@example.org", "Sse", Role.USER, "a long password")
    _, message = await anext(stream)
    assert message == {
        "data": {"activity": {"__typename": "ActivityEvent", "message": "Sse joined"}}
    }
    await stream.aclose()


async def test_a_bad_document_is_told_and_completes(site: Site, user_token: str) -> None:
    (name, message), last = [event async for event in events(site, "{ nothing }", user_token)]
    assert name == "next"
    assert message["errors"][0]["extensions"]["code"] == "BAD_REQUEST"
    assert last == ("complete", None)


async def test_a_mutation_by_get_is_refused(site: Site, admin_token: str) -> None:
    query = 'mutation { inviteUser(input: {email: "a@b.c"}) { token } }'
    (_, message), _ = [event async for event in events(site, query, admin_token, "GET")]
    assert "data" not in message
    assert [error["extensions"]["code"] for error in message["errors"]] == ["BAD_REQUEST"]


@pytest.mark.parametrize("token", ["", "nonsense"])
async def test_strangers_get_401_and_no_stream(site: Site, token: str) -> None:
    headers = {"accept": "text/event-stream"} | (
        {"authorization": f"Bearer {token}"} if token else {}
    )
    response = await site.http.post("/graphql", json={"query": ACTIVITY}, headers=headers)
    assert response.status_code == 401
    assert response.headers["content-type"] == "application/json"


async def test_silence_is_filled_with_comments(
    site: Site, admin_token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sse, "KEEP_ALIVE_S", 0.05)
    stream = events(site, ACTIVITY, admin_token)
    async for name, _ in stream:
        if name == ":":
            break
    await stream.aclose()


async def test_a_revoked_key_ends_its_stream(
    site: Site, accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auth, "RECHECK_S", 0.05)
    monkeypatch.setattr(Recall, "get", lambda *_: None)
    user = await accounts.create_user("s@example.org", "S", Role.ADMIN, "a long password")
    record, key = await accounts.create_api_key(user.id, "k", list(Scope))
    stream = events(site, ACTIVITY, key)
    await anext(stream)
    await accounts.revoke_api_key(record.id, by=user.id)
    *_, (_, message), last = [event async for event in stream]
    assert message["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert last == ("complete", None)


async def test_who_does_not_read_is_cut_off(
    site: Site, admin_token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_protocol, "PATIENCE_S", 0.3)
    with socket.socket() as end:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        host, port = site.url.removeprefix("http://").split(":")
        end.connect((host, int(port)))
        body = orjson.dumps({"query": EVERYTHING})
        head = (
            f"POST /graphql HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {admin_token}\r\n"
            "Accept: text/event-stream\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        end.sendall((head.encode() + body) * 8)  # one after the other
        with pytest.raises(ConnectionError):
            async with asyncio.timeout(30):
                while True:
                    end.send(b"\r\n")
                    await asyncio.sleep(0.05)
