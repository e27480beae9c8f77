"""`python -m tests.faults.counted_server`: the server, with a door that tells what lives in it."""

from __future__ import annotations

import asyncio
import gc
from collections import Counter

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from server.serving import configured
from store.settings import Settings
from store.telemetry.logs import configure_logs


async def counts(request: Request) -> JSONResponse:
    """Tasks, all objects, and those of each class, after what is unreachable was let go."""
    gc.collect()
    objects = gc.get_objects()
    classes = Counter(f"{type(each).__module__}.{type(each).__qualname__}" for each in objects)
    tasks = len(asyncio.all_tasks())
    return JSONResponse({"tasks": tasks, "objects": len(objects), "classes": dict(classes)})


def main() -> None:
    settings = Settings()
    configure_logs(settings)
    config = configured(settings)
    assert isinstance(config.app, Starlette)
    config.app.router.routes.insert(0, Route("/counts", counts))
    uvicorn.Server(config).run()


if __name__ == "__main__":
    main()
