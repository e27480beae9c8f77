"""How a worker process lives: until a signal ends it."""

from __future__ import annotations

import asyncio
import signal


async def run_until_signalled(work: asyncio.Task[None]) -> None:
    """Let `work` run until SIGTERM or SIGINT, then cancel it and wait for its end."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, work.cancel)
    await asyncio.wait({work})
    if not work.cancelled():
        work.result()
