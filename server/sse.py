"""An operation as server-sent events, by graphql-sse's "distinct connections" mode.

https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from strawberry.types.graphql import OperationType

from server.answers import encode
from server.auth import Caller
from server.contexts import context_of
from server.execution import stream
from server.faults import fault
from server.metrics import EVENTS_SENT, SUBSCRIPTIONS
from server.operations import Operation
from server.rights import Rights
from server.tasks import first_of

KEEP_ALIVE_S = 12.0
HEADERS = {"Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no"}
COMPLETE = "event: complete\ndata:\n\n"
KEEP_ALIVE = ":\n\n"
SENT = EVENTS_SENT.labels("sse")


class EventStream(Response):
    """Sends results as they come, until the operation, the client or the right to it ends."""

    media_type = "text/event-stream"

    def __init__(
        self,
        request: Request,
        operation: Operation,
        caller: Caller,
        allowed: frozenset[OperationType],
    ) -> None:
        super().__init__(headers=HEADERS)
        del self.headers["content-length"]
        self._state, self._caller = request.state, caller
        self._results_of = stream(
            operation, context_of(request, caller), request.state.audiences, allowed
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        with SUBSCRIPTIONS.labels("sse").track_inprogress():
            await first_of(
                self._results(send), self._keep_alive(send), self._watch(send), _until_gone(receive)
            )

    async def _results(self, send: Send) -> None:
        async with aclosing(self._results_of) as results:
            async for result in results:
                await _send(send, _next(result.payload))
                SENT.inc()
        await _send(send, COMPLETE, more=False)

    async def _keep_alive(self, send: Send) -> None:
        while True:
            await asyncio.sleep(KEEP_ALIVE_S)
            await _send(send, KEEP_ALIVE)

    async def _watch(self, send: Send) -> None:
        rights: Rights = self._state.rights
        with rights.of(self._caller) as watch:
            why = await asyncio.shield(watch)
        last = fault(self._state.request_id, "UNAUTHENTICATED", why)
        await _send(send, _next(last) + COMPLETE, more=False)


def _next(message: object) -> str:
    return f"event: next\ndata: {encode(message)}\n\n"


async def _send(send: Send, text: str, *, more: bool = True) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": more})


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
