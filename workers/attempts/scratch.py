"""The folders that attempts work in, on this host's disk.

A process locks the folder that it works in, and the system lets go of a dead process's locks. So
what a killed worker left is told from what another one on this host is using.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from store.settings import Settings

NEW_S = 10.0
"""A folder as young as this may not be locked yet."""


def scratch_folder(settings: Settings, name: str) -> Path:
    """Where something is worked on; `occupied` makes the folder."""
    return settings.data.absolute() / "work" / name


@contextmanager
def occupied(folder: Path) -> Iterator[None]:
    """The folder is there, and this process's, within. Raises OSError, as when the disk is full."""
    folder.mkdir(parents=True, exist_ok=True)
    with _opened(folder) as descriptor:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield


async def tidy(settings: Settings) -> None:
    """Delete what killed processes left behind."""
    for folder in scratch_folder(settings, "").glob("*"):
        if await asyncio.to_thread(_is_abandoned, folder):
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


def _is_abandoned(folder: Path) -> bool:
    try:
        with _opened(folder) as descriptor:
            is_new = time.time() - folder.stat().st_mtime < NEW_S
            return not is_new and _is_free(descriptor)
    except FileNotFoundError:  # its user was faster
        return False


def _is_free(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
