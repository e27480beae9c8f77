"""A job's log: the same lines under the same cursors while it runs, afterwards, and for ever."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from store import ids
from store.clock import now
from store.errors import BadCursor, Unavailable
from store.events import CaughtUp, Feed, FeedItem, Gap, Heartbeat
from store.joblogs import level_of, line, streams
from store.joblogs.lines import MAX_MESSAGE_BYTES
from store.objects import keys
from store.records.event import Event, EventKind, LogLevel
from store.records.job import Failure, Job, JobKind, new_stages
from store.store import Store

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def no_settling(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "SETTLE_MS", 0)


@pytest.fixture
async def job(store: Store) -> Job:
    """A job that a worker holds."""
    made = Job(
        ids.new(ids.JOB), JobKind.TRAIN, "usr_a", "ds_a", "dsv_a", now(), new_stages(JobKind.TRAIN)
    )
    await store.jobs.submit(made)
    return await store.jobs.claim(made.id, "host:1")


def lines_of(job: Job, count: int, message: str = "line") -> list[Event]:
    """Lines of which no two are equal."""
    return [
        line(job, LogLevel.INFO, f"{message} {n}", BEGAN + timedelta(microseconds=n), "fit")
        for n in range(count)
    ]


async def say(store: Store, job: Job, count: int, message: str = "line") -> None:
    assert await store.job_logs.append(job, lines_of(job, count, message), maybe_there=False)


async def succeed(store: Store, job: Job) -> Job:
    return await store.jobs.succeed(job)


async def let_stream_go(store: Store, job: Job) -> None:
    """As Redis does some minutes after the archiving."""
    assert await store.redis.delete(stream_key(store, job))


def stream_key(store: Store, job: Job) -> str:
    return f"{store.settings.redis_prefix}:events:log:{job.id}"


async def archived(store: Store, job: Job) -> list[dict[str, Any]]:
    """The lines in the object store."""
    packed = await store.objects.get_bytes(keys.job_log(job.id, job.dataset_id))
    return [orjson.loads(each) for each in gzip.decompress(packed).splitlines()]


async def all_of(store: Store, job: Job, after: str | None = None) -> list[FeedItem]:
    """What a follower is told until the log ends."""
    async with asyncio.timeout(60):
        return [item async for item in store.job_logs.follow(job, after)]


async def take(items: AsyncGenerator[FeedItem, None], count: int) -> list[FeedItem]:
    async with asyncio.timeout(60):
        return [await anext(items) for _ in range(count)]


def messages(items: list[FeedItem] | list[Event]) -> list[str]:
    return [item.message if isinstance(item, Event) else type(item).__name__ for item in items]


# -- while it runs --------------------------------------------------------------------------------


async def test_lines_come_live_between_what_the_feed_says_of_the_job(
    store: Store, job: Job
) -> None:
    async with aclosing(store.job_logs.follow(job, None)) as items:
        assert messages(await take(items, 3)) == [
            "train job queued", "attempt 1 on host:1", "CaughtUp",
        ]  # fmt: skip
        said = line(job, LogLevel.WARNING, "thin ice", now(), "fit", {"rows": 7, "none": None})
        await store.job_logs.append(job, [said], maybe_there=False)
        (heard,) = await take(items, 1)
        assert isinstance(heard, Event)
        assert heard == replace(said, cursor=heard.cursor)
        assert (heard.level, heard.attempt, heard.stage) == (LogLevel.WARNING, 1, "fit")
        assert heard.related == {"rows": "7", "worker": "host:1"}
        ended = await store.jobs.fail(job, Failure("BAD", "no good", False))
        rest = [item async for item in items]
    assert messages(rest) == ["no good"]
    assert [level_of(each) for each in rest if isinstance(each, Event)] == [LogLevel.ERROR]
    assert messages(await all_of(store, ended)) == [
        "train job queued", "attempt 1 on host:1", "thin ice", "no good", "CaughtUp",
    ]  # fmt: skip


async def test_lines_are_in_no_other_feed(store: Store, job: Job) -> None:
    other = await store.jobs.submit(replace(job, id=ids.new(ids.JOB), attempt=0))
    await say(store, job, 3)
    for feed in (Feed.everything(), Feed.of(job.id)):
        kinds = {event.kind for event in (await store.events.page(feed, None, 100)).events}
        assert EventKind.LOG_LINE not in kinds
    assert messages((await store.job_logs.page(other, None, 9)).events) == ["train job queued"]


async def test_one_connection_and_one_task_serve_all_followers_of_logs(
    store: Store, job: Job
) -> None:
    tasks = asyncio.all_tasks()
    followers = [store.job_logs.follow(job, None) for _ in range(20)]
    await asyncio.gather(*(take(each, 3) for each in followers))
    assert len(asyncio.all_tasks() - tasks) == 1
    await say(store, job, 1)
    told = await asyncio.gather(*(take(each, 1) for each in followers))
    assert {messages(each)[0] for each in told} == {"line 0"}
    for each in followers:
        await each.aclose()
    assert asyncio.all_tasks() == tasks


async def test_lines_sent_again_are_there_once(store: Store, job: Job) -> None:
    first, second = lines_of(job, 250)[:100], lines_of(job, 250)[100:]
    await store.job_logs.append(job, first, maybe_there=True)
    await store.job_logs.append(job, first, maybe_there=True)
    await store.job_logs.append(job, second, maybe_there=False)
    await store.job_logs.append(job, second, maybe_there=True)
    page = await store.job_logs.page(job, None, 1_000)
    assert messages(page.events)[2:] == [f"line {n}" for n in range(250)]


async def test_a_first_try_after_the_one_that_repeats_it_adds_nothing(
    store: Store, job: Job
) -> None:
    lines = lines_of(job, 90)
    await store.job_logs.append(job, lines[:50], maybe_there=True)
    await store.job_logs.append(job, lines[50:], maybe_there=False)
    await store.job_logs.append(job, lines[:50], maybe_there=False)
    page = await store.job_logs.page(job, None, 1_000)
    assert messages(page.events)[2:] == [f"line {n}" for n in range(90)]


async def test_a_full_log_says_so_once_and_still_tells_the_end(
    store: Store, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("joblogs", "streams"):
        monkeypatch.setattr(f"store.joblogs.{module}.MAX_LINES", 10)
    many = lines_of(job, 30)
    assert not await store.job_logs.append(job, many, maybe_there=False)
    assert not await store.job_logs.append(job, many, maybe_there=True)
    await succeed(store, job)
    told = messages((await store.job_logs.page(job, None, 100)).events)
    assert told[2:] == [
        *(f"line {n}" for n in range(8)), "the log is full: it keeps 10 lines",
        "train job succeeded",
    ]  # fmt: skip


def test_long_and_strange_lines_are_cut(job: Job) -> None:
    long = line(job, LogLevel.INFO, "ü" * 5_000, BEGAN, None, {"value": "x" * 500})
    assert len(long.message.encode()) <= MAX_MESSAGE_BYTES
    assert long.message.endswith("ü…")
    assert long.related["value"] == "x" * 200
    assert line(job, LogLevel.INFO, "\ud800!", BEGAN).message == "?!"
    many = line(job, LogLevel.INFO, "", BEGAN, None, {f"f{n}": n for n in range(50)})
    assert len(many.related) == 21


# -- pages ----------------------------------------------------------------------------------------


async def test_pages_go_through_a_log_and_may_leave_lines_out(store: Store, job: Job) -> None:
    await say(store, job, 1_200)
    warning = line(job, LogLevel.WARNING, "thin ice", BEGAN + timedelta(days=1), "cluster")
    await store.job_logs.append(job, [warning], maybe_there=False)
    seen: list[str] = []
    after, has_next = None, True
    while has_next:
        page = await store.job_logs.page(job, after, 100)
        seen, after, has_next = seen + messages(page.events), page.cursor, page.has_next
        assert len(page.events) == 100 or not has_next
    assert seen[2:] == [*(f"line {n}" for n in range(1_200)), "thin ice"]

    def matters(event: Event) -> bool:
        return level_of(event) is LogLevel.WARNING

    page = await store.job_logs.page(job, None, 5, matters)
    assert (messages(page.events), page.has_next) == (["thin ice"], False)
    page = await store.job_logs.page(job, None, 2, lambda event: event.stage == "fit")
    assert (messages(page.events), page.has_next) == (["line 0", "line 1"], True)
    page = await store.job_logs.page(job, page.cursor, 1, lambda event: event.stage == "fit")
    assert messages(page.events) == ["line 2"]


async def test_a_malformed_cursor_is_refused(store: Store, job: Job) -> None:
    with pytest.raises(BadCursor):
        await store.job_logs.page(job, "x", 1)
    with pytest.raises(BadCursor):
        await anext(store.job_logs.follow(job, "x"))


# -- afterwards -----------------------------------------------------------------------------------


async def nothing(store: Store, job: Job) -> None:
    """The log is as the job's end left it."""


