from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from datetime import timedelta

import bcrypt
import pytest

from store.accounts import SignedIn
from store.accounts.sessions import REFUSAL_S
from store.accounts.throttle import PER_ACCOUNT
from store.clock import now
from store.errors import (
    AlreadyExists,
    Denied,
    IllegalMove,
    InvalidValue,
    NotFound,
    StoreError,
    Throttled,
)
from store.events import Feed
from store.records.account import Role, Scope, User
from store.records.event import EventKind
from store.store import Store

EMAIL, PASSWORD = "ann@example.org", "correct horse battery"


@pytest.fixture
async def ann(store: Store) -> User:
    return await store.accounts.create_user(EMAIL, "Ann", Role.ADMIN, PASSWORD)


@pytest.fixture
async def signed_in(store: Store, ann: User) -> SignedIn:
    return await store.accounts.sign_in(EMAIL, PASSWORD, "192.0.2.1", "test")


async def bob(store: Store) -> User:
    return await store.accounts.create_user("bob@example.org", "Bob", Role.USER, PASSWORD)


# -- users ---------------------------------------------------------------------------------------


async def test_email_is_kept_in_one_spelling(store: Store) -> None:
    user = await store.accounts.create_user(" Ann@Example.ORG ", " Ann ", Role.USER, PASSWORD)
    assert (user.email, user.name) == (EMAIL, "Ann")
    assert await store.mongo.users.get(user.id) == user


async def test_an_email_has_one_account(store: Store, ann: User) -> None:
    with pytest.raises(AlreadyExists):
        await store.accounts.create_user("ANN@example.org", "Other", Role.USER, PASSWORD)
    assert await store.mongo.users.count({}) == 1


@pytest.mark.parametrize(
    ("email", "name", "password", "field"),
    [
        ("nobody", "Ann", PASSWORD, "email"),
        ("a b@example.org", "Ann", PASSWORD, "email"),
        ("a@example.org\0", "Ann", PASSWORD, "email"),
        (f"{'x' * 250}@example.org", "Ann", PASSWORD, "email"),
        (EMAIL, "  ", PASSWORD, "name"),
        (EMAIL, "x" * 101, PASSWORD, "name"),
        (EMAIL, "Ann", "short", "password"),
    ],
)
async def test_bad_values_are_refused_and_nobody_is_made(
    store: Store, email: str, name: str, password: str, field: str
) -> None:
    with pytest.raises(InvalidValue) as refused:
        await store.accounts.create_user(email, name, Role.USER, password)
    assert refused.value.path == ["input", field]
    assert await store.mongo.users.count({}) == 0


async def test_a_role_is_changed_and_told(store: Store, ann: User) -> None:
    user = await bob(store)
    changed = await store.accounts.set_role(user.id, Role.ADMIN, by=ann.id)
    assert changed.role is Role.ADMIN
    page = await store.events.page(Feed.of(user.id), None, 10)
    assert [e.kind for e in page.events] == [EventKind.USER_JOINED, EventKind.USER_CHANGED]


async def test_nobody_changes_their_own_standing(store: Store, ann: User) -> None:
    with pytest.raises(IllegalMove):
        await store.accounts.set_role(ann.id, Role.USER, by=ann.id)
    with pytest.raises(IllegalMove):
        await store.accounts.disable(ann.id, by=ann.id)
    assert await store.mongo.users.get(ann.id) == ann


async def test_a_disabled_user_is_out_at_once_and_stays_out(store: Store, ann: User) -> None:
    user = await bob(store)
    session = await store.accounts.sign_in(user.email, PASSWORD)
    _, key = await store.accounts.create_api_key(user.id, "key", [Scope.READ])
    for bearer in (session.access_token, key):
        await store.accounts.authenticate(bearer)
    await store.accounts.disable(user.id, by=ann.id)
    for refused in (
        store.accounts.authenticate(session.access_token),
        store.accounts.authenticate(key),
        store.accounts.refresh(session.refresh_token),
        store.accounts.sign_in(user.email, PASSWORD),
    ):
        with pytest.raises(Denied):
            await refused
    await store.accounts.enable(user.id, by=ann.id)
    with pytest.raises(Denied):
        await store.accounts.refresh(session.refresh_token)
    await store.accounts.sign_in(user.email, PASSWORD)


