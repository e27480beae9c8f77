"""What an attempt says in its job's log: lines gathered a moment, then kept together."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog

from store.clock import now
from store.errors import Unavailable
from store.joblogs import JobLogs, line
from store.records.dataset import Problem
from store.records.event import Event, LogLevel
from store.records.job import Job
from store.records.stage import Stage

INTERVAL_S = 0.2
BATCH = 100
MAX_BUFFER = 1_000
MAX_PROBLEMS = 5
RETRY_S = 0.2
TICK = timedelta(microseconds=1)
log = structlog.get_logger()


class JobLog:
    """A bounded buffer before a job's log, for one attempt: it never keeps the work waiting.

    Each line is a microsecond later than the one before, at least. So no two are equal, and lines
    whose way to Redis is uncertain are sent again without being there twice.
    """

    def __init__(self, logs: JobLogs, job: Job) -> None:
        self.stage: str | None = None
        """The stage that lines belong to from now on."""
        self._logs, self._job = logs, job
        self._buffer: deque[Event] = deque()
        self._batch: list[Event] = []
        self._is_unsure = self._is_full = False
        self._dropped = 0
        self._last_at = datetime.min.replace(tzinfo=UTC)
        self._some, self._many = asyncio.Event(), asyncio.Event()
        self._flushing = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None

    def info(self, message: str, /, **fields: object) -> None:
        self.add(LogLevel.INFO, message, fields)

    def warning(self, message: str, /, **fields: object) -> None:
        self.add(LogLevel.WARNING, message, fields)

    def error(self, message: str, /, **fields: object) -> None:
        self.add(LogLevel.ERROR, message, fields)

    def stage_done(self, stage: Stage) -> None:
        """What came out of a stage, and what it took."""
        began, ended, speed = stage.started_at, stage.ended_at, stage.rows_per_s(now())
        took = {
            "seconds": f"{(ended - began).total_seconds():.2f}" if began and ended else None,
            "rows_per_s": f"{speed:.0f}" if speed else None,
            "peak_bytes": stage.peak_bytes or None,
        }
        summary = stage.summary or "done"
        self.info(f"{stage.name}: {summary}", rows=stage.done, **({} if stage.is_kept else took))

    def problems(self, problems: Sequence[Problem], count: int) -> None:
        """The first few of so many that were found in the data."""
        for found in problems[:MAX_PROBLEMS]:
            place = f"line {found.line}: " if found.line else ""
            self.warning(
                f"{place}{found.reason} {found.fix}",
                code=found.code, column=found.column, value=found.value,
            )  # fmt: skip
        if count > MAX_PROBLEMS:
            self.warning(f"{count - MAX_PROBLEMS:,} more problems", count=count)

    def heard(self, record: Mapping[str, Any]) -> None:
        """A record that the child logged, as `workers.children.childlog` sends it."""
        at = datetime.fromtimestamp(record["at"], UTC)
        self.add(LogLevel(record["level"]), record["message"], record["fields"], at)

    def add(
        self, level: LogLevel, message: str, fields: Mapping[str, object],
        at: datetime | None = None,
    ) -> None:  # fmt: skip
        """A line for the next batch; one too many is counted and dropped."""
        if self._is_full:
            return
        if len(self._buffer) >= MAX_BUFFER:
            self._dropped += 1
            return
        self._own_up()
        self._put(level, message, fields, at or now())

    async def flush(self) -> None:
        """Keep all that was said so far. Raises Unavailable; a later flush goes on from there."""
        async with self._flushing:
            while batch := self._next_batch():
                is_unsure, self._is_unsure = self._is_unsure, True
                has_room = await self._logs.append(self._job, batch, maybe_there=is_unsure)
                self._batch, self._is_unsure = [], False
                if not has_room:
                    self._is_full = True
                    self._buffer.clear()
            self._some.clear()
            self._many.clear()

    async def finish(self, patience_s: float) -> None:
        """Flush before what may be the job's end, or give up after a while."""
        deadline = time.monotonic() + patience_s
        while True:
            try:
                return await self.flush()
            except Unavailable as fault:
                if time.monotonic() > deadline:
                    log.warning("lines of the job's log are lost", reason=str(fault))
                    self._batch, self._is_unsure = [], False
                    return self._buffer.clear()
            await asyncio.sleep(RETRY_S)

    async def __aenter__(self) -> JobLog:
        self._task = asyncio.create_task(self._flush_often(), name="job-log")
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._task is not None
        self._task.cancel()
        await asyncio.wait([self._task])
        await self.finish(patience_s=0)

    async def _flush_often(self) -> None:
        while True:
            await self._some.wait()
            with suppress(TimeoutError):
                async with asyncio.timeout(INTERVAL_S):
                    await self._many.wait()
            try:
                await self.flush()
            except Unavailable as fault:
                log.debug("lines wait for redis", reason=str(fault))
                await asyncio.sleep(RETRY_S)

    def _next_batch(self) -> list[Event]:
        """The batch that is under way, else a new one; empty when all is said."""
        if not self._batch:
            if not self._buffer:
                self._own_up()
            self._batch = [self._buffer.popleft() for _ in range(min(BATCH, len(self._buffer)))]
        return self._batch

    def _own_up(self) -> None:
        """Say in its place that lines are missing."""
        if self._dropped:
            told, self._dropped = f"lines dropped, they came too fast: {self._dropped:,}", 0
            self._put(LogLevel.WARNING, told, {}, now())

    def _put(
        self, level: LogLevel, message: str, fields: Mapping[str, object], at: datetime
    ) -> None:
        self._last_at = max(at, self._last_at + TICK)
        self._buffer.append(line(self._job, level, message, self._last_at, self.stage, fields))
        self._some.set()
        if len(self._buffer) >= BATCH:
            self._many.set()
