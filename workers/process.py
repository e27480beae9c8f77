"""How a worker process lives: from its settings until a signal ends it."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Callable, Coroutine

from store.errors import StoreError
from store.settings import Settings, read_settings
from store.telemetry import tracing
from store.telemetry.logs import configure_logs
from store.telemetry.metrics import serve_metrics


def worker_name() -> str:
    """This process among those of all hosts."""
    return f"{socket.gethostname()}:{os.getpid()}"


def run(service: str, serve: Callable[[Settings], Coroutine[None, None, None]]) -> None:
    """Run a worker to its end; what keeps it from its work is said in one line."""
    try:
        settings = read_settings()
        configure_logs(settings)
        serve_metrics(settings)
        with tracing.traced(service):
            asyncio.run(serve(settings))
    except StoreError as error:
        sys.exit(f"Error: {error}")


async def run_until_signalled(work: asyncio.Task[None]) -> None:
    """Let `work` run until SIGTERM or SIGINT, then cancel it and wait for its end."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, work.cancel)
    await asyncio.wait({work})
    if not work.cancelled():
        work.result()
