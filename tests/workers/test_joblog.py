"""Lines on their way into a job's log: gathered, bounded, kept once through any outage."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from store import ids
from store.clock import now
from store.datasets.datasets import Row
from store.errors import Unavailable
from store.joblogs import JobLogs, level_of
from store.records.dataset import Problem
from store.records.event import Event, EventKind, LogLevel
from store.records.job import STAGES, Job, JobKind, new_stages
from store.store import Store
from tests.workers.conftest import FAST, OWNER, ingested, trained
from workers.attempts import joblog
from workers.attempts.attempt import Attempt
from workers.attempts.joblog import BATCH, MAX_BUFFER, JobLog
from workers.children.childlog import MAX_TRACEBACK, WireHandler, to_message
from workers.children.isolation import StageFault
from workers.pipeline import notes
from workers.pipeline_worker import PipelineWorker


@pytest.fixture
async def job(store: Store) -> Job:
    made = Job(
        ids.new(ids.JOB), JobKind.TRAIN, "usr_a", "ds_a", "dsv_a", now(), new_stages(JobKind.TRAIN)
    )
    await store.jobs.submit(made)
    return await store.jobs.claim(made.id, "host:1")


async def said(store: Store, job: Job) -> list[Event]:
    """The log without what the feed says of the job."""
    return (await store.job_logs.page(job, None, 5_000)).events[2:]


async def messages(store: Store, job: Job) -> list[str]:
    return [event.message for event in await said(store, job)]


class Faulty(JobLogs):
    """Lines that get there, though the answer does not come back; or lines that do not."""

    def __init__(self, inner: JobLogs, faults: list[str]) -> None:
        self._inner, self._faults = inner, faults

    async def append(self, job: Job, lines: Sequence[Event], *, maybe_there: bool) -> bool:
        fault = self._faults.pop(0) if self._faults else ""
        if fault == "lost":
            raise Unavailable("redis", "the request was lost")
        has_room = await self._inner.append(job, lines, maybe_there=maybe_there)
        if fault == "unanswered":
            raise Unavailable("redis", "the answer was lost")
        return has_room


async def test_lines_are_kept_soon_and_in_order(store: Store, job: Job) -> None:
    async with JobLog(store.job_logs, job) as log:
        log.stage = "fit"
        log.info("first", rows=3, nothing=None)
        log.warning("second")
        log.error("third")
        async with asyncio.timeout(60):
            while len(await said(store, job)) < 3:
                await asyncio.sleep(0.02)
        log.info("last")
    lines = await said(store, job)
    assert [line.message for line in lines] == ["first", "second", "third", "last"]
    assert [level_of(line) for line in lines] == ["INFO", "WARNING", "ERROR", "INFO"]
    assert {(line.stage, line.attempt) for line in lines} == {("fit", 1)}
    assert lines[0].related == {"rows": "3", "worker": "host:1"}
    times = [line.at for line in lines]
    assert times == sorted(set(times))


async def test_no_task_is_left_behind(store: Store, job: Job) -> None:
    tasks = asyncio.all_tasks()
    async with JobLog(store.job_logs, job):
        assert len(asyncio.all_tasks() - tasks) == 1
    assert asyncio.all_tasks() == tasks


@pytest.mark.parametrize("faults", [["unanswered"], ["lost"], ["unanswered", "lost", "unanswered"]])
async def test_lines_whose_fate_is_uncertain_are_there_once(
    store: Store, job: Job, faults: list[str]
) -> None:
    log = JobLog(Faulty(store.job_logs, faults), job)
    for number in range(BATCH + 20):
        log.info(f"line {number}")
    await log.finish(patience_s=10)
    log.info("later")
    await log.finish(patience_s=10)
    assert await messages(store, job) == [*(f"line {n}" for n in range(BATCH + 20)), "later"]
    assert faults == []


async def test_a_flush_that_is_cancelled_anywhere_doubles_nothing(store: Store, job: Job) -> None:
    log = JobLog(store.job_logs, job)
    for number in range(60):
        log.info(f"line {number}")
        flushing = asyncio.create_task(log.flush())
        for _ in range(number % 12):
            await asyncio.sleep(0)
        flushing.cancel()
        await asyncio.wait([flushing])
    await log.flush()
    assert await messages(store, job) == [f"line {n}" for n in range(60)]


async def test_too_many_lines_are_counted_where_they_are_missing(store: Store, job: Job) -> None:
    log = JobLog(store.job_logs, job)
    for number in range(MAX_BUFFER + 7):
        log.info(f"line {number}")
    await log.flush()
    log.info("later")
    await log.flush()
    assert await messages(store, job) == [
        *(f"line {n}" for n in range(MAX_BUFFER)), "lines dropped, they came too fast: 7", "later",
    ]  # fmt: skip


async def test_a_full_log_is_written_to_no_more(
    store: Store, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.joblogs.streams.MAX_LINES", 12)
    log = JobLog(store.job_logs, job)
    for number in range(300):
        log.info(f"line {number}")
    await log.flush()
    log.info("later")
    await log.flush()
    told = await messages(store, job)
    assert told == [*(f"line {n}" for n in range(10)), "the log is full: it keeps 20,000 lines"]


async def test_lines_that_cannot_be_kept_do_not_hold_the_attempt_up(store: Store, job: Job) -> None:
    log = JobLog(Faulty(store.job_logs, ["lost"] * 1_000), job)
    log.info("never")
    await log.finish(patience_s=0)
    assert await said(store, job) == []


async def test_problems_are_told_by_their_first_few(store: Store, job: Job) -> None:
    log = JobLog(store.job_logs, job)
    found = [Problem("EMPTY_TEXT", "No text.", "Drop it.", line=n) for n in range(1, 10)]
    log.problems(found, 1_200)
    await log.flush()
    lines = await said(store, job)
    assert lines[0].message == "line 1: No text. Drop it."
    assert lines[0].related["code"] == "EMPTY_TEXT"
    assert [line.message for line in lines][-1] == "1,195 more problems"
    assert len(lines) == joblog.MAX_PROBLEMS + 1


# -- what the child says --------------------------------------------------------------------------


@pytest.fixture
def heard() -> Any:
    """Messages of a logger that sends them as the child does."""
    sent: list[dict[str, Any]] = []
    handler = WireHandler(lambda message: sent.append(message["log"]))
    logger = logging.getLogger("workers.pipeline")
    logger.addHandler(handler)
    level = logger.level
    logger.setLevel(logging.INFO)
    yield sent
    logger.setLevel(level)
    logger.removeHandler(handler)


def test_a_note_is_a_message_with_its_figures(heard: list[dict[str, Any]]) -> None:
    notes.note("chosen", c=0.123456, rows=5, none=None)
    notes.warn("careful")
    assert [(m["level"], m["message"], m["fields"]) for m in heard] == [
        ("INFO", "chosen", {"c": "0.1235", "rows": "5"}), ("WARNING", "careful", {}),
    ]  # fmt: skip
    assert abs(heard[0]["at"] - datetime.now(UTC).timestamp()) < 60


def test_a_traceback_keeps_its_end() -> None:
    try:
        raise ValueError("x" * 5_000 + " the end")
    except ValueError:
        record = logging.LogRecord("lib", logging.CRITICAL, "", 1, "broke", None, sys.exc_info())
    message = to_message(record)
    assert (message["level"], message["fields"]) == ("ERROR", {"logger": "lib"})
    assert message["message"].startswith("broke\n")
    assert message["message"].endswith("the end")
    assert len(message["message"]) == len("broke\n") + MAX_TRACEBACK


async def test_what_the_child_said_is_a_line_of_its_time(store: Store, job: Job) -> None:
    log = JobLog(store.job_logs, job)
    log.heard({"at": 1_000.5, "level": "WARNING", "message": "so", "fields": {"at": "x"}})
    log.heard({"at": 1_000.5, "level": "INFO", "message": "so", "fields": {}})
    await log.flush()
    first, second = await said(store, job)
    assert first.at == datetime.fromtimestamp(1_000.5, UTC) < second.at
    assert (first.level, first.related["at"]) == (LogLevel.WARNING, "x")


# -- a whole job ----------------------------------------------------------------------------------


async def test_a_training_tells_what_each_stage_found_and_took(
    store: Store, worker: PipelineWorker
) -> None:
    job = await trained(store, worker)
    lines = (await store.job_logs.page(job, None, 200)).events
    assert lines[0].kind is EventKind.JOB_QUEUED
    ends = [n for n, line in enumerate(lines) if line.kind is EventKind.JOB_SUCCEEDED]
    lines = lines[: ends[0]]
    for name in STAGES[JobKind.TRAIN]:
        own = [line for line in lines if line.stage == name]
        assert own[0].message == f"{name} started"
        assert own[-1].message.startswith(f"{name}: ")
        assert {"rows", "seconds", "peak_bytes", "worker"} <= set(own[-1].related)
    told = {line.stage: line.message for line in lines if "loss_at_1" in line.related}
    assert set(told) == {"fit"}
    assert "4 classes of 40 to 40 rows" in [line.message for line in lines]


async def test_an_attempt_that_fails_says_why_and_when_it_is_tried_again(
    store: Store, worker: PipelineWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = await ingested(store, worker)
    job = await store.models.start_training(OWNER, version.id, FAST, "again")

    async def break_down(self: Attempt, *arguments: Any) -> Any:
        self.child.kill()
        raise StageFault("STAGE_FAILED", "no such luck")

    with monkeypatch.context() as patch:
        patch.setattr(Attempt, "call", break_down)
        await worker.run_job({}, job.id)
    lines = (await store.job_logs.page(job, None, 200)).events
    last, retried = lines[-2:]
    assert last.message.startswith("tried again in ") and last.message.endswith(": no such luck")
    assert (level_of(last), last.stage, last.related["code"]) == (
        LogLevel.WARNING, "clean", "STAGE_FAILED",
    )  # fmt: skip
    assert (retried.kind, level_of(retried)) == (EventKind.JOB_RETRIED, LogLevel.WARNING)


async def test_problems_of_a_file_are_lines_of_its_ingest(
    store: Store, worker: PipelineWorker
) -> None:
    rows = [Row(text=f"text {n}" if n % 2 else " ", label="a") for n in range(40)]
    made = await store.datasets.create_from_rows(OWNER, "holes", rows=rows)
    await worker.run_job({}, made.job.id)
    lines = (await store.job_logs.page(made.job, None, 200)).events
    problems = [line for line in lines if line.related.get("code") == "EMPTY_TEXT"]
    assert len(problems) == joblog.MAX_PROBLEMS
    assert "15 more problems" in [line.message for line in lines]
