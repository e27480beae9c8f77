from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator

import httpx
import pytest
from strawberry.types import ExecutionResult

from server import graphql
from server.execution import execution
from server.http import operations
from server.http.accepting import GRAPHQL_JSON, JSON
from store.settings import Settings
from tests.server.conftest import PASSWORD, Site, serving

VIEWER = "{ viewer { user { email } } }"
TYPENAME = "{ __typename }"
SIGN_IN = """mutation($password: String!) {
  signIn(input: {email: "user@example.org", password: $password}) { user { name } accessToken }
}"""


def code_of(response: httpx.Response) -> str:
    (error,) = response.json()["errors"]
    assert error["extensions"]["requestId"] == response.headers["x-request-id"]
    code: str = error["extensions"]["code"]
    return code


# -- queries -------------------------------------------------------------------------------------


async def test_a_query_by_post(site: Site, user_token: str) -> None:
    response = await site.ask(VIEWER, user_token)
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    assert response.json()["data"] == {"viewer": {"user": {"email": "user@example.org"}}}


async def test_a_query_by_get(site: Site, user_token: str) -> None:
    response = await site.http.get(
        "/graphql",
        params={
            "query": "query A { __typename } query B($n: Int!) { users(first: $n) { totalCount } }",
            "operationName": "A",
            "variables": '{"n": 1}',
        },
        headers={"authorization": f"Bearer {user_token}"},
    )
    assert response.json()["data"] == {"__typename": "Query"}


@pytest.mark.parametrize(
    ("accept", "given"),
    [
        ("*/*", JSON),
        ("application/*", JSON),
        (f"{JSON}, {GRAPHQL_JSON};q=0.5", JSON),
        (f"{GRAPHQL_JSON}, {JSON};q=0.9", GRAPHQL_JSON),
        ("text/html, application/xhtml+xml, */*;q=0.8", JSON),
        (f"{GRAPHQL_JSON}, {JSON}, text/event-stream, multipart/mixed", GRAPHQL_JSON),
        (f"multipart/mixed;boundary=graphql;subscriptionSpec=1.0,{JSON}", JSON),
    ],
)
async def test_an_answer_is_what_its_caller_reads_best(site: Site, accept: str, given: str) -> None:
    response = await site.http.post(
        "/graphql", json={"query": TYPENAME}, headers={"accept": accept}
    )
    assert (response.status_code, response.headers["content-type"]) == (200, given)


@pytest.mark.parametrize("accept", ["text/html", "application/json;q=0", "multipart/mixed", ";,q"])
async def test_who_reads_nothing_that_there_is_gets_406(site: Site, accept: str) -> None:
    response = await site.http.post(
        "/graphql", json={"query": TYPENAME}, headers={"accept": accept}
    )
    assert response.status_code == 406
    assert code_of(response) == "BAD_REQUEST"


async def test_what_is_malformed_is_told_in_the_media_type_that_is_asked_for(site: Site) -> None:
    headers = {"accept": GRAPHQL_JSON, "content-type": JSON}
    response = await site.http.post("/graphql", content=b"{", headers=headers)
    assert (response.status_code, response.headers["content-type"]) == (400, GRAPHQL_JSON)


async def test_the_newer_media_type_is_given_to_who_asks(site: Site, user_token: str) -> None:
    headers = {"authorization": f"Bearer {user_token}", "accept": GRAPHQL_JSON}
    good = await site.http.post("/graphql", json={"query": VIEWER}, headers=headers)
    assert (good.status_code, good.headers["content-type"]) == (200, GRAPHQL_JSON)
    bad = await site.http.post("/graphql", json={"query": "{ nothing }"}, headers=headers)
    assert bad.status_code == 400
    assert "data" not in bad.json()


async def test_a_refused_document_is_200_in_the_older_media_type(
    site: Site, user_token: str
) -> None:
    response = await site.ask("{ nothing }", user_token)
    assert response.status_code == 200
    assert code_of(response) == "BAD_REQUEST"


# -- malformed requests --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"1",
        b'"x"',
        b"[]",
        b"{",
        b"{}",
        b"NaN",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"a":' * 2000 + b"1" + b"}" * 2000,
        b'{"query": 1}',
        b'{"query": null}',
        b'{"query": ""}',
        b'{"query": "{ __typename }", "variables": []}',
        b'{"query": "{ __typename }", "variables": {"a": ' + b"1" * 5000 + b"}}",
        b'{"query": "{ __typename }", "operationName": 1}',
        b'{"query": "{ __typename }", "operationName": "Unknown"}',
        b'{"query": "{ __typename }", "extensions": []}',
        b'{"query": "{ __typename }", "a": "\\ud800"}',
    ],
)
async def test_a_malformed_body_is_400(site: Site, user_token: str, body: bytes) -> None:
    headers = {"authorization": f"Bearer {user_token}", "content-type": "application/json"}
    response = await site.http.post("/graphql", content=body, headers=headers)
    assert response.status_code == 400
    assert code_of(response) == "BAD_REQUEST"


