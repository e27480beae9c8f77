"""An event is executed once for all who are told the same of it, and for nobody else."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
from graphql.execution.collect_fields import FieldDetails
from structlog.testing import capture_logs

from server.execution import audiences
from server.execution.audiences import Audience
from store import ids
from store.clock import now
from store.records.event import Event, EventKind, Topic
from store.records.model import Model
from store.settings import Settings
from store.store import Store, open_store
from tests.server.conftest import Site, Talk, talking
from tests.server.test_streams import events as sse_events

FOLLOW = """subscription Model($id: ID!, $tag: Boolean = true) {
  modelEvents(id: $id) {
    __typename
    ... on ActivityEvent { message at @include(if: $tag) model { name } user { email } }
  }
}"""


@pytest.fixture(scope="session")
async def store(site_settings: Settings) -> AsyncIterator[Store]:
    async with open_store(site_settings) as opened:
        yield opened


@pytest.fixture
async def model(store: Store, accounts: Any, admin_token: str) -> Model:
    """The admin's, and published: everybody follows it."""
    admin = (await accounts.authenticate(admin_token)).user
    name = f"model-{ids.new(ids.MODEL)[-8:].lower()}"
    return await store.mongo.models.insert(
        Model(ids.new(ids.MODEL), admin.id, name, "", now(), published_version_id="mdv_1")
    )


@pytest.fixture
def executed(monkeypatch: pytest.MonkeyPatch) -> list[Event]:
    """Every event that was executed, once for each time."""
    found: list[Event] = []
    execute = Audience._execute

    async def counted(self: Audience, item: object) -> Any:
        if isinstance(item, Event):
            found.append(item)
        return await execute(self, item)

    monkeypatch.setattr(Audience, "_execute", counted)
    return found


async def happen(store: Store, model: Model, message: str) -> None:
    kind = EventKind.MODEL_PUBLISHED
    await store.events.append(
        Event(Topic.MODEL, kind, model.id, model.owner_id, now(), message, related={})
    )


async def follow(talk: Talk, model: Model, query: str = FOLLOW, **variables: object) -> None:
    """Subscribe, and pass over all that comes before the live part."""
    payload = {"query": query, "variables": {"id": model.id, **variables}}
    await talk.send(type="subscribe", id="1", payload=payload)
    while (await told(talk)).get("__typename") != "CaughtUp":
        pass


async def told(talk: Talk) -> dict[str, Any]:
    message = await talk.receive()
    item: dict[str, Any] = message["payload"]["data"]["modelEvents"]
    return item


async def test_alike_subscribers_share_one_execution(
    site: Site, store: Store, model: Model, user_token: str, executed: list[Event]
) -> None:
    async with AsyncExitStack() as stack:
        talks = [await stack.enter_async_context(talking(site, user_token)) for _ in range(5)]
        for talk in talks:
            await follow(talk, model)
        for message in ("first", "second"):
            await happen(store, model, message)
        for talk in talks:
            got = [await told(talk) for _ in range(2)]
            assert [item["message"] for item in got] == ["first", "second"]
            assert got[0]["model"] == {"name": model.name}
    assert [event.message for event in executed] == ["first", "second"]


async def test_viewers_are_told_what_they_may_see(
    site: Site, store: Store, model: Model, user_token: str, admin_token: str
) -> None:
    async with talking(site, admin_token) as admins, talking(site, user_token) as users:
        await follow(admins, model)
        await follow(users, model)
        await happen(store, model, "published")
        assert (await told(admins))["user"] == {"email": "admin@example.org"}
        assert (await told(users))["user"] is None


async def test_other_variables_or_another_document_share_nothing(
    site: Site, store: Store, model: Model, user_token: str, executed: list[Event]
) -> None:
    async with AsyncExitStack() as stack:
        one, two, three = [
            await stack.enter_async_context(talking(site, user_token)) for _ in range(3)
        ]
        await follow(one, model)
        await follow(two, model, tag=False)
        await follow(three, model, FOLLOW.replace("message", "text: message"))
        await happen(store, model, "published")
        assert {"message", "at"} <= (await told(one)).keys()
        assert "at" not in await told(two)
        assert (await told(three))["text"] == "published"
    assert len(executed) == 3


async def test_sockets_and_server_sent_events_share(
    site: Site, store: Store, model: Model, user_token: str, executed: list[Event]
) -> None:
    query = FOLLOW.replace("($id: ID!, $tag: Boolean = true)", "").replace("$id", f'"{model.id}"')
    query = query.replace(" @include(if: $tag)", "")
    stream = sse_events(site, query, user_token)
    async with talking(site, user_token) as talk:
        await talk.send(type="subscribe", id="1", payload={"query": query})
        for _ in range(2):
            await told(talk)
            await anext(stream)
        await happen(store, model, "published")
        _, message = await anext(stream)
        assert message["data"]["modelEvents"] == await told(talk)
        assert len(executed) == 1
    await stream.aclose()


async def test_who_leaves_takes_nobody_along(
    site: Site, store: Store, model: Model, user_token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_go_on, execute = asyncio.Event(), Audience._execute

    async def held_up(self: Audience, item: object) -> Any:
        if isinstance(item, Event):
            await may_go_on.wait()
        return await execute(self, item)

    monkeypatch.setattr(Audience, "_execute", held_up)
    async with talking(site, user_token) as second:
        async with talking(site, user_token) as first:
            await follow(first, model)
            await follow(second, model)
            await happen(store, model, "published")
            await asyncio.sleep(0.2)
        may_go_on.set()
        assert (await told(second))["message"] == "published"


async def test_what_was_shared_is_not_kept(
    site: Site, store: Store, model: Model, user_token: str, executed: list[Event],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(audiences, "SHARED_S", 0.05)
    async with talking(site, user_token) as early, talking(site, user_token) as late:
        await follow(early, model)
        await happen(store, model, "published")
        await told(early)
        await store.mongo.models.amend(model.id, lambda kept: kept.described("newer"))
        await asyncio.sleep(0.3)
        await late.send(
            type="subscribe", id="1", payload={"query": FOLLOW, "variables": {"id": model.id}}
        )
        items = [await told(late) for _ in range(3)]
        assert [item["__typename"] for item in items] == [
            "ModelSnapshot", "ActivityEvent", "CaughtUp",
        ]  # fmt: skip
    assert len(executed) == 2


async def test_nothing_is_kept_of_the_events_that_were_told(
    site: Site, store: Store, model: Model, user_token: str
) -> None:
    async with talking(site, user_token) as talk:
        await follow(talk, model)
        kept = []
        for _ in range(3):
            for _ in range(10):
                await happen(store, model, "published")
                await told(talk)
            gc.collect()
            kept.append(sum(type(each) is FieldDetails for each in gc.get_objects()))
    assert kept[2] - kept[1] < 10


async def test_a_failure_is_told_to_all_and_logged_once(
    site: Site, store: Store, model: Model, user_token: str
) -> None:
    async with talking(site, user_token) as one, talking(site, user_token) as two:
        await follow(one, model)
        await follow(two, model)
        with pytest.MonkeyPatch.context() as patch, capture_logs() as logs:
            patch.setattr("schema.activity.types.find_user", None)
            await happen(store, model, "published")
            messages = [await talk.receive() for talk in (one, two)]
        errors = [message["payload"]["errors"] for message in messages]
        assert errors[0] == errors[1]
        assert errors[0][0]["extensions"]["code"] == "INTERNAL"
        assert [line["event"] for line in logs].count("resolver_failed") == 1
