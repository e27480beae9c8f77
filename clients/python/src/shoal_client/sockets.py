"""One subscription over a WebSocket, in graphql-transport-ws."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.typing import Subprotocol

from shoal_client.errors import ConnectionLost, Fault, Unauthenticated, fault

PROTOCOL = Subprotocol("graphql-transport-ws")
DENIED = frozenset({4401, 4403})
MAX_BYTES = 16 * 2**20


class Socket:
    def __init__(self, url: str, token: str) -> None:
        self._url = "ws" + url.removeprefix("http") + "/graphql"
        self._token = token

    async def results(self, body: dict[str, Any]) -> AsyncIterator[dict[str, Any]]:
        """The data of every result. Raises ConnectionLost, Unauthenticated, Fault."""
        try:
            async with connect(
                self._url, subprotocols=[PROTOCOL], max_size=MAX_BYTES, compression=None
            ) as socket:
                async for data in self._talk(socket, body):
                    yield data
        except ConnectionClosed as closed:
            code, reason = (closed.rcvd.code, closed.rcvd.reason) if closed.rcvd else (1006, "")
            if code in DENIED:
                raise Unauthenticated(reason, "UNAUTHENTICATED") from closed
            raise ConnectionLost(f"closed with {code} {reason}", str(code)) from closed
        except (OSError, InvalidHandshake) as lost:
            raise ConnectionLost(f"{self._url}: {lost}") from lost

    async def _talk(
        self, socket: ClientConnection, body: dict[str, Any]
    ) -> AsyncIterator[dict[str, Any]]:
        await _send(socket, type="connection_init", payload=self._shown())
        async for text in socket:
            message = json.loads(text)
            match message["type"]:
                case "connection_ack":
                    await _send(socket, type="subscribe", id="1", payload=body)
                case "ping":
                    await _send(socket, type="pong")
                case "next":
                    yield _data(message["payload"])
                case "error":
                    raise fault(message["payload"][0])
                case "complete":
                    return
        raise ConnectionLost("the platform closed the connection")

    def _shown(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self._token}"} if self._token else {}


def _data(payload: dict[str, Any]) -> dict[str, Any]:
    if errors := payload.get("errors"):
        raise fault(errors[0])
    data = payload.get("data")
    if not isinstance(data, dict):
        raise Fault("a result without data")
    return data


async def _send(socket: ClientConnection, **message: object) -> None:
    await socket.send(json.dumps(message))
