"""A disk of a few megabytes, to be filled up."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def small_disk(place: Path, size: int) -> Iterator[Path]:
    """A file system of `size` bytes mounted at `place`."""
    place.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "shoal-faults", str(place)]
    tried = subprocess.run(mount, capture_output=True, text=True, check=False)
    if tried.returncode:
        pytest.skip(f"A FULL DISK IS NOT TESTED: no small disk can be mounted: {tried.stderr}")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(folder: Path, but: int) -> Path:
    """Take all room of the folder's disk but `but` bytes; the file that takes it."""
    filler = folder / "filler"
    with filler.open("wb") as file:
        left = shutil.disk_usage(folder).free - but
        while left > 0:
            left -= file.write(bytes(min(left, 2**20)))
    return filler
