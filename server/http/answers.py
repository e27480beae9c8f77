"""From GraphQL's result to an HTTP response."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.responses import Response
from strawberry.types import ExecutionResult
from strawberry.types.execution import PreExecutionError

from server.auth import REFRESH_COOKIE, Caller
from server.http.accepting import GRAPHQL_JSON
from server.http.faults import fault_response
from store.clock import now
from store.errors import RateLimited, Throttled
from store.records.account import EXPIRES_SOON
from store.records.viewer import Viewer

LATER = {RateLimited.code, Throttled.code}


def payload(result: ExecutionResult) -> dict[str, Any]:
    """The response as GraphQL defines it: without `data` when nothing was executed."""
    answer: dict[str, Any] = {} if isinstance(result, PreExecutionError) else {"data": result.data}
    if result.errors:
        answer["errors"] = [error.formatted for error in result.errors]
    if result.extensions:
        answer["extensions"] = result.extensions
    return answer


NOT_KEPT = {"Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True)
class Result:
    """A response that one or many get, encoded once."""

    payload: orjson.Fragment
    refused: list[Any] | None = None
    """The errors of an operation that was not begun."""
    cursor: str | None = None
    """Where its stream stands with it."""

    @classmethod
    def of(cls, result: ExecutionResult, cursor: str | None = None) -> Result:
        answer = payload(result)
        refused = answer["errors"] if isinstance(result, PreExecutionError) else None
        return cls(orjson.Fragment(encode(answer)), refused, cursor)


def encode(message: object) -> str:
    """Compact JSON; numbers that are none (NaN) become null.

    As text, for orjson's bytes hold 4 KB however little is in them: too much to keep a thousand.
    """
    return orjson.dumps(message).decode()


def unauthenticated(request_id: str, caller: Caller) -> Response:
    """401, with the reason that RFC 6750 asks for when something was shown."""
    message = caller.denied or "sign in, or send an API key"
    response = fault_response(request_id, 401, "UNAUTHENTICATED", message)
    response.headers["WWW-Authenticate"] = _challenge(caller)
    return response


class Answer:
    """The response to one request: what comes of its result, and what resolvers add to it."""

    def __init__(self, media_type: str, caller: Caller, secure_cookies: bool) -> None:
        self._media_type = media_type
        self._caller = caller
        self._secure_cookies = secure_cookies
        self._cookie: tuple[str, int] | None = None

    def set_cookie(self, refresh_token: str | None, max_age_s: int) -> None:
        """Hand the refresh token to the browser, or take it back."""
        self._cookie = (refresh_token or "", max_age_s)

    def of(self, result: ExecutionResult) -> Response:
        body, status = orjson.dumps(payload(result)), self._status(result)
        response = Response(body, status, NOT_KEPT, self._media_type)
        if status == 401:
            response.headers["WWW-Authenticate"] = _challenge(self._caller)
        if status == 429:
            response.headers["Retry-After"] = str(_retry_after_s(result))
        if ends := _ends_soon(self._caller.viewer):
            response.headers["Shoal-Key-Expires"] = ends
        if self._cookie is not None:
            value, max_age_s = self._cookie
            response.set_cookie(
                REFRESH_COOKIE, value, max_age_s, path="/graphql",
                httponly=True, samesite="strict", secure=self._secure_cookies,
            )  # fmt: skip
        return response

    def _status(self, result: ExecutionResult) -> int:
        """401 for the stranger who asked for more than sign-in, 429 for whom nothing was begun as
        their points are used up; else by GraphQL over HTTP.

        A refused document is 400 in the newer media type, and 200 in `application/json`.
        """
        codes = {(error.extensions or {}).get("code") for error in result.errors or ()}
        if self._caller.viewer is None and "UNAUTHENTICATED" in codes:
            return 401
        refused = isinstance(result, PreExecutionError)
        if refused and codes & LATER:
            return 429
        return 400 if refused and self._media_type == GRAPHQL_JSON else 200


def _ends_soon(viewer: Viewer | None) -> str | None:
    """When the API key that was shown ends, if that is soon: programs can warn by it."""
    if viewer is None or viewer.api_key_id is None or viewer.expires_at is None:
        return None
    is_soon = viewer.expires_at - now() <= EXPIRES_SOON
    return f"{viewer.expires_at:%Y-%m-%dT%H:%M:%SZ}" if is_soon else None


def _retry_after_s(result: ExecutionResult) -> int:
    waits = [(error.extensions or {}).get("retryAfter", 0) for error in result.errors or ()]
    return math.ceil(max(waits, default=0))


def _challenge(caller: Caller) -> str:
    if not caller.denied:
        return "Bearer"
    return f'Bearer error="invalid_token", error_description="{caller.denied}"'
