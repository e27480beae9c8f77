"""Why a job waits and for how long, from situations laid out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from store.jobs.forecast import starts_in
from store.jobs.situation import Closed, Situation
from store.jobs.waiting import Waiting, WaitingCode, explain
from store.records.job import Failure, Job, JobKind, JobStatus, Priority, Span
from store.records.queue import QueueMode
from store.records.ticket import Ticket
from tests.store.waiting import AT, ticket, waiting_job

LIMITS = {JobKind.TRAIN: 2, JobKind.INGEST: 9, JobKind.PURGE: 1}


def job_of(each: Ticket) -> Job:
    return waiting_job(
        each.owner_id, id=each.id, kind=each.kind, priority=each.priority, created_at=each.since
    )


def running(name: str, owner: str = "a", kind: JobKind = JobKind.INGEST) -> Job:
    later = AT + timedelta(seconds=20)
    return waiting_job(owner, id=name, kind=kind).claimed("host:1", AT, later)


def situation(
    *tickets: Ticket, run: tuple[Job, ...] = (), slots: int = 2, startable: int | None = None,
    **remaining: float,
) -> Situation:  # fmt: skip
    return Situation(
        at=AT, line=tickets, startable=len(tickets) if startable is None else startable,
        running=run, remaining={name: Span(s, 2 * s) for name, s in remaining.items()},
        limits=LIMITS, workers=1 if slots else 0, slots=slots,
    )  # fmt: skip


def why(each: Ticket, now: Situation) -> Waiting:
    found = explain(job_of(each), now)
    assert found is not None
    return found


def test_a_free_slot() -> None:
    mine, other = ticket("2"), ticket("1")
    assert why(mine, situation(other, mine)) == Waiting(
        WaitingCode.STARTING, "A worker has a free slot and is about to take the job.",
        position=2, eta=Span(0, 1),
    )  # fmt: skip


def test_no_worker() -> None:
    mine = ticket("1")
    assert why(mine, situation(mine, slots=0)) == Waiting(
        WaitingCode.NO_WORKER,
        "No pipeline worker is running; start one with `shoal worker pipeline`.",
        position=1,
    )


def test_every_slot_is_taken() -> None:
    first, mine = ticket("1", "b", seconds=5), ticket("2", seconds=60)
    now = situation(first, mine, run=(running("r"), running("s")), r=30, s=10)
    assert why(mine, now) == Waiting(
        WaitingCode.BUSY,
        "Every slot is taken (workers: 1, slots: 2, jobs before it: 1); another "
        "`shoal worker pipeline`, on any host, starts it sooner.",
        position=2, blocker_id="s", eta=Span(15, 30),
    )  # fmt: skip


def test_a_blocker_that_nothing_is_known_of_is_the_oldest_one() -> None:
    mine = ticket("3")
    now = situation(mine, run=(running("2"), running("1")))
    found = why(mine, now)
    assert (found.code, found.blocker_id, found.eta) == (WaitingCode.BUSY, "1", None)


def test_a_full_kind() -> None:
    mine = ticket("1")
    trainings = tuple(running(name, "b", JobKind.TRAIN) for name in "rs")
    now = situation(mine, run=trainings, slots=9, startable=0, r=30, s=10)
    assert why(mine, now) == Waiting(
        WaitingCode.KIND_LIMIT,
        "The limit of 2 for TRAIN jobs is used up, by running ones (2) and those before it; "
        "SHOAL_MAX_RUNNING raises it.",
        position=1, blocker_id="s", eta=Span(10, 20),
    )  # fmt: skip


def test_others_take_their_turn_first() -> None:
    mine, younger = ticket("1", seconds=5), ticket("2", "b", seconds=5)
    now = situation(younger, mine, run=(running("r"), running("s", "b")), r=30, s=10)
    assert why(mine, now) == Waiting(
        WaitingCode.FAIR_SHARE,
        "Owners take turns: after those of its own that run (1), younger jobs of others go first "
        "(1).",
        position=2, blocker_id="r", eta=Span(15, 30),
    )  # fmt: skip


def test_a_younger_job_of_higher_priority_is_no_matter_of_shares() -> None:
    mine, high = ticket("1"), ticket("2", "b", priority=Priority.HIGH)
    now = situation(high, mine, run=(running("r"), running("s", "b")))
    assert why(mine, now).code is WaitingCode.BUSY


def test_who_has_nothing_running_is_shown_who_goes_first() -> None:
    mine, younger = ticket("1"), ticket("2", "b")
    now = situation(younger, mine, run=(running("r", "c"),), slots=1)
    assert (why(mine, now).code, why(mine, now).blocker_id) == (WaitingCode.FAIR_SHARE, "2")


@pytest.mark.parametrize(
    ("mode", "act"), [(QueueMode.PAUSED, "paused"), (QueueMode.DRAINING, "is draining")]
)
@pytest.mark.parametrize(("reason", "why_so"), [("", ""), ("an upgrade", " (an upgrade)")])
def test_a_closed_queue(mode: QueueMode, act: str, reason: str, why_so: str) -> None:
    now = replace(situation(), closed={JobKind.TRAIN: Closed(mode, "Ada", reason)})
    assert why(ticket("1"), now) == Waiting(
        WaitingCode.PAUSED,
        f"Ada {act} the queue TRAIN{why_so}; it goes on when an admin resumes it.",
    )


def test_a_pause_between_tries() -> None:
    failure = Failure("CHILD_DIED", "it was killed", retryable=True, stage="embed")
    job = waiting_job(attempt=2, not_before=AT + timedelta(seconds=8), failure=failure)
    assert explain(job, situation(slots=0)) == Waiting(
        WaitingCode.BACK_OFF,
        "Attempt 2 ended at embed (CHILD_DIED: it was killed); the next one begins in 8 s. Cancel "
        "the job if it need not be tried again.",
        eta=Span(8, 8),
    )


def test_a_worker_that_fell_silent() -> None:
    job = running("r")
    assert explain(job, situation()) is None
    late = replace(situation(), at=AT + timedelta(seconds=25))
    assert explain(job, late) == Waiting(
        WaitingCode.WORKER_LOST,
        "Its worker host:1 has not renewed its lease, which ran out 5 s ago; the job is taken "
        "from it as soon as any pipeline worker runs.",
    )


def test_what_has_ended_waits_for_nothing() -> None:
    assert explain(waiting_job(status=JobStatus.CANCELLED), situation()) is None


# -- forecasts ------------------------------------------------------------------------------------


def test_each_slot_takes_the_next_when_it_is_free() -> None:
    line = [ticket(str(n), kind=JobKind.INGEST, seconds=10) for n in range(4)]
    now = situation(*line, run=(running("r"),), slots=2, r=4)
    assert [starts_in(place, now) for place in range(4)] == [
        Span(0, 0), Span(4, 8), Span(10, 20), Span(14, 28),
    ]  # fmt: skip


def test_a_limit_keeps_slots_free() -> None:
    line = [ticket(str(n), kind=JobKind.PURGE, seconds=10) for n in range(3)]
    assert starts_in(2, situation(*line, slots=8)) == Span(20, 40)


def test_more_jobs_than_slots() -> None:
    """As after a worker died whose jobs still hold their leases."""
    run = tuple(running(name) for name in "rst")
    now = situation(ticket("1", kind=JobKind.INGEST), run=run, slots=2, r=5, s=10, t=20)
    assert starts_in(0, now) == Span(10, 20)


def test_what_is_not_known_is_not_told() -> None:
    first, mine = ticket("1"), ticket("2")
    assert starts_in(1, situation(first, mine, slots=1)) is None
    assert starts_in(1, situation(first, mine, slots=2)) == Span(0, 0)
    assert starts_in(0, situation(mine, slots=0)) is None
