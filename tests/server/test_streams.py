from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import orjson
import pytest

from server.connections import streams
from store.accounts import Accounts
from store.records.account import Role
from tests.server.conftest import Site

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
    (_, message), last = got
    assert message["data"] == {"viewer": {"user": {"name": "User"}}}
    assert last == ("complete", None)


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


FOLLOW = """subscription($from: String) { activity(after: $from) {
  __typename ... on ActivityEvent { message cursor } ... on CaughtUp { cursor } } }"""


async def test_an_event_carries_its_cursor_from_which_its_reader_goes_on(
    site: Site, admin_token: str, accounts: Accounts
) -> None:
    """As fetch-event-source does, and every other that heeds the standard's `Last-Event-ID`."""
    lines, last_id = raw_lines(site, FOLLOW, admin_token), ""
    while not last_id:
        last_id = (await anext(lines)).partition("id: ")[2]
    await lines.aclose()
    await accounts.create_user("missed@example.org", "Missed", Role.USER, "a long password")
    lines = raw_lines(site, FOLLOW, admin_token, last_id)
    got = [await anext(lines) for _ in range(3)]
    item = orjson.loads(got[2].removeprefix("data: "))["data"]["activity"]
    assert (got[0], got[1]) == ("event: next", f"id: {item['cursor']}")
    assert item["message"] == "Missed joined"
    await lines.aclose()


async def test_an_id_that_is_no_cursor_is_the_callers_error(site: Site, admin_token: str) -> None:
    lines = raw_lines(site, FOLLOW, admin_token, "nonsense")
    got = [await anext(lines) for _ in range(2)]
    (error,) = orjson.loads(got[1].removeprefix("data: "))["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    await lines.aclose()


async def raw_lines(
    site: Site, query: str, token: str, last_id: str = ""
) -> AsyncGenerator[str, None]:
    """Those of a stream that are not empty."""
    headers = {"accept": "text/event-stream", "authorization": f"Bearer {token}"}
    if last_id:
        headers["last-event-id"] = last_id
    body = {"query": query}
    async with site.http.stream("POST", "/graphql", headers=headers, json=body) as response:
        async for line in response.aiter_lines():
            if line:
                yield line


async def test_parts_are_laid_out_as_apollo_tells(site: Site, user_token: str) -> None:
    headers = {
        "accept": 'multipart/mixed; boundary="graphql"; subscriptionSpec="1.0"',
        "authorization": f"Bearer {user_token}",
    }
    response = await site.http.post("/graphql", json={"query": "{ __typename }"}, headers=headers)
    assert response.headers["content-type"] == (
        "multipart/mixed;boundary=graphql;subscriptionSpec=1.0"
    )
    head, part, end = response.text.split("\r\n--graphql")
    assert (head, end) == ("", "--\r\n")
    kind, body = part.split("\r\n\r\n")
    assert kind == "\r\nContent-Type: application/json"
    assert orjson.loads(body)["payload"]["data"] == {"__typename": "Query"}


async def test_a_bad_document_is_told_and_completes(site: Site, user_token: str) -> None:
    (name, message), last = [event async for event in events(site, "{ nothing }", user_token)]
    assert name == "next"
    assert message["errors"][0]["extensions"]["code"] == "BAD_REQUEST"
    assert last == ("complete", None)


async def test_a_mutation_by_get_is_refused(site: Site, admin_token: str) -> None:
    query = 'mutation { inviteUser(input: {email: "a@b.c"}) { token } }'
    (_, message), _ = [event async for event in events(site, query, admin_token, "GET")]
    assert "data" not in message
    assert [error["extensions"]["code"] for error in message["errors"]] == ["METHOD_NOT_ALLOWED"]


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
    monkeypatch.setattr(streams, "KEEP_ALIVE_S", 0.05)
    stream = events(site, ACTIVITY, admin_token)
    async for name, _ in stream:
        if name == ":":
            break
    await stream.aclose()
