"""Threats to accounts: guessed, replayed, forged and confused credentials."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import bcrypt
import jwt
import pytest

from store.accounts import SignedIn, part, passwords, weakness
from store.accounts.passwords import hash_password, verify_password
from store.accounts.throttle import PER_ADDRESS
from store.clock import now
from store.errors import Denied, InvalidValue, Throttled
from store.objects.signing import UrlSigner
from store.records.account import Role, Scope, User
from store.settings import Settings
from store.store import Store, open_store
from tests.conftest import SECRET
from tests.schema.conftest import Caller
from tests.server.conftest import Site

EMAIL, PASSWORD = "ann@example.org", "correct horse battery"
OTHER_SECRET = "another-secret-that-is-just-as-long"


@pytest.fixture
async def ann(store: Store) -> User:
    return await store.accounts.create_user(EMAIL, "Ann", Role.USER, PASSWORD)


@pytest.fixture
async def signed_in(store: Store, ann: User) -> SignedIn:
    return await store.accounts.sign_in(EMAIL, PASSWORD)


# -- passwords ------------------------------------------------------------------------------------


async def test_a_leaked_hash_that_is_cheap_to_guess() -> None:
    assert (await hash_password(PASSWORD)).startswith("$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.mark.parametrize(
    "common",
    [
        "1234567890", "qwertyuiop", "password123", "Password1234!", "iloveyou12345", "P@ssw0rd123",
        "aaaaaaaaaaaaaaaa", "abcabcabcabc", "passwordpassword", "0987654321qwerty",
        "Summer2026!", "qwerty123456",
    ],
)  # fmt: skip
async def test_a_common_password(common: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        await hash_password(common, field="newPassword")
    assert refused.value.path == ["input", "newPassword"]
    assert "easily guessed" in str(refused.value)
    assert common not in str(refused.value)


async def test_a_password_made_of_ones_own_name_or_email(store: Store) -> None:
    for password in ("annabel.smith", "AnnabelSmith1", "smithannabel"):
        with pytest.raises(InvalidValue, match="easily guessed"):
            await store.accounts.create_user(
                "annabel.smith@example.org", "Annabel Smith", Role.USER, password
            )
    assert await store.mongo.users.count({}) == 0


@pytest.mark.parametrize("good", [PASSWORD, "x9$kfLq20z", "another long one", "żółć gęślą jaźń"])
async def test_a_good_password_is_not_refused(good: str) -> None:
    assert await verify_password(await hash_password(good), good)


async def test_a_long_password_that_keeps_the_server_busy() -> None:
    """Each end of a word is looked at with at most 28 beginnings: no more work than that."""
    looked_at = 0

    class Counting(dict[str, int]):
        def __contains__(self, word: object) -> bool:
            nonlocal looked_at
            looked_at += 1
            return super().__contains__(word)

    for text in ("4@8({[<369&#!1/|0$5+7%2" * 11, "p4ssw0rd" * 31 + "x"):
        looked_at = 0
        weakness._cheapest(text, Counting(weakness.common()))
        assert looked_at <= 3 * 28 * len(text)
    with pytest.raises(InvalidValue, match="10 to 256"):
        await hash_password("correct horse battery " * 12)


async def test_a_long_password_of_which_bcrypt_reads_72_bytes(store: Store, ann: User) -> None:
    """An imported hash knows the first 72 bytes; once upgraded, every character counts."""
    long = "é" * 36 + " and a secret end"
    imported = bcrypt.hashpw(long.encode()[:72], bcrypt.gensalt(4)).decode()
    await store.mongo.users.amend(ann.id, lambda kept: kept.password_changed(imported))
    await store.accounts.sign_in(EMAIL, long)
    assert (await store.mongo.users.get(ann.id)).password_hash.startswith("$argon2id$")
    with pytest.raises(Denied):
        await store.accounts.sign_in(EMAIL, "é" * 36 + " and another end")
    await store.accounts.sign_in(EMAIL, long)


async def test_a_password_with_a_nul_byte_that_bcrypt_would_cut_there() -> None:
    imported = bcrypt.hashpw(b"secret", bcrypt.gensalt(4)).decode()
    assert not await verify_password(imported, "secret\0 and more")


# -- signing in -----------------------------------------------------------------------------------


async def test_the_time_of_a_refusal_that_tells_who_has_an_account(
    store: Store, ann: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody's password costs the same one argon2id verification as somebody's wrong one."""
    work: list[str] = []
    verify = passwords._verify

    def counted(kept: str, password: str) -> bool:
        work.append(kept[: len("$argon2id$v=19$m=19456,t=2,p=1$")])
        return verify(kept, password)

    monkeypatch.setattr(passwords, "_verify", counted)
    disabled = await store.accounts.create_user("off@example.org", "Off", Role.USER, PASSWORD)
    await store.accounts.disable(disabled.id, by=ann.id)
    costs = []
    for email, password in (
        (EMAIL, "wrong"), ("nobody@example.org", "wrong"), ("off@example.org", PASSWORD),
        (EMAIL, "x" * 1_000), ("no email at all", ""),
    ):  # fmt: skip
        work.clear()
        with pytest.raises(Denied, match="wrong email or password"):
            await store.accounts.sign_in(email, password)
        costs.append(list(work))
    assert costs == [["$argon2id$v=19$m=19456,t=2,p=1$"]] * 5


