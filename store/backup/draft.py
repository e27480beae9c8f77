"""A backup that is being made, under another name until it is whole."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from store.backup.errors import BackupFailed
from store.objects.files import flush

UNFINISHED = ".part"


@contextmanager
def draft(target: Path) -> Iterator[Path]:
    """The folder to fill, which becomes `target` when the block ends without an error.

    What an interrupted backup left under that name is there. Raises BackupFailed when the target
    is there, and when another backup to it is under way.
    """
    if target.exists():
        raise BackupFailed(f"{target} is there already: each backup has a place of its own")
    folder = target.with_name(target.name + UNFINISHED)
    folder.mkdir(parents=True, mode=0o700, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupFailed(f"another backup to {target} is under way") from None
        yield folder
        os.fsync(descriptor)
        folder.rename(target)
        flush(target.parent)
    finally:
        os.close(descriptor)
