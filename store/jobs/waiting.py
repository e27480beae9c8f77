"""Why a job waits, and for how long: told from one look at all that waits and runs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import inf

from store.jobs.forecast import starts_in
from store.jobs.line import CLASSES
from store.jobs.situation import Situation
from store.records.job import Job, JobStatus, Span
from store.records.queue import QueueMode

AT_ONCE = Span(0.0, 1.0)


class WaitingCode(StrEnum):
    BACK_OFF = "BACK_OFF"
    PAUSED = "PAUSED"
    NO_WORKER = "NO_WORKER"
    KIND_LIMIT = "KIND_LIMIT"
    FAIR_SHARE = "FAIR_SHARE"
    BUSY = "BUSY"
    STARTING = "STARTING"
    WORKER_LOST = "WORKER_LOST"


@dataclass(frozen=True, slots=True)
class Waiting:
    code: WaitingCode
    message: str
    position: int | None = None
    """1 for the next; None while its turn cannot come."""
    blocker_id: str | None = None
    """The job whose end it waits for, or that goes first."""
    eta: Span | None = None
    """Until it starts; None where nobody can know."""


def explain(job: Job, now: Situation) -> Waiting | None:
    """Why `job` makes no progress; None for one that runs or has ended."""
    if job.status is not JobStatus.QUEUED:
        return _lost(job, now.at)
    place = next((n for n, ticket in enumerate(now.line) if ticket.id == job.id), None)
    if place is None:
        return _barred(job, now)
    if not now.workers:
        message = "No pipeline worker is running; start one with `shoal worker pipeline`."
        return Waiting(WaitingCode.NO_WORKER, message, place + 1)
    if place >= now.startable:
        return _limited(job, place, now)
    if place < now.free:
        message = "A worker has a free slot and is about to take the job."
        return Waiting(WaitingCode.STARTING, message, place + 1, eta=AT_ONCE)
    return _outrun(job, place, now) or _busy(place, now)


# -- one reason each ------------------------------------------------------------------------------


def _lost(job: Job, at: datetime) -> Waiting | None:
    if job.lease_until is None or job.lease_until >= at:
        return None
    silent_s = (at - job.lease_until).total_seconds()
    who = "server" if job.kind.is_served else "pipeline worker"
    message = (
        f"Its worker {job.worker} has not renewed its lease, which ran out {silent_s:.0f} s ago; "
        f"the job is taken from it as soon as any {who} runs."
    )
    return Waiting(WaitingCode.WORKER_LOST, message)


def _barred(job: Job, now: Situation) -> Waiting:
    if job.not_before is not None and job.not_before > now.at:
        return _backing_off(job, (job.not_before - now.at).total_seconds())
    closed = now.closed.get(job.kind)
    if closed is None:
        return Waiting(WaitingCode.STARTING, "It was put into the queue this moment.", eta=AT_ONCE)
    act = "paused" if closed.mode is QueueMode.PAUSED else "is draining"
    why = f" ({closed.reason})" if closed.reason else ""
    message = f"{closed.by} {act} the queue {job.kind}{why}; it goes on when an admin resumes it."
    return Waiting(WaitingCode.PAUSED, message)


def _backing_off(job: Job, seconds: float) -> Waiting:
    failure = job.failure
    where = f" at {failure.stage}" if failure and failure.stage else ""
    fault = f"{failure.code}: {failure.message}" if failure else "it was given back"
    message = (
        f"Attempt {job.attempt} ended{where} ({fault}); the next one begins in {seconds:.0f} s. "
        "Cancel the job if it need not be tried again."
    )
    return Waiting(WaitingCode.BACK_OFF, message, eta=Span(seconds, seconds))


def _limited(job: Job, place: int, now: Situation) -> Waiting:
    same = [each for each in now.running if each.kind is job.kind]
    message = (
        f"The limit of {now.limits[job.kind]} for {job.kind} jobs is used up, by running ones "
        f"({len(same)}) and those before it; SHOAL_MAX_RUNNING raises it."
    )
    return Waiting(
        WaitingCode.KIND_LIMIT, message, place + 1, _first_to_end(same, now), starts_in(place, now)
    )


def _outrun(job: Job, place: int, now: Situation) -> Waiting | None:
    """Of another owner's jobs that were asked for later, though with no higher priority."""
    later = [
        ticket
        for ticket in now.line[:place]
        if ticket.owner_id != job.owner_id and ticket.id > job.id
        if CLASSES[ticket.priority] <= CLASSES[job.priority]
    ]
    if not later:
        return None
    own = [each for each in now.running if each.owner_id == job.owner_id]
    message = (
        f"Owners take turns: after those of its own that run ({len(own)}), younger jobs of others "
        f"go first ({len(later)})."
    )
    blocker_id = _first_to_end(own, now) or later[0].id
    return Waiting(WaitingCode.FAIR_SHARE, message, place + 1, blocker_id, starts_in(place, now))


def _busy(place: int, now: Situation) -> Waiting:
    message = (
        f"Every slot is taken (workers: {now.workers}, slots: {now.slots}, jobs before it: "
        f"{place}); another `shoal worker pipeline`, on any host, starts it sooner."
    )
    blocker_id = _first_to_end(now.running, now)
    return Waiting(WaitingCode.BUSY, message, place + 1, blocker_id, starts_in(place, now))


def _first_to_end(jobs: Iterable[Job], now: Situation) -> str | None:
    """By what remains, where that is known, then by age."""

    def order(job: Job) -> tuple[float, str]:
        remaining = now.remaining.get(job.id)
        return remaining.p50 if remaining else inf, job.id

    first = min(jobs, key=order, default=None)
    return first.id if first else None
