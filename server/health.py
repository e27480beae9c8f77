"""Is the process alive, and could it answer a request?"""

from __future__ import annotations

import orjson
import structlog
from starlette.requests import Request
from starlette.responses import Response

from store.store import Store

log = structlog.get_logger(__name__)


async def healthz(request: Request) -> Response:
    """200 while the process runs its loop."""
    return Response(b'{"ok":true}', media_type="application/json")


async def readyz(request: Request) -> Response:
    """Each dependency by name; 503 when one is down. Why it is goes to the log alone."""
    store: Store = request.state.store
    health = await store.health()
    for name, each in health.items():
        if not each.ok:
            log.warning("dependency_down", dependency=name, detail=each.detail)
    ok = all(each.ok for each in health.values())
    dependencies = {
        name: {"ok": each.ok, "latencyMs": round(each.latency_ms, 2)}
        for name, each in health.items()
    }
    body = orjson.dumps({"ok": ok, "dependencies": dependencies})
    return Response(body, 200 if ok else 503, media_type="application/json")
