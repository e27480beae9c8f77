"""Files that appear whole or not at all; every function blocks."""

from __future__ import annotations

import errno
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from store import disk
from store.errors import DiskFull, NotFound, StorageRefused, Unavailable

MAX_TRIES = 100
ABANDONED_S = 3600
FORBIDDEN = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


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
    _place(temporary, target)
    with suppress(FileNotFoundError):  # it was removed again by now, with its folder
        flush(target.parent)


def _place(temporary: Path, target: Path) -> None:
    """Rename; again if somebody removes the folder, which was empty, at this moment."""
    for tries_left in reversed(range(MAX_TRIES)):
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            temporary.replace(target)
            return
        except (FileNotFoundError, FileExistsError):  # the latter: there, and then not
            if not tries_left or not temporary.exists():
                raise


def remove(path: Path, top: Path) -> None:
    """Remove a file, and the folders above it, below `top`, that are empty then."""
    path.unlink(missing_ok=True)
    for folder in path.parents:
        if folder == top:
            return
        try:
            folder.rmdir()
        except FileNotFoundError:
            continue  # somebody else removed it; the one above may be left
        except OSError:
            return


def remove_abandoned(scratch: Path) -> None:
    """Remove files that nobody has written to for as long as no live writer would rest."""
    for path in scratch.iterdir():
        with suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime > ABANDONED_S:
                path.unlink()


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
def file_errors(missing: str, folder: Path) -> Iterator[None]:
    """A file that is not there becomes NotFound, every other failure of the disk Unavailable.

    Where `folder` has no room that is DiskFull, where it may not be written to StorageRefused.
    """
    try:
        yield
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
        raise NotFound(missing) from error
    except OSError as error:
        if disk.is_full(error, folder):
            raise DiskFull(disk.full(folder)) from error
        if error.errno in FORBIDDEN:
            raise StorageRefused("STORAGE_FOLDER_REFUSED", _forbidden(folder, error)) from error
        raise Unavailable("objects", error.strerror or type(error).__name__) from error


def _forbidden(folder: Path, error: OSError) -> str:
    why = error.strerror or type(error).__name__
    return f"{folder} cannot be written to ({why}): let it, or let SHOAL_DATA name another folder"
