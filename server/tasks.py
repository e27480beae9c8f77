"""Several things at once, until one of them ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any


async def first_of(*coroutines: Coroutine[Any, Any, None]) -> None:
    """Run all until the first one ends, then end the others; its exception is raised."""
    tasks = [asyncio.create_task(each) for each in coroutines]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await end(*tasks)
    for task in done:
        task.result()


@asynccontextmanager
async def only_until(task: asyncio.Task[Any]) -> AsyncIterator[None]:
    """Raises TimeoutError within as soon as `task` ends: a wait for two things without a task."""
    async with asyncio.timeout(None) as limit:

        def stop(_: asyncio.Task[Any]) -> None:
            with suppress(RuntimeError):  # left in the very turn in which the task ended
                limit.reschedule(0)

        task.add_done_callback(stop)
        try:
            yield
        finally:
            task.remove_done_callback(stop)


async def end(*tasks: asyncio.Task[None]) -> None:
    """Cancel tasks and wait until their `finally` blocks have run."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