# -- invitations ---------------------------------------------------------------------------------


async def test_an_invitation_makes_one_account(store: Store, ann: User) -> None:
    invitation, token = await store.accounts.invite("Bob@example.org", Role.USER, by=ann.id)
    assert token not in str(await store.mongo.invitations.get(invitation.id))
    user = await store.accounts.accept_invitation(token, "Bob", PASSWORD)
    assert (user.email, user.role) == ("bob@example.org", Role.USER)
    with pytest.raises(IllegalMove):
        await store.accounts.accept_invitation(token, "Bob", PASSWORD)


async def test_an_invitation_accepted_twice_at_once_makes_one_account(
    store: Store, ann: User
) -> None:
    _, token = await store.accounts.invite("bob@example.org", Role.USER, by=ann.id)
    accepts = (store.accounts.accept_invitation(token, "Bob", PASSWORD) for _ in range(3))
    outcomes = await asyncio.gather(*accepts, return_exceptions=True)
    assert sum(isinstance(each, User) for each in outcomes) == 1
    assert await store.mongo.users.count({}) == 2


async def test_an_invitation_outlives_a_bad_password(store: Store, ann: User) -> None:
    _, token = await store.accounts.invite("bob@example.org", Role.USER, by=ann.id)
    with pytest.raises(InvalidValue):
        await store.accounts.accept_invitation(token, "Bob", "short")
    await store.accounts.accept_invitation(token, "Bob", PASSWORD)


async def test_an_expired_or_unknown_invitation_is_refused(store: Store, ann: User) -> None:
    invitation, token = await store.accounts.invite("bob@example.org", Role.USER, by=ann.id)
    await store.mongo.invitations.amend(invitation.id, lambda kept: replace(kept, expires_at=now()))
    with pytest.raises(IllegalMove):
        await store.accounts.accept_invitation(token, "Bob", PASSWORD)
    with pytest.raises(Denied):
        await store.accounts.accept_invitation("made up", "Bob", PASSWORD)
    assert await store.mongo.users.count({}) == 1


async def test_who_has_an_account_is_not_invited(store: Store, ann: User) -> None:
    with pytest.raises(AlreadyExists):
        await store.accounts.invite(EMAIL, Role.USER, by=ann.id)


# -- signing in ----------------------------------------------------------------------------------


async def test_signing_in_opens_a_session(store: Store, ann: User, signed_in: SignedIn) -> None:
    viewer = await store.accounts.authenticate(signed_in.access_token)
    assert viewer.user == ann
    assert viewer.is_admin
    assert viewer.session_id == signed_in.session.id
    assert viewer.expires_at == signed_in.access_expires_at
    kept = await store.mongo.sessions.get(signed_in.session.id)
    assert (kept.address, kept.user_agent) == ("192.0.2.1", "test")
    assert signed_in.refresh_token not in str(kept)


async def test_email_is_read_in_any_spelling(store: Store, ann: User) -> None:
    assert (await store.accounts.sign_in(" ANN@example.org", PASSWORD)).user == ann


async def test_wrong_password_and_unknown_user_get_the_same_answer(store: Store, ann: User) -> None:
    answers = []
    for email, password in ((EMAIL, "wrong"), ("nobody@example.org", PASSWORD), ("", "")):
        began = time.monotonic()
        with pytest.raises(Denied) as refused:
            await store.accounts.sign_in(email, password)
        assert time.monotonic() - began >= REFUSAL_S
        answers.append((type(refused.value), str(refused.value)))
    assert answers == [(Denied, "wrong email or password")] * 3
    assert await store.mongo.sessions.count({}) == 0


async def test_an_imported_hash_is_upgraded_at_the_first_right_sign_in(
    store: Store, ann: User
) -> None:
    imported = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()
    await store.mongo.users.amend(ann.id, lambda kept: kept.password_changed(imported))
    with pytest.raises(Denied):
        await store.accounts.sign_in(EMAIL, "wrong")
    assert (await store.mongo.users.get(ann.id)).password_hash == imported
    await store.accounts.sign_in(EMAIL, PASSWORD)
    assert (await store.mongo.users.get(ann.id)).password_hash.startswith("$argon2id$")
    await store.accounts.sign_in(EMAIL, PASSWORD)


