"""Telling a disk without room from other faults of files."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
TOO_LITTLE_BYTES = 2**20


def is_full(error: OSError, folder: Path) -> bool:
    """Whether `error` came for want of room in `folder`.

    numpy tells of a short write without an error number, after it has filled the disk.
    """
    if error.errno is not None:
        return error.errno in FULL
    return not isinstance(error, TimeoutError) and _free(folder) < TOO_LITTLE_BYTES


def full(folder: Path) -> str:
    """What people are told, with the setting that leads elsewhere."""
    return f"no space is left in {folder}: make room, or let SHOAL_DATA name a folder with more"


def _free(folder: Path) -> int:
    try:
        return shutil.disk_usage(folder).free
    except OSError:  # the folder itself is gone
        return TOO_LITTLE_BYTES
