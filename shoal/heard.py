"""A worker container's health check: `python -m shoal.heard` asks Redis for workers of this host.

A worker whose loop hangs says no more that it lives. Where Redis does not answer nobody can tell,
and to restart the worker would not help: that is no fault of it.
"""

from __future__ import annotations

import asyncio
import socket
import sys

from store.errors import StoreError, Unavailable
from store.events import Events
from store.redis.connection import open_redis
from store.settings import Settings, read_settings
from store.system.presence import Presence


async def fault(settings: Settings) -> str:
    """Why this host's worker is taken for dead; empty if it lives, or nobody can tell."""
    redis = open_redis(settings)
    try:
        events = Events(settings=settings, redis=redis)
        workers = await Presence(settings=settings, redis=redis, events=events).workers()
    except Unavailable:
        return ""
    finally:
        await redis.aclose()
    host = socket.gethostname()
    if any(worker.id.startswith(f"{host}:") for worker in workers):
        return ""
    return f"no worker of {host} was heard of for three heartbeats"


def main() -> None:
    """Exit with 0, or with the reason."""
    try:
        settings = read_settings()
    except StoreError as error:
        sys.exit(f"Error: {error}")
    sys.exit(asyncio.run(fault(settings)) or 0)


if __name__ == "__main__":
    main()
