"""A job and its life.

    QUEUED ──claimed──> RUNNING ──succeeded──> SUCCEEDED
      │  ^                │ │ └────failed────> FAILED
      │  └──requeued──────┘ └cancel_requested> CANCELLING ──cancelled──> CANCELLED
      └──cancel_requested────────────────────────────────────────────────────^

Terminal states are final. `attempt` is the fencing token: it grows with each claim, and every
later move of a running job must carry it, so that a worker which lost its lease cannot write.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from store.errors import IllegalMove, StaleAttempt
from store.records.bulk import BulkSpec
from store.records.dataset import Problem
from store.records.event import Event
from store.records.quality import CheckSpec
from store.records.stage import Stage, StageStatus
from store.records.training import TrainingSpec


class JobKind(StrEnum):
    INGEST = "INGEST"
    TRAIN = "TRAIN"
    PURGE = "PURGE"
    PREDICT = "PREDICT"
    CHECK = "CHECK"
    INDEX = "INDEX"
    REFIT = "REFIT"
    COMPARE = "COMPARE"
    DRIFT = "DRIFT"
    OPERATION = "OPERATION"

    @property
    def is_served(self) -> bool:
        """Whether it is servers that run such jobs, which know the schema; all others, workers."""
        return self is JobKind.OPERATION


class Priority(StrEnum):
    """Among jobs that wait, a higher one goes first."""

    LOW = "LOW"
    NORMAL = "NORMAL"
    HIGH = "HIGH"


class JobStatus(StrEnum):
    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    CANCELLING = "CANCELLING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"

    @property
    def is_terminal(self) -> bool:
        return self in (JobStatus.SUCCEEDED, JobStatus.FAILED, JobStatus.CANCELLED)


STAGES: dict[JobKind, tuple[str, ...]] = {
    JobKind.INGEST: ("read", "store"),
    JobKind.TRAIN: (
        "clean", "split", "embed", "cluster", "project", "fit", "calibrate", "evaluate", "package",
    ),
    JobKind.PURGE: ("find", "delete", "verify"),
    JobKind.PREDICT: ("prepare", "predict", "write"),
    JobKind.CHECK: ("embed", "score", "compare", "store"),
    JobKind.INDEX: ("embed", "index"),
    JobKind.COMPARE: ("gather", "answer"),
    JobKind.DRIFT: ("gather", "measure"),
    JobKind.REFIT: ("load", "refit", "judge"),
    JobKind.OPERATION: ("run",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Failure:
    code: str
    message: str
    retryable: bool
    stage: str | None = None
    problems: tuple[Problem, ...] = ()
    """What is wrong with the data, and the first rows concerned."""


@dataclass(frozen=True, slots=True)
class Span:
    """A forecast of seconds: half of such runs take longer than `p50`, a tenth than `p90`."""

    p50: float
    p90: float


@dataclass(frozen=True, slots=True)
class Job:
    id: str
    kind: JobKind
    owner_id: str
    dataset_id: str
    dataset_version_id: str
    created_at: datetime
    stages: tuple[Stage, ...]
    status: JobStatus = JobStatus.QUEUED
    spec: TrainingSpec = field(default_factory=TrainingSpec)
    model_id: str | None = None
    """The family that a training adds a version to."""
    model_version_id: str | None = None
    """What a training makes, from when it is sure to."""
    attempt: int = 0
    worker: str | None = None
    lease_until: datetime | None = None
    not_before: datetime | None = None
    """A retry waits until then."""
    priority: Priority = Priority.NORMAL
    failures: int = 0
    """Attempts that failed since the last stage that left what a retry goes on from."""
    retry_of: str | None = None
    """The ended job that this one does again."""
    purges: str | None = None
    """The data set or model that a PURGE deletes for good."""
    freed_bytes: int | None = None
    """What a PURGE has proved to have freed."""
    bulk: BulkSpec | None = None
    """What a PREDICT is asked."""
    check: CheckSpec | None = None
    """What a CHECK looks for; its embedder and seed are those of `spec`."""
    estimate: Span | None = None
    """Of its run time, made when it was asked for."""
    trace: str | None = None
    """W3C traceparent of the request that asked for it."""
    is_committed: bool = False
    """What it makes is about to be seen, so it can no longer be cancelled."""
    news: tuple[Event, ...] = ()
    """What the feed says of the move that led here: kept with it, so that neither is lost alone."""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    cancel_requested_at: datetime | None = None
    failure: Failure | None = None
    revision: int = 0

    def stage(self, name: str) -> Stage:
        return next(stage for stage in self.stages if stage.name == name)

    @property
    def progress(self) -> float:
        """Share done, 0 to 1, each stage counted alike."""
        if self.status is JobStatus.SUCCEEDED:
            return 1.0
        parts = [
            1.0 if s.status is StageStatus.DONE else min(s.done / s.total, 1.0) if s.total else 0.0
            for s in self.stages
        ]
        return sum(parts) / max(len(parts), 1)

    # -- moves of whoever asks -----------------------------------------------------------------

    def cancel_requested(self, at: datetime) -> Job:
        """CANCELLED at once when nobody works on it, else CANCELLING until the worker lets go."""
        if self.status is JobStatus.CANCELLING:
            return self
        self._require(JobStatus.QUEUED, JobStatus.RUNNING, move="cancelled")
        if self.is_committed:
            raise IllegalMove(f"job {self.id} is done but for its last words, too late to cancel")
        if self.status is JobStatus.QUEUED:
            return replace(self, status=JobStatus.CANCELLED, cancel_requested_at=at, ended_at=at)
        return replace(self, status=JobStatus.CANCELLING, cancel_requested_at=at)

    def reprioritised(self, priority: Priority) -> Job:
        self._require(JobStatus.QUEUED, move="moved in its queue")
        return replace(self, priority=priority)

    # -- moves of workers -----------------------------------------------------------------------

    def claimed(self, worker: str, at: datetime, lease_until: datetime) -> Job:
        self._require(JobStatus.QUEUED, move="claimed")
        if self.not_before is not None and at < self.not_before:
            raise IllegalMove(f"job {self.id} waits until {self.not_before.isoformat()}")
        return replace(
            self, status=JobStatus.RUNNING, worker=worker, lease_until=lease_until,
            attempt=self.attempt + 1, started_at=self.started_at or at, not_before=None,
            failure=None,
        )  # fmt: skip

    def renewed(self, attempt: int, lease_until: datetime) -> Job:
        return replace(self.held(attempt), lease_until=lease_until)

    def stage_started(self, attempt: int, name: str, at: datetime, total: int = 0) -> Job:
        """Told twice by one attempt, as after a write whose answer was lost, it changes nothing."""
        if self.held(attempt)._is_at(attempt, name, StageStatus.RUNNING):
            return self
        return self._staged(
            attempt, name, status=StageStatus.RUNNING, started_at=at, ended_at=None,
            done=0, total=total, attempt=attempt,
        )  # fmt: skip

    def stage_progressed(self, attempt: int, name: str, done: int, total: int) -> Job:
        return self._staged(attempt, name, done=done, total=total)

    def stage_done(
        self, attempt: int, name: str, at: datetime, *, done: int, summary: str = "",
        artefacts: tuple[str, ...] = (), is_kept: bool = False, fresh: int | None = None,
        peak_bytes: int = 0,
    ) -> Job:  # fmt: skip
        """As `stage_started`, told twice it changes nothing.

        Failures are forgotten when it left what a retry goes on from: what every attempt has to
        do anew would wipe them out for ever.
        """
        if self.held(attempt)._is_at(attempt, name, StageStatus.DONE):
            return self
        moved = self._staged(
            attempt, name, status=StageStatus.DONE, ended_at=at, done=done, total=done,
            summary=summary, artefacts=artefacts, is_kept=is_kept, fresh=fresh,
            peak_bytes=peak_bytes,
        )  # fmt: skip
        return replace(moved, failures=0) if artefacts or is_kept else moved

    def committed(self, attempt: int, model_version_id: str | None = None) -> Job:
        """The point of no return: what the job made becomes visible after this and not before.

        A training names its version here, so that a later attempt makes the same one.
        """
        held = self.held(attempt)
        held._require(JobStatus.RUNNING, move="finished")
        known = held.model_version_id or model_version_id
        return replace(held, is_committed=True, model_version_id=known)

    def freed(self, attempt: int, freed_bytes: int) -> Job:
        """What a purge has proved, kept before the last record of what it purges goes."""
        return replace(self.held(attempt), freed_bytes=freed_bytes)

    def succeeded(self, attempt: int, at: datetime, freed_bytes: int | None = None) -> Job:
        """A cancel that came too late still wins: only a RUNNING job may succeed."""
        held = self.held(attempt)
        held._require(JobStatus.RUNNING, move="succeeded")
        return held._ended(JobStatus.SUCCEEDED, at, freed_bytes=freed_bytes)

    def failed(self, attempt: int, at: datetime, failure: Failure) -> Job:
        held = self.held(attempt)
        if held.status is JobStatus.CANCELLING:
            return held.cancelled(attempt, at)
        stages = tuple(
            replace(s, status=StageStatus.FAILED, ended_at=at)
            if s.status is StageStatus.RUNNING else s
            for s in held.stages
        )  # fmt: skip
        return held._ended(JobStatus.FAILED, at, failure=failure, stages=stages)

    def cancelled(self, attempt: int, at: datetime) -> Job:
        held = self.held(attempt)
        held._require(JobStatus.CANCELLING, move="cancelled")
        return held._ended(JobStatus.CANCELLED, at)

    def requeued(
        self, attempt: int, not_before: datetime | None = None, failure: Failure | None = None
    ) -> Job:
        """Back to the queue after a lost lease or a passing fault; finished stages stay done."""
        held = self.held(attempt)
        held._require(JobStatus.RUNNING, move="requeued")
        return replace(
            held, status=JobStatus.QUEUED, worker=None, lease_until=None, not_before=not_before,
            failure=failure, failures=held.failures + (failure is not None),
        )  # fmt: skip

    # -- how --------------------------------------------------------------------------------------

    def _ended(self, status: JobStatus, at: datetime, **changes: object) -> Job:
        return replace(
            self,
            status=status,
            ended_at=at,
            lease_until=None,
            worker=None,
            **changes,  # type: ignore[arg-type]
        )

    def held(self, attempt: int) -> Job:
        """The job itself; raises StaleAttempt unless that attempt holds it."""
        if self.attempt != attempt or self.status not in (JobStatus.RUNNING, JobStatus.CANCELLING):
            raise StaleAttempt(
                f"attempt {attempt} of job {self.id} no longer holds it "
                f"(it is {self.status} at attempt {self.attempt})"
            )
        return self

    def _require(self, *allowed: JobStatus, move: str) -> None:
        if self.status not in allowed:
            raise IllegalMove(f"job {self.id} is {self.status} and cannot be {move}")

    def _is_at(self, attempt: int, name: str, status: StageStatus) -> bool:
        stage = self.stage(name)
        return stage.attempt == attempt and stage.status is status

    def _staged(self, attempt: int, name: str, /, **changes: object) -> Job:
        held = self.held(attempt)
        stages = tuple(
            replace(s, **changes) if s.name == name else s  # type: ignore[arg-type]
            for s in held.stages
        )
        return replace(held, stages=stages)


def new_stages(kind: JobKind) -> tuple[Stage, ...]:
    """The stages of a job that nobody has begun."""
    return tuple(Stage(name) for name in STAGES[kind])
