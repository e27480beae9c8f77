"""The built client, served where there is no other web server in front."""

from __future__ import annotations

from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

PAGE_POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; worker-src 'self' blob:; connect-src 'self' ws: wss:; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
FOREVER = "public, max-age=31536000, immutable"


class Assets(StaticFiles):
    """Files whose names hold their digest: a browser asks for each only once."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = FOREVER
        response.headers["Content-Security-Policy"] = PAGE_POLICY
        return response


class Pages(StaticFiles):
    """The client's one page under every address that is no file: its router knows them all."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        try:
            response = await super().get_response(path, scope)
        except HTTPException as error:
            if error.status_code != 404 or "." in path.rsplit("/", 1)[-1]:
                raise
            response = await super().get_response("index.html", scope)
        response.headers["Cache-Control"] = "no-cache"
        response.headers["Content-Security-Policy"] = PAGE_POLICY
        return response


def client_routes(dist: Path | None) -> list[BaseRoute]:
    """The dashboard with GraphiQL, and the files that its page names; nothing without a build."""
    if dist is None:
        return []
    return [
        Mount("/assets", Assets(directory=dist / "assets")),
        Mount("/", Pages(directory=dist, html=True)),
    ]
