"""Which test process gets which files, and in what order."""

from __future__ import annotations

from pathlib import PurePosixPath

from xdist.scheduler import LoadScopeScheduling

SHARING = ("tests/journeys", "tests/faults")
"""Folders whose tests share a platform: they run in one process, so that it is started once."""
FIRST = (*SHARING, "tests/workers", "tests/clients", "tests/observing", "tests/security")
"""Those that take longest go first, so that no process is left with one of them in the end."""


class ByPlatform(LoadScopeScheduling):
    """A file at a time, in the order of the collection."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return next((folder for folder in SHARING if file.startswith(f"{folder}/")), file)


def rank(nodeid: str) -> int:
    """Lower ones run earlier."""
    file = PurePosixPath(nodeid.partition("::")[0])
    folders = [str(parent) for parent in file.parents]
    return next((at for at, folder in enumerate(FIRST) if folder in folders), len(FIRST))