async def test_guessing_is_throttled_even_when_the_guess_is_right(store: Store, ann: User) -> None:
    for _ in range(PER_ACCOUNT.tries):
        await store.throttle.take(account=EMAIL)
    with pytest.raises(Throttled):
        await store.accounts.sign_in(" Ann@example.org", PASSWORD)
    assert await store.mongo.sessions.count({}) == 0


async def test_signing_in_often_is_not_guessing(store: Store, ann: User) -> None:
    for _ in range(PER_ACCOUNT.tries + 1):
        await store.accounts.sign_in(EMAIL, PASSWORD)


# -- refreshing ----------------------------------------------------------------------------------


async def test_refreshing_rotates_the_token(store: Store, signed_in: SignedIn) -> None:
    first = await store.accounts.refresh(signed_in.refresh_token)
    second = await store.accounts.refresh(first.refresh_token)
    assert second.session.id == signed_in.session.id
    assert len({signed_in.refresh_token, first.refresh_token, second.refresh_token}) == 3
    await store.accounts.authenticate(second.access_token)


async def test_reuse_of_an_old_token_ends_the_whole_family(
    store: Store, signed_in: SignedIn
) -> None:
    fresh = await store.accounts.refresh(signed_in.refresh_token)
    other = await store.accounts.sign_in(EMAIL, PASSWORD)
    with pytest.raises(Denied):
        await store.accounts.refresh(signed_in.refresh_token)
    with pytest.raises(Denied):
        await store.accounts.refresh(fresh.refresh_token)
    with pytest.raises(Denied):
        await store.accounts.authenticate(fresh.access_token)
    await store.accounts.refresh(other.refresh_token)


async def test_one_token_used_twice_at_once_serves_at_most_once(
    store: Store, signed_in: SignedIn
) -> None:
    tries = (store.accounts.refresh(signed_in.refresh_token) for _ in range(4))
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(each, SignedIn) for each in outcomes) == 1
    assert (await store.mongo.sessions.get(signed_in.session.id)).revoked_at is not None


async def test_a_made_up_token_ends_nobodys_session(store: Store, signed_in: SignedIn) -> None:
    for forged in (f"{signed_in.session.id}.nonce.mac", signed_in.refresh_token + "0", ""):
        with pytest.raises(Denied):
            await store.accounts.refresh(forged)
    await store.accounts.refresh(signed_in.refresh_token)


async def test_an_expired_session_cannot_be_refreshed(store: Store, signed_in: SignedIn) -> None:
    await store.mongo.sessions.amend(
        signed_in.session.id, lambda kept: replace(kept, expires_at=now())
    )
    with pytest.raises(Denied):
        await store.accounts.refresh(signed_in.refresh_token)


# -- signing out and changing the password -------------------------------------------------------


async def test_signing_out_ends_one_session(store: Store, signed_in: SignedIn) -> None:
    other = await store.accounts.sign_in(EMAIL, PASSWORD)
    await store.accounts.authenticate(signed_in.access_token)
    await store.accounts.sign_out(signed_in.user.id, signed_in.session.id)
    with pytest.raises(Denied):
        await store.accounts.authenticate(signed_in.access_token)
    with pytest.raises(Denied):
        await store.accounts.refresh(signed_in.refresh_token)
    await store.accounts.authenticate(other.access_token)


async def test_anothers_session_cannot_be_ended(store: Store, signed_in: SignedIn) -> None:
    other = await bob(store)
    for session_id in (signed_in.session.id, "ses_none"):
        with pytest.raises(NotFound):
            await store.accounts.sign_out(other.id, session_id)
    await store.accounts.authenticate(signed_in.access_token)


