"""A platform whose webhooks may reach receivers of ours, and people who make some."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import trustme

from server.tasks import end
from server.webhooks import deliverer
from server.webhooks.deliverer import Deliverer
from store.settings import Settings
from store.store import Store
from tests.conftest import make_settings
from tests.schema.conftest import Caller, admin, alice, bob, new_caller
from tests.server.webhooks.receiver import Receiver, receiving, write_ca

__all__ = ["admin", "alice", "bob", "new_caller"]

Deliver = Callable[[], AbstractAsyncContextManager[Deliverer]]

CREATE = """mutation($input: CreateWebhookInput!) { createWebhook(input: $input) {
  webhook { id name url revision cursor off { reason } } secret
  userErrors { __typename code message path } } }"""


@pytest.fixture(scope="session")
def ca() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def settings(mongo_uri: str, redis_url: str, tmp_path: Path, ca: trustme.CA) -> Settings:
    return make_settings(
        mongo_uri, redis_url, tmp_path,
        webhook_allowed_hosts=("localhost",), webhook_ca=write_ca(ca, tmp_path),
    )  # fmt: skip


@pytest.fixture
async def receiver(ca: trustme.CA) -> AsyncIterator[Receiver]:
    async with receiving(ca) as running:
        yield running


@pytest.fixture
def deliver(store: Store, monkeypatch: pytest.MonkeyPatch) -> Deliver:
    """A process that delivers, while the block lasts; it looks more often than a real one."""
    monkeypatch.setattr(deliverer, "LOOK_EACH_S", 0.05)

    @asynccontextmanager
    async def run() -> AsyncIterator[Deliverer]:
        running = Deliverer(store)
        task = asyncio.create_task(running.run())
        yield running
        await end(task)

    return run


async def make(caller: Caller, url: str, document: str, **more: Any) -> dict[str, Any]:
    """What `createWebhook` answers, when it goes well."""
    given = {"name": "hook", "url": url, "document": document, **more}
    payload: dict[str, Any] = (await caller(CREATE, input=given))["createWebhook"]
    assert payload["userErrors"] == []
    return payload
