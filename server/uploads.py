"""Bytes to and from the local volume, by URLs that were signed for them."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from store.errors import Denied
from store.store import Store


async def upload_part(request: Request) -> Response:
    """PUT one part of an upload. The signature is the right to do so: no other is asked for."""
    store: Store = request.state.store
    await store.objects.receive_part(
        request.path_params["upload_id"],
        request.path_params["number"],
        *_signature(request),
        request.stream(),
    )
    return Response()


async def download(request: Request) -> Response:
    """GET one object, whole or in ranges."""
    store: Store = request.state.store
    path = await store.objects.serve(request.path_params["key"], *_signature(request))
    filename = request.query_params.get("filename") or path.name
    return FileResponse(path, filename=filename, media_type="application/octet-stream")


def _signature(request: Request) -> tuple[int, str]:
    """When the link ends, and the MAC over it. Raises Denied."""
    query = request.query_params
    expires = query.get("expires", "")
    if not (expires.isascii() and expires.isdigit() and len(expires) <= 12):
        raise Denied("the link is not valid")
    return int(expires), query.get("signature", "")
