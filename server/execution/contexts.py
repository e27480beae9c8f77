"""What the resolvers of one operation get, however it came."""

from __future__ import annotations

from starlette.requests import HTTPConnection

from schema.context import Context, SetCookie
from server.auth import REFRESH_COOKIE, Caller


def no_cookie(token: str | None, max_age_s: int) -> None:
    """A stream has sent its headers already."""


def context_of(
    connection: HTTPConnection, caller: Caller, set_cookie: SetCookie = no_cookie
) -> Context:
    """A context for one operation over HTTP, SSE or a WebSocket."""
    return Context(
        store=connection.state.store,
        viewer=caller.viewer,
        loaders=connection.state.loaders,
        request_id=connection.state.request_id,
        address=connection.client.host if connection.client else "",
        user_agent=connection.headers.get("user-agent", ""),
        refresh_cookie=connection.cookies.get(REFRESH_COOKIE),
        set_cookie=set_cookie,
    )
