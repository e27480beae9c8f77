"""Whether a platform is at rest: what runs, what lies about, what it says of itself."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import psutil

from tests.faults.caller import surely
from tests.faults.documents import SYSTEM
from tests.faults.findings import Finding, left, lost
from tests.faults.lane import Lane
from tests.faults.platform import Platform

QUIET_WITHIN_S = 30.0
"""A dead worker is listed for three heartbeats, and what it left lies there for some seconds."""
EXPECTED = {
    "mongo", "valkey", "pipeline_worker", "inference_worker", "server", "pipeline_worker_2",
}  # fmt: skip


async def quiet(lane: Lane) -> list[Finding]:
    """What is left behind, after the time that cleaning up may take."""
    deadline = asyncio.get_running_loop().time() + QUIET_WITHIN_S
    while True:
        found = await asyncio.to_thread(_on_the_host, lane.platform)
        found += _in_the_graph((await surely(lane.api, SYSTEM))["system"], lane.platform)
        if not found or asyncio.get_running_loop().time() > deadline:
            return found
        await asyncio.sleep(0.5)


def _on_the_host(platform: Platform) -> list[Finding]:
    return [*_processes(platform), *_folders(platform)]


def _in_the_graph(system: dict[str, Any], platform: Platform) -> Iterator[Finding]:
    """Nothing waits, nobody works, and the workers are those that live."""
    for queue in system["queues"]:
        if queue["depth"] or queue["running"]:
            yield left(f"the queue {queue['name']} holds work: {queue}")
    for worker in system["workers"]:
        if worker["jobs"]:
            yield left(f"worker {worker['pid']} is at {worker['jobs']}")
    told = {worker["pid"] for worker in system["workers"]}
    living = {each.pid for each in platform.living() if "worker" in each.name}
    if gone := told - living:
        yield left(f"workers {sorted(gone)} are listed and dead")
    if unlisted := living - told:
        yield lost(f"workers {sorted(unlisted)} live and are not listed")


def _processes(platform: Platform) -> Iterator[Finding]:
    living = {each.pid: each.name for each in platform.living()}
    if missing := EXPECTED - set(living.values()):
        yield lost(f"not running: {sorted(missing)}")
    for process in platform.processes():
        try:
            parents = {process.pid, process.ppid()}
            line = " ".join(process.cmdline()[1:4])
        except psutil.Error:
            continue
        if not (parents & living.keys() or "shoal.cli" in line):
            yield left(f"process {process.pid} ({line}) belongs to nobody")
    yield from _zombies(living)


def _zombies(living: dict[int, str]) -> Iterator[Finding]:
    for process in psutil.process_iter(["status", "ppid"]):
        if process.info["status"] == psutil.STATUS_ZOMBIE and process.info["ppid"] in living:
            yield left(f"{living[process.info['ppid']]} has a zombie child, {process.pid}")


def _folders(platform: Platform) -> Iterator[Finding]:
    """With no job under way nobody needs a scratch folder."""
    work = platform.folder.root / "work"
    names = sorted(path.name for path in work.iterdir()) if work.is_dir() else []
    if names:
        yield left(f"{len(names)} in {work}: {', '.join(names[:3])}")
