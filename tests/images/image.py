"""An image that was built as a folder, and how its containers are begun."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.containers.accounts import entering, give
from tests.containers.building import Done
from tests.containers.compose import Container
from tests.containers.places import moved
from tests.containers.root import Root, below

WRITTEN = frozenset({"data", "tmp"})
MEGABYTE = 2**20


def containers(root: Root, scratch: Path) -> Callable[[Path], Container]:
    """Each has a /tmp of its own; /data is the volume that Compose gives to all of them."""
    return partial(_container, root, scratch)


def _container(root: Root, scratch: Path, folder: Path) -> Container:
    uid, gid = map(int, root.said["USER"].split(":"))
    own = root.places | {"/tmp": folder / "tmp", "/data": scratch}
    for place in (own["/tmp"], scratch):
        place.mkdir(parents=True, exist_ok=True)
        give(place, uid, gid)
    enter = [*entering(uid, gid), "env", "-C", moved(root.workdir, own)]
    return Container(enter, json.loads(root.said["ENTRYPOINT"]), root.environ(own))


def let_write(root: Root, *, allowed: bool) -> None:
    """A file system to be read only, for whoever runs this but root, whom no mode stops."""
    for place in below(root.folder):
        if not place.is_symlink():
            mode = place.stat().st_mode
            place.chmod(mode | 0o200 if allowed else mode & ~0o222)


def contents(root: Root) -> dict[str, tuple[int, int]]:
    """Each file with its size and the moment of its last change; not what may be written."""
    tops = [top for top in root.folder.iterdir() if top.name not in WRITTEN]
    found = ((path, path.lstat()) for top in tops for path in below(top))
    return {str(path): (each.st_size, each.st_mtime_ns) for path, each in found}


def line(done: Done) -> str:
    """One step's figures."""
    step = " ".join(done.step.split())
    shown = step if len(step) < 70 else f"{step[:67]}..."
    return (
        f"  {done.stage:14} {done.seconds:6.1f} s {done.processor_s:6.1f} s of processor time "
        f"{done.bytes / MEGABYTE:+8.1f} MB  {shown}"
    )
