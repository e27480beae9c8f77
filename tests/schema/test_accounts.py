from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from schema.context import Context
from schema.loaders import open_loaders
from schema.root import schema
from store.errors import Unavailable
from store.records.account import Role, Scope
from store.store import Store
from tests.schema.conftest import Caller, NewCaller

PASSWORD = "correct horse battery"
SIGN_IN = """mutation($email: String!, $password: String!) {
  signIn(input: {email: $email, password: $password}) {
    user { name role } accessToken accessTokenExpiresAt refreshToken
    userErrors { __typename code message ... on QuotaError { retryAfter } }
  }
}"""
REFRESH = """mutation($token: String) {
  refreshSession(input: {refreshToken: $token}) { accessToken refreshToken userErrors { code } }
}"""
CREATE_KEY = """mutation($input: CreateApiKeyInput!) {
  createApiKey(input: $input) { key apiKey { id name scopes expiresAt } userErrors { code path } }
}"""


@dataclass(frozen=True)
class Browser:
    """Somebody with a cookie jar, signed in or not."""

    store: Store
    cookies: list[tuple[str | None, int]]
    token: str = ""

    async def __call__(self, query: str, **variables: Any) -> Any:
        viewer = await self.store.accounts.authenticate(self.token) if self.token else None
        cookie = self.cookies[-1][0] if self.cookies else None
        context = Context(
            self.store, viewer, open_loaders(self.store), "req-1", "192.0.2.1", "test", cookie,
            lambda token, max_age_s: self.cookies.append((token, max_age_s)),
        )  # fmt: skip
        result = await schema.execute(query, variables, context)
        assert result.errors is None, [error.formatted for error in result.errors]
        assert result.data is not None
        (answer,) = result.data.values()
        return answer

    async def signed_in(self, email: str) -> Browser:
        answer = await self(SIGN_IN, email=email, password=PASSWORD)
        return replace(self, token=answer["accessToken"])


@pytest.fixture
def browser(store: Store) -> Iterator[Browser]:
    yield Browser(store, [])


@pytest.fixture
async def ann(store: Store, browser: Browser) -> Browser:
    await store.accounts.create_user("ann@example.org", "Ann", Role.ADMIN, PASSWORD)
    return await browser.signed_in("ann@example.org")


# -- sessions ------------------------------------------------------------------------------------


async def test_signing_in_gives_tokens_and_a_cookie(ann: Browser) -> None:
    answer = await ann(SIGN_IN, email="ann@example.org", password=PASSWORD)
    assert answer["user"] == {"name": "Ann", "role": "ADMIN"}
    assert answer["userErrors"] == []
    assert ann.cookies[-1] == (answer["refreshToken"], 30 * 24 * 3600)


async def test_both_wrong_halves_get_the_same_answer(ann: Browser) -> None:
    before = list(ann.cookies)
    wrong = await ann(SIGN_IN, email="ann@example.org", password="wrong")
    unknown = await ann(SIGN_IN, email="nobody@example.org", password=PASSWORD)
    assert wrong == unknown
    assert wrong["userErrors"] == [
        {"__typename": "DeniedError", "code": "DENIED", "message": "wrong email or password"}
    ]
    assert (wrong["accessToken"], wrong["user"], ann.cookies) == (None, None, before)


async def test_a_throttled_caller_is_told_when_to_come_back(browser: Browser) -> None:
    for _ in range(10):
        await browser.store.throttle.take(account="ann@example.org")
    answer = await browser(SIGN_IN, email="ann@example.org", password=PASSWORD)
    (error,) = answer["userErrors"]
    assert (error["__typename"], error["code"]) == ("QuotaError", "THROTTLED")
    assert 800 < error["retryAfter"] <= 900


async def test_a_session_is_refreshed_by_token_or_by_cookie(ann: Browser) -> None:
    token, _ = ann.cookies[-1]
    by_token = await ann(REFRESH, token=token)
    assert ann.cookies[-1][0] == by_token["refreshToken"] != token
    by_cookie = await ann("mutation { refreshSession { accessToken userErrors { code } } }")
    assert by_cookie["userErrors"] == []
    reused = await ann(REFRESH, token=token)
    assert [error["code"] for error in reused["userErrors"]] == ["DENIED"]


async def test_without_token_and_cookie_there_is_nothing_to_refresh(browser: Browser) -> None:
    answer = await browser("mutation { refreshSession { userErrors { code } } }")
    assert answer == {"userErrors": [{"code": "DENIED"}]}


