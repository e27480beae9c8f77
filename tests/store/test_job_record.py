"""Every legal move of a job, and every other one refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from store.errors import IllegalMove, StaleAttempt
from store.records.job import Failure, Job, JobKind, JobStatus, new_stages
from store.records.stage import StageStatus

AT = datetime(2026, 1, 2, tzinfo=UTC)
LATER = AT + timedelta(seconds=30)
FAULT = Failure("BROKE", "it broke", retryable=False, stage="read")

QUEUED = Job(
    id="job_a",
    kind=JobKind.INGEST,
    owner_id="usr_a",
    dataset_id="ds_a",
    dataset_version_id="dsv_a",
    created_at=AT,
    stages=new_stages(JobKind.INGEST),
)
RUNNING = QUEUED.claimed("host:1", AT, LATER)
CANCELLING = RUNNING.cancel_requested(AT)
COMMITTED = RUNNING.committed(1, "mdv_a")
SUCCEEDED = COMMITTED.succeeded(1, LATER)
FAILED = RUNNING.failed(1, LATER, FAULT)
CANCELLED = CANCELLING.cancelled(1, LATER)
STATES = (QUEUED, RUNNING, CANCELLING, SUCCEEDED, FAILED, CANCELLED)

MOVES: dict[str, Callable[[Job], Job]] = {
    "claimed": lambda job: job.claimed("host:2", AT, LATER),
    "renewed": lambda job: job.renewed(1, LATER),
    "stage_started": lambda job: job.stage_started(1, "read", AT, 5),
    "stage_progressed": lambda job: job.stage_progressed(1, "read", 2, 5),
    "stage_done": lambda job: job.stage_done(1, "read", LATER, done=5),
    "committed": lambda job: job.committed(1, "mdv_b"),
    "succeeded": lambda job: job.succeeded(1, LATER),
    "failed": lambda job: job.failed(1, LATER, FAULT),
    "cancelled": lambda job: job.cancelled(1, LATER),
    "requeued": lambda job: job.requeued(1),
    "cancel_requested": lambda job: job.cancel_requested(AT),
}
HELD = {name: name for name in ("renewed", "stage_started", "stage_progressed", "stage_done")}
LEGAL: dict[JobStatus, dict[str, JobStatus]] = {
    JobStatus.QUEUED: {
        "claimed": JobStatus.RUNNING,
        "cancel_requested": JobStatus.CANCELLED,
    },
    JobStatus.RUNNING: {
        **dict.fromkeys(HELD, JobStatus.RUNNING),
        "committed": JobStatus.RUNNING,
        "succeeded": JobStatus.SUCCEEDED,
        "failed": JobStatus.FAILED,
        "requeued": JobStatus.QUEUED,
        "cancel_requested": JobStatus.CANCELLING,
    },
    JobStatus.CANCELLING: {
        **dict.fromkeys(HELD, JobStatus.CANCELLING),
        "failed": JobStatus.CANCELLED,
        "cancelled": JobStatus.CANCELLED,
        "cancel_requested": JobStatus.CANCELLING,
    },
    JobStatus.SUCCEEDED: {},
    JobStatus.FAILED: {},
    JobStatus.CANCELLED: {},
}


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("job", STATES, ids=lambda job: job.status)
def test_every_move_from_every_state(job: Job, move: str) -> None:
    expected = LEGAL[job.status].get(move)
    if expected is None:
        with pytest.raises(IllegalMove):
            MOVES[move](job)
    else:
        assert MOVES[move](job).status is expected


@pytest.mark.parametrize("move", sorted(set(MOVES) - {"claimed", "cancel_requested"}))
def test_a_worker_of_another_attempt_is_refused(move: str) -> None:
    second = RUNNING.requeued(1).claimed("host:2", AT, LATER)
    with pytest.raises(StaleAttempt, match="attempt 1 of job job_a no longer holds it"):
        MOVES[move](second)


def test_a_claim_counts_the_attempt_and_keeps_the_first_start() -> None:
    again = RUNNING.requeued(1, AT, FAULT).claimed("host:2", LATER, LATER)
    assert (again.attempt, again.started_at, again.worker) == (2, AT, "host:2")
    assert (again.failure, again.not_before) == (None, None)


def test_a_claim_before_its_time_is_refused() -> None:
    waiting = RUNNING.requeued(1, LATER)
    with pytest.raises(IllegalMove, match="waits until"):
        waiting.claimed("host:2", AT, LATER)
    assert waiting.claimed("host:2", LATER, LATER).status is JobStatus.RUNNING


def test_an_end_lets_go_of_the_lease() -> None:
    for job in (SUCCEEDED, FAILED, CANCELLED):
        assert job.status.is_terminal
        assert (job.lease_until, job.worker, job.ended_at) == (None, None, LATER)
    assert (SUCCEEDED.model_version_id, FAILED.failure) == ("mdv_a", FAULT)


def test_what_is_committed_can_no_longer_be_cancelled_and_keeps_its_name() -> None:
    lost = COMMITTED.requeued(1)
    again = lost.claimed("host:2", LATER, LATER)
    for job in (COMMITTED, lost, again):
        with pytest.raises(IllegalMove, match="too late to cancel"):
            job.cancel_requested(AT)
    assert again.committed(2, "mdv_b").model_version_id == "mdv_a"


def test_a_move_whose_answer_was_lost_may_be_made_again() -> None:
    started = RUNNING.stage_started(1, "read", AT, 5)
    assert started.stage_started(1, "read", LATER, 5) is started
    done = started.stage_done(1, "read", AT, done=5)
    assert done.stage_done(1, "read", LATER, done=5) is done


def test_failures_are_counted_until_a_stage_is_done() -> None:
    failed = RUNNING.requeued(1, AT, FAULT).claimed("host:2", AT, LATER)
    assert failed.failures == 1
    assert failed.requeued(2).failures == 1
    assert failed.stage_done(2, "read", LATER, done=1, artefacts=("key",)).failures == 0


def test_a_stage_that_every_attempt_does_anew_wipes_out_no_failure() -> None:
    failed = RUNNING.requeued(1, AT, FAULT).claimed("host:2", AT, LATER)
    assert failed.stage_done(2, "read", LATER, done=1).failures == 1


def test_a_stage_is_counted_from_its_start_to_its_end() -> None:
    started = RUNNING.stage_started(1, "read", AT, 10)
    half = started.stage_progressed(1, "read", 5, 10)
    done = half.stage_done(1, "read", LATER, done=9, summary="9 rows", artefacts=("key",))
    assert (half.stage("read").done, half.progress) == (5, 0.25)
    read = done.stage("read")
    assert (read.status, read.done, read.total, read.attempt) == (StageStatus.DONE, 9, 9, 1)
    assert (read.summary, read.artefacts, read.rows_per_s(LATER)) == ("9 rows", ("key",), 0.3)
    assert (done.progress, done.stage("store").status) == (0.5, StageStatus.PENDING)
    assert done.succeeded(1, LATER).progress == 1.0


def test_a_failure_marks_the_stage_that_ran() -> None:
    failed = RUNNING.stage_started(1, "read", AT).failed(1, LATER, FAULT)
    assert failed.stage("read").status is StageStatus.FAILED
    assert failed.stage("store").status is StageStatus.PENDING


def test_finished_stages_outlive_a_retry() -> None:
    job = RUNNING.stage_done(1, "read", AT, done=3).requeued(1)
    assert job.stage("read").status is StageStatus.DONE


def test_a_move_leaves_the_record_that_it_came_from() -> None:
    before = replace(RUNNING)
    for name in LEGAL[JobStatus.RUNNING]:
        MOVES[name](RUNNING)
    assert before == RUNNING
