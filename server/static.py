"""The built client, served where there is no other web server in front."""

from __future__ import annotations

import os
from os import PathLike
from pathlib import Path

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from store.settings import Settings

FOREVER = "public, max-age=31536000, immutable"


class Files(StaticFiles):
    """Each as the build has compressed it, where it has and the caller takes that."""

    def file_response(
        self, full_path: PathLike[str] | str, stat_result: os.stat_result, scope: Scope,
        status_code: int = 200,
    ) -> Response:  # fmt: skip
        compressed = Path(f"{full_path}.gz")
        if not compressed.is_file():
            return super().file_response(full_path, stat_result, scope, status_code)
        if "gzip" in Headers(scope=scope).get("accept-encoding", ""):
            response = super().file_response(compressed, compressed.stat(), scope, status_code)
            response.headers["Content-Encoding"] = "gzip"
        else:
            response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["Vary"] = "Accept-Encoding"
        return response


class Assets(Files):
    """Files whose names hold their digest: a browser asks for each only once."""

    def __init__(self, folder: Path, policy: str) -> None:
        super().__init__(directory=folder)
        self._policy = policy

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = FOREVER
        response.headers["Content-Security-Policy"] = self._policy
        return response


class Pages(Files):
    """The client's one page under every address that is no file: its router knows them all."""

    def __init__(self, folder: Path, policy: str) -> None:
        super().__init__(directory=folder, html=True)
        self._policy = policy

    async def get_response(self, path: str, scope: Scope) -> Response:
        if path == ".":  # spelt as `/x/..` it would be redirected to whatever host the caller names
            path = "index.html"
        try:
            response = await super().get_response(path, scope)
        except HTTPException as error:
            if error.status_code != 404 or "." in path.rsplit("/", 1)[-1]:
                raise
            response = await super().get_response("index.html", scope)
        response.headers["Cache-Control"] = "no-cache"
        response.headers["Content-Security-Policy"] = self._policy
        return response


def client_routes(settings: Settings) -> list[BaseRoute]:
    """The dashboard with GraphiQL, and the files that its page names; nothing without a build."""
    dist, policy = settings.client_dist, page_policy(settings)
    if dist is None:
        return []
    return [Mount("/assets", Assets(dist / "assets", policy)), Mount("/", Pages(dist, policy))]


def page_policy(settings: Settings) -> str:
    """What the client's page may load: what is ours, and files from where they are kept."""
    files = settings.public_url
    if endpoint := settings.minio_public_endpoint or settings.minio_endpoint:
        scheme = "https" if settings.minio_secure else "http"
        files = endpoint if "://" in endpoint else f"{scheme}://{endpoint}"
    files = "/".join(files.split("/")[:3])  # a policy may name a path, which would be all it allows
    return (
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        f"font-src 'self' data:; worker-src 'self' blob:; connect-src 'self' {files}; "
        "object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    )