async def test_signing_out_everywhere_ends_them_all(store: Store, signed_in: SignedIn) -> None:
    other = await store.accounts.sign_in(EMAIL, PASSWORD)
    await store.accounts.sign_out_everywhere(signed_in.user.id)
    for each in (signed_in, other):
        with pytest.raises(Denied):
            await store.accounts.authenticate(each.access_token)


async def test_a_new_password_ends_the_other_sessions(store: Store, signed_in: SignedIn) -> None:
    other = await store.accounts.sign_in(EMAIL, PASSWORD)
    new = "a new and longer password"
    await store.accounts.change_password(
        signed_in.user.id, PASSWORD, new, session_id=signed_in.session.id
    )
    await store.accounts.authenticate(signed_in.access_token)
    with pytest.raises(Denied):
        await store.accounts.authenticate(other.access_token)
    with pytest.raises(Denied):
        await store.accounts.sign_in(EMAIL, PASSWORD)
    await store.accounts.sign_in(EMAIL, new)


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [("wrong", "a new and longer password", Denied), (PASSWORD, "short", InvalidValue)],
)
async def test_a_refused_change_of_password_changes_nothing(
    store: Store, signed_in: SignedIn, old: str, new: str, error: type[StoreError]
) -> None:
    with pytest.raises(error):
        await store.accounts.change_password(signed_in.user.id, old, new)
    assert await store.mongo.users.get(signed_in.user.id) == signed_in.user
    await store.accounts.authenticate(signed_in.access_token)


# -- API keys ------------------------------------------------------------------------------------


async def test_a_key_does_what_its_scopes_say(store: Store, ann: User) -> None:
    record, key = await store.accounts.create_api_key(
        ann.id, "bench", [Scope.READ, Scope.PREDICT, Scope.READ]
    )
    viewer = await store.accounts.authenticate(key)
    assert viewer.scopes == {Scope.READ, Scope.PREDICT}
    assert (viewer.api_key_id, viewer.session_id) == (record.id, None)
    assert not viewer.is_admin
    assert key not in str(await store.mongo.api_keys.get(record.id))


async def test_a_key_never_does_more_than_its_owner_may(store: Store, ann: User) -> None:
    user = await bob(store)
    await store.accounts.set_role(user.id, Role.ADMIN, by=ann.id)
    _, key = await store.accounts.create_api_key(user.id, "all", list(Scope))
    await store.accounts.set_role(user.id, Role.USER, by=ann.id)
    assert Scope.ADMIN not in (await store.accounts.authenticate(key)).scopes


async def test_a_revoked_key_is_refused_at_once(store: Store, ann: User) -> None:
    record, key = await store.accounts.create_api_key(ann.id, "bench", [Scope.READ])
    await store.accounts.authenticate(key)
    await store.accounts.revoke_api_key(record.id)
    with pytest.raises(Denied):
        await store.accounts.authenticate(key)


async def test_an_expired_key_is_refused_even_when_recalled(store: Store, ann: User) -> None:
    soon = now() + timedelta(milliseconds=300)
    _, key = await store.accounts.create_api_key(ann.id, "bench", [Scope.READ], soon)
    await store.accounts.authenticate(key)
    await asyncio.sleep(0.4)
    with pytest.raises(Denied):
        await store.accounts.authenticate(key)


async def test_bad_keys_are_not_made(store: Store, ann: User) -> None:
    user = await bob(store)
    for owner, scopes, expires_at, field in (
        (ann, [], None, "scopes"),
        (user, [Scope.ADMIN], None, "scopes"),
        (ann, [Scope.READ], now(), "expiresAt"),
    ):
        with pytest.raises(InvalidValue) as refused:
            await store.accounts.create_api_key(owner.id, "key", scopes, expires_at)
        assert refused.value.path == ["input", field]
    assert await store.mongo.api_keys.count({}) == 0


NOBODYS_KEY = "shoal_01ARZ3NDEKTSV4RRFFQ69G5FAV_x"


@pytest.mark.parametrize("bearer", ["", "x", "shoal_", NOBODYS_KEY, "a.b.c"])
async def test_a_bearer_that_is_nobodys_is_denied(store: Store, bearer: str) -> None:
    with pytest.raises(Denied):
        await store.accounts.authenticate(bearer)
