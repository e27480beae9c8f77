"""What a killed process leaves in the scratch folder goes, and nothing else."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

from store.settings import Settings
from workers.attempts.scratch import NEW_S, occupied, scratch_folder, tidy

HOLD = """
import sys, time
from pathlib import Path
from workers.attempts.scratch import occupied

with occupied(Path(sys.argv[1])):
    print("holding", flush=True)
    time.sleep(60)
"""


def age(folder: Path) -> None:
    past = folder.stat().st_mtime - 2 * NEW_S
    os.utime(folder, (past, past))


async def test_what_is_used_or_new_stays_and_what_a_killed_process_left_goes(
    settings: Settings,
) -> None:
    theirs, mine, new = (scratch_folder(settings, name) for name in ("theirs", "mine", "new"))
    other = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOLD, str(theirs), stdout=PIPE
    )
    assert other.stdout is not None
    assert await other.stdout.readline() == b"holding\n"
    (theirs / "rows").write_text("some")
    new.mkdir()
    with occupied(mine):
        for folder in (theirs, mine):
            age(folder)
        await tidy(settings)
        assert [folder.is_dir() for folder in (theirs, mine, new)] == [True, True, True]
        other.kill()
        await other.wait()
        await tidy(settings)
        assert [folder.is_dir() for folder in (theirs, mine, new)] == [False, True, True]


async def test_without_any_folder_there_is_nothing_to_tidy(settings: Settings) -> None:
    await tidy(settings)
