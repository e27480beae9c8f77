"""The folders that attempts work in, on this host's disk.

Each has a lock beside it that its process holds, so what a killed process left is told from what
another one on this host is using: the system lets go of a dead process's locks.
"""

from __future__ import annotations

import asyncio
import fcntl
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO

from store.settings import Settings

LOCK = ".lock"


class Scratch:
    """Workers of one host share the parent folder."""

    def __init__(self, settings: Settings) -> None:
        self._parent = settings.data.absolute() / "work"

    @asynccontextmanager
    async def folder(self, name: str) -> AsyncIterator[Path]:
        """A new folder, deleted at the end; the name is its user's alone."""
        path = self._parent / name
        self._parent.mkdir(parents=True, exist_ok=True)
        with _lock_of(path).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            path.mkdir()
            try:
                yield path
            finally:
                await _delete(path)

    async def tidy(self) -> None:
        """Delete what killed processes left behind."""
        for path in [each.with_suffix("") for each in self._parent.glob(f"*{LOCK}")]:
            with _lock_of(path).open("w") as lock:
                if _is_free(lock):
                    await _delete(path)


def _lock_of(path: Path) -> Path:
    return path.with_name(path.name + LOCK)


def _is_free(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


async def _delete(path: Path) -> None:
    await asyncio.to_thread(shutil.rmtree, path, ignore_errors=True)
    _lock_of(path).unlink(missing_ok=True)
