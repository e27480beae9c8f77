"""A subscriber as browsers are: when its socket drops, it comes back with its last cursor."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.typing import Subprotocol

from tests.faults.caller import HONEST

PROTOCOL = Subprotocol("graphql-transport-ws")
SILENCE_S = 25.0
"""A feed sends a heartbeat every 10 s: after two that did not come the socket is dead."""
COMEBACK_S = 0.2
DROPPED = (ConnectionClosed, InvalidHandshake, OSError, TimeoutError)


class FeedFault(Exception):
    """The subscription ended with an error that a caller cannot be expected to sit out."""


class Outage(Exception):
    """The subscription ended because a service is away."""


class Subscriber:
    """Every event that one feed sent, over all of its connections."""

    def __init__(self, url: str, token: str, document: str, **variables: object) -> None:
        self._url = url.replace("http", "ws", 1) + "/graphql"
        self._token = token
        self._document = document
        self._variables = variables
        self.events: list[dict[str, Any]] = []
        self.gaps: list[str] = []
        self.cursor: str | None = None
        self.connections = 0
        self.is_caught_up = asyncio.Event()

    async def run(self) -> None:
        """Return when the feed ends by itself. Raises FeedFault."""
        while True:
            try:
                await self._follow_once()
                return
            except (*DROPPED, Outage):
                await asyncio.sleep(COMEBACK_S)

    async def reach(self, cursor: str, timeout_s: float) -> bool:
        """Whether the feed has come to `cursor` in time."""
        deadline = time.monotonic() + timeout_s
        while place(self.cursor) < place(cursor):
            if time.monotonic() > deadline:
                return False
            await asyncio.sleep(0.1)
        return True

    async def _follow_once(self) -> None:
        async with connect(self._url, subprotocols=[PROTOCOL], close_timeout=1) as socket:
            self.connections += 1
            await self._begin(socket)
            while True:
                message = json.loads(await asyncio.wait_for(socket.recv(), SILENCE_S))
                match message["type"]:
                    case "ping":
                        await socket.send('{"type": "pong"}')
                    case "next":
                        self._take(message["payload"])
                    case "error":
                        raise _fault(message["payload"])
                    case "complete":
                        return

    async def _begin(self, socket: ClientConnection) -> None:
        headers = {"authorization": f"Bearer {self._token}"}
        await socket.send(json.dumps({"type": "connection_init", "payload": headers}))
        acknowledged = json.loads(await asyncio.wait_for(socket.recv(), SILENCE_S))
        assert acknowledged["type"] == "connection_ack", acknowledged
        after = {"after": self.cursor} if self.cursor else {}
        payload = {"query": self._document, "variables": self._variables | after}
        await socket.send(json.dumps({"type": "subscribe", "id": "1", "payload": payload}))

    def _take(self, payload: dict[str, Any]) -> None:
        if payload.get("errors"):
            raise _fault(payload["errors"])
        (item,) = payload["data"].values()
        match item["__typename"]:
            case "ActivityEvent":
                self.events.append({key: item[key] for key in item if key != "__typename"})
            case "Gap":
                self.gaps.append(f"{item['fromCursor']} to {item['toCursor']}")
            case "CaughtUp":
                self.is_caught_up.set()
        self.cursor = item["cursor"]


def place(cursor: str | None) -> tuple[int, int]:
    """Cursors in the order in which things happened."""
    ms, _, number = (cursor or "0-0").partition("-")
    return int(ms), int(number)


def _fault(errors: list[dict[str, Any]]) -> Exception:
    first = errors[0]
    code = first.get("extensions", {}).get("code")
    return Outage(str(first)) if code in HONEST else FeedFault(str(first))
