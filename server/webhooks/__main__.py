"""`python -m server.webhooks`: follows and sends until SIGTERM or SIGINT.

A process of its own, so that no receiver and no burst of events can slow the server down, and so
that it alone needs a way out of the network.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from concurrent.futures import ThreadPoolExecutor

from server.webhooks.deliverer import Deliverer
from store.errors import StoreError
from store.settings import Settings, read_settings
from store.store import open_store
from store.telemetry import tracing
from store.telemetry.logs import configure_logs
from store.telemetry.metrics import serve_metrics

LOOKUPS = 64
"""Names that are looked up side by side: a name server that does not answer holds a thread."""


def main() -> None:
    """What keeps it from its work is said in one line."""
    try:
        settings = read_settings()
        configure_logs(settings)
        serve_metrics(settings)
        with tracing.traced("shoal-webhooks"):
            asyncio.run(_serve(settings))
    except StoreError as error:
        sys.exit(f"Error: {error}")


async def _serve(settings: Settings) -> None:
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(LOOKUPS, "lookup"))
    async with open_store(settings) as store:
        await store.webhooks.reseal()
        work = asyncio.create_task(Deliverer(store).run(), name="webhooks")
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, work.cancel)
        await asyncio.wait({work})
        if not work.cancelled():
            work.result()


if __name__ == "__main__":
    main()
