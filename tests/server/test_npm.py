"""The packages by which JavaScript speaks the protocols, run by Node against the application."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import orjson
import pytest

from server import auth
from server.connections import streams
from store.accounts import Accounts
from store.recall import Recall
from store.records.account import Role, Scope
from tests.server.conftest import Site

SCRIPTS = Path(__file__).parent / "npm"
ACTIVITY = "subscription { activity { __typename ... on CaughtUp { cursor } } }"
ENDLESS = "0"
"""Until somebody else ends it."""


async def node(script: str, *arguments: str) -> Any:
    """The JSON that the script tells at its end."""
    process = await asyncio.create_subprocess_exec(
        "node", SCRIPTS / script, *arguments,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        out, err = await asyncio.wait_for(process.communicate(), 60)
    except BaseException:
        process.kill()
        raise
    assert process.returncode == 0, err.decode()
    return orjson.loads(out)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rights are looked at again after a moment, and not recalled in between."""
    monkeypatch.setattr(auth, "RECHECK_S", 0.2)
    monkeypatch.setattr(Recall, "get", lambda *_: None)


# -- graphql-http --------------------------------------------------------------------------------


async def test_every_audit_of_graphql_over_http_is_passed(site: Site, user_token: str) -> None:
    results = await node("audits.mjs", f"{site.url}/graphql", user_token)
    assert [each for each in results if each["status"] != "ok"] == []
    assert len(results) == 61


# -- graphql-ws ----------------------------------------------------------------------------------


async def test_graphql_ws_subscribes_and_its_pings_are_answered(
    site: Site, admin_token: str
) -> None:
    seen = await node("socket.mjs", site.socket_url, admin_token, ACTIVITY, "1")
    assert [r["data"]["activity"]["__typename"] for r in seen["results"]] == ["CaughtUp"]
    assert (seen["opened"], seen["error"]) == (1, None)
    assert seen["pongs"] > 0


async def test_graphql_ws_learns_what_is_wrong_with_a_document(site: Site, user_token: str) -> None:
    seen = await node("socket.mjs", site.socket_url, user_token, "{ nothing }", ENDLESS)
    assert [each["extensions"]["code"] for each in seen["error"]] == ["BAD_REQUEST"]
    assert seen["results"] == []


async def test_graphql_ws_comes_again_with_a_token_that_does_not_hold(site: Site) -> None:
    """4403 is one of the codes after which it tries again, with what is a fresh token then."""
    seen = await node("socket.mjs", site.socket_url, "nonsense", ACTIVITY, ENDLESS)
    assert seen["closes"] == [4403] * 3
    assert seen["error"]["code"] == 4403


@pytest.mark.usefixtures("impatient")
async def test_graphql_ws_is_told_that_its_key_was_revoked(site: Site, accounts: Accounts) -> None:
    user = await accounts.create_user("npm@example.org", "N", Role.ADMIN, "a long password")
    record, key = await accounts.create_api_key(user.id, "k", list(Scope))
    seeing = asyncio.create_task(node("socket.mjs", site.socket_url, key, ACTIVITY, ENDLESS))
    await until_followed()
    await accounts.revoke_api_key(record.id)
    seen = await seeing
    assert set(seen["closes"]) == {4403}
    assert len(seen["results"]) == 1


async def until_followed() -> None:
    """Until somebody's socket runs an operation: the server runs in this loop."""
    async with asyncio.timeout(60):
        while not any("Socket._run" in str(task.get_coro()) for task in asyncio.all_tasks()):
            await asyncio.sleep(0.02)


# -- graphql-sse ---------------------------------------------------------------------------------


async def test_graphql_sse_subscribes(site: Site, admin_token: str) -> None:
    seen = await node("events.mjs", f"{site.url}/graphql", admin_token, ACTIVITY, "1")
    assert [r["data"]["activity"]["__typename"] for r in seen["results"]] == ["CaughtUp"]
    assert seen["error"] is None


async def test_graphql_sse_gets_the_one_result_of_a_query(site: Site, user_token: str) -> None:
    seen = await node("events.mjs", f"{site.url}/graphql", user_token, "{ __typename }", ENDLESS)
    assert [each["data"] for each in seen["results"]] == [{"__typename": "Query"}]
    assert seen["error"] is None


async def test_graphql_sse_learns_that_it_has_to_sign_in(site: Site) -> None:
    seen = await node("events.mjs", f"{site.url}/graphql", "", ACTIVITY, ENDLESS)
    assert seen["error"]["status"] == 401


# -- @apollo/client ------------------------------------------------------------------------------


async def test_apollo_client_asks_and_subscribes_over_http(
    site: Site, admin_token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "KEEP_ALIVE_S", 0.05)  # it skips heartbeats
    seen = await node("apollo.mjs", f"{site.url}/graphql", admin_token, ACTIVITY, "1")
    viewer = {"__typename": "Viewer", "user": {"__typename": "User", "email": "admin@example.org"}}
    assert seen["query"] == seen["get"] == {"viewer": viewer}
    assert [each["activity"]["__typename"] for each in seen["results"]] == ["CaughtUp"]
    assert seen["error"] is None


@pytest.mark.usefixtures("impatient")
async def test_apollo_client_is_told_that_its_key_was_revoked(
    site: Site, accounts: Accounts
) -> None:
    user = await accounts.create_user("apollo@example.org", "A", Role.ADMIN, "a long password")
    record, key = await accounts.create_api_key(user.id, "k", list(Scope))
    url = f"{site.url}/graphql"
    seeing = asyncio.create_task(node("apollo.mjs", url, key, ACTIVITY, ENDLESS))
    async with asyncio.timeout(60):
        while not any("ResultStream" in str(t.get_coro()) for t in asyncio.all_tasks()):
            await asyncio.sleep(0.02)
    await accounts.revoke_api_key(record.id)
    seen = await seeing
    assert seen["error"]["name"] == "CombinedProtocolErrors"
    assert "revoked" in seen["error"]["messages"][0]
