"""Bytes to and from the platform: straight to where its tickets and links point."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from shoal_client.errors import BadUpload, ConnectionLost, Fault
from shoal_client.graph.create_upload import CreateUploadCreateUploadTicketParts as Part

CHUNK_BYTES = 2**20
AT_ONCE = 4
TRIES = 4
TIMEOUT = httpx.Timeout(60.0, write=300.0)


def sha256_of(path: Path) -> str:
    """In hexadecimal; blocks."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


async def put_parts(
    http: httpx.AsyncClient, path: Path, parts: list[Part], headers: Mapping[str, str]
) -> None:
    """Send every part, some at a time. Raises BadUpload, ConnectionLost."""
    room = asyncio.Semaphore(AT_ONCE)

    async def put(part: Part) -> None:
        async with room:
            await _put(http, path, part, headers)

    await asyncio.gather(*(put(part) for part in parts))


async def _put(http: httpx.AsyncClient, path: Path, part: Part, headers: Mapping[str, str]) -> None:
    for number in range(TRIES):
        try:
            reply = await http.put(
                part.url,
                content=_chunks(path, part.offset, part.size),
                headers={"content-length": str(part.size), **headers},
                timeout=TIMEOUT,
            )
        except httpx.TransportError as lost:
            failure: Exception = ConnectionLost(f"part {part.number}: {lost}")
        else:
            if reply.is_success:
                return
            failure = BadUpload(f"part {part.number} was refused with HTTP {reply.status_code}")
            if reply.is_client_error:
                break
        await asyncio.sleep(0.25 * 2**number)
    raise failure


async def _chunks(path: Path, offset: int, size: int) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        await asyncio.to_thread(file.seek, offset)
        while size > 0 and (chunk := await asyncio.to_thread(file.read, min(CHUNK_BYTES, size))):
            size -= len(chunk)
            yield chunk


async def lines(http: httpx.AsyncClient, url: str) -> AsyncIterator[str]:
    """The lines of a file behind a link, as they come. Raises ConnectionLost, Fault."""
    async with _opened(http, url) as reply:
        async for line in reply.aiter_lines():
            yield line


async def save(http: httpx.AsyncClient, url: str, path: Path) -> Path:
    """The file behind a link, at `path` once it is whole. Raises ConnectionLost, Fault."""
    unfinished = path.with_name(f".{path.name}.part")
    async with _opened(http, url) as reply:
        with unfinished.open("wb") as out:
            async for chunk in reply.aiter_bytes(CHUNK_BYTES):
                await asyncio.to_thread(out.write, chunk)
    return unfinished.replace(path)


@asynccontextmanager
async def _opened(http: httpx.AsyncClient, url: str) -> AsyncIterator[httpx.Response]:
    try:
        async with http.stream("GET", url, timeout=TIMEOUT) as reply:
            if not reply.is_success:
                why = "the link is over, or the file is deleted; read `url` anew"
                raise Fault(f"HTTP {reply.status_code}: {why}", f"HTTP_{reply.status_code}")
            yield reply
    except httpx.TransportError as lost:
        raise ConnectionLost(f"{url.partition('?')[0]}: {lost}") from lost
