"""What an attempt leaves for those who run the platform: spans, and the figures of its stages."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager

from store.errors import StaleAttempt
from store.lease import Drained, LeaseLost
from store.records.job import Job
from store.telemetry import tracing
from workers.metrics import ATTEMPTS, STAGE_ROWS, STAGE_SECONDS
from workers.pipeline.progress import Cancelled

LEFT = (asyncio.CancelledError, Drained, LeaseLost, StaleAttempt)
"""The attempt is over, and another one goes on."""


class Trail:
    """One attempt's; a stage goes on until it is done, the next begins, or the attempt ends."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._stage: str | None = None
        self._began = 0.0
        self._span: tracing.Span | None = None

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Within is the attempt, under the span of the request that asked for its job."""
        job = self._job
        with (
            ATTEMPTS.labels(job.kind).track_inprogress(),
            tracing.span(f"job {job.kind}", job.trace, job=job.id, attempt=job.attempt),
        ):
            try:
                yield
            except BaseException as end:
                self._end(_outcome(end))
                raise

    def stage_started(self, name: str) -> None:
        """Told twice, the stage goes on."""
        if name != self._stage:
            self._stage, self._began = name, time.perf_counter()
            self._span = tracing.begin(f"stage {name}", job=self._job.id, stage=name)

    def stage_done(self, rows: int, *, is_kept: bool) -> None:
        if self._stage is not None and not is_kept:
            STAGE_ROWS.labels(self._job.kind, self._stage).inc(rows)
        self._end("kept" if is_kept else "done", rows)

    def _end(self, outcome: str, rows: int = 0) -> None:
        if self._stage is None or self._span is None:
            return
        seconds = time.perf_counter() - self._began
        STAGE_SECONDS.labels(self._job.kind, self._stage, outcome).observe(seconds)
        self._span.note(rows=rows, outcome=outcome)
        self._span.end("" if outcome in ("done", "kept") else outcome)
        self._stage = self._span = None


def _outcome(end: BaseException) -> str:
    if isinstance(end, Cancelled):
        return "cancelled"
    return "left" if isinstance(end, LEFT) else "failed"
