"""An operation's results over HTTP, in one response that lasts as long as the operation."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from strawberry.types.graphql import OperationType

from schema.root import schema
from server.auth import Caller
from server.connections.places import Places
from server.connections.rights import Rights
from server.execution.contexts import context_of
from server.execution.execution import stream
from server.http.faults import fault
from server.http.framing import Framing
from server.http.operations import Operation
from server.metrics import EVENTS_SENT, SUBSCRIPTIONS
from server.tasks import first_of

KEEP_ALIVE_S = 12.0
HEADERS = {"Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no"}


def resumed(operation: Operation, last_event_id: str | None) -> Operation:
    """The operation from where its caller was cut off, where the document takes a cursor."""
    asked = schema.asked(operation.query, operation.name) if last_event_id else None
    if asked is None or asked.cursor_variable is None:
        return operation
    variables = {**(operation.variables or {}), asked.cursor_variable: last_event_id}
    return replace(operation, variables=variables)


class ResultStream(Response):
    """Sends results as they come, until the operation, the client or the right to it ends."""

    def __init__(
        self,
        request: Request,
        operation: Operation,
        caller: Caller,
        allowed: frozenset[OperationType],
        framing: Framing,
    ) -> None:
        super().__init__(headers=HEADERS | {"Content-Type": framing.media_type})
        del self.headers["content-length"]
        assert caller.viewer is not None
        self._viewer = caller.viewer
        self._state, self._caller, self._framing = request.state, caller, framing
        self._results_of = stream(
            operation, context_of(request, caller), request.state.audiences, allowed
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        places: Places = self._state.places
        with places.taken(self._viewer):
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            await _send(send, self._framing.begin)
            with SUBSCRIPTIONS.labels(self._framing.name).track_inprogress():
                await first_of(
                    self._results(send), self._keep_alive(send), self._watch(send),
                    _until_gone(receive),
                )  # fmt: skip

    async def _results(self, send: Send) -> None:
        sent = EVENTS_SENT.labels(self._framing.name)
        async with aclosing(self._results_of) as results:
            async for result in results:
                await _send(send, self._framing.result(result))
                sent.inc()
        await _send(send, self._framing.end, more=False)

    async def _keep_alive(self, send: Send) -> None:
        while True:
            await asyncio.sleep(KEEP_ALIVE_S)
            await _send(send, self._framing.keep_alive)

    async def _watch(self, send: Send) -> None:
        rights: Rights = self._state.rights
        with rights.of(self._caller) as watch:
            why = await asyncio.shield(watch)
        last = fault(self._state.request_id, "UNAUTHENTICATED", why)
        await _send(send, self._framing.fault(last) + self._framing.end, more=False)


async def _send(send: Send, text: str, *, more: bool = True) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": more})


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