# -- refresh tokens -------------------------------------------------------------------------------


async def test_a_refresh_token_that_is_used_twice(store: Store, signed_in: SignedIn) -> None:
    fresh = await store.accounts.refresh(signed_in.refresh_token)
    with pytest.raises(Denied):
        await store.accounts.refresh(signed_in.refresh_token)
    for bearer in (signed_in.access_token, fresh.access_token):
        with pytest.raises(Denied):
            await store.accounts.authenticate(bearer)
    with pytest.raises(Denied):
        await store.accounts.refresh(fresh.refresh_token)


async def test_a_refresh_token_that_is_used_at_once_by_two(
    store: Store, settings: Settings, signed_in: SignedIn
) -> None:
    async with open_store(settings) as other:
        servers = (store, other)
        tries = (servers[n % 2].accounts.refresh(signed_in.refresh_token) for n in range(6))
        outcomes = await asyncio.gather(*tries, return_exceptions=True)
        won = [each for each in outcomes if isinstance(each, SignedIn)]
        assert len(won) == 1
        assert all(isinstance(each, Denied) for each in outcomes if each not in won)
        with pytest.raises(Denied):  # nobody knows which of them was the thief
            await other.accounts.refresh(won[0].refresh_token)


async def test_signing_out_everywhere_while_a_session_is_refreshed(
    store: Store, signed_in: SignedIn
) -> None:
    others = [await store.accounts.sign_in(EMAIL, PASSWORD) for _ in range(3)]
    refreshed, _ = await asyncio.gather(
        store.accounts.refresh(signed_in.refresh_token),
        store.accounts.sign_out_everywhere(signed_in.user.id),
        return_exceptions=True,
    )
    last = [refreshed] if isinstance(refreshed, SignedIn) else []
    for each in [signed_in, *others, *last]:
        with pytest.raises(Denied):
            await store.accounts.authenticate(each.access_token)
        with pytest.raises(Denied):
            await store.accounts.refresh(each.refresh_token)


async def test_more_sessions_than_are_ended_at_once(
    store: Store, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(part, "SESSIONS_AT_ONCE", 2)
    for _ in range(4):
        await store.accounts.sign_in(EMAIL, PASSWORD)
    await store.accounts.sign_out_everywhere(signed_in.user.id)
    assert await store.mongo.sessions.count({"revoked_at": None}) == 0


# -- access tokens --------------------------------------------------------------------------------


def claims(signed_in: SignedIn, **changes: object) -> dict[str, object]:
    at = datetime.now(UTC)
    whole: dict[str, object] = {
        "iss": "shoal", "aud": "shoal-api", "sub": signed_in.user.id, "sid": signed_in.session.id,
        "jti": "1", "iat": at, "exp": at + timedelta(seconds=60),
    }  # fmt: skip
    return {name: value for name, value in (whole | changes).items() if value is not None}


async def test_the_forger_of_these_tests_can_write_a_good_token(
    store: Store, signed_in: SignedIn
) -> None:
    good = jwt.encode(claims(signed_in), SECRET, "HS256")
    assert (await store.accounts.authenticate(good)).id == signed_in.user.id
    # another server's clock may be ahead of ours
    ahead = {"iat": datetime.now(UTC) + timedelta(seconds=30)}
    await store.accounts.authenticate(jwt.encode(claims(signed_in, **ahead), SECRET, "HS256"))


async def test_a_token_without_a_signature(store: Store, signed_in: SignedIn) -> None:
    unsigned = jwt.encode(claims(signed_in), None, "none")
    for header in ("none", "None", "NONE", "nOnE"):
        forged = jwt.utils.base64url_encode(f'{{"alg":"{header}","typ":"JWT"}}'.encode()).decode()
        _, payload, _ = unsigned.split(".")
        for token in (unsigned, f"{forged}.{payload}.", f"{forged}.{payload}", f"{payload}."):
            with pytest.raises(Denied):
                await store.accounts.authenticate(token)


@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
async def test_a_token_by_another_algorithm(
    store: Store, signed_in: SignedIn, algorithm: str
) -> None:
    with pytest.raises(Denied):
        await store.accounts.authenticate(jwt.encode(claims(signed_in), SECRET, algorithm))


@pytest.mark.parametrize("missing", ["iss", "aud", "sub", "sid", "jti", "iat", "exp"])
async def test_a_token_that_lacks_a_claim(store: Store, signed_in: SignedIn, missing: str) -> None:
    with pytest.raises(Denied):
        await store.accounts.authenticate(
            jwt.encode(claims(signed_in, **{missing: None}), SECRET, "HS256")
        )


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "shoal-audit-export"},
        {"aud": "another"},
        {"iss": "another"},
        {"exp": datetime(2020, 1, 1, tzinfo=UTC)},
        {"nbf": datetime(2120, 1, 1, tzinfo=UTC)},
        {"sub": "usr_somebody_else"},
        {"sub": 1},
        {"sid": "ses_none"},
    ],
)
async def test_a_token_for_another_purpose_person_or_time(
    store: Store, signed_in: SignedIn, changes: dict[str, object]
) -> None:
    with pytest.raises(Denied):
        token = jwt.encode(
            claims(signed_in, **{k: v for k, v in changes.items() if k != "sub"}), SECRET, "HS256"
        )
        if "sub" in changes:
            token = jwt.api_jws.encode(orjson_claims(claims(signed_in, **changes)), SECRET, "HS256")
        await store.accounts.authenticate(token)