async def test_signing_out_takes_the_cookie_back(ann: Browser) -> None:
    assert await ann("mutation { signOut { userErrors { code } } }") == {"userErrors": []}
    assert ann.cookies[-1] == (None, 0)


async def test_another_of_ones_sessions_can_be_ended(ann: Browser) -> None:
    other = await replace(ann, cookies=[]).signed_in("ann@example.org")
    query = "{ viewer { sessions { totalCount nodes { id isCurrent userAgent address } } } }"
    sessions = (await ann(query))["sessions"]
    assert sessions["totalCount"] == 2
    assert [each["isCurrent"] for each in sessions["nodes"]] == [False, True]
    assert sessions["nodes"][0]["address"] == "192.0.2.1"
    end = "mutation($id: ID!) { signOut(input: {sessionId: $id}) { userErrors { code } } }"
    before = list(ann.cookies)
    assert await ann(end, id=sessions["nodes"][0]["id"]) == {"userErrors": []}
    assert ann.cookies == before
    assert (await ann(query))["sessions"]["totalCount"] == 1
    assert other.token != ann.token


async def test_signing_out_everywhere(ann: Browser) -> None:
    answer = await ann("mutation { signOutEverywhere { user { name } userErrors { code } } }")
    assert answer == {"user": {"name": "Ann"}, "userErrors": []}
    assert await ann.store.mongo.sessions.count({"revoked_at": None}) == 0


async def test_changing_the_password(ann: Browser) -> None:
    change = """mutation($old: String!, $new: String!) {
      changePassword(input: {oldPassword: $old, newPassword: $new}) { userErrors { code path } }
    }"""
    wrong = await ann(change, old="wrong", new="another long one")
    assert wrong["userErrors"] == [{"code": "DENIED", "path": ["input"]}]
    short = await ann(change, old=PASSWORD, new="short")
    assert short["userErrors"] == [{"code": "BAD_USER_INPUT", "path": ["input", "newPassword"]}]
    assert (await ann(change, old=PASSWORD, new="another long one"))["userErrors"] == []
    assert (await ann("{ viewer { user { name } } }"))["user"] == {"name": "Ann"}


# -- users ---------------------------------------------------------------------------------------


async def test_an_invitation_becomes_an_account(ann: Browser) -> None:
    invited = await ann(
        'mutation { inviteUser(input: {email: "bob@example.org"}) '
        "{ token invitation { email role invitedBy { name } acceptedAt } userErrors { code } } }"
    )
    assert invited["invitation"] == {
        "email": "bob@example.org", "role": "USER", "invitedBy": {"name": "Ann"},
        "acceptedAt": None,
    }  # fmt: skip
    accept = """mutation($token: String!) {
      acceptInvitation(input: {token: $token, name: "Bob", password: "a long password"}) {
        user { email role } userErrors { __typename code }
      }
    }"""
    stranger = replace(ann, token="")
    accepted = await stranger(accept, token=invited["token"])
    assert accepted["user"] == {"email": "bob@example.org", "role": "USER"}
    again = await stranger(accept, token=invited["token"])
    assert again["userErrors"] == [{"__typename": "IllegalStateError", "code": "ILLEGAL_MOVE"}]
    users = await ann("{ users { totalCount nodes { name } } }")
    assert users == {"totalCount": 2, "nodes": [{"name": "Bob"}, {"name": "Ann"}]}
    invitations = await ann("{ invitations { nodes { email } pageInfo { hasNextPage } } }")
    assert invitations["nodes"] == [{"email": "bob@example.org"}]


async def test_an_admin_manages_others_but_not_themselves(admin: Caller, alice: Caller) -> None:
    role = """mutation($id: ID!) {
      setUserRole(input: {userId: $id, role: ADMIN}) { user { role } userErrors { code } }
    }"""
    disable = """mutation($id: ID!) {
      disableUser(input: {userId: $id}) { user { disabledAt } userErrors { code } }
    }"""
    enable = "mutation($id: ID!) { enableUser(input: {userId: $id}) { user { disabledAt } } }"
    assert (await admin(role, id=alice.id))["setUserRole"]["user"] == {"role": "ADMIN"}
    assert (await admin(disable, id=alice.id))["disableUser"]["user"]["disabledAt"] is not None
    assert (await admin(enable, id=alice.id))["enableUser"]["user"] == {"disabledAt": None}
    own = (await admin(disable, id=admin.id))["disableUser"]
    assert own == {"user": None, "userErrors": [{"code": "ILLEGAL_MOVE"}]}
    nobody = (await admin(role, id="usr_none"))["setUserRole"]
    assert nobody["userErrors"] == [{"code": "NOT_FOUND"}]


