"""A webhook is somebody else's way to have this platform send requests: where to, and what."""

from __future__ import annotations

import asyncio
import gzip
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiohttp import web

from server.webhooks.posting import LATE, MAX_EXCERPT, NOT_REACHABLE, Poster
from shoal.ports import free_port
from store.clock import now
from store.errors import BadSettings, IllegalMove, InvalidValue
from store.records.delivery import Outcome
from store.records.webhook import SealedSecret
from store.settings import Settings
from store.webhooks.addresses import Allowed, address_in, is_public
from store.webhooks.signing import Seal, new_secret, signed
from store.webhooks.urls import clean_url
from tests.conftest import make_settings
from tests.server.webhooks.receiver import HOST, Received, Receiver, receiving, write_ca

NOTHING_ALLOWED = Allowed()
PUBLIC = "93.184.215.14"
NOBODY = "127.0.0.2"
"""Of this machine, where nothing listens."""
INSIDE = [
    "0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.8.8.8", "169.254.169.254",
    "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.168.1.1", "198.18.0.1",
    "198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "168.63.129.16",
    "::", "::1", "::7f00:1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "fec0::1",
    "ff02::1", "2001:db8::1", "2001::1", "2001:10::1", "2002:7f00:1::", "2002:5db8:d70e::1",
    "3fff::1", "5f00::1", "100::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:a9fe:a9fe", "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe", "64:ff9b:1::7f00:1", "::ffff:0:127.0.0.1",
]  # fmt: skip
OUTSIDE = [PUBLIC, "1.1.1.1", "100.63.255.255", "100.128.0.0", "172.32.0.1", "2606:4700::1111",
           "::ffff:93.184.215.14", "64:ff9b::5db8:d70e"]  # fmt: skip


# -- addresses -----------------------------------------------------------------------------------


@pytest.mark.parametrize("text", INSIDE)
def test_addresses_inside_are_not_public(text: str) -> None:
    address = address_in(text)
    assert address is not None
    assert not is_public(address)
    assert not NOTHING_ALLOWED.may_reach(text)


@pytest.mark.parametrize("text", OUTSIDE)
def test_addresses_outside_are_public(text: str) -> None:
    assert NOTHING_ALLOWED.may_reach(text)


def test_what_the_operator_allows_is_no_more_than_that() -> None:
    allowed = Allowed.of(["10.1.0.0/16", "fd00:1::/32", "Hooks.Intranet"])
    assert allowed.may_reach("10.1.2.3")
    assert allowed.may_reach("fd00:1::5")
    assert not allowed.may_reach("10.2.0.1")
    assert not allowed.may_reach("::ffff:10.2.0.1")
    assert allowed.has_host("hooks.intranet")
    assert not allowed.has_host("intranet")
    assert not allowed.has_host("x.hooks.intranet")


@pytest.mark.parametrize("entry", ["10.1.0.0/99", "10.1.2.3/16", "a/b", "bücher.example"])
def test_an_allowed_host_that_is_none_is_refused_at_start(entry: str) -> None:
    with pytest.raises(BadSettings, match="SHOAL_WEBHOOK_ALLOWED_HOSTS"):
        Allowed.of([entry])


# -- URLs ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/", "ftp://example.com/", "file:///etc/passwd", "javascript:alert(1)",
        "gopher://example.com", "//example.com/", "example.com", "", "https://", "https:///x",
        "https://user@example.com/", "https://user:pass@example.com/", "https://:@example.com/",
        "https://@example.com/", "https://127.0.0.1@example.com/",
        "https://example.com:22/", "https://example.com:25/", "https://example.com:0/",
        "https://example.com:80/", "https://example.com:99999/", "https://example.com:x/",
        "https://example.com/#part", "https://example.com/a b", "https://example.com/\r\nX: y",
        "https://example.com\\@evil.example/", "https://example.com/\x00", "https://example.com\t/",
        "https://127.0.0.1/", "https://[::1]/", "https://[::ffff:127.0.0.1]/",
        "https://[fe80::1%25eth0]/", "https://169.254.169.254/latest/meta-data/",
        "https://2130706433/", "https://0x7f000001/", "https://0x7f.0.0.1/", "https://0177.0.0.1/",
        "https://127.1/", "https://127.0.1/", "https://1.2.3.4.5/", "https://example.0x1/",
        "https://127.0.0.1./", "https://example.com./", "https://１２７.0.0.1/",
        "https://127。0。0。1/", "https://ex%61mple.com/", "https://[v1.x]/",
        "https://a..example/", f"https://{'a' * 64}.example/",
        f"https://example.com/{'a' * 2_000}",
    ],
)  # fmt: skip
def test_a_url_that_leads_astray_is_refused(url: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        clean_url(url, NOTHING_ALLOWED)
    assert refused.value.path == ["input", "url"]


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://example.com/hooks?a=1", "https://example.com/hooks?a=1"),
        ("HTTPS://EXAMPLE.com:8443/x", "https://example.com:8443/x"),
        ("https://bücher.example/ü", "https://xn--bcher-kva.example/%C3%BC"),
        (f"https://{PUBLIC}/", f"https://{PUBLIC}/"),
    ],
)
def test_a_url_has_one_spelling(url: str, kept: str) -> None:
    assert clean_url(url, NOTHING_ALLOWED) == kept
    assert clean_url(kept, NOTHING_ALLOWED) == kept