def orjson_claims(values: dict[str, Any]) -> bytes:
    """As JSON, for jwt would refuse to write them."""
    import orjson

    return orjson.dumps(
        {k: int(v.timestamp()) if isinstance(v, datetime) else v for k, v in values.items()}
    )


@pytest.mark.parametrize("secret", [OTHER_SECRET, "x" * 32])
async def test_a_token_by_another_key(store: Store, signed_in: SignedIn, secret: str) -> None:
    with pytest.raises(Denied):
        await store.accounts.authenticate(jwt.encode(claims(signed_in), secret, "HS256"))


async def test_tokens_that_are_taken_for_one_another(store: Store, signed_in: SignedIn) -> None:
    _, key = await store.accounts.create_api_key(signed_in.user.id, "k", [Scope.READ])
    for token in (signed_in.refresh_token, signed_in.session.id, signed_in.session.token_hash):
        with pytest.raises(Denied):
            await store.accounts.authenticate(token)
    for token in (signed_in.access_token, key):
        with pytest.raises(Denied):
            await store.accounts.refresh(token)
    await store.accounts.authenticate(signed_in.access_token)  # nor has that ended the session


# -- changing SECRET_KEY --------------------------------------------------------------------------


@asynccontextmanager
async def with_keys(settings: Settings, key: str, previous: str | None) -> AsyncIterator[Store]:
    values = settings.model_dump() | {"SECRET_KEY": key, "SECRET_KEY_PREVIOUS": previous}
    for name in ("secret_key", "secret_key_previous"):
        values.pop(name)
    values |= {"MONGO_DB_URI": settings.mongo_db_uri, "REDIS_URL": settings.redis_url}
    async with open_store(Settings.model_validate(values)) as opened:
        yield opened


async def test_a_leaked_secret_key_is_changed_without_signing_everybody_out(
    store: Store, settings: Settings, ann: User, signed_in: SignedIn
) -> None:
    url = UrlSigner.of(settings).url("GET", "/downloads/a", 60)
    expires, signature = [part.partition("=")[2] for part in url.partition("?")[2].split("&")]
    async with with_keys(settings, OTHER_SECRET, SECRET) as rotated:
        assert (await rotated.accounts.authenticate(signed_in.access_token)).id == ann.id
        UrlSigner.of(rotated.settings).check("GET", "/downloads/a", int(expires), signature)
        fresh = await rotated.accounts.refresh(signed_in.refresh_token)
        new = await rotated.accounts.sign_in(EMAIL, PASSWORD)
    async with with_keys(settings, OTHER_SECRET, None) as done:
        for each in (fresh, new):  # signed with the new key
            assert (await done.accounts.authenticate(each.access_token)).id == ann.id
        for bearer in (signed_in.access_token,):
            with pytest.raises(Denied):
                await done.accounts.authenticate(bearer)
        with pytest.raises(Denied):
            UrlSigner.of(done.settings).check("GET", "/downloads/a", int(expires), signature)
        await done.accounts.refresh(fresh.refresh_token)


