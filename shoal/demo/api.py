"""A small client of the public API: one document in, its data out."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from pathlib import Path
from typing import Any, Self

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

PROTOCOL = Subprotocol("graphql-transport-ws")
CHUNK_BYTES = 2**20
RECONNECT_S = 0.5
RECONNECTS = 40
"""In a row: twenty seconds, in which a server that died is up again."""


class ApiFailure(Exception):
    """The API answered with errors; this is the first."""

    def __init__(self, code: str, message: str, retryable: bool) -> None:
        super().__init__(message)
        self.code = code
        self.retryable = retryable


class Api:
    """Speaks for one caller, over HTTP for operations and over a WebSocket for subscriptions."""

    def __init__(self, url: str, token: str = "") -> None:
        self.token = token
        self._http = httpx.AsyncClient(base_url=url, timeout=30)
        self._socket_url = url.replace("http", "ws", 1) + "/graphql"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def run(self, document: str, **variables: object) -> dict[str, Any]:
        """The data of a query. Raises ApiFailure for an answer with errors."""
        reply = await self._http.post(
            "/graphql", json=_request(document, variables), headers=self._headers()
        )
        answer: dict[str, Any] = reply.json()
        _raise_first(answer.get("errors"))
        data: dict[str, Any] = answer["data"]
        return data

    async def do(self, document: str, **input: object) -> dict[str, Any]:
        """The payload of a mutation with one `input`. Raises ApiFailure for its `userErrors`."""
        (payload,) = (await self.run(document, input=input)).values()
        _raise_first(payload["userErrors"])
        result: dict[str, Any] = payload
        return result

    async def follow(
        self, document: str, **variables: object
    ) -> AsyncGenerator[dict[str, Any], None]:
        """The items of a subscription's one field, from `after` on, through lost connections."""
        losses = 0
        while True:
            try:
                async for item in self._follow_once(document, variables):
                    losses = 0
                    variables["after"] = item.get("cursor", variables.get("after"))
                    yield item
                return
            except (ConnectionClosed, OSError):
                losses += 1
                if losses > RECONNECTS:
                    raise
                await asyncio.sleep(RECONNECT_S)

    async def put(self, part: Mapping[str, Any], path: Path, headers: Mapping[str, str]) -> None:
        """Send one part of a file to the upload URL that its ticket names."""
        offset, size = part["offset"], part["size"]
        reply = await self._http.put(
            part["url"],
            content=_chunks(path, offset, size),
            headers={"Content-Length": str(size), **headers},
            timeout=120,
        )
        reply.raise_for_status()

    async def _follow_once(
        self, document: str, variables: Mapping[str, object]
    ) -> AsyncIterator[dict[str, Any]]:
        async with connect(self._socket_url, subprotocols=[PROTOCOL]) as socket:
            await _send(socket, type="connection_init", payload=self._headers())
            async for text in socket:
                message = json.loads(text)
                match message["type"]:
                    case "connection_ack":
                        payload = _request(document, variables)
                        await _send(socket, type="subscribe", id="1", payload=payload)
                    case "ping":
                        await _send(socket, type="pong")
                    case "next":
                        _raise_first(message["payload"].get("errors"))
                        (item,) = message["payload"]["data"].values()
                        yield item
                    case "error":
                        _raise_first(message["payload"])
                    case "complete":
                        return

    def _headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}"} if self.token else {}


def _request(document: str, variables: Mapping[str, object]) -> dict[str, object]:
    return {"query": document, "variables": dict(variables)}


async def _send(socket: ClientConnection, **message: object) -> None:
    await socket.send(json.dumps(message))


def _raise_first(errors: list[dict[str, Any]] | None) -> None:
    if errors:
        first = errors[0]
        more = first.get("extensions", first)
        raise ApiFailure(more["code"], first["message"], more.get("retryable", False))


async def _chunks(path: Path, offset: int, size: int) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        file.seek(offset)
        while size > 0 and (chunk := file.read(min(CHUNK_BYTES, size))):
            size -= len(chunk)
            yield chunk
