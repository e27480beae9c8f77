"""A stage's progress, told often enough to watch and seldom enough to cost nothing."""

from __future__ import annotations

import time

import structlog

from store.errors import Unavailable
from store.jobs import Jobs
from store.records.job import Job

EVENT_INTERVAL_S = 0.2
RECORD_INTERVAL_S = 1.0
log = structlog.get_logger()


class Reporter:
    """Coalesces progress: at most 5 events and 1 write to the record a second, none told twice."""

    def __init__(self, jobs: Jobs, job: Job, stage: str) -> None:
        self._jobs, self._job, self._stage = jobs, job, stage
        self._told_at = self._recorded_at = 0.0
        self._told = (-1, -1)

    async def progress(self, done: int, total: int) -> None:
        now = time.monotonic()
        is_soon = now - self._told_at < EVENT_INTERVAL_S and done < total
        if is_soon or self._told == (done, total):
            return
        persist = now - self._recorded_at >= RECORD_INTERVAL_S
        self._told_at, self._told = now, (done, total)
        if persist:
            self._recorded_at = now
        try:
            await self._jobs.stage_progressed(self._job, self._stage, done, total, persist=persist)
        except Unavailable as fault:  # work goes on; its lease says for how long
            log.debug("progress not told", job=self._job.id, reason=str(fault))
