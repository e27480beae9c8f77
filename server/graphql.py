"""`/graphql`: queries and mutations over HTTP, everything over SSE and WebSocket.

Strawberry's own view is not used: it answers malformed requests with 500, keeps one context for a
whole socket, and closes it over one syntax error. The schema's `execute` and `stream` are enough.
"""

from __future__ import annotations

from graphql import OperationType
from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket

from schema.root import schema
from server.auth import Caller, identify
from server.connections.sockets import Socket
from server.connections.streams import ResultStream, resumed
from server.execution.contexts import context_of
from server.execution.execution import (
    EVERYTHING,
    NO_MUTATIONS,
    NO_SUBSCRIPTIONS,
    ONLY_QUERIES,
    execute,
)
from server.http.accepting import GRAPHQL_JSON, JSON, Accepted, Stream, accepted
from server.http.answers import Answer, unauthenticated
from server.http.faults import fault_response
from server.http.framing import EVENTS, PARTS
from server.http.operations import BadRequest, Operation, must_be_trusted, read_operation
from server.origins import allowed_origins, may_connect
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
        readable = accepted(request.headers.get("accept", ""))
        try:
            operation = await read_operation(request, self._max_body_bytes)
            caller = await identify(store.accounts, request.headers.get("authorization"))
            must_be_trusted(operation, request.state.trusted, caller.viewer)
            if stream := _stream_for(readable, operation):
                return self._stream(request, operation, caller, stream)
            if readable.answer is None:
                raise BadRequest(f"this answers in {GRAPHQL_JSON}, among others", 406)
            return await self._execute(request, operation, caller, readable.answer)
        except BadRequest as bad:
            return _refused(request, bad, readable.answer or JSON)

    async def _execute(
        self, request: Request, operation: Operation, caller: Caller, media_type: str
    ) -> Response:
        answer = Answer(media_type, caller, self._secure_cookies)
        context = context_of(request, caller, answer.set_cookie)
        allowed = NO_SUBSCRIPTIONS if request.method == "POST" else ONLY_QUERIES
        result = await execute(operation, context, allowed)
        return answer.of(result)

    def _stream(
        self, request: Request, operation: Operation, caller: Caller, stream: Stream
    ) -> Response:
        if caller.viewer is None:
            return unauthenticated(request.state.request_id, caller)
        allowed = EVERYTHING if request.method == "POST" else NO_MUTATIONS
        framing = EVENTS if stream is Stream.EVENTS else PARTS
        operation = resumed(operation, request.headers.get("last-event-id"))
        return ResultStream(request, operation, caller, allowed, framing)


def _stream_for(readable: Accepted, operation: Operation) -> Stream | None:
    """How to send more than one result: what gives a single one is streamed only if need be."""
    if readable.stream is None or readable.answer is None:
        return readable.stream
    asked = schema.asked(operation.query, operation.name)
    is_subscription = asked is not None and asked.type is OperationType.SUBSCRIPTION
    return readable.stream if is_subscription else None


def _refused(request: Request, bad: BadRequest, media_type: str) -> Response:
    response = fault_response(
        request.state.request_id, bad.status, bad.code, str(bad), media_type=media_type
    )
    if bad.status == 405:
        response.headers["Allow"] = "POST"
    return response