async def archive(store: Store, job: Job) -> None:
    assert await store.job_logs.sweep() == 1
    assert await store.redis.ttl(stream_key(store, job)) > 0


async def archive_and_let_go(store: Store, job: Job) -> None:
    await archive(store, job)
    await let_stream_go(store, job)


@pytest.mark.parametrize("move", [nothing, archive, archive_and_let_go])
async def test_an_ended_log_reads_the_same_wherever_it_is(
    store: Store, job: Job, move: Callable[[Store, Job], Any]
) -> None:
    async with aclosing(store.job_logs.follow(job, None)) as items:
        await say(store, job, 20)
        live = await take(items, 23)
        ended = await succeed(store, job)
        live += [item async for item in items]
    lines = [item for item in live if isinstance(item, Event)]
    assert len(lines) == 23
    await move(store, job)
    for held in (ended, job):  # whoever looked the job up before its end finds the same
        page = await store.job_logs.page(held, None, 100)
        assert (page.events, page.has_next, page.gap) == (lines, False, None)
        assert page.cursor == lines[-1].cursor
        page = await store.job_logs.page(held, None, 22)
        assert (page.events, page.has_next) == (lines[:22], True)
        for number in (0, 7, 21, 22):
            after = lines[number].cursor
            page = await store.job_logs.page(held, after, 100)
            assert (page.events, page.gap) == (lines[number + 1 :], None)
            told = await all_of(store, held, after)
            assert told == [*lines[number + 1 :], CaughtUp(lines[-1].cursor)]
        assert await all_of(store, held) == [*lines, CaughtUp(lines[-1].cursor)]


