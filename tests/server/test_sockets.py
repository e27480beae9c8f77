from __future__ import annotations

import asyncio
import gc
import weakref
from collections.abc import Callable, Iterator

import pytest
from websockets.exceptions import InvalidStatus

from server.connections import sockets
from server.connections.protocol import SocketProtocol
from server.connections.sockets import Socket
from server.http.protocol import HttpProtocol
from store.accounts import Accounts
from store.records.account import Role
from tests.server.conftest import Site, talking

ACTIVITY = "subscription { activity { __typename ... on Heartbeat { at } } }"
CONNECTION = (HttpProtocol, SocketProtocol, Socket)
EMAIL = "{ viewer { user { email } } }"


# -- greeting ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["authorization", "Authorization"])
async def test_the_token_comes_in_connection_init(site: Site, user_token: str, name: str) -> None:
    async with talking(site) as talk:
        await talk.send(type="connection_init", payload={name: f"Bearer {user_token}"})
        assert await talk.receive() == {"type": "connection_ack"}


@pytest.mark.parametrize(
    "payload", [None, {}, {"authorization": "Bearer nonsense"}, {"authorization": 1}]
)
async def test_who_shows_no_good_token_is_sent_away(site: Site, payload: object) -> None:
    async with talking(site) as talk:
        await talk.send(type="connection_init", payload=payload)
        assert (await talk.closed())[0] == 4403


async def test_a_missing_payload_is_no_error_of_form(site: Site) -> None:
    async with talking(site) as talk:
        await talk.send(type="connection_init")
        assert await talk.closed() == (4403, "Forbidden")


async def test_who_says_nothing_is_sent_away(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "INIT_TIMEOUT_S", 0.05)
    async with talking(site) as talk:
        assert (await talk.closed())[0] == 4408


async def test_subscribing_comes_after_greeting(site: Site) -> None:
    async with talking(site) as talk:
        await talk.send(type="subscribe", id="1", payload={"query": EMAIL})
        assert await talk.closed() == (4401, "Unauthorized")


async def test_greeting_twice_is_too_often(site: Site, user_token: str) -> None:
    async with talking(site, user_token) as talk:
        await talk.send(type="connection_init", payload={})
        assert (await talk.closed())[0] == 4429


@pytest.mark.parametrize("protocol", ["graphql-ws", "nonsense", ""])
async def test_other_protocols_are_not_spoken(site: Site, protocol: str) -> None:
    async with talking(site, protocol=protocol) as talk:
        assert (await talk.closed())[0] == 4406


async def test_pages_of_strange_origins_are_refused(site: Site, user_token: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with talking(site, origin="http://evil.example"):
            pass
    assert refused.value.response.status_code == 403
    async with talking(site, user_token, origin=site.url):
        pass


# -- messages ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        "null",
        "1",
        '"x"',
        "[]",
        "{",
        "{}",
        "",
        "[" * 100_000,
        b"{}",
        '{"type": "nonsense"}',
        '{"type": ["x"]}',
        '{"type": "ping", "payload": 1}',
        '{"type": "subscribe"}',
        '{"type": "subscribe", "id": 1, "payload": {"query": "{ __typename }"}}',
        '{"type": "subscribe", "id": ["1"], "payload": {"query": "{ __typename }"}}',
        '{"type": "subscribe", "id": "", "payload": {"query": "{ __typename }"}}',
        '{"type": "subscribe", "id": "1", "payload": null}',
        '{"type": "subscribe", "id": "1", "payload": {"query": 1}}',
        '{"type": "subscribe", "id": "1", "payload": {"query": "{ a }", "variables": []}}',
        '{"type": "complete"}',
        '{"type": "complete", "id": {}}',
        '{"type": "complete", "id": "%s"}' % ("x" * 257),
    ],
)
async def test_a_malformed_message_closes_with_4400(
    site: Site, user_token: str, data: str | bytes
) -> None:
    async with talking(site, user_token) as talk:
        await talk.send_raw(data)
        assert (await talk.closed())[0] == 4400


async def test_pings_are_answered_before_and_after_greeting(site: Site, user_token: str) -> None:
    async with talking(site) as talk:
        await talk.send(type="ping")
        assert await talk.receive() == {"type": "pong"}
        await talk.send(type="connection_init", payload={"authorization": f"Bearer {user_token}"})
        assert await talk.receive() == {"type": "connection_ack"}
        await talk.send(type="ping", payload={"a": 1})
        assert await talk.receive() == {"type": "pong"}
        await talk.send(type="pong")
        await talk.send(type="complete", id="unknown")
        await talk.send(type="ping")
        assert await talk.receive() == {"type": "pong"}


# -- operations ----------------------------------------------------------------------------------