async def test_cursors_from_before_a_change_of_the_secret_key(
    store: Store, settings: Settings, admin: Caller, alice: Caller, bob: Caller
) -> None:
    query = """query($after: String) {
      users(first: 1, after: $after) { nodes { id } pageInfo { endCursor } }
    }"""
    cursor = (await admin(query))["users"]["pageInfo"]["endCursor"]
    async with with_keys(settings, OTHER_SECRET, SECRET) as rotated:
        page = (await Caller(rotated, admin.viewer)(query, after=cursor))["users"]
        assert page["nodes"] == [{"id": alice.id}] or len(page["nodes"]) == 1
        fresh = page["pageInfo"]["endCursor"]
    async with with_keys(settings, OTHER_SECRET, None) as done:
        later = Caller(done, admin.viewer)
        assert await later.codes(query, after=cursor) == ["BAD_USER_INPUT"]
        assert len((await later(query, after=fresh))["users"]["nodes"]) == 1


def test_a_previous_secret_key_that_is_short(settings: Settings) -> None:
    values = {"SECRET_KEY": SECRET, "MONGO_DB_URI": settings.mongo_db_uri, "REDIS_URL": "redis://x"}
    with pytest.raises(ValueError, match="SECRET_KEY_PREVIOUS"):
        Settings.model_validate(values | {"SECRET_KEY_PREVIOUS": "short"})


# -- roles ----------------------------------------------------------------------------------------


async def test_a_role_that_the_token_claims(store: Store, signed_in: SignedIn) -> None:
    """Even one that we signed: what somebody may do is in the store."""
    proud = jwt.encode(
        claims(signed_in, role="ADMIN", scope="ADMIN", scopes=["ADMIN"], is_admin=True),
        SECRET, "HS256",
    )  # fmt: skip
    viewer = await store.accounts.authenticate(proud)
    assert not viewer.is_admin
    assert Scope.ADMIN not in viewer.scopes


async def test_a_role_that_the_client_sends(site: Site, user_token: str, accounts: Any) -> None:
    """No input but those of admins takes a role, and no header or cookie is asked for one."""
    headers = {
        "authorization": f"Bearer {user_token}", "x-role": "ADMIN", "x-user-role": "ADMIN",
        "x-scopes": "ADMIN", "cookie": "role=ADMIN",
    }  # fmt: skip
    response = await site.http.post(
        "/graphql", json={"query": "{ viewer { scopes user { role } } }"}, headers=headers
    )
    viewer = response.json()["data"]["viewer"]
    assert viewer["user"]["role"] == "USER"
    assert "ADMIN" not in viewer["scopes"]
    for query in (
        'mutation { acceptInvitation(input: {token: "t", name: "n", password: "p", role: ADMIN}) '
        "{ user { id } } }",
        'mutation { signIn(input: {email: "e", password: "p", role: ADMIN}) { user { id } } }',
        'mutation { createApiKey(input: {name: "n", scopes: [READ], role: ADMIN}) { key } }',
    ):
        errors = (await site.ask(query, user_token)).json()["errors"]
        assert errors[0]["extensions"]["code"] == "BAD_REQUEST"


async def test_a_former_admin_whose_tokens_still_say_otherwise(
    store: Store, signed_in: SignedIn
) -> None:
    other = await store.accounts.create_user("root@example.org", "Root", Role.ADMIN, PASSWORD)
    await store.accounts.set_role(signed_in.user.id, Role.ADMIN, by=other.id)
    _, key = await store.accounts.create_api_key(signed_in.user.id, "all", list(Scope))
    for bearer in (signed_in.access_token, key):
        assert (await store.accounts.authenticate(bearer)).is_admin
    await store.accounts.set_role(signed_in.user.id, Role.USER, by=other.id)
    for bearer in (signed_in.access_token, key):
        assert not (await store.accounts.authenticate(bearer)).is_admin


async def test_an_invitation_that_is_accepted_with_a_common_password(store: Store) -> None:
    invitation, token = await store.accounts.invite("bob@example.org", Role.USER, by="usr_1")
    with pytest.raises(InvalidValue):
        await store.accounts.accept_invitation(token, "Bob", "password123")
    assert (await store.mongo.invitations.get(invitation.id)).accepted_at is None
    assert now() < invitation.expires_at


async def test_guessing_invitations(store: Store) -> None:
    for _ in range(PER_ADDRESS.tries):
        await store.throttle.take(address="192.0.2.1")
    with pytest.raises(Throttled):
        await store.accounts.accept_invitation("made up", "Bob", PASSWORD, "192.0.2.1")
    with pytest.raises(Denied, match="there is no such invitation"):
        await store.accounts.accept_invitation("made up", "Bob", PASSWORD, "192.0.2.2")
