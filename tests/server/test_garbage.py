from __future__ import annotations

import asyncio
import gc
import weakref

import pytest

from server import garbage
from server.garbage import collecting


class Cycle:
    def __init__(self, size: int = 0) -> None:
        self.itself = self
        self.ballast = bytes(range(256)) * (size // 256)


def old_cycle(size: int = 0) -> weakref.ref[Cycle]:
    """One that only a full collection looks at, and that nobody holds."""
    cycle = Cycle(size)
    gc.collect(1)
    return weakref.ref(cycle)


async def until_gone(left: weakref.ref[Cycle]) -> None:
    async with asyncio.timeout(60):
        while left() is not None:
            await asyncio.sleep(0.01)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(garbage, "CHECK_INTERVAL_S", 0.02)


async def test_cycles_are_collected_in_the_end_and_the_thresholds_restored(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(garbage, "LONGEST_S", 0.1)
    before = gc.get_threshold()
    async with collecting():
        assert gc.get_threshold() == (*before[:2], garbage.NEVER)
        await until_gone(old_cycle())
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0


async def test_what_is_large_is_collected_soon_and_what_is_small_left_alone() -> None:
    async with collecting():
        small = old_cycle()
        await asyncio.sleep(0.2)
        assert small() is not None
        await until_gone(old_cycle(2 * garbage.GROWTH_BYTES))
        assert small() is None
