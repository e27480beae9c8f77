"""`/graphql`: queries and mutations over HTTP, everything over SSE and WebSocket.

Strawberry's own view is not used: it answers malformed requests with 500, keeps one context for a
whole socket, and closes it over one syntax error. The schema's `execute` and `stream` are enough.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket

from server.answers import Answer, unauthenticated
from server.auth import Caller, identify
from server.contexts import context_of
from server.execution import EVERYTHING, NO_MUTATIONS, NO_SUBSCRIPTIONS, ONLY_QUERIES, execute
from server.faults import fault_response
from server.operations import BadRequest, Operation, read_operation
from server.origins import allowed_origins, may_connect
from server.sockets import Socket
from server.sse import EventStream
from store.settings import Settings
from store.store import Store


class GraphQLEndpoint:
    """One for the process; what belongs to a request is in its Context."""

    def __init__(self, settings: Settings) -> None:
        self._max_body_bytes = settings.max_body_bytes
        self._origins = allowed_origins(settings)
        self._secure_cookies = settings.public_url.startswith("https:")

    async def talk(self, websocket: WebSocket) -> None:
        """A WebSocket; one of a strange page's is refused with 403."""
        headers = websocket.headers
        if may_connect(headers.get("origin"), headers.get("host"), self._origins):
            await Socket(websocket).serve()
        else:
            await websocket.close()

    async def answer(self, request: Request) -> Response:
        """An HTTP request, malformed or not."""
        store: Store = request.state.store
        try:
            operation = await read_operation(request, self._max_body_bytes)
            caller = await identify(store.accounts, request.headers.get("authorization"))
            if "text/event-stream" in request.headers.get("accept", ""):
                return _stream(request, operation, caller)
            return await self._execute(request, operation, caller)
        except BadRequest as bad:
            return fault_response(request.state.request_id, bad.status, "BAD_REQUEST", str(bad))

    async def _execute(self, request: Request, operation: Operation, caller: Caller) -> Response:
        answer = Answer(request, caller, self._secure_cookies)
        context = context_of(request, caller, answer.set_cookie)
        allowed = ONLY_QUERIES if request.method == "GET" else NO_SUBSCRIPTIONS
        result = await execute(operation, context, allowed)
        return answer.of(result)


def _stream(request: Request, operation: Operation, caller: Caller) -> Response:
    if caller.viewer is None:
        return unauthenticated(request.state.request_id, caller)
    allowed = NO_MUTATIONS if request.method == "GET" else EVERYTHING
    return EventStream(request, operation, caller, allowed)