async def test_batching_is_off_and_says_so(site: Site) -> None:
    response = await site.http.post("/graphql", json=[{"query": TYPENAME}] * 2)
    assert response.status_code == 400
    assert "batching is off" in response.json()["errors"][0]["message"]


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "text/plain; a=application/json",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
        "application/json; charset=utf-16",
        "application/jsonp",
    ],
)
async def test_another_content_type_is_415(site: Site, content_type: str) -> None:
    response = await site.http.post(
        "/graphql", content=b'{"query": "{ __typename }"}', headers={"content-type": content_type}
    )
    assert response.status_code == 415
    assert code_of(response) == "BAD_REQUEST"


@pytest.mark.parametrize("charset", ["utf-8", '"UTF-8"'])
async def test_utf_8_may_be_named(site: Site, charset: str) -> None:
    headers = {"content-type": f"application/json ; charset={charset}"}
    response = await site.http.post(
        "/graphql", content=b'{"query": "{ __typename }"}', headers=headers
    )
    assert response.status_code == 200


async def test_a_parameter_that_is_given_twice_is_400(site: Site, user_token: str) -> None:
    headers = {"authorization": f"Bearer {user_token}"}
    url = "/graphql?query={__typename}&query={viewer{id}}"
    assert (await site.http.get(url, headers=headers)).status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        "{ __typename",
        " ",
        "\0",
        "{" * 4000,
        "{a" * 4000,
        '{ a(b: "\\ud800") }',
        "fragment F on Query { a }",
        "{ node(id: " + "[" * 2000 + ") { id } }",
        "{ viewer { sessions(first: " + "1" * 4500 + ") { totalCount } } }",
    ],
)
async def test_a_document_that_is_none_is_an_error_of_the_callers(
    site: Site, user_token: str, query: str
) -> None:
    response = await site.ask(query, user_token)
    assert response.status_code in (200, 400)
    assert {e["extensions"]["code"] for e in response.json()["errors"]} <= {
        "BAD_REQUEST", "TOO_LARGE",
    }  # fmt: skip


async def test_deep_variables_are_an_error_of_the_callers(site: Site, user_token: str) -> None:
    deep: list[object] = []
    for _ in range(900):
        deep = [deep]
    response = await site.ask(
        "query($ids: [ID!]!) { nodes(ids: $ids) { id } }", user_token, ids=deep
    )
    assert response.status_code == 200
    assert code_of(response) == "TOO_LARGE"


async def test_a_body_over_the_limit_is_413(site: Site) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(10):
            yield b" " * 2**20

    headers = {"content-type": "application/json"}
    announced = await site.http.post("/graphql", content=b" " * (2**22 + 1), headers=headers)
    assert announced.status_code == 413
    chunked = await site.http.post("/graphql", content=endless(), headers=headers)
    assert chunked.status_code == 413
    assert code_of(chunked) == "TOO_LARGE"


async def test_a_body_that_does_not_come_is_408(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def slow() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.sleep(0.3)
        yield b"}"

    monkeypatch.setattr(operations, "BODY_TIMEOUT_S", 0.05)
    headers = {"content-type": "application/json"}
    response = await site.http.post("/graphql", content=slow(), headers=headers)
    assert response.status_code == 408
    assert code_of(response) == "TIMEOUT"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
async def test_other_methods_are_405(site: Site, method: str) -> None:
    response = await site.http.request(method, "/graphql")
    assert response.status_code == 405
    assert code_of(response) == "METHOD_NOT_ALLOWED"


async def test_a_mutation_by_get_is_refused_and_does_nothing(site: Site, admin_token: str) -> None:
    invite = 'mutation { inviteUser(input: {email: "a@b.c"}) { token } }'
    count = "{ invitations { totalCount } }"
    before = (await site.ask(count, admin_token)).json()["data"]
    headers = {"authorization": f"Bearer {admin_token}"}
    response = await site.http.get("/graphql", params={"query": invite}, headers=headers)
    assert (response.status_code, response.headers["allow"]) == (405, "POST")
    assert (await site.ask(count, admin_token)).json()["data"] == before


async def test_a_subscription_without_a_stream_is_400(site: Site, admin_token: str) -> None:
    response = await site.ask("subscription { activity { __typename } }", admin_token)
    assert response.status_code == 400
    assert code_of(response) == "BAD_REQUEST"


# -- who asks ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query", [VIEWER, "{ __schema { types { name } } }", "{ users { totalCount } }"]
)
async def test_strangers_get_401(site: Site, query: str) -> None:
    response = await site.ask(query)
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"
    assert code_of(response) == "UNAUTHENTICATED"


