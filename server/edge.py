"""What every request passes first: a name for it, a line in the log, headers that protect."""

from __future__ import annotations

import re
import time
from uuid import uuid4

import structlog
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.http.faults import fault_response
from server.metrics import HTTP_REQUESTS, HTTP_SECONDS
from store.telemetry import tracing

log = structlog.get_logger(__name__)

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
QUIET = frozenset({"/healthz", "/readyz", "/metrics"})
"""Asked every few seconds by machines, and worth no line."""
_API_POLICY = (
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox"
)


class Edge:
    """Gives each request an id, logs and measures it, and turns what escapes into a 500."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        scope["state"]["request_id"] = request_id = _request_id(Headers(scope=scope))
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=request_id)
        if scope["type"] == "websocket":
            await self._app(scope, receive, send)
        else:
            await self._http(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] in QUIET:
            await self._answer(scope, receive, send)
            return
        parent = Headers(scope=scope).get("traceparent")
        with tracing.span(f"HTTP {scope['method']}", parent, path=scope["path"]) as span:
            status = await self._answer(scope, receive, send)
            span.note(status=status, request=scope["state"]["request_id"])

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> int:
        """Returns the status; 0 when the client left before there was one."""
        request_id, began, status = scope["state"]["request_id"], time.perf_counter(), 0

        async def named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", request_id.encode())]
            await send(message)

        try:
            await self._app(scope, receive, named)
        except Exception:
            log.exception("request_failed", method=scope["method"], path=scope["path"])
            if status == 0:
                answer = fault_response(request_id, 500, "INTERNAL", "Internal error")
                await answer(scope, receive, named)
        finally:
            _measure(scope, status, time.perf_counter() - began)
        return status


class SecurityHeaders:
    """Headers for browsers; an answer that brings its own policy keeps it."""

    def __init__(self, app: ASGIApp, *, is_https: bool) -> None:
        self._app = app
        self._headers = [
            (b"x-content-type-options", b"nosniff"),
            (b"x-frame-options", b"DENY"),
            (b"referrer-policy", b"no-referrer"),
            (b"cross-origin-opener-policy", b"same-origin"),
            (b"cross-origin-resource-policy", b"same-site"),
            (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
            (b"content-security-policy", _API_POLICY.encode()),
        ]
        if is_https:
            self._headers.append((b"strict-transport-security", b"max-age=31536000"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = message["headers"]
                named = {name for name, _ in own}
                message["headers"] = [
                    *own,
                    *(each for each in self._headers if each[0] not in named),
                ]
            await send(message)

        await self._app(scope, receive, protected if scope["type"] == "http" else send)


def _request_id(headers: Headers) -> str:
    """The caller's id for the request when it is a modest one, else a new one."""
    given = headers.get("x-request-id", "")
    return given if _REQUEST_ID.fullmatch(given) else uuid4().hex


def _measure(scope: Scope, status: int, seconds: float) -> None:
    route = scope.get("route")
    path = getattr(route, "path", None) or "other"
    HTTP_REQUESTS.labels(scope["method"], path, status).inc()
    HTTP_SECONDS.labels(path).observe(seconds)
    if path not in QUIET:
        log.info(
            "request", method=scope["method"], path=scope["path"], status=status,
            ms=round(seconds * 1000, 1),
        )  # fmt: skip
