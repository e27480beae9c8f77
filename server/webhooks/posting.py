"""One request to somebody else's server: bounded in time and size, and to addresses that may be.

The address is checked where the connection is made, after the name was looked up, so that nothing
can change in between. Every request looks up, checks and connects anew.
"""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
import structlog
from yarl import URL

from store.clock import now
from store.errors import InvalidValue
from store.records.delivery import Outcome
from store.settings import Settings
from store.webhooks.addresses import Allowed
from store.webhooks.signing import Request
from store.webhooks.urls import clean_url

CONNECT_S, TOTAL_S = 5.0, 15.0
BODY_S = 2.0
"""For the rest of an answer whose status is known: it is shown, and decides nothing."""
MAX_RESPONSE = 4096
MAX_EXCERPT = 1_000
LATE = f"no connection within {CONNECT_S:g} s, or no answer within {TOTAL_S:g} s"
NOT_REACHABLE = "the host is not known, or has no public address"


log = structlog.get_logger(__name__)


class NotPublic(OSError):
    """Nobody is connected to; an OSError, as of any address that does not answer."""


class Poster:
    """Sends requests, and never follows where an answer points to."""

    def __init__(self, settings: Settings) -> None:
        self._allowed = Allowed.of(settings.webhook_allowed_hosts)
        tls = ssl.create_default_context()
        if settings.webhook_ca is not None:
            tls.load_verify_locations(settings.webhook_ca)
        self._checked = _session(tls, self._checked_socket)
        self._named = _session(tls, None)

    async def close(self) -> None:
        await self._checked.close()
        await self._named.close()

    async def post(self, request: Request) -> Outcome:
        """What came of it; never raises for what the other side does."""
        at, began = now(), time.perf_counter()

        def outcome(**more: Any) -> Outcome:
            return Outcome(at, round((time.perf_counter() - began) * 1000, 1), **more)

        try:
            clean_url(request.url, self._allowed)  # what is allowed may be less than it was
            async with asyncio.timeout(TOTAL_S), self._answer(request) as answer:
                excerpt = await _excerpt(answer)
                return outcome(
                    status=answer.status, error=_complaint(answer.status), response=excerpt,
                    retry_after_s=_retry_after_s(answer.headers.get("retry-after"), at),
                )  # fmt: skip
        except InvalidValue as error:
            return outcome(error=str(error))
        except TimeoutError:
            return outcome(error=LATE)
        except aiohttp.ClientError as error:
            return outcome(error=_reason(error))
        except Exception:
            log.exception("request_impossible")
            return outcome(error="the request could not be made")

    @asynccontextmanager
    async def _answer(self, request: Request) -> AsyncIterator[aiohttp.ClientResponse]:
        url = URL(request.url)
        session = self._named if url.raw_host in self._allowed.names else self._checked
        body = request.body.encode()
        async with session.post(
            url, data=body, headers=request.headers, allow_redirects=False
        ) as answer:
            yield answer

    def _checked_socket(self, info: Any) -> socket.socket:
        """A socket to the address that a connection is about to be made to. Raises NotPublic."""
        family, kind, protocol, _, address = info
        if not self._allowed.may_reach(address[0]):
            raise NotPublic(NOT_REACHABLE)
        return socket.socket(family, kind, protocol)


def _session(tls: ssl.SSLContext, factory: Any) -> aiohttp.ClientSession:
    connector = aiohttp.TCPConnector(
        ssl=tls, socket_factory=factory, use_dns_cache=False, force_close=True, limit=0,
    )  # fmt: skip
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=TOTAL_S, connect=CONNECT_S),
        auto_decompress=False,
        trust_env=False,
        skip_auto_headers=("Accept", "Accept-Encoding"),
    )


async def _excerpt(answer: aiohttp.ClientResponse) -> str:
    """How the body begins, as text without control characters."""
    found = bytearray()
    with suppress(TimeoutError, aiohttp.ClientError):
        async with asyncio.timeout(BODY_S):
            while len(found) < MAX_RESPONSE and (
                chunk := await answer.content.read(MAX_RESPONSE - len(found))
            ):
                found += chunk
    if answer.connection and answer.connection.transport:
        answer.connection.transport.abort()  # its end is not waited for
    text = found.decode(errors="replace")
    return "".join(c if c.isprintable() else " " for c in text)[:MAX_EXCERPT]


def _complaint(status: int) -> str:
    if 200 <= status < 300:
        return ""
    if 300 <= status < 400:
        return f"status {status}: redirects are not followed; change the URL"
    return f"status {status}"


def _reason(error: aiohttp.ClientError) -> str:
    """One line; the same for a name that is not known and for one that leads inside."""
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return f"its certificate is not trusted: {error.certificate_error}"
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return NOT_REACHABLE
    if isinstance(error, aiohttp.ClientConnectorSSLError):
        return "it does not speak TLS as we do"
    if isinstance(error, aiohttp.ClientConnectorError):
        number = error.os_error.errno  # its text would tell addresses
        is_hidden = isinstance(error.os_error, NotPublic)
        why = os.strerror(number) if number else "out of reach"
        return NOT_REACHABLE if is_hidden else f"no connection: {why}"
    return f"no proper answer: {type(error).__name__}"


def _retry_after_s(header: str | None, at: datetime) -> float | None:
    """From seconds or a date; None for anything else."""
    if header is None:
        return None
    if header.isascii() and header.isdigit() and len(header) <= 9:
        return float(header)
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - at).total_seconds())