@pytest.mark.parametrize("token", ["nonsense", "shoal_x_y", "a.b.c"])
async def test_a_bad_token_gets_401_with_the_reason(site: Site, token: str) -> None:
    response = await site.ask(VIEWER, token)
    assert response.status_code == 401
    assert response.headers["www-authenticate"].startswith('Bearer error="invalid_token"')


async def test_a_bad_token_does_not_stand_in_the_way_of_signing_in(
    site: Site, user_token: str
) -> None:
    response = await site.ask(SIGN_IN, "over", password=PASSWORD)
    assert response.json()["data"]["signIn"]["user"] == {"name": "User"}


async def test_another_scheme_is_no_token(site: Site, user_token: str) -> None:
    headers = {"authorization": f"Basic {user_token}"}
    response = await site.http.post("/graphql", json={"query": VIEWER}, headers=headers)
    assert response.status_code == 401


async def test_the_refresh_token_travels_in_a_cookie_of_its_own(
    site: Site, user_token: str
) -> None:
    response = await site.ask(SIGN_IN, password=PASSWORD)
    cookie = response.headers["set-cookie"]
    assert cookie.startswith("shoal_refresh=ses_")
    for part in ("HttpOnly", "SameSite=strict", "Path=/graphql", "Max-Age=2592000"):
        assert part in cookie
    assert "Secure" not in cookie
    refreshed = await site.ask("mutation { refreshSession { accessToken userErrors { code } } }")
    token = refreshed.json()["data"]["refreshSession"]["accessToken"]
    assert (await site.ask(VIEWER, token)).status_code == 200
    gone = await site.ask("mutation { signOut { userErrors { code } } }", token)
    assert 'shoal_refresh=""' in gone.headers["set-cookie"]
    assert (await site.ask(VIEWER, token)).status_code == 401


# -- faults --------------------------------------------------------------------------------------


async def test_what_nobody_expected_is_masked_and_logged_once(
    site: Site, user_token: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the secret of the inside")

    monkeypatch.setattr("schema.accounts.types.list_page", broken)
    response = await site.ask("{ viewer { sessions { totalCount } } }", user_token)
    assert response.status_code == 200
    (error,) = response.json()["errors"]
    assert error["message"] == "Internal error"
    assert error["extensions"]["code"] == "INTERNAL"
    assert "secret" not in response.text
    assert capsys.readouterr().out.count("resolver_failed") == 1


async def test_a_crash_outside_of_execution_is_a_masked_500(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("the secret of the inside")

    monkeypatch.setattr(graphql, "execute", broken)
    response = await site.ask(TYPENAME)
    assert response.status_code == 500
    assert code_of(response) == "INTERNAL"
    assert "secret" not in response.text


async def test_an_operation_that_takes_too_long_ends(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def slow(*_: object, **__: object) -> ExecutionResult:
        await asyncio.sleep(60)
        raise AssertionError

    monkeypatch.setattr(execution, "OPERATION_TIMEOUT_S", 0.05)
    monkeypatch.setattr(execution.schema, "execute", slow)
    response = await site.ask(TYPENAME)
    assert response.status_code == 504
    assert code_of(response) == "TIMEOUT"


async def test_passwords_never_reach_the_log(
    site: Site,
    user_token: str,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with caplog.at_level(logging.DEBUG):
        inline = 'mutation { signIn(input: {email: "user@example.org", password: "hunter2hunter2"'
        for rest in ("", "}) { nope } }", "}) { user { id } } }"):
            await site.ask(inline + rest)
    captured = capsys.readouterr()
    assert "hunter2" not in caplog.text + captured.out + captured.err


# -- request ids, headers, origins ---------------------------------------------------------------


async def test_a_request_id_is_kept_when_modest(site: Site) -> None:
    kept = await site.http.get("/healthz", headers={"x-request-id": "abc-1.2_3"})
    assert kept.headers["x-request-id"] == "abc-1.2_3"
    for strange in ("x" * 65, "a b"):
        response = await site.http.get("/healthz", headers={"x-request-id": strange})
        assert response.headers["x-request-id"] != strange


async def test_every_answer_carries_the_headers_that_protect(site: Site) -> None:
    for path in ("/graphql", "/healthz", "/nowhere", "/metrics"):
        headers = (await site.http.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["content-security-policy"].startswith("default-src 'none'; frame-ancestors")


async def test_only_known_origins_may_call_from_a_page(settings: Settings) -> None:
    known = settings.model_copy(update={"allowed_origins": ("http://app.example",)})
    async with serving(known) as site:
        ask = {
            "access-control-request-method": "POST",
            "access-control-request-headers": "authorization",
        }
        good = await site.http.options("/graphql", headers={"origin": "http://app.example", **ask})
        assert good.headers["access-control-allow-origin"] == "http://app.example"
        assert good.headers["access-control-allow-credentials"] == "true"
        bad = await site.http.options("/graphql", headers={"origin": "http://evil.example", **ask})
        assert bad.status_code == 400
        assert "access-control-allow-origin" not in bad.headers