@pytest.mark.parametrize(
    "query",
    [
        "{ users { totalCount } }",
        "{ invitations { totalCount } }",
        'mutation { inviteUser(input: {email: "a@b.c"}) { token } }',
        'mutation { setUserRole(input: {userId: "x", role: ADMIN}) { user { id } } }',
        'mutation { disableUser(input: {userId: "x"}) { user { id } } }',
        'mutation { enableUser(input: {userId: "x"}) { user { id } } }',
    ],
)
async def test_users_do_not_manage_users(alice: Caller, query: str) -> None:
    assert await alice.codes(query) == ["FORBIDDEN"]


async def test_paging_through_users(admin: Caller, alice: Caller, bob: Caller) -> None:
    query = """query($after: String) {
      users(first: 2, after: $after) { nodes { name } pageInfo { hasNextPage endCursor } }
    }"""
    first = (await admin(query))["users"]
    assert first["pageInfo"]["hasNextPage"]
    rest = (await admin(query, after=first["pageInfo"]["endCursor"]))["users"]
    assert not rest["pageInfo"]["hasNextPage"]
    names = [each["name"] for page in (first, rest) for each in page["nodes"]]
    assert sorted(names) == ["admin", "alice", "bob"]
    assert await admin.codes(query, after="made up") == ["BAD_USER_INPUT"]


# -- API keys ------------------------------------------------------------------------------------


async def test_a_key_is_made_shown_listed_and_ended(ann: Browser) -> None:
    made = await ann(CREATE_KEY, input={"name": "bench", "scopes": ["READ", "PREDICT"]})
    assert made["userErrors"] == []
    assert made["apiKey"]["scopes"] == ["PREDICT", "READ"]
    program = replace(ann, token=made["key"])
    viewer = await program("{ viewer { user { name } scopes expiresAt } }")
    assert viewer == {"user": {"name": "Ann"}, "scopes": ["PREDICT", "READ"], "expiresAt": None}
    end = "mutation($id: ID!) { revokeApiKey(input: {id: $id}) { apiKey { name revokedAt } } }"
    ended = await ann(end, id=made["apiKey"]["id"])
    assert ended["apiKey"]["revokedAt"] is not None
    keys = await ann("{ viewer { apiKeys { nodes { name revokedAt } } } }")
    (key,) = keys["apiKeys"]["nodes"]
    assert key == {"name": "bench", "revokedAt": ended["apiKey"]["revokedAt"]}


async def test_bad_keys_are_refused(ann: Browser) -> None:
    for more, field in (({"scopes": []}, "scopes"), ({"name": " "}, "name"),
                        ({"expiresAt": "2001-01-01T00:00:00Z"}, "expiresAt")):  # fmt: skip
        answer = await ann(CREATE_KEY, input={"name": "k", "scopes": ["READ"]} | more)
        assert answer["userErrors"] == [{"code": "BAD_USER_INPUT", "path": ["input", field]}]
        assert answer["key"] is None
    assert await ann.store.mongo.api_keys.count({}) == 0


@pytest.mark.parametrize(
    "query",
    [
        'mutation { createApiKey(input: {name: "k", scopes: [READ]}) { key } }',
        'mutation { revokeApiKey(input: {id: "x"}) { apiKey { id } } }',
        'mutation { changePassword(input: {oldPassword: "a", newPassword: "b"}) { user { id } } }',
        "mutation { signOut { user { id } } }",
        "mutation { signOutEverywhere { user { id } } }",
    ],
)
async def test_a_key_does_not_manage_its_owners_account(admin: Caller, query: str) -> None:
    assert await admin.codes(query) == ["FORBIDDEN"]  # this caller has no session


async def test_scopes_bound_what_a_key_reads(new_caller: NewCaller) -> None:
    writer = await new_caller("writer", scopes={Scope.WRITE})
    assert await writer.codes("{ viewer { user { name } } }") == ["FORBIDDEN"]


async def test_a_service_that_is_down_is_no_fault_of_the_callers(
    browser: Browser, nobody: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def down(*_: object, **__: object) -> None:
        raise Unavailable("redis", "it is off", retry_after_s=2.0)

    monkeypatch.setattr(type(browser.store.throttle), "take", down)
    (error,) = await nobody.errors(SIGN_IN, email="a@b.c", password=PASSWORD)
    assert error["extensions"] | {"requestId": ""} == {
        "code": "UNAVAILABLE", "retryable": True, "retryAfter": 2.0, "requestId": "",
    }  # fmt: skip
