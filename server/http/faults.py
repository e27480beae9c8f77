"""What goes wrong outside of GraphQL's execution, told in GraphQL's shape."""

from __future__ import annotations

import math
from typing import Any

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from store.errors import (
    BadUpload,
    Conflict,
    Denied,
    NotFound,
    Overloaded,
    StoreError,
    Throttled,
    Unavailable,
)

_STATUS: dict[type[StoreError], int] = {
    NotFound: 404,
    Conflict: 409,
    Throttled: 429,
    Denied: 403,
    BadUpload: 400,
    Overloaded: 429,
    Unavailable: 503,
    StoreError: 400,
}


def fault(
    request_id: str, code: str, message: str, retry_after_s: float | None = None
) -> dict[str, Any]:
    """A GraphQL response that holds one error and no data."""
    extensions: dict[str, Any] = {
        "code": code,
        "requestId": request_id,
        "retryable": retry_after_s is not None,
    }
    if retry_after_s is not None:
        extensions["retryAfter"] = retry_after_s
    return {"errors": [{"message": message, "extensions": extensions}]}


def fault_response(
    request_id: str,
    status: int,
    code: str,
    message: str,
    retry_after_s: float | None = None,
    *,
    media_type: str = "application/json",
) -> Response:
    """The same as an HTTP response."""
    body = orjson.dumps(fault(request_id, code, message, retry_after_s))
    headers = {"Retry-After": str(math.ceil(retry_after_s))} if retry_after_s is not None else None
    return Response(body, status, headers, media_type)


async def store_fault(request: Request, error: Exception) -> Response:
    """A StoreError that left a route."""
    assert isinstance(error, StoreError)
    status = next(_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS)
    retry_after_s = getattr(error, "retry_after_s", None)
    return fault_response(request.state.request_id, status, error.code, str(error), retry_after_s)


async def http_fault(request: Request, error: Exception) -> Response:
    """No such route, or another method than it takes."""
    assert isinstance(error, HTTPException)
    code = {404: "NOT_FOUND", 405: "METHOD_NOT_ALLOWED"}.get(error.status_code, "BAD_REQUEST")
    response = fault_response(request.state.request_id, error.status_code, code, error.detail)
    response.headers.update(error.headers or {})
    return response


async def nobody_listens(request: Request, error: Exception) -> Response:
    """The client left before it had sent all; the answer reaches the log alone."""
    return fault_response(request.state.request_id, 400, "BAD_REQUEST", "the client went away")


FAULT_HANDLERS: dict[Any, Any] = {
    StoreError: store_fault,
    HTTPException: http_fault,
    ClientDisconnect: nobody_listens,
}
