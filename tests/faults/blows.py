"""Striking a process: which one it is, and what is done to it."""

from __future__ import annotations

import asyncio
import signal
import time
from contextlib import suppress
from dataclasses import dataclass

import psutil

from tests.faults.plan import Action, Plan, Victim
from tests.faults.platform import Platform

SERVICES = {
    Victim.INFERENCE: "inference_worker",
    Victim.SERVER: "server",
    Victim.VALKEY: "valkey",
    Victim.MONGO: "mongo",
}
SIGNALS = {
    Action.KILL: signal.SIGKILL,
    Action.STOP: signal.SIGSTOP,
    Action.RESTART: signal.SIGTERM,
}


@dataclass(frozen=True)
class Blow:
    """What was struck and when, in seconds since 1970."""

    pids: tuple[int, ...]
    holder: bool
    """Whether the victim was at the job: its worker, or that worker's child."""
    struck_at: float
    over_at: float
    """When a stopped process went on, or `struck_at`."""


async def strike(platform: Platform, plan: Plan, worker: str | None) -> Blow:
    """Strike the plan's victim; `worker` is who holds the job. Returns when the blow is over."""
    victims, is_holder = await asyncio.to_thread(_victims, platform, plan, worker)
    struck_at = time.time()
    _signal(victims, SIGNALS[plan.action])
    if plan.action is Action.STOP:
        await asyncio.sleep(plan.stopped_s)
        _signal(victims, signal.SIGCONT)
    over_at = time.time() if plan.action is Action.STOP else struck_at
    return Blow(tuple(each.pid for each in victims), is_holder, struck_at, over_at)


def _victims(
    platform: Platform, plan: Plan, worker: str | None
) -> tuple[list[psutil.Process], bool]:
    if plan.victim in SERVICES:
        name = SERVICES[plan.victim]
        pid = next(each.pid for each in platform.living() if each.name == name)
        return [psutil.Process(pid)], False
    holder = _holder(platform, worker)
    is_holder = plan.victim is Victim.CHILD or plan.is_holder
    struck = holder if is_holder else _other(platform, holder)
    if plan.victim is Victim.CHILD:
        return [_busiest(struck)], worker is not None
    is_whole = plan.is_whole and plan.action is Action.STOP
    return [struck, *(struck.children() if is_whole else ())], is_holder and worker is not None


def _holder(platform: Platform, worker: str | None) -> psutil.Process:
    """The worker called `host:pid`; any, when nobody holds the job."""
    workers = pipeline_workers(platform)
    named = [each for each in workers if worker and worker.endswith(f":{each.pid}")]
    return (named or workers)[0]


def _other(platform: Platform, holder: psutil.Process) -> psutil.Process:
    return next(each for each in pipeline_workers(platform) if each.pid != holder.pid)


def pipeline_workers(platform: Platform) -> list[psutil.Process]:
    found = (each.pid for each in platform.living() if each.name.startswith("pipeline_worker"))
    return [psutil.Process(pid) for pid in found]


def _busiest(worker: psutil.Process) -> psutil.Process:
    """The child that computes: the one that uses the most time over a moment."""
    children = worker.children()
    before = {each.pid: _cpu_s(each) for each in children}
    time.sleep(0.15)
    return max(children, key=lambda each: (_cpu_s(each) - before[each.pid], before[each.pid]))


def _cpu_s(process: psutil.Process) -> float:
    with suppress(psutil.Error):
        times = process.cpu_times()
        return times.user + times.system
    return 0.0


def _signal(processes: list[psutil.Process], number: signal.Signals) -> None:
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(number)
