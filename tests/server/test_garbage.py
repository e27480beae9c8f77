from __future__ import annotations

import asyncio
import gc
import weakref

import pytest

from server import garbage
from server.garbage import collecting


class Cycle:
    def __init__(self) -> None:
        self.itself = self


async def test_cycles_are_collected_at_intervals_and_the_thresholds_restored(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(garbage, "INTERVAL_S", 0.02)
    before = gc.get_threshold()
    async with collecting():
        assert gc.get_threshold() == (*before[:2], garbage.NEVER)
        cycle = Cycle()
        gc.collect(1)  # it is old now: only a full collection looks at it
        left = weakref.ref(cycle)
        del cycle
        async with asyncio.timeout(10):
            while left() is not None:
                await asyncio.sleep(0.01)
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0