def test_plain_http_is_for_hosts_that_the_operator_names() -> None:
    allowed = Allowed.of(["hooks.intranet", "10.1.0.0/16"])
    for url in ("http://hooks.intranet/x", "http://10.1.2.3:81/x"):
        assert clean_url(url, allowed) == url
    for url in ("http://other.intranet/x", "http://10.2.0.1/x", "ftp://hooks.intranet/x"):
        with pytest.raises(InvalidValue):
            clean_url(url, allowed)


# -- connections ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ca() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
async def receiver(ca: trustme.CA) -> AsyncIterator[Receiver]:
    async with receiving(ca) as running:
        yield running


@pytest.fixture
def make(tmp_path: Path, ca: trustme.CA) -> Callable[..., Settings]:
    def settings(*allowed: str, **more: object) -> Settings:
        more.setdefault("webhook_ca", write_ca(ca, tmp_path))
        return make_settings(
            "mongodb://x", "redis://x", tmp_path, webhook_allowed_hosts=allowed, **more
        )

    return settings


@asynccontextmanager
async def posting(settings: Settings) -> AsyncIterator[Callable[[str], Any]]:
    poster = Poster(settings)

    async def post(url: str) -> Outcome:
        request = signed(url, '{"data":null}', "whd_1", now(), [new_secret()])
        return await poster.post(request)

    yield post
    await poster.close()


