"""Many WebSocket subscribers in one process, as light as they can be: their frames by hand.

A thousand clients of a library would measure themselves; these take some 10 us a message.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import resource
import socket
import struct
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

AT_ONCE = 40
"""Connections that are being made at the same time."""
OPEN_TIMEOUT_S = 60.0
RETRY_S = 1.0
TEXT, CLOSE, PING, PONG = 1, 8, 9, 10

Heard = Callable[["Subscriber", bytes], None]


class Subscriber(asyncio.Protocol):
    """One socket with one subscription; `heard` gets each text as it comes."""

    transport: asyncio.Transport

    def __init__(self, hello: tuple[bytes, ...], heard: Heard) -> None:
        self.is_live: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.texts: list[bytes] = []
        self._hello, self._heard = hello, heard
        self._buffer = b""
        self._is_upgraded = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        key = base64.b64encode(os.urandom(16))
        transport.write(
            b"GET /graphql HTTP/1.1\r\nHost: crowd\r\nUpgrade: websocket\r\n"
            b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
            + key
            + b"\r\n"
            b"Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
        )

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._is_upgraded:
            head, end, rest = self._buffer.partition(b"\r\n\r\n")
            if not end:
                return
            assert b" 101 " in head, head
            self._buffer, self._is_upgraded = rest, True
            self.transport.write(b"".join(_frame(TEXT, each) for each in self._hello))
        while found := _first_frame(self._buffer):
            opcode, body, self._buffer = found
            self._take(opcode, body)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.is_live.done():
            self.is_live.set_exception(ConnectionError("the server closed the socket"))

    def reset(self) -> None:
        """Be gone without a word, as after a crash: the server gets RST."""
        end: Any = self.transport.get_extra_info("socket")
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.abort()

    def _take(self, opcode: int, body: bytes) -> None:
        if opcode == PING:
            self.transport.write(_frame(PONG, body))
        elif opcode == TEXT:
            if not self.is_live.done():
                self._come_closer(body)
            self._heard(self, body)

    def _come_closer(self, body: bytes) -> None:
        """Live when the past is told; what is worth another try is asked again, as clients do."""
        if b'"CaughtUp"' in body:
            self.is_live.set_result(None)
        elif b'"retryable":true' in body:
            asking = _frame(TEXT, self._hello[-1])
            asyncio.get_running_loop().call_later(RETRY_S, self.transport.write, asking)
        elif b'"extensions"' in body:
            self.is_live.set_exception(RuntimeError(body.decode()))


@asynccontextmanager
async def crowd(
    size: int, heard: Heard, *, url: str, token: str, query: str, variables: Mapping[str, object]
) -> AsyncIterator[list[Subscriber]]:
    """Subscribers who have caught up; cut off at the end unless they went before."""
    _allow_files(size)
    opening = {"type": "connection_init", "payload": {"authorization": f"Bearer {token}"}}
    payload = {"query": query, "variables": variables}
    asking = {"type": "subscribe", "id": "1", "payload": payload}
    hello = json.dumps(opening).encode(), json.dumps(asking).encode()
    turns, subscribers = asyncio.Semaphore(AT_ONCE), list[Subscriber]()
    where = urlsplit(url)

    async def join() -> None:
        async with turns:
            loop = asyncio.get_running_loop()
            _, one = await loop.create_connection(
                lambda: Subscriber(hello, heard), str(where.hostname), where.port or 80
            )
            subscribers.append(one)
            await one.is_live

    try:
        async with asyncio.timeout(OPEN_TIMEOUT_S):
            await asyncio.gather(*(join() for _ in range(size)))
        yield subscribers
    finally:
        for each in subscribers:
            each.transport.abort()


def _allow_files(sockets: int) -> None:
    """Raises RuntimeError when this process may not have so many sockets."""
    needed = sockets + 500
    granted, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most != resource.RLIM_INFINITY and most < needed:
        raise RuntimeError(f"{needed} open files are needed, {most} are allowed: see `ulimit -Hn`")
    if granted < needed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, most))


def _frame(opcode: int, body: bytes) -> bytes:
    """A client's frame: masked, with a mask that changes nothing."""
    head = (
        struct.pack("!BB", 0x80 | opcode, 0x80 | len(body))
        if len(body) < 126
        else struct.pack("!BBH", 0x80 | opcode, 0xFE, len(body))
    )
    return head + bytes(4) + body


def _first_frame(data: bytes) -> tuple[int, bytes, bytes] | None:
    """Opcode, body and what comes behind; None while the frame is not whole."""
    if len(data) < 4:
        return None
    size, start = data[1] & 0x7F, 2
    if size == 126:
        size, start = int.from_bytes(data[2:4], "big"), 4
    end = start + size
    return (data[0] & 0x0F, data[start:end], data[end:]) if len(data) >= end else None