@pytest.mark.parametrize("move", [nothing, archive, archive_and_let_go])
async def test_a_cursor_of_another_log_is_a_gap(
    store: Store, job: Job, move: Callable[[Store, Job], Any]
) -> None:
    ended = await succeed(store, job)
    await move(store, job)
    lines = (await store.job_logs.page(ended, None, 9)).events
    assert (await store.job_logs.page(ended, "5-0", 9)).gap is not None
    told = await all_of(store, ended, "5-0")
    assert told[1:] == [*lines, CaughtUp(lines[-1].cursor)]
    assert isinstance(told[0], Gap)
    assert await all_of(store, ended, told[0].to_cursor) == told[1:]


async def test_a_stream_that_goes_while_it_is_read_is_read_on_from_the_archive(
    store: Store, job: Job
) -> None:
    await say(store, job, 1_500)
    items = store.job_logs.follow(job, None)
    seen = await take(items, 3)
    await succeed(store, job)
    await archive_and_let_go(store, job)
    seen += [item async for item in items]
    assert messages(seen) == [
        "train job queued", "attempt 1 on host:1", *(f"line {n}" for n in range(1_500)),
        "train job succeeded", "CaughtUp",
    ]  # fmt: skip


async def test_a_closed_log_takes_no_line(store: Store, job: Job) -> None:
    await succeed(store, job)
    await archive(store, job)
    assert not await store.job_logs.append(job, lines_of(job, 3), maybe_there=False)
    with pytest.raises(Exception, match="no longer holds"):
        await store.jobs.stage_started(job, "fit")
    await let_stream_go(store, job)
    assert not await store.redis.exists(stream_key(store, job))
    assert len(await archived(store, job)) == 3


async def test_logs_of_jobs_that_run_stay(store: Store, job: Job) -> None:
    await say(store, job, 1)
    assert await store.job_logs.sweep() == 0
    assert await store.redis.ttl(stream_key(store, job)) == -1


async def test_a_log_settles_before_it_is_closed(
    store: Store, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "SETTLE_MS", 60_000)
    await succeed(store, job)
    assert await store.job_logs.sweep() == 0
    await say(store, job, 1, "last words")
    monkeypatch.setattr(streams, "SETTLE_MS", 0)
    assert await store.job_logs.sweep() == 1
    assert [each["message"] for each in await archived(store, job)][2:] == [
        "train job succeeded", "last words 0",
    ]  # fmt: skip


