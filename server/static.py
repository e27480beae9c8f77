"""The built client, served where there is no other web server in front."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
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


def client_routes(dist: Path | None) -> list[BaseRoute]:
    """GraphiQL at `/graphiql`, and the files that its page names; nothing without a build."""
    if dist is None:
        return []

    async def page(request: Request) -> Response:
        headers = {"Content-Security-Policy": PAGE_POLICY, "Cache-Control": "no-cache"}
        return FileResponse(dist / "index.html", headers=headers)

    async def to_page(request: Request) -> Response:
        return RedirectResponse("/graphiql")

    return [
        Route("/", to_page),
        Route("/graphiql", page),
        Mount("/assets", Assets(directory=dist / "assets")),
        Mount("/", StaticFiles(directory=dist)),
    ]