async def test_a_query_gives_one_result(site: Site, user_token: str) -> None:
    async with talking(site, user_token) as talk:
        for _ in range(2):  # the id is free again once it is complete
            await talk.send(type="subscribe", id="1", payload={"query": EMAIL})
            data = {"viewer": {"user": {"email": "user@example.org"}}}
            message = await talk.receive()
            assert (message["type"], message["id"]) == ("next", "1")
            assert message["payload"]["data"] == data
            assert await talk.receive() == {"type": "complete", "id": "1"}


@pytest.mark.parametrize("query", ["", "{", "{ nothing }", "query A { a } query B { b }"])
async def test_a_bad_document_ends_its_operation_and_no_other(
    site: Site, user_token: str, query: str
) -> None:
    async with talking(site, user_token) as talk:
        await talk.send(type="subscribe", id="1", payload={"query": query})
        message = await talk.receive()
        assert (message["type"], message["id"]) == ("error", "1")
        assert {error["extensions"]["code"] for error in message["payload"]} == {"BAD_REQUEST"}
        await talk.send(type="subscribe", id="1", payload={"query": EMAIL})
        assert (await talk.receive())["type"] == "next"


async def test_an_unknown_operation_name_is_the_callers_error(site: Site, user_token: str) -> None:
    async with talking(site, user_token) as talk:
        payload = {"query": EMAIL, "operationName": "Unknown"}
        await talk.send(type="subscribe", id="1", payload=payload)
        message = await talk.receive()
        assert message["type"] == "error"
        assert [error["extensions"]["code"] for error in message["payload"]] == ["BAD_REQUEST"]


async def test_what_the_caller_may_not_see_is_an_error(site: Site, user_token: str) -> None:
    async with talking(site, user_token) as talk:
        await talk.send(type="subscribe", id="1", payload={"query": ACTIVITY})
        message = await talk.receive()
        assert message["type"] == "error"
        assert [error["extensions"]["code"] for error in message["payload"]] == ["FORBIDDEN"]


async def test_an_event_reaches_its_subscriber(
    site: Site, admin_token: str, accounts: Accounts
) -> None:
    query = "subscription { activity { ... on ActivityEvent { kind message } } }"
    async with talking(site, admin_token) as talk:
        await talk.send(type="subscribe", id="1", payload={"query": query})
        await talk.receive()
        await accounts.create_user("new@example.org", "New", Role.USER, "a long password")
        message = await talk.receive()
        assert message["payload"] == {
            "data": {"activity": {"kind": "USER_JOINED", "message": "New joined"}}
        }


async def test_an_id_in_use_cannot_be_used_again(site: Site, admin_token: str) -> None:
    async with talking(site, admin_token) as talk:
        for _ in range(2):
            await talk.send(type="subscribe", id="1", payload={"query": ACTIVITY})
        assert (await talk.closed())[0] == 4409


async def test_completing_or_leaving_frees_what_a_subscription_held(
    site: Site, admin_token: str
) -> None:
    before = _tasks()
    async with talking(site, admin_token) as talk:
        for number in range(3):
            await talk.send(type="subscribe", id=str(number), payload={"query": ACTIVITY})
            await talk.receive()
        await talk.send(type="complete", id="0")
        await _until(lambda: _tasks("Socket._run") == 2)
    await _until(lambda: _tasks("Socket") == 0)
    await _until(lambda: _tasks() <= before)


async def test_the_sockets_of_a_token_are_watched_together(site: Site, user_token: str) -> None:
    before = _tasks("until_denied")
    async with talking(site, user_token), talking(site, user_token):
        assert _tasks("until_denied") == before + 1
    await _until(lambda: _tasks("until_denied") == before)


def _tasks(name: str = "") -> int:
    names = [getattr(task.get_coro(), "__qualname__", "") for task in asyncio.all_tasks()]
    return sum(name in each for each in names)


async def _until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not holds():
            await asyncio.sleep(0.02)


# -- memory --------------------------------------------------------------------------------------


@pytest.fixture
def never_collected() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


def connections() -> list[object]:
    return [each for each in gc.get_objects() if type(each) in CONNECTION]


@pytest.mark.usefixtures("never_collected")
async def test_a_closed_socket_leaves_nothing_to_collect(site: Site, user_token: str) -> None:
    before = {id(each) for each in connections()}
    async with talking(site, user_token) as talk:
        for each in ("1", "2"):
            await talk.send(type="subscribe", id=each, payload={"query": ACTIVITY})
        await talk.receive()
        its = [weakref.ref(each) for each in connections() if id(each) not in before]
        assert {type(each()) for each in its} == {SocketProtocol, Socket}
    async with asyncio.timeout(10):
        while any(each() for each in its):
            await asyncio.sleep(0.01)
