"""Requests and messages that are malformed, and those that other sites make a browser send."""

from __future__ import annotations

import asyncio
import gzip
import random
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import httpx
import orjson
import pytest
from websockets.exceptions import ConnectionClosed

from server.http.accepting import GRAPHQL_JSON, JSON
from server.http.operations import PREFLIGHTED
from store.settings import Settings
from tests.conftest import make_settings
from tests.server.conftest import Site, serving, talking

TYPENAME = "{ __typename }"
VALID: dict[str, Any] = {
    "query": "query Q($ids: [ID!]!, $n: Int) "
    "{ nodes(ids: $ids) { id } jobs(first: $n) { totalCount } }",
    "variables": {"ids": ["job_x"], "n": 1},
    "operationName": "Q",
    "extensions": {},
}
TRACES = ("Traceback", "resolver_failed", "request_failed", "operation_failed", "ASGI application")


@pytest.fixture
def quiet(capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Nothing that nobody expected is in the log."""
    yield
    captured = capsys.readouterr()
    said = captured.out + captured.err + caplog.text
    assert [trace for trace in TRACES if trace in said] == []


# -- fuzz ----------------------------------------------------------------------------------------

STRANGE_TEXT = (
    "", "\0", "a\0b", "\ufeff", "\u202e", "é" * 300, "x" * 5_000, "../../etc/passwd", "{$gt: 1}",
    "$where", "\r\nSet-Cookie: a=b", "💥", "NaN", "null", "-1", "1e999", "\x7f\x1b[31m",
)  # fmt: skip
STRANGE_JSON = (
    b"", b" ", b"\0", b"null", b"NaN", b"Infinity", b"-0", b"1e999", b"9" * 5_000,
    b"\xef\xbb\xbf{}", b'"\\ud800"', b'"\\udc00\\ud800"', b"\xff\xfe{\0}\0", b"[" * 50_000,
    b'{"a":' * 50_000, b"{}{}",
    b"[]" * 3, b"{'query': 1}", b'{"query": "{ __typename }",}', b"\x1f\x8b\x08", b"PK\3\4",
    b"--x\r\n", b'{"query": "{ __typename }", "query": 1}', b"query={__typename}",
    b"<?xml?>", b"{__typename}",
)  # fmt: skip
CONTENT_TYPES = (
    "application/json", "application/json; charset=utf-8", "application/json;charset=utf-16", "",
    "text/plain", "application/graphql", "multipart/form-data; boundary=x", "x" * 1_000, ";;;",
    "*/*", "application/x-www-form-urlencoded", "application/json; charset", "APPLICATION/JSON",
    "a/b; =;",
)  # fmt: skip
ACCEPTS = (
    "*/*", "application/json", "application/graphql-response+json", "text/event-stream", "", ";q=",
    "multipart/mixed;subscriptionSpec=1.0", "text/html", "application/json;q=nan", "," * 500,
    "a" * 9_000,
)  # fmt: skip


class Fuzz:
    """Strange values, the same for a seed each time."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def value(self, depth: int = 0) -> Any:
        if depth < 4 and self.random.random() < 0.4:
            size = self.random.randrange(4)
            if self.random.random() < 0.5:
                return [self.value(depth + 1) for _ in range(size)]
            return {self.text(): self.value(depth + 1) for _ in range(size)}
        return self.random.choice(
            [None, True, 0, -1, 2**31, 2**53, 2**63, -(2**63), 1.5, 1e308, self.text(), "job_x"]
        )

    def text(self) -> str:
        return self.random.choice(STRANGE_TEXT)

    def mutant(self, fields: dict[str, Any]) -> Any:
        """An object whose fields are there, missing, others, or more."""
        mutant = dict(fields)
        for name in list(fields):
            match self.random.randrange(5):
                case 0:
                    mutant[name] = self.value()
                case 1:
                    del mutant[name]
        if self.random.random() < 0.2:
            mutant[self.text()] = self.value()
        return self.random.choice([mutant] * 8 + [[mutant], [], self.value()])

    def body(self) -> bytes:
        if self.random.random() < 0.2:
            return self.random.choice(STRANGE_JSON)
        body = bytearray(orjson.dumps(self.mutant(VALID)))
        for _ in range(self.random.choice([0, 0, 0, 1, 3])):
            at = self.random.randrange(len(body) + 1)
            match self.random.randrange(4):
                case 0:
                    del body[at:]
                case 1:
                    body[at:at] = self.random.choice(STRANGE_JSON)[:2_000]
                case 2:
                    body[at : at + 1] = bytes([self.random.randrange(256)])
                case _:
                    del body[at : at + 5]
        return bytes(body)

    def document(self) -> str:
        """GraphQL with tokens taken out, put in, or doubled."""
        tokens = re.findall(r'"[^"]*"|\w+|[^\s\w]', VALID["query"])
        for _ in range(self.random.randrange(1, 4)):
            at = self.random.randrange(len(tokens))
            match self.random.randrange(3):
                case 0:
                    del tokens[at]
                case 1:
                    tokens.insert(
                        at, self.random.choice(["{", "}", "...", "@", "$", '"', "#", "on"])
                    )
                case _:
                    tokens[at] = self.text()
        return " ".join(tokens)


def told(response: httpx.Response) -> None:
    """A client's error is told as one; no server's error, and nothing that nobody expected."""
    assert 200 <= response.status_code < 500, response.text[:500]
    if response.headers["content-type"] in (JSON, GRAPHQL_JSON):
        codes = [e["extensions"]["code"] for e in response.json().get("errors", [])]
        assert "INTERNAL" not in codes
        assert codes or response.status_code == 200


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize("seed", range(4))
async def test_malformed_http_is_the_callers_error(site: Site, user_token: str, seed: int) -> None:
    fuzz = Fuzz(seed)
    for _ in range(100):
        body, choose = fuzz.body(), fuzz.random.choice
        headers = {"content-type": "application/json", "authorization": f"Bearer {user_token}"}
        if fuzz.random.random() < 0.3:
            headers["content-type"] = choose(CONTENT_TYPES)
        if fuzz.random.random() < 0.3:
            headers["accept"] = choose(ACCEPTS)
        if fuzz.random.random() < 0.1:
            headers["content-encoding"] = choose(["gzip", "br", "identity", "x", ""])
        response = await site.http.post("/graphql", content=body, headers=headers)
        told(response)


@pytest.mark.usefixtures("quiet")
async def test_malformed_documents_and_parameters_are_the_callers_error(
    site: Site, user_token: str
) -> None:
    fuzz, headers = Fuzz(5), {"authorization": f"Bearer {user_token}"}
    for _ in range(100):
        fields = {**VALID, "query": fuzz.document()}
        told(await site.http.post("/graphql", json=fields, headers=headers))
        texts = {"query": fuzz.document(), "variables": fuzz.text(), "operationName": fuzz.text()}
        told(await site.http.get("/graphql", params=texts, headers=headers))


CODES = {4400, 4409, 4429, 1009}


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize("seed", range(3))
async def test_malformed_messages_close_a_socket_with_a_code_of_the_protocol(
    site: Site, user_token: str, seed: int
) -> None:
    """Or are answered; the socket never ends by an error of the server's."""
    fuzz, closed = Fuzz(100 + seed), 0
    for _ in range(40):
        async with talking(site, user_token) as talk:
            try:
                for _ in range(3):
                    await talk.send_raw(message_of(fuzz))
                await talk.send(type="ping")
                while (await talk.receive())["type"] != "pong":
                    pass
            except ConnectionClosed:
                code, _ = await talk.closed()
                assert code in CODES
                closed += 1
    assert 0 < closed < 40


@pytest.mark.usefixtures("quiet")
async def test_malformed_messages_before_the_greeting_close_a_socket_as_well(site: Site) -> None:
    fuzz = Fuzz(200)
    for _ in range(60):
        async with talking(site) as talk:
            with suppress(ConnectionClosed):
                for _ in range(50):
                    await talk.send_raw(message_of(fuzz))
            assert (await talk.closed())[0] in CODES | {4401, 4403}


def message_of(fuzz: Fuzz) -> str | bytes:
    kinds = ["subscribe"] * 6 + ["complete", "ping", "pong", "connection_init", "next", fuzz.text()]
    fields = {
        "type": fuzz.random.choice(kinds),
        "id": fuzz.random.choice("abcdefghijklm"),
        "payload": VALID,
    }
    match fuzz.random.randrange(8):
        case 0:
            return fuzz.random.choice(STRANGE_JSON)[:100_000].decode(errors="replace")
        case 1:
            return orjson.dumps(fuzz.mutant(fields)).decode()
        case 2:
            return orjson.dumps({**fields, "payload": fuzz.mutant(VALID)}).decode()
        case 3 if fuzz.random.random() < 0.2:
            return fuzz.body()
        case _:
            document = {**VALID, "query": fuzz.document()}
            return orjson.dumps({**fields, "type": "subscribe", "payload": document}).decode()


# -- bytes below HTTP and WebSocket --------------------------------------------------------------

POST = b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"\0\0\0\0\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\0\x01\0\x01", 400),
        (b"GET\r\n\r\n", 400),
        (b"GET /graphql HTTP/9.9\r\n\r\n", 400),
        (b"GET http:// HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"GET /%ff%00 HTTP/1.1\r\nHost: x\r\n\r\n", 404),
        (b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (POST + b"Content-Length: x\r\n\r\n", 400),
        (POST + b"Content-Length: -1\r\n\r\n", 400),
        (POST + b"Content-Length: 99999999999999999999999\r\n\r\n", 400),
        (POST + b"Content-Length: 9999999999\r\n\r\n", 413),
        (POST + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", 400),
        (POST + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}", 400),
        (POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n", 400),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n{}\r\n0\r\n\r\n", 400),
        (POST + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n", 400),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 400),
        (POST + b"Transfer-Encoding: gzip\r\n\r\n{}", 400),
        (POST + b"X\0Y: 1\r\n\r\n", 400),
        (POST + b"Authorization: Bearer \xff\xfe\r\nContent-Length: 2\r\n\r\n{}", 400),
        (b"HEAD /graphql HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
    ],
)
async def test_bytes_that_are_no_http_are_answered_with_400(
    site: Site, data: bytes, status: int
) -> None:
    reader, writer = await asyncio.open_connection(*site.url.removeprefix("http://").split(":"))
    writer.write(data)
    line = await asyncio.wait_for(reader.readline(), 60)
    assert line.split()[1:2] == [str(status).encode()], line
    writer.close()


HELLO = (
    b"GET /graphql HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: c2hvYWwtc2hvYWwtc2hvYQ==\r\n"
    b"Sec-WebSocket-Protocol: graphql-transport-ws\r\n"
)
MASK = b"\0\0\0\0"


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (b"\x81\x02{}", 1002),  # not masked
        (b"\xc1\x82" + MASK + b"{}", 1002),  # compressed, which was not agreed on
        (b"\x83\x82" + MASK + b"{}", 1002),  # an opcode that is none
        (b"\x80\x82" + MASK + b"{}", 1002),  # goes on with a message that never began
        (b"\x09\x82" + MASK + b"{}", 1002),  # a ping in two frames
        (b"\x89\xfe\x01\0" + MASK + b"x" * 256, 1002),  # a ping of 256 bytes
        (b"\x88\x81" + MASK + b"x", 1002),  # half a code
        (b"\x88\x82" + MASK + b"\x03\xed", 1002),  # 1005, which nobody may send
        (b"\x88\x84" + MASK + b"\x03\xe8\xff\xfe", 1007),  # a reason that is no UTF-8
        (b"\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff" + MASK, 1009),
        (b"\x81\x82" + MASK + b"\xff\xfe", 4400),  # text that is no UTF-8
        (b"\x82\x82" + MASK + b"{}", 4400),
        (b"\x01\x81" + MASK + b"{" + b"\x80\x81" + MASK + b"}", 4400),
        (b"\x81\x80" + MASK, 4400),
    ],
)
async def test_frames_that_are_no_websocket_get_a_code(site: Site, frame: bytes, code: int) -> None:
    reader, writer = await asyncio.open_connection(*site.url.removeprefix("http://").split(":"))
    writer.write(HELLO + b"\r\n")
    await reader.readuntil(b"\r\n\r\n")
    writer.write(frame)
    async with asyncio.timeout(60):
        kind, size = await reader.readexactly(2)
        assert kind == 0x88
        assert int.from_bytes((await reader.readexactly(size))[:2]) == code
    writer.close()


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize("origin", ["http://[::1", "null", "", "http://", "\x01", "http://a b"])
async def test_a_strange_origin_is_no_error_of_the_servers(site: Site, origin: str) -> None:
    reader, writer = await asyncio.open_connection(*site.url.removeprefix("http://").split(":"))
    writer.write(HELLO + b"Origin: " + origin.encode() + b"\r\n\r\n")
    line = await asyncio.wait_for(reader.readline(), 60)
    assert line.split()[1] in (b"400", b"403")
    writer.close()


# -- what is compressed, batched or given twice --------------------------------------------------


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", "identity, gzip"])
async def test_a_compressed_body_is_refused_and_not_inflated(site: Site, encoding: str) -> None:
    bomb = gzip.compress(b"[" + b" " * 20_000_000 + b"]")
    headers = {"content-type": "application/json", "content-encoding": encoding}
    response = await site.http.post("/graphql", content=bomb, headers=headers)
    assert response.status_code == 415


async def test_a_batch_runs_nothing(site: Site, admin_token: str) -> None:
    invite = 'mutation { inviteUser(input: {email: "batch@example.org"}) { token } }'
    headers = {"authorization": f"Bearer {admin_token}"}
    count = "{ invitations { totalCount } }"
    before = (await site.ask(count, admin_token)).json()["data"]
    response = await site.http.post("/graphql", json=[{"query": invite}] * 2, headers=headers)
    assert response.status_code == 400
    assert "batching is off" in response.json()["errors"][0]["message"]
    assert (await site.ask(count, admin_token)).json()["data"] == before


# -- other sites ---------------------------------------------------------------------------------


@pytest.mark.parametrize("accept", ["*/*", "text/event-stream"])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"content-type": "text/plain"},
        {"content-type": "application/x-www-form-urlencoded"},
        {"content-type": "multipart/form-data; boundary=application/json"},
        {"authorization": "Basic eDp5"},  # which browsers add by themselves
        {"apollo-require-preflight": ""},
    ],
)
async def test_a_link_of_another_site_runs_nothing(
    site: Site, headers: dict[str, str], accept: str
) -> None:
    response = await site.http.get(
        "/graphql", params={"query": TYPENAME}, headers={**headers, "accept": accept}
    )
    assert response.status_code == 400
    assert "Apollo-Require-Preflight" in response.json()["errors"][0]["message"]


