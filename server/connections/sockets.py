"""One WebSocket: graphql-transport-ws, and no other protocol.

The caller shows who they are in `connection_init`. Operations run side by side, each with a
context of its own, and end when the socket does or when the caller may no longer see them.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing, suppress
from typing import Any

import structlog
from starlette.websockets import WebSocket, WebSocketDisconnect

from server.auth import Caller, identify
from server.connections.messages import Complete, Init, Message, Ping, Subscribe, read_message
from server.connections.places import Places
from server.connections.rights import Rights, Watch
from server.execution.audiences import Audiences
from server.execution.contexts import context_of
from server.execution.execution import stream
from server.execution.measuring import MAX_ID, noted
from server.http.answers import encode
from server.http.faults import fault
from server.http.operations import BadRequest, must_be_trusted
from server.metrics import EVENTS_SENT, SOCKETS, SUBSCRIPTIONS
from server.tasks import end, only_until
from store.accounts import Accounts
from store.errors import Throttled, Unavailable
from store.records.viewer import Viewer

PROTOCOL = "graphql-transport-ws"
INIT_TIMEOUT_S = 10.0
MAX_OPERATIONS = 100
MAX_REASON_BYTES = 123
"""RFC 6455, section 5.5: a close frame holds 125 bytes, two of them the code."""

SENT = EVENTS_SENT.labels("websocket")

log = structlog.get_logger(__name__)


class Close(Exception):
    """The socket ends with this code and reason."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


class Socket:
    def __init__(self, websocket: WebSocket) -> None:
        self._websocket = websocket
        self._accounts: Accounts = websocket.state.store.accounts
        self._rights: Rights = websocket.state.rights
        self._places: Places = websocket.state.places
        self._audiences: Audiences = websocket.state.audiences
        self._caller = Caller(None)
        self._operations: dict[str, asyncio.Task[None]] = {}

    async def serve(self) -> None:
        offered = PROTOCOL in self._websocket.scope["subprotocols"]
        with SOCKETS.track_inprogress(), suppress(WebSocketDisconnect):
            await self._websocket.accept(PROTOCOL if offered else None)
            try:
                await self._talk(offered)
            except Close as close:
                reason = close.reason.encode()[:MAX_REASON_BYTES].decode(errors="ignore")
                await self._websocket.close(close.code, reason)

    async def _talk(self, offered: bool) -> None:
        if not offered:
            raise Close(4406, f"speak {PROTOCOL}")
        client = self._websocket.client
        try:
            with self._places.taken(client.host if client else ""):
                viewer = await self._greeted()
            with self._places.taken(viewer), self._rights.of(self._caller) as watch:
                await self._listen_until(watch)
        except Throttled as throttled:
            raise Close(4429, str(throttled)) from None

    async def _listen_until(self, denied: Watch) -> None:
        try:
            async with only_until(denied):
                await self._send(type="connection_ack")
                await self._listen()
        except TimeoutError:
            raise Close(4403, denied.result()) from None
        finally:
            await end(*self._operations.values())
            self._operations.clear()  # tasks know where they were cancelled, and so hold the socket

    # -- what the client says ---------------------------------------------------------------------

    async def _greeted(self) -> Viewer:
        try:
            async with asyncio.timeout(INIT_TIMEOUT_S):
                return await self._greet()
        except TimeoutError:
            raise Close(4408, "Connection initialisation timeout") from None

    async def _greet(self) -> Viewer:
        """Wait for `connection_init` and check who it is."""
        while not isinstance(message := await self._receive(), Init):
            if isinstance(message, Subscribe):
                raise Close(4401, "Unauthorized")
            await self._pong(message)
        shown = message.payload.get("authorization", message.payload.get("Authorization"))
        try:
            self._caller = await identify(self._accounts, shown)
        except Unavailable as down:
            raise Close(1013, str(down)) from None
        if self._caller.viewer is None:
            raise Close(4403, self._caller.denied or "Forbidden")
        return self._caller.viewer

    async def _listen(self) -> None:
        while True:
            message = await self._receive()
            match message:
                case Init():
                    raise Close(4429, "Too many initialisation requests")
                case Subscribe():
                    await self._subscribe(message)
                case Complete():
                    if task := self._operations.pop(message.id, None):
                        task.cancel()
                case _:
                    await self._pong(message)

    async def _receive(self) -> Message:
        event = await self._websocket.receive()
        if event["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(event["code"], event.get("reason"))
        if event.get("text") is None:
            raise Close(4400, "messages are text")
        try:
            return read_message(event["text"])
        except BadRequest as bad:
            raise Close(4400, str(bad)) from None

    async def _pong(self, message: Message) -> None:
        if isinstance(message, Ping):
            await self._send(type="pong")

    # -- operations -------------------------------------------------------------------------------

    async def _subscribe(self, message: Subscribe) -> None:
        if message.id in self._operations:
            raise Close(4409, f"Subscriber for {message.id} already exists")
        if len(self._operations) >= MAX_OPERATIONS:
            refusal = self._fault("TOO_MANY", f"at most {MAX_OPERATIONS} operations a socket")
            await self._send(type="error", id=message.id, payload=refusal)
            return
        try:
            trusted = self._websocket.state.trusted
            must_be_trusted(message.operation, trusted, self._caller.viewer)
        except BadRequest as bad:
            await self._send(type="error", id=message.id, payload=self._fault(bad.code, str(bad)))
            return
        self._operations[message.id] = asyncio.create_task(self._run(message))

    async def _run(self, message: Subscribe) -> None:
        with SUBSCRIPTIONS.labels("websocket").track_inprogress(), suppress(WebSocketDisconnect):
            last = await self._outcome(message)
            # the id is free before the client hears so: it may use it again at once
            if self._operations.pop(message.id, None):
                await self._send(id=message.id, **last)

    async def _outcome(self, message: Subscribe) -> dict[str, Any]:
        """Send every result; returns the message that ends the operation."""
        context = context_of(self._websocket, self._caller)
        try:
            results = stream(message.operation, context, self._audiences)
            with noted(message.id) as told:
                async with aclosing(results):
                    async for result in results:
                        if result.refused is not None:
                            return {"type": "error", "payload": result.refused}
                        await self._send(type="next", id=message.id, payload=result.payload)
                        told.results += 1
                        SENT.inc()
        except WebSocketDisconnect:
            raise
        except Exception:
            log.exception("operation_failed", id=message.id[:MAX_ID])
            return {"type": "error", "payload": self._fault("INTERNAL", "Internal error")}
        return {"type": "complete"}

    def _fault(self, code: str, message: str) -> object:
        return fault(self._websocket.state.request_id, code, message)["errors"]

    async def _send(self, **message: object) -> None:
        await self._websocket.send_text(encode(message))