# -- deaths and losses ----------------------------------------------------------------------------


async def test_an_archiver_that_dies_anywhere_leaves_the_rest_to_the_next(
    store: Store, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    await say(store, job, 5)
    await succeed(store, job)
    for owner, step in ((store.objects, "put_bytes"), (store.job_logs._streams, "let_go")):
        with monkeypatch.context() as patch:
            patch.setattr(owner, step, died)
            with pytest.raises(Unavailable):
                await store.job_logs.sweep()
    written = await store.objects.get_bytes(keys.job_log(job.id, job.dataset_id))
    assert await store.job_logs.sweep() == 1
    assert await store.objects.get_bytes(keys.job_log(job.id, job.dataset_id)) == written
    assert len(await archived(store, job)) == 8
    assert await store.job_logs.sweep() == 0


async def died(*arguments: object) -> None:
    raise Unavailable("objects", "the worker is gone")


async def test_many_archivers_at_once_make_one_archive(store: Store, job: Job) -> None:
    await say(store, job, 50)
    await succeed(store, job)
    await asyncio.gather(*(store.job_logs.sweep() for _ in range(5)))
    assert len(await archived(store, job)) == 53


async def test_an_archive_is_not_replaced_by_what_a_lost_redis_still_knows(
    store: Store, job: Job
) -> None:
    """The sweeper tells ends again that Redis lost, and a log with them."""
    await say(store, job, 5)
    ended = await succeed(store, job)
    await archive(store, job)
    await lose_everything(store)
    await store.events.append_if_missing(ended.news[-1])
    assert await store.job_logs.sweep() == 1
    assert len(await archived(store, job)) == 8
    assert len((await store.job_logs.page(ended, None, 100)).events) == 8


async def test_a_running_log_that_was_lost_goes_on_behind_a_gap(store: Store, job: Job) -> None:
    await say(store, job, 5)
    async with aclosing(store.job_logs.follow(job, None)) as items:
        seen = await take(items, 8)
        await lose_everything(store)
        await say(store, job, 2, "later")
        told = await take(items, 3)
    assert messages(told) == ["Gap", "later 0", "later 1"]
    assert isinstance(told[0], Gap) and isinstance(seen[-2], Event)
    assert told[0].from_cursor == seen[-2].cursor
    page = await store.job_logs.page(job, None, 9)
    assert (messages(page.events), page.gap is not None) == (["later 0", "later 1"], True)


async def test_an_ended_log_that_is_nowhere_is_a_gap_and_ends(store: Store, job: Job) -> None:
    ended = await succeed(store, job)
    await lose_everything(store)
    assert messages(await all_of(store, ended)) == ["Gap", "CaughtUp"]
    assert (await store.job_logs.page(ended, None, 9)).gap is not None


async def test_a_follower_of_a_job_whose_end_was_lost_is_not_kept_waiting(
    store: Store, job: Job
) -> None:
    store.settings.__dict__["feed_heartbeat_s"] = 0.05
    async with aclosing(store.job_logs.follow(job, None)) as items:
        await take(items, 4)
        await store.mongo.jobs.amend(job.id, lambda kept: kept.succeeded(job.attempt, now()))
        rest = [item async for item in items]
    assert all(isinstance(item, Heartbeat) for item in rest)


async def test_a_job_whose_record_is_gone_takes_its_log_along(store: Store, job: Job) -> None:
    await succeed(store, job)
    await store.mongo.jobs.delete(job.id)
    assert await store.job_logs.sweep() == 1
    assert await store.objects.stat(keys.job_log(job.id, job.dataset_id)) is None
    assert await store.redis.ttl(stream_key(store, job)) > 0


async def lose_everything(store: Store) -> None:
    async for key in store.redis.scan_iter(f"{store.settings.redis_prefix}:events:*"):
        await store.redis.delete(key)


def test_a_log_goes_with_the_data_set_that_its_job_read() -> None:
    assert keys.job_log("job_a", "ds_a").startswith(keys.of_dataset("ds_a")[0])
    assert keys.job_log("job_a", "") == "logs/job_a.jsonl.gz"