@pytest.mark.parametrize(
    "headers",
    [*({name: "1"} for name in PREFLIGHTED), {"content-type": "application/json"}],
)
async def test_who_can_send_other_headers_asks_by_get(site: Site, headers: dict[str, str]) -> None:
    response = await site.http.get("/graphql", params={"query": TYPENAME}, headers=headers)
    assert response.json() == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
async def test_a_form_of_another_site_runs_nothing(site: Site, kind: str) -> None:
    body = orjson.dumps({"query": "mutation { signOut { userErrors { code } } }"})
    headers = {"content-type": kind, "origin": "http://evil.example"}
    response = await site.http.post("/graphql", content=body, headers=headers)
    assert response.status_code == 415


async def test_pages_of_origins_that_are_not_named_exactly_may_not_call(
    settings: Settings,
) -> None:
    known = settings.model_copy(update={"allowed_origins": ("https://app.example",)})
    ask = {
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type,apollo-require-preflight",
    }
    async with serving(known) as site:
        good = await site.http.options("/graphql", headers={"origin": "https://app.example", **ask})
        assert good.status_code == 200
        assert good.headers["access-control-allow-origin"] == "https://app.example"
        assert good.headers["access-control-allow-credentials"] == "true"
        assert "Origin" in good.headers["vary"]
        for origin in (
            "http://app.example", "https://app.example:444", "https://app.example.evil.example",
            "https://evilapp.example", "https://x.app.example", "https://app.example/", "null", "*",
        ):  # fmt: skip
            refused = await site.http.options("/graphql", headers={"origin": origin, **ask})
            assert refused.status_code == 400, origin
            assert "access-control-allow-origin" not in refused.headers
            answer = await site.http.post(
                "/graphql", json={"query": TYPENAME}, headers={"origin": origin}
            )
            assert "access-control-allow-origin" not in answer.headers
        for headers in ({}, {"origin": "https://app.example"}):
            answer = await site.http.post("/graphql", json={"query": TYPENAME}, headers=headers)
            assert "Origin" in answer.headers["vary"]  # no cache hands one page's answer to another


@pytest.mark.parametrize("origin", ["*", "https://app.example/", "app.example", "https://*.a.org"])
def test_an_origin_that_is_not_exact_is_no_setting(
    mongo_uri: str, redis_url: str, tmp_path: Any, origin: str
) -> None:
    with pytest.raises(ValueError, match="is no origin"):
        make_settings(mongo_uri, redis_url, tmp_path, allowed_origins=(origin,))


async def test_other_sites_open_no_socket(site: Site) -> None:
    host = site.url.removeprefix("http://")
    for origin in ("http://evil.example", "null", f"ftp://{host}", f"http://{host}.evil.example"):
        reader, writer = await asyncio.open_connection(*host.split(":"))
        hello = HELLO.replace(b": x", f": {host}".encode())
        writer.write(hello + f"Origin: {origin}\r\n\r\n".encode())
        assert b" 403 " in await asyncio.wait_for(reader.readline(), 60)
        writer.close()
