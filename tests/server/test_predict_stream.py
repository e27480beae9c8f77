"""`predictStream` over both transports: each subscriber has a stream of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from store.accounts import Accounts
from store.settings import Settings
from store.store import Store, open_store
from tests.schema.conftest import Caller
from tests.schema.making import published
from tests.schema.test_inference import worker
from tests.server.conftest import Site, Talk, talking
from tests.server.test_streams import events as sse_events

TEXTS = [f"text {n}" for n in range(30)]
STREAM = """subscription($texts: [String!]!) {
  predictStream(input: {model: "streamed", texts: $texts}) {
    __typename ... on StreamedAnswer { index } ... on StreamEnd { answered }
  }
}"""


@pytest.fixture(scope="module")
async def store(site_settings: Settings) -> AsyncIterator[Store]:
    async with open_store(site_settings) as opened:
        yield opened


@pytest.fixture(scope="module")
async def model(store: Store, accounts: Accounts, admin_token: str) -> None:
    """`streamed` answers."""
    await published(Caller(store, await accounts.authenticate(admin_token)), "streamed")


async def subscribe(talk: Talk, id: str = "1") -> None:
    payload = {"query": STREAM, "variables": {"texts": TEXTS}}
    await talk.send(type="subscribe", id=id, payload=payload)


async def told(talk: Talk, id: str = "1") -> list[dict[str, Any]]:
    """Everything until the end."""
    found = []
    while (message := await talk.receive())["type"] != "complete":
        assert message["id"] == id
        found.append(message["payload"]["data"]["predictStream"])
    return found


def check(found: list[dict[str, Any]]) -> None:
    assert found[-1] == {"__typename": "StreamEnd", "answered": len(TEXTS)}
    assert sorted(each["index"] for each in found[:-1]) == list(range(len(TEXTS)))


@pytest.mark.usefixtures("model")
async def test_alike_subscribers_get_all_of_it_each(
    site: Site, store: Store, user_token: str
) -> None:
    async with talking(site, user_token) as one, talking(site, user_token) as two:
        await subscribe(one)
        await subscribe(two)
        async with worker(store):
            check(await told(one))
            check(await told(two))


@pytest.mark.usefixtures("model")
async def test_it_goes_over_server_sent_events(site: Site, store: Store, user_token: str) -> None:
    texts = ", ".join(f'"{text}"' for text in TEXTS)
    query = STREAM.replace("($texts: [String!]!)", "").replace("$texts", f"[{texts}]")
    async with worker(store):
        got = [event async for event in sse_events(site, query, user_token)]
    assert got[-1] == ("complete", None)
    check([message["data"]["predictStream"] for _, message in got[:-1]])


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize("hangs_up", [True, False])
async def test_nothing_more_is_asked_for_who_left(
    site: Site, store: Store, user_token: str, hangs_up: bool
) -> None:
    before = asyncio.all_tasks()  # the server runs in this loop
    async with talking(site, user_token) as talk:
        texts = [f"left {n} {hangs_up}" for n in range(300)]
        payload = {"query": STREAM, "variables": {"texts": texts}}
        await talk.send(type="subscribe", id="1", payload=payload)
        while not asking(before):
            await asyncio.sleep(0.01)
        if not hangs_up:
            await talk.send(type="complete", id="1")
            await gone(before)
    await gone(before)
    async with worker(store) as taken:  # the calls that waited are answered to nobody
        await asyncio.sleep(0.3)
    assert sum(len(call.texts) for call in taken) < len(texts)


def asking(before: set[asyncio.Task[Any]]) -> list[str]:
    names = [task.get_coro().__qualname__ for task in asyncio.all_tasks() - before]
    return [name for name in names if name == "_answers"]


async def gone(before: set[asyncio.Task[Any]]) -> None:
    async with asyncio.timeout(60):
        while asking(before):
            await asyncio.sleep(0.01)
