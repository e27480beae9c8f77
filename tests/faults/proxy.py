"""A proxy before the object store that can be told to refuse, or to fall silent."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from enum import Enum, auto

BUSY = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
CHUNK = 2**16


class Mode(Enum):
    PASS = auto()
    REFUSE = auto()
    """Answers 503 to everything."""
    STALL = auto()
    """Accepts, and never answers; what is under way stands still."""


class Proxy:
    """Forwards connections to `host:port`, as its mode says."""

    def __init__(self, target: str) -> None:
        self._host, _, port = target.partition(":")
        self._port = int(port)
        self._mode = Mode.PASS
        self._flows = asyncio.Event()
        self._flows.set()
        self._connections: set[asyncio.Task[None]] = set()
        self.endpoint = ""

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[Proxy]:
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.endpoint = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield self
        finally:
            server.close()
            await self._drop_all()

    @asynccontextmanager
    async def being(self, mode: Mode) -> AsyncIterator[None]:
        """Refuse or stall for the block; connections of that time end with it."""
        self._mode = mode
        self._flows.clear()
        if mode is Mode.REFUSE:
            await self._drop_all()
        try:
            yield
        finally:
            self._mode = Mode.PASS
            await self._drop_all()
            self._flows.set()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            await self._serve(reader, writer)
        except (OSError, asyncio.CancelledError, asyncio.IncompleteReadError):
            pass
        finally:
            self._connections.discard(task)
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        match self._mode:
            case Mode.STALL:
                await asyncio.Event().wait()
            case Mode.REFUSE:
                await _swallow(reader)
                writer.write(BUSY)
                await writer.drain()
            case Mode.PASS:
                await self._forward(reader, writer)

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        back, forth = await asyncio.open_connection(self._host, self._port)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._pump(reader, forth))
                group.create_task(self._pump(back, writer))
        except* OSError:
            pass
        finally:
            forth.close()

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while data := await source.read(CHUNK):
            await self._flows.wait()
            sink.write(data)
            await sink.drain()
        with suppress(OSError):
            sink.write_eof()

    async def _drop_all(self) -> None:
        tasks = list(self._connections)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)


async def _swallow(reader: asyncio.StreamReader) -> None:
    """Read one request, so that its sender listens to the answer."""
    head = await reader.readuntil(b"\r\n\r\n")
    if (length := LENGTH.search(head)) and b"100-continue" not in head.lower():
        await reader.readexactly(int(length[1]))
