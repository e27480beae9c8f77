"""When Python looks for unreachable cycles: seldom, and never over what stays for good.

A full collection stops the loop while it walks every object: 0.2 s with 1,000 sockets, at a
moment that Python chooses, which is while events are being sent. So what was loaded by the start
is left out of it, and the rest is walked when enough may have gathered to be worth the pause. A
closed connection leaves nothing to it. An answer leaves a cycle of graphql-core's, of some 50
objects, that mostly goes while it is young.
"""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psutil

CHECK_INTERVAL_S = 5.0
GROWTH_BYTES = 128 * 2**20
"""Of the process, since the last time; twice what 1,000 sockets take."""
LONGEST_S = 600.0
"""Without a collection, however little it grew."""
NEVER = 2**31 - 1


@asynccontextmanager
async def collecting() -> AsyncIterator[None]:
    """Within, full collections are made when they are due and at no other time."""
    thresholds = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*thresholds[:2], NEVER)
    collector = asyncio.create_task(_collect_forever(), name="garbage-collector")
    try:
        yield
    finally:
        collector.cancel()
        gc.set_threshold(*thresholds)
        gc.unfreeze()


async def _collect_forever() -> None:
    process = psutil.Process()
    while True:
        await _until_due(process)
        gc.collect()


async def _until_due(process: psutil.Process) -> None:
    """Return when much has gathered, or much time has gone."""
    began, held = time.monotonic(), process.memory_info().rss
    while time.monotonic() - began < LONGEST_S:
        await asyncio.sleep(CHECK_INTERVAL_S)
        if process.memory_info().rss - held >= GROWTH_BYTES:
            return
