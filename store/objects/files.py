"""Files that appear whole or not at all; every function blocks."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from store.errors import NotFound, Unavailable


@contextmanager
def written(scratch: Path, target: Path) -> Iterator[Path]:
    """A new file to fill, which becomes `target` when the block ends without an error."""
    temporary = scratch / uuid4().hex
    try:
        yield temporary
        commit(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)


def commit(temporary: Path, target: Path) -> None:
    """Move a file into its place so that it survives a power cut, and make it read-only."""
    temporary.chmod(0o444)
    flush(temporary)
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary.replace(target)
    flush(target.parent)


def link(source: Path, path: Path) -> None:
    """`source` under a second name, or a copy on a file system that cannot do that."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    try:
        os.link(source, path)
    except FileNotFoundError:
        raise
    except OSError:
        shutil.copyfile(source, path)


def walk(folder: Path) -> Iterator[tuple[Path, int]]:
    """Every file beneath and its bytes; hidden folders and files that vanish are left out."""
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for path in (Path(parent, name) for name in names):
            with suppress(FileNotFoundError):
                yield path, path.stat().st_size


def flush(path: Path) -> None:
    """Have the disk keep a file's bytes, or a folder's names."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def file_errors(missing: str) -> Iterator[None]:
    """A file that is not there becomes NotFound, every other failure of the disk Unavailable."""
    try:
        yield
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
        raise NotFound(missing) from error
    except OSError as error:
        raise Unavailable("objects", error.strerror or type(error).__name__) from error
