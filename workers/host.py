"""What this process has of its host."""

from __future__ import annotations

import os
import resource
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

PROC = Path("/proc")
LIMITS = (
    Path("/sys/fs/cgroup/memory.max"),  # cgroup v2, as a container sees its own
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),  # v1
)
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


def cores() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0))


def memory_total_bytes() -> int:
    """The host's memory, or the container's share of it."""
    sizes = [os.sysconf("SC_PHYS_PAGES") * PAGE_BYTES]
    for path in LIMITS:
        with suppress(OSError, ValueError):  # "max" is no limit
            sizes.append(int(path.read_text()))
    return min(sizes)


def memory_bytes() -> int:
    """What this process and all below it hold now; where there is no /proc, its own peak."""
    if not PROC.is_dir():
        return peak_bytes()
    held: dict[int, int] = {}
    children: defaultdict[int, list[int]] = defaultdict(list)
    for pid, parent, pages in _processes():
        held[pid] = pages * PAGE_BYTES
        children[parent].append(pid)
    family = [os.getpid()]
    for pid in family:
        family += children[pid]
    return sum(held.get(pid, 0) for pid in family)


def peak_bytes() -> int:
    """The most memory that this process has held.

    On Linux `ru_maxrss` begins with what the parent held when it forked; the status file does not.
    """
    with suppress(OSError, StopIteration):
        lines = (PROC / "self" / "status").read_text().splitlines()
        return 1024 * int(next(line for line in lines if line.startswith("VmHWM")).split()[1])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # bytes on macOS, else kibibytes
    return peak if sys.platform == "darwin" else peak * 1024


def _processes() -> Iterator[tuple[int, int, int]]:
    """The id, the parent and the resident pages of each process; proc(5) has the fields."""
    for folder in PROC.glob("[0-9]*"):
        with suppress(OSError):  # it ended meanwhile
            # a program's name, in parentheses, may hold anything
            fields = (folder / "stat").read_text(errors="replace").rpartition(")")[2].split()
            yield int(folder.name), int(fields[1]), int(fields[21])