def resolving(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """The name server answers with these in turn, the last one for ever; returns who asked."""
    asked: list[str] = []

    async def getaddrinfo(self: Any, host: str, port: int, **more: Any) -> Any:
        asked.append(host)
        found = answers[min(len(asked), len(answers)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in found]

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", getaddrinfo)
    return asked


async def test_a_name_that_leads_inside_is_not_connected_to(
    make: Callable[..., Settings], receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = resolving(monkeypatch, ["127.0.0.1"])
    async with posting(make()) as post:
        outcome = await post(receiver.url(host="harmless.example"))
    assert asked == ["harmless.example"]
    assert (outcome.error, outcome.status) == (NOT_REACHABLE, None)
    assert receiver.got == []


async def test_dns_rebinding_does_not_get_through(
    make: Callable[..., Settings], receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One address for the first look-up, another for the next: each is checked where it is used."""
    asked = resolving(monkeypatch, [NOBODY], ["127.0.0.1"])
    async with posting(make(NOBODY)) as post:
        outcomes = [await post(receiver.url(host="rebinds.example")) for _ in range(2)]
    assert len(asked) == 2
    assert outcomes[0].error.startswith("no connection: ")
    assert outcomes[1].error == NOT_REACHABLE
    assert receiver.got == []


async def test_of_several_addresses_those_inside_are_left_out(
    make: Callable[..., Settings], receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolving(monkeypatch, [NOBODY, "127.0.0.1"], ["127.0.0.1", NOBODY])
    async with posting(make(NOBODY)) as post:
        outcomes = [await post(receiver.url(host="mixed.example")) for _ in range(2)]
    assert [each.status for each in outcomes] == [None, None]
    assert receiver.got == []


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "2130706433", "0x7f.1", "localhost"])
async def test_a_url_that_slipped_by_is_stopped_at_the_connection(
    make: Callable[..., Settings], receiver: Receiver, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.webhooks.posting.clean_url", lambda url, allowed: url)
    async with posting(make()) as post:
        outcome = await post(receiver.url(host=host))
    assert outcome.status is None
    assert outcome.error
    assert receiver.got == []


async def test_a_host_that_breaks_the_look_up_is_a_failed_try(
    make: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.webhooks.posting.clean_url", lambda url, allowed: url)
    async with posting(make()) as post:
        outcome = await post(f"https://{'a' * 64}.example/")
    assert (outcome.ok, outcome.error) == (False, "the request could not be made")


async def test_errors_tell_no_address(make: Callable[..., Settings]) -> None:
    async with posting(make(HOST)) as post:
        outcome = await post(f"https://{HOST}:{free_port()}/")
    assert outcome.error in ("no connection: Connection refused", "no connection: out of reach")


async def test_an_unknown_name_looks_like_one_that_leads_inside(
    make: Callable[..., Settings], receiver: Receiver
) -> None:
    async with posting(make()) as post:
        outcome = await post("https://does-not-exist.invalid/")
    assert outcome.error == NOT_REACHABLE


async def test_what_is_no_longer_allowed_is_no_longer_reached(
    make: Callable[..., Settings], receiver: Receiver
) -> None:
    async with posting(make(HOST)) as post:
        assert (await post(receiver.url())).ok
    plain = receiver.url().replace("https", "http")
    async with posting(make()) as post:
        assert "https://" in (await post(plain)).error
    assert len(receiver.got) == 1


async def test_redirects_are_not_followed(
    make: Callable[..., Settings], receiver: Receiver
) -> None:
    async def elsewhere(request: Received) -> web.StreamResponse:
        return web.Response(status=307, headers={"Location": receiver.url("/inside")})

    receiver.answer = elsewhere
    async with posting(make(HOST)) as post:
        outcome = await post(receiver.url("/out"))
    assert (outcome.ok, outcome.status) == (False, 307)
    assert "redirects are not followed" in outcome.error
    assert [each.path for each in receiver.got] == ["/out"]


async def test_a_certificate_that_is_not_trusted_gets_no_byte(
    make: Callable[..., Settings], receiver: Receiver
) -> None:
    async with posting(make(HOST, webhook_ca=None)) as post:
        outcome = await post(receiver.url())
    assert "certificate is not trusted" in outcome.error
    assert receiver.got == []


async def test_a_certificate_for_another_name_gets_no_byte(
    make: Callable[..., Settings], ca: trustme.CA
) -> None:
    async with receiving(ca, host="other.example") as other, posting(make(HOST)) as post:
        outcome = await post(other.url())
    assert "certificate is not trusted" in outcome.error
    assert other.got == []


async def test_a_proxy_of_the_environment_is_not_used(
    make: Callable[..., Settings], receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with posting(make(HOST)) as post:
        assert (await post(receiver.url())).ok


async def test_cookies_are_not_kept(make: Callable[..., Settings], receiver: Receiver) -> None:
    async def sets(request: Received) -> web.StreamResponse:
        return web.Response(headers={"Set-Cookie": "track=1; Path=/"})

    receiver.answer = sets
    async with posting(make(HOST)) as post:
        for _ in range(2):
            assert (await post(receiver.url())).ok
    assert not any("cookie" in each.headers for each in receiver.got)


async def test_an_endless_answer_is_not_read(
    make: Callable[..., Settings], receiver: Receiver
) -> None:
    async def endless(request: Received) -> web.StreamResponse:
        return web.Response(body=b"a\x1b[31m\r\n" * 2_000_000)

    receiver.answer = endless
    async with posting(make(HOST)) as post:
        outcome = await post(receiver.url())
    assert outcome.ok
    assert len(outcome.response) == MAX_EXCERPT
    assert outcome.response.isprintable()


async def test_a_compressed_bomb_is_not_unpacked(
    make: Callable[..., Settings], receiver: Receiver
) -> None:
    async def bomb(request: Received) -> web.StreamResponse:
        packed = gzip.compress(b"0" * 50_000_000)
        return web.Response(body=packed, headers={"Content-Encoding": "gzip"})

    receiver.answer = bomb
    async with posting(make(HOST)) as post:
        outcome = await post(receiver.url())
    assert outcome.ok
    assert "0000" not in outcome.response


async def test_an_answer_that_drips_ends_in_time(
    make: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        with suppress(ConnectionError):
            while True:
                writer.write(b"a")
                await writer.drain()
                await asyncio.sleep(0.05)

    monkeypatch.setattr("server.webhooks.posting.TOTAL_S", 0.5)
    server = await asyncio.start_server(drip, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, posting(make(HOST)) as post:
        outcome = await asyncio.wait_for(post(f"http://{HOST}:{port}/"), 60)
    assert outcome.status is None
    assert outcome.error == LATE


# -- secrets -------------------------------------------------------------------------------------


def test_a_copy_of_the_database_signs_nothing() -> None:
    secret = new_secret()
    sealed = SealedSecret(Seal([b"a" * 32]).close(secret))
    assert secret not in sealed.sealed
    assert Seal([b"a" * 32]).open(sealed) == secret
    with pytest.raises(IllegalMove, match="rotate"):
        Seal([b"b" * 32]).open(sealed)


def test_a_new_platform_key_takes_over_from_the_one_before() -> None:
    secret, old, new = new_secret(), b"a" * 32, b"b" * 32
    sealed = SealedSecret(Seal([old]).close(secret))
    renewed = Seal([new, old]).renewed(sealed)
    assert renewed != sealed
    assert Seal([new]).open(renewed) == secret
    assert Seal([new, old]).renewed(renewed) == renewed
    assert Seal([new]).renewed(sealed) == sealed
