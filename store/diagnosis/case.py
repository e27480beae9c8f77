"""All that a rule knows of a failure, and the facts that many rules tell of it."""

from __future__ import annotations

from dataclasses import dataclass

from store.diagnosis.findings import ConcernedRow
from store.records.dataset import DatasetVersion, Problem, VersionStatus
from store.records.job import Failure, Job, JobKind
from store.records.stage import StageStatus
from store.records.training import TrainingSpec

MAX_ROWS = 20


@dataclass(frozen=True, slots=True)
class Case:
    """A job that failed; `version` is what it read, None where it is gone or there was none."""

    job: Job
    failure: Failure
    version: DatasetVersion | None

    @property
    def spec(self) -> TrainingSpec:
        return self.job.spec

    @property
    def is_training(self) -> bool:
        return self.job.kind is JobKind.TRAIN

    @property
    def stage(self) -> str | None:
        """The stage that ended it; a lost worker could not say which."""
        broken = (each.name for each in self.job.stages if each.status is StageStatus.FAILED)
        return self.failure.stage or next(broken, None)

    @property
    def rows(self) -> int:
        """Rows that the training took, at most."""
        every = self.version.rows if self.version else 0
        return every if self.spec.max_rows is None else min(every, self.spec.max_rows)

    @property
    def is_rejected(self) -> bool:
        return self.version is not None and self.version.status is VersionStatus.REJECTED

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was found wrong with the data, the first faults."""
        if self.version is not None and self.is_rejected:
            return self.version.problems
        return self.failure.problems

    def concerned(self) -> tuple[ConcernedRow, ...]:
        """The rows that the problems point at."""
        pointing = [each for each in self.problems if each.line is not None or each.row is not None]
        return tuple(
            ConcernedRow(each.reason, each.value, each.line, each.row)
            for each in pointing[:MAX_ROWS]
        )

    # -- facts ------------------------------------------------------------------------------------

    def said(self) -> str:
        """What the job said itself when it ended."""
        message = self.failure.message.rstrip(".")
        return f"{message[:1].upper()}{message[1:]}."

    def tries(self) -> str:
        often = "once" if self.job.attempt == 1 else f"{self.job.attempt} times"
        return f"It was tried {often}."

    def place(self) -> tuple[str, ...]:
        """How far the stage had come."""
        found = next((each for each in self.job.stages if each.name == self.stage), None)
        if found is None:
            return ()
        so_far = f" at {found.done:,} of {found.total:,} rows" if found.total else ""
        return (f"It ended in the stage {found.name}{so_far}.",)

    def size(self) -> tuple[str, ...]:
        if self.version is None or not self.version.rows:
            return ()
        taken = f", of which {self.rows:,} were taken" if self.rows < self.version.rows else ""
        return (f"The version has {self.version.rows:,} rows{taken}.",)

    def memory(self) -> tuple[str, ...]:
        """The most that was measured before the end."""
        measured = [each for each in self.job.stages if each.peak_bytes]
        if not measured:
            return ()
        most = max(measured, key=lambda each: each.peak_bytes)
        return (f"Its process had held {sized(most.peak_bytes)} by the end of {most.name}.",)


def sized(size: int) -> str:
    """Bytes as people say them."""
    return f"{size / 2**30:.1f} GB" if size >= 2**30 else f"{size / 2**20:,.0f} MB"
