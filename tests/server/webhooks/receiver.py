"""Somebody's server that takes webhooks: real sockets, real TLS by a CA of our own."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import trustme
from aiohttp import web

HOST = "localhost"


@dataclass(frozen=True)
class Received:
    path: str
    headers: dict[str, str]
    body: str

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]


Answer = Callable[[Received], Awaitable[web.StreamResponse]]


async def no_content(request: Received) -> web.StreamResponse:
    return web.Response(status=204)


@dataclass
class Receiver:
    """`answer` says what it does with each request, after noting it."""

    port: int = 0
    scheme: str = "https"
    answer: Answer = no_content
    got: list[Received] = field(default_factory=list)

    def url(self, path: str = "/hooks", host: str = HOST) -> str:
        return f"{self.scheme}://{host}:{self.port}{path}"

    async def take(self, request: web.BaseRequest) -> web.StreamResponse:
        headers = {name.lower(): value for name, value in request.headers.items()}
        received = Received(request.path_qs, headers, await request.text())
        self.got.append(received)
        return await self.answer(received)

    async def until(self, number: int) -> list[Received]:
        """All requests, as soon as there are so many."""
        async with asyncio.timeout(60):
            while len(self.got) < number:
                await asyncio.sleep(0.01)
        return self.got


@asynccontextmanager
async def receiving(ca: trustme.CA | None, host: str = HOST) -> AsyncIterator[Receiver]:
    """A receiver on this machine; without a CA it speaks no TLS."""
    receiver = Receiver(scheme="https" if ca else "http")
    tls = None
    if ca is not None:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        ca.issue_cert(host).configure_cert(tls)
    runner = web.ServerRunner(web.Server(receiver.take), shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
    await site.start()
    receiver.port = runner.addresses[0][1]
    try:
        yield receiver
    finally:
        await runner.cleanup()


def write_ca(ca: trustme.CA, folder: Path) -> Path:
    """The CA's certificate as a file."""
    path = folder / "ca.pem"
    ca.cert_pem.write_to_path(str(path))
    return path
