"""A shard of a training's embed stage, that any worker may take.

    PLANNED ──offered──> QUEUED ──claimed──> RUNNING ──finished──> DONE
                           ^                    │ (or claimed again, once its lease ran out)
                           └─given_back, failed─┘

`attempt` is the fencing token, as in a job: it grows with each claim, and whoever lost the shard
can no longer write to it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from store.errors import IllegalMove, StaleAttempt
from store.records.job import Job, JobStatus
from store.records.training import EmbedderSpec

MAX_FAILURES = 3
"""From then on the shard is left to the attempt that planned it, which fails as it does."""


class EmbedShardStatus(StrEnum):
    PLANNED = "PLANNED"
    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    DONE = "DONE"


@dataclass(frozen=True, slots=True)
class EmbedShard:
    id: str
    job_id: str
    job_attempt: int
    """The attempt that planned it, and waits for it."""
    dataset_id: str
    embedder: EmbedderSpec
    embedder_key: str
    name: str
    """Of its file of vectors: two shards of the same texts have the same one."""
    rows: int
    status: EmbedShardStatus = EmbedShardStatus.PLANNED
    attempt: int = 0
    worker: str | None = None
    lease_until: datetime | None = None
    done: int = 0
    """Rows embedded so far."""
    failed_on: tuple[str, ...] = ()
    """Workers that could not do it and shall not try again."""
    revision: int = 0

    @classmethod
    def of(cls, job: Job, embedder_key: str, name: str, rows: int) -> EmbedShard:
        """A shard that the job's attempt has planned."""
        return cls(
            id=f"{job.id}-{job.attempt}-{name}", job_id=job.id, job_attempt=job.attempt,
            dataset_id=job.dataset_id, embedder=job.spec.embedder, embedder_key=embedder_key,
            name=name, rows=rows,
        )  # fmt: skip

    def is_wanted_by(self, job: Job) -> bool:
        """Whether the attempt that planned it still waits for it."""
        return job.status is JobStatus.RUNNING and job.attempt == self.job_attempt

    def offered(self) -> EmbedShard:
        """Its texts are in the object store. Told twice it changes nothing."""
        if self.status is not EmbedShardStatus.PLANNED:
            return self
        return replace(self, status=EmbedShardStatus.QUEUED)

    def claimed(self, worker: str, at: datetime, lease_until: datetime) -> EmbedShard:
        if not self._is_free(at):
            raise IllegalMove(f"shard {self.id} is {self.status} and cannot be claimed")
        return replace(
            self, status=EmbedShardStatus.RUNNING, worker=worker, lease_until=lease_until,
            attempt=self.attempt + 1, done=0,
        )  # fmt: skip

    def renewed(self, attempt: int, lease_until: datetime, done: int) -> EmbedShard:
        return replace(self.held(attempt), lease_until=lease_until, done=done)

    def finished(self, attempt: int) -> EmbedShard:
        held = self.held(attempt)
        return replace(held, status=EmbedShardStatus.DONE, lease_until=None, done=self.rows)

    def given_back(self, attempt: int) -> EmbedShard:
        held = self.held(attempt)
        return replace(held, status=EmbedShardStatus.QUEUED, worker=None, lease_until=None, done=0)

    def failed(self, attempt: int, worker: str) -> EmbedShard:
        back = self.given_back(attempt)
        return replace(back, failed_on=(*back.failed_on, worker))

    def held(self, attempt: int) -> EmbedShard:
        """Itself, as held by the attempt. Raises StaleAttempt when it is so no longer."""
        if self.attempt != attempt or self.status is not EmbedShardStatus.RUNNING:
            raise StaleAttempt(
                f"attempt {attempt} at shard {self.id} no longer holds it "
                f"(it is {self.status} at attempt {self.attempt})"
            )
        return self

    def _is_free(self, at: datetime) -> bool:
        if self.status is EmbedShardStatus.RUNNING:
            return self.lease_until is not None and self.lease_until < at
        return self.status is EmbedShardStatus.QUEUED
