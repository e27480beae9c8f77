"""Whether a backup is the one that was taken, to the last byte."""

from __future__ import annotations

from pathlib import Path

from store.backup.errors import BadBackup
from store.backup.manifest import File, Manifest, read_manifest
from store.backup.objects import check_object, read_list
from store.backup.progress import Tell, quiet
from store.digest import sha256_of


def check_backup(folder: Path, tell: Tell = quiet) -> Manifest:
    """Read all of it. Raises BadBackup."""
    manifest = read_manifest(folder)
    for copied in manifest.collections:
        _check(folder, copied.file)
    _check(folder, manifest.redis.file)
    _check(folder, manifest.objects.file)
    count = 0
    for each in read_list(folder):
        check_object(folder, each)
        count += 1
        tell("checked", count, manifest.objects.count)
    if count != manifest.objects.count:
        raise BadBackup(f"it lists {count} objects in place of {manifest.objects.count}")
    return manifest


def _check(folder: Path, file: File) -> None:
    path = folder / file.name
    if not path.is_file():
        raise BadBackup(f"{file.name} is missing")
    if path.stat().st_size != file.bytes or sha256_of(path) != file.sha256:
        raise BadBackup(f"{file.name} is not the file that was written")
