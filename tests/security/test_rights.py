"""Who loses the right to a stream loses the stream, within seconds."""

from __future__ import annotations

from datetime import timedelta

import pytest

from server import auth
from store.accounts import Accounts
from store.clock import now
from store.recall import Recall
from store.records.account import Role, Scope
from store.settings import Settings
from tests.server.conftest import Site, serving, talking
from tests.server.test_streams import events

ACTIVITY = "subscription { activity { __typename ... on Heartbeat { at } } }"


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rights are looked at again after a moment, and not recalled in between."""
    monkeypatch.setattr(auth, "RECHECK_S", 0.05)
    monkeypatch.setattr(Recall, "get", lambda *_: None)


@pytest.mark.usefixtures("impatient")
async def test_a_revoked_key_ends_its_subscriptions(site: Site, accounts: Accounts) -> None:
    user = await accounts.create_user("k@example.org", "K", Role.ADMIN, "a long password")
    record, key = await accounts.create_api_key(user.id, "k", list(Scope))
    async with talking(site, key) as talk:
        await talk.send(type="subscribe", id="1", payload={"query": ACTIVITY})
        await accounts.revoke_api_key(record.id)
        code, reason = await talk.closed()
        assert code == 4403
        assert "revoked" in (reason or "")


@pytest.mark.usefixtures("impatient")
async def test_an_expired_key_ends_its_subscriptions(site: Site, accounts: Accounts) -> None:
    user = await accounts.create_user("e@example.org", "E", Role.ADMIN, "a long password")
    soon = now() + timedelta(seconds=0.5)
    _, key = await accounts.create_api_key(user.id, "k", list(Scope), soon)
    async with talking(site, key) as talk:
        await talk.send(type="subscribe", id="1", payload={"query": ACTIVITY})
        assert (await talk.closed())[0] == 4403


@pytest.mark.usefixtures("impatient")
async def test_a_lost_role_or_account_ends_subscriptions(site: Site, accounts: Accounts) -> None:
    admin = await accounts.create_user("boss@example.org", "Boss", Role.ADMIN, "a long password")
    user = await accounts.create_user("x@example.org", "X", Role.ADMIN, "a long password")
    token = (await site.sign_in("x@example.org", "a long password"))["accessToken"]
    async with talking(site, token) as talk:
        await accounts.set_role(user.id, Role.USER, by=admin.id)
        assert (await talk.closed())[0] == 4403
    async with talking(site, token) as talk:
        await accounts.disable(user.id, by=admin.id)
        assert (await talk.closed())[0] == 4403


async def test_an_access_token_takes_its_subscriptions_along(
    site_settings: Settings, accounts: Accounts
) -> None:
    brief = site_settings.model_copy(update={"access_token_ttl_s": 2})
    async with serving(brief) as site:
        await accounts.create_user("b@example.org", "B", Role.USER, "a long password")
        token = (await site.sign_in("b@example.org", "a long password"))["accessToken"]
        async with talking(site, token) as talk:
            assert (await talk.closed())[0] == 4403


@pytest.mark.usefixtures("impatient")
async def test_a_revoked_key_ends_its_event_stream(site: Site, accounts: Accounts) -> None:
    user = await accounts.create_user("s@example.org", "S", Role.ADMIN, "a long password")
    record, key = await accounts.create_api_key(user.id, "k", list(Scope))
    stream = events(site, ACTIVITY, key)
    await anext(stream)
    await accounts.revoke_api_key(record.id)
    *_, (_, message), last = [event async for event in stream]
    assert message["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert last == ("complete", None)
