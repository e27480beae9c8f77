"""Scratch folders end with their users, however those end."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE

import pytest

from store.settings import Settings
from workers.scratch import Scratch

HOLD = """
import asyncio, sys
from pathlib import Path
from types import SimpleNamespace
from workers.scratch import Scratch

async def hold():
    async with Scratch(SimpleNamespace(data=Path(sys.argv[1]))).folder("held") as folder:
        (folder / "rows").write_text("some")
        print("holding", flush=True)
        await asyncio.sleep(60)

asyncio.run(hold())
"""


def names(settings: Settings) -> list[str]:
    return sorted(path.name for path in (settings.data / "work").iterdir())


async def test_a_folder_ends_with_its_user(settings: Settings) -> None:
    scratch = Scratch(settings)
    with pytest.raises(RuntimeError):
        async with scratch.folder("job_a-1") as folder:
            (folder / "rows").write_text("some")
            raise RuntimeError
    assert names(settings) == []


async def test_what_is_used_stays_and_what_a_killed_process_left_goes(settings: Settings) -> None:
    scratch = Scratch(settings)
    other = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOLD, str(settings.data), stdout=PIPE
    )
    assert other.stdout is not None
    assert await other.stdout.readline() == b"holding\n"
    async with scratch.folder("mine"):
        await scratch.tidy()
        assert names(settings) == ["held", "held.lock", "mine", "mine.lock"]
        other.kill()
        await other.wait()
        await scratch.tidy()
        assert names(settings) == ["mine", "mine.lock"]
