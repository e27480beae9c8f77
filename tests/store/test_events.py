"""The feed's promises, against a real Valkey: nothing lost, nothing doubled, gaps told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from redis.asyncio import Redis

from shoal.ports import free_port
from shoal.services import start_valkey
from store.clock import now
from store.errors import BadCursor, Unavailable
from store.events import ENDS, CaughtUp, Events, Feed, FeedItem, Gap, Heartbeat
from store.events.cursor import Cursor
from store.events.inbox import CAPACITY, Inbox
from store.records.event import Event, EventKind, Topic
from store.redis.connection import open_redis
from store.settings import Settings
from tests.conftest import make_settings

FOLLOWERS = 50


@pytest.fixture
async def redis(settings: Settings) -> AsyncIterator[Redis]:
    client = open_redis(settings)
    yield client
    await client.aclose()


@pytest.fixture
async def events(settings: Settings, redis: Redis) -> AsyncIterator[Events]:
    opened = Events(settings=settings, redis=redis)
    yield opened
    await opened.close()


def job_event(subject_id: str = "job_a", done: int = 0) -> Event:
    """The first one of a job is that it was queued: without it history would begin with a gap."""
    kind = EventKind.STAGE_PROGRESSED if done else EventKind.JOB_QUEUED
    return Event(Topic.JOB, kind, subject_id, "usr_a", now(), stage="embed", done=done)


def prediction_event(done: int = 0) -> Event:
    return Event(Topic.PREDICTION, EventKind.PREDICTION_MADE, "mdl_a", "usr_a", now(), done=done)


async def append_many(events: Events, count: int, subject_id: str = "job_a") -> list[Event]:
    return [await events.append(job_event(subject_id, done)) for done in range(count)]


async def take(feed: AsyncGenerator[FeedItem, None], count: int) -> list[FeedItem]:
    async with asyncio.timeout(60):
        return [await anext(feed) for _ in range(count)]


async def connections(redis: Redis) -> int:
    return len(await redis.client_list())


async def until_connections(redis: Redis, count: int) -> None:
    """Valkey notices a closed socket a moment after it was closed here."""
    async with asyncio.timeout(60):
        while await connections(redis) > count:
            await asyncio.sleep(0.01)


# -- append and page ------------------------------------------------------------------------------


async def test_an_event_reads_back_as_it_was_appended(events: Events) -> None:
    event = replace(
        job_event(done=0), message="half", total=9, attempt=2, related={"model": "mdl_a"}
    )
    appended = await events.append(event)
    assert appended == replace(event, cursor=appended.cursor)
    assert (await events.page(Feed.of("job_a"), None, 10)).events == [appended]
    assert (await events.page(Feed.everything(), None, 10)).events == [appended]


async def test_pages_go_on_from_a_cursor_and_feeds_are_apart(events: Events) -> None:
    mine = await append_many(events, 3, "job_a")
    other = await append_many(events, 2, "job_b")
    made = await events.append(prediction_event())
    first = await events.page(Feed.everything(), None, 4)
    rest = await events.page(Feed.everything(), first.events[-1].cursor, 4)
    assert (first.events, first.has_next, first.gap) == ([*mine, other[0]], True, None)
    assert (rest.events, rest.has_next, rest.gap) == ([other[1]], False, None)
    assert (await events.page(Feed.of("job_b"), mine[0].cursor, 9)).events == other
    assert (await events.page(Feed.predictions(), None, 9)).events == [made]
    assert (await events.page(Feed.of("mdl_a"), None, 9)).events == []


@pytest.mark.parametrize(
    "text", ["x", "1", "1-", "-1", "1-1-1", " 1-1", "1-1\n", "٣-1", f"{2**64}-0", "9" * 30 + "-1"]
)
async def test_a_malformed_cursor_is_refused(events: Events, text: str) -> None:
    with pytest.raises(BadCursor):
        await events.page(Feed.everything(), text, 10)
    with pytest.raises(BadCursor):
        await anext(events.follow(Feed.everything(), text))


async def test_an_append_that_is_tried_again_appends_once(events: Events) -> None:
    event = job_event()
    first = await events._streams.append(event, maybe_there=True)
    again = await events._streams.append(event, maybe_there=True)
    assert first == again
    assert len((await events.page(Feed.everything(), None, 9)).events) == 1
    assert len((await events.page(Feed.of("job_a"), None, 9)).events) == 1


async def test_an_event_is_found_again_however_much_came_after_it(events: Events) -> None:
    told = job_event()
    first = await events.append(told)
    await asyncio.gather(*(events.append(job_event(done=n)) for n in range(1, 1_200)))
    assert await events.append_if_missing(told) == first


@pytest.mark.parametrize(
    ("last", "attempt", "is_late"),
    [
        (EventKind.JOB_STARTED, 1, False),
        (EventKind.STAGE_STARTED, 1, False),
        (EventKind.JOB_RETRIED, 1, False),
        *((each, 2, True) for each in (EventKind.JOB_RETRIED, *ENDS)),
        (EventKind.STAGE_STARTED, 2, False),
        (EventKind.JOB_STARTED, 3, True),
        (EventKind.STAGE_PROGRESSED, 3, True),
    ],
)
async def test_progress_of_an_attempt_that_was_given_up_is_let_go(
    events: Events, last: EventKind, attempt: int, *, is_late: bool
) -> None:
    progress = replace(job_event(done=5), attempt=2)
    before = await events.append(replace(job_event(), kind=last, attempt=attempt))
    told = await events.append(progress)
    page = await events.page(Feed.of("job_a"), None, 9)
    assert page.events == ([before] if is_late else [before, told])
    assert page.events[-1].cursor == told.cursor


async def test_an_event_of_a_newer_version_is_passed_over(
    events: Events, redis: Redis, settings: Settings
) -> None:
    known = await events.append(job_event())
    await redis.xadd(f"{settings.redis_prefix}:events:all", {"e": '{"kind": "FROM_TOMORROW"}'})
    after = await events.append(job_event(done=1))
    assert (await events.page(Feed.everything(), None, 9)).events == [known, after]
    await redis.xadd(f"{settings.redis_prefix}:events:all", {"e": '{"kind": "FROM_TOMORROW"}'})
    page = await events.page(Feed.everything(), after.cursor, 9)
    assert (page.events, page.has_next, page.cursor > after.cursor) == ([], False, True)


# -- follow ---------------------------------------------------------------------------------------


async def test_following_a_subject_tells_its_past_then_what_happens(events: Events) -> None:
    past = await append_many(events, 3)
    await append_many(events, 1, "job_b")
    async with aclosing(events.follow(Feed.of("job_a"))) as feed:
        assert await take(feed, 4) == [*past, CaughtUp(past[-1].cursor)]
        live = await append_many(events, 2)
        assert await take(feed, 2) == live
    async with aclosing(events.follow(Feed.of("job_a"), past[1].cursor)) as feed:
        assert await take(feed, 4) == [past[2], *live, CaughtUp(live[-1].cursor)]


async def test_a_shared_feed_without_a_cursor_begins_now(events: Events) -> None:
    past = await append_many(events, 3)
    async with aclosing(events.follow(Feed.everything())) as feed:
        assert await take(feed, 1) == [CaughtUp(past[-1].cursor)]
        live = await append_many(events, 1, "job_b")
        assert await take(feed, 1) == live


async def test_predictions_come_to_their_own_feed_alone(events: Events, redis: Redis) -> None:
    async with (
        aclosing(events.follow(Feed.predictions())) as predictions,
        aclosing(events.follow(Feed.of("mdl_a"))) as model,
        aclosing(events.follow(Feed.everything())) as everything,
    ):
        for feed in (predictions, model, everything):
            assert await take(feed, 1) == [CaughtUp("0-0")]
        async with redis.pipeline(transaction=False) as pipeline:
            events.put_prediction(pipeline, prediction_event(1))
            await pipeline.execute()
        made = await events.append(prediction_event(2))
        change = await events.append(
            Event(Topic.MODEL, EventKind.MODEL_PUBLISHED, "mdl_a", "usr_a", now())
        )
        told = await take(predictions, 2)
        assert [item.done for item in told if isinstance(item, Event)] == [1, 2]
        assert told[1] == made
        assert await take(model, 1) == [change]
        assert await take(everything, 1) == [change]


async def test_fifty_followers_lose_and_double_nothing_while_events_come(events: Events) -> None:
    """Each begins at another moment and place while two writers append."""
    first = await append_many(events, 20)

    async def collect(number: int) -> list[str]:
        await asyncio.sleep(number * 0.004)
        cursors: list[str] = []
        async with aclosing(events.follow(Feed.everything(), first[number % 20].cursor)) as feed:
            async for item in feed:
                if isinstance(item, Event):
                    cursors.append(item.cursor)
                    if item.subject_id == "job_last":
                        return cursors
        raise AssertionError("the feed ended")

    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        followers = [group.create_task(collect(number)) for number in range(FOLLOWERS)]
        writers = [
            group.create_task(append_many(events, 200, subject)) for subject in ("job_b", "job_c")
        ]
        await asyncio.gather(*writers)
        await events.append(job_event("job_last"))
    every = [e.cursor for e in (await events.page(Feed.everything(), None, 1_000)).events]
    assert len(every) == 421
    for number, follower in enumerate(followers):
        assert follower.result() == every[number % 20 + 1 :]


async def test_a_slow_follower_falls_back_to_the_stream(events: Events) -> None:
    async with aclosing(events.follow(Feed.everything())) as feed:
        assert await take(feed, 1) == [CaughtUp("0-0")]
        appended = [
            event
            for _ in range(5)
            for event in await asyncio.gather(
                *(events.append(job_event(done=n)) for n in range(CAPACITY // 4))
            )
        ]
        appended.sort(key=lambda event: tuple(map(int, event.cursor.split("-"))))
        assert await take(feed, len(appended)) == appended
        live = await append_many(events, 1)
        assert await take(feed, 1) == live


async def test_silence_is_a_heartbeat(settings: Settings, redis: Redis) -> None:
    events = Events(settings=settings.model_copy(update={"feed_heartbeat_s": 0.05}), redis=redis)
    async with aclosing(events.follow(Feed.everything())) as feed:
        assert await take(feed, 1) == [CaughtUp("0-0")]
        beat, again = await take(feed, 2)
        assert isinstance(beat, Heartbeat) and isinstance(again, Heartbeat)
        assert (beat.cursor, beat.at < again.at) == ("0-0", True)


async def test_an_inbox_tells_silence_only_after_silence() -> None:
    """One timer serves many waits: it is not set anew for each."""
    inbox = Inbox()
    inbox.collect()
    loop = asyncio.get_running_loop()
    for number in range(3):
        loop.call_later(0.2, inbox.put, [job_event(done=number)])
        assert [event.done for event in await inbox.take(0.5)] == [number]
    began = loop.time()
    with pytest.raises(TimeoutError):
        await inbox.take(0.5)
    assert loop.time() - began >= 0.5
    inbox.close()


async def test_an_inbox_that_overflows_keeps_nothing_and_says_so() -> None:
    inbox, some = Inbox(), [job_event(done=n) for n in range(CAPACITY - 1)]
    inbox.collect()
    inbox.put(some)
    inbox.put(some[:1])
    assert (len(await inbox.take(1)), inbox.is_behind) == (CAPACITY, False)
    inbox.put(some)
    inbox.put(some[:2])
    assert (await inbox.take(1), inbox.is_behind) == ([], True)
    inbox.put(some)
    inbox.collect()
    inbox.put(some[:1])
    assert await inbox.take(1) == some[:1]
    inbox.close()


# -- gaps -----------------------------------------------------------------------------------------


def before(event: Event) -> str:
    """The cursor right before an event: going on from there, the event comes first."""
    return str(Cursor.parse(event.cursor).before)


async def lose_everything(redis: Redis, settings: Settings) -> None:
    """As after a restart without its files."""
    async for key in redis.scan_iter(f"{settings.redis_prefix}:events:*"):
        await redis.delete(key)


async def trim(redis: Redis, settings: Settings, stream: str, keep: int) -> None:
    await redis.xtrim(f"{settings.redis_prefix}:events:{stream}", maxlen=keep, approximate=False)


async def test_trimmed_history_is_a_gap(events: Events, redis: Redis, settings: Settings) -> None:
    past = await append_many(events, 10)
    await trim(redis, settings, "all", 3)
    gap = Gap(past[2].cursor, before(past[7]))
    page = await events.page(Feed.everything(), past[2].cursor, 10)
    assert (page.events, page.gap) == (past[7:], gap)
    async with aclosing(events.follow(Feed.everything(), past[2].cursor)) as feed:
        assert await take(feed, 5) == [gap, *past[7:], CaughtUp(past[-1].cursor)]
    assert (await events.page(Feed.everything(), past[7].cursor, 10)).gap is None
    assert (await events.page(Feed.of("job_a"), None, 10)).gap is None


async def test_whoever_goes_on_behind_a_gap_gets_the_rest_without_another(
    events: Events, redis: Redis, settings: Settings
) -> None:
    """Also who was told of the gap and then cut off."""
    past = await append_many(events, 10)
    for keep in (7, 3):
        await trim(redis, settings, "all", keep)
        gap = (await events.page(Feed.everything(), past[0].cursor, 1)).gap
        assert gap is not None
        page = await events.page(Feed.everything(), gap.to_cursor, 20)
        assert (page.events, page.gap) == (past[-keep:], None)
        async with aclosing(events.follow(Feed.everything(), gap.to_cursor)) as feed:
            assert await take(feed, keep + 1) == [*past[-keep:], CaughtUp(past[-1].cursor)]
    await trim(redis, settings, "all", 1)
    assert (await events.page(Feed.everything(), gap.to_cursor, 20)).gap is not None


async def test_a_feed_that_lost_everything_says_so(
    events: Events, redis: Redis, settings: Settings
) -> None:
    past = await append_many(events, 4)
    await trim(redis, settings, "job_a", 0)
    assert (await events.page(Feed.of("job_a"), past[-1].cursor, 9)).gap is None
    gap = Gap("0-0", past[-1].cursor)
    async with aclosing(events.follow(Feed.of("job_a"))) as feed:
        assert await take(feed, 2) == [gap, CaughtUp(past[-1].cursor)]
        live = await append_many(events, 1)
        assert await take(feed, 1) == live


async def test_history_trimmed_under_a_slow_follower_is_a_gap(
    events: Events, redis: Redis, settings: Settings
) -> None:
    past = await append_many(events, 1)
    async with aclosing(events.follow(Feed.of("job_a"))) as feed:
        assert await take(feed, 2) == [past[0], CaughtUp(past[0].cursor)]
        await asyncio.gather(*(events.append(job_event(done=n)) for n in range(CAPACITY + 50)))
        await trim(redis, settings, "job_a", 10)
        kept = (await events.page(Feed.of("job_a"), None, 10)).events
        items = await take(feed, 11)
    assert items == [Gap(past[0].cursor, before(kept[0])), *kept]


async def test_a_cursor_from_a_lost_future_is_a_gap(events: Events) -> None:
    past = await append_many(events, 1)
    async with aclosing(events.follow(Feed.of("job_a"), "99999999999999-7")) as feed:
        gap = Gap("99999999999999-7", past[0].cursor)
        assert await take(feed, 2) == [gap, CaughtUp(past[0].cursor)]
        live = await append_many(events, 1)
        assert await take(feed, 1) == live


async def test_old_history_of_one_subject_is_let_go_and_told_as_a_gap(
    events: Events, redis: Redis
) -> None:
    past = await append_many(events, 3)
    await events.tidy(now() - timedelta(days=1))
    assert (await events.page(Feed.of("job_a"), None, 9)).events == past
    await events.tidy(now() + timedelta(days=1))
    page = await events.page(Feed.of("job_a"), None, 9)
    assert (page.events, page.gap) == (past[2:], Gap("0-0", before(past[2])))
    live = await append_many(events, 1)
    page = await events.page(Feed.of("job_a"), past[2].cursor, 9)
    assert (page.events, page.gap) == (live, None)
    assert (await events.page(Feed.everything(), None, 9)).events == past + live


async def test_events_lost_with_redis_are_a_gap_for_who_comes_back(
    events: Events, redis: Redis, settings: Settings
) -> None:
    past = await append_many(events, 4)
    await lose_everything(redis, settings)
    for feed in (Feed.everything(), Feed.of("job_a")):
        page = await events.page(feed, past[1].cursor, 9)
        assert (page.events, page.gap) == ([], Gap(past[1].cursor, "0-0"))
    new = await append_many(events, 3)
    for feed in (Feed.everything(), Feed.of("job_a")):
        page = await events.page(feed, past[1].cursor, 9)
        assert (page.events, page.gap) == (new, Gap(past[1].cursor, before(new[0])))
        assert page.gap is not None
        page = await events.page(feed, page.gap.to_cursor, 9)
        assert (page.events, page.gap) == (new, None)


async def test_events_lost_with_redis_are_a_gap_for_who_stayed(
    events: Events, redis: Redis, settings: Settings
) -> None:
    past = await append_many(events, 4)
    async with (
        aclosing(events.follow(Feed.everything(), past[-1].cursor)) as everything,
        aclosing(events.follow(Feed.of("job_a"), past[-1].cursor)) as job,
        aclosing(events.follow(Feed.of("job_b"))) as other,
    ):
        for feed in (everything, job):
            assert await take(feed, 1) == [CaughtUp(past[-1].cursor)]
        assert await take(other, 1) == [CaughtUp("0-0")]
        await lose_everything(redis, settings)
        new = await append_many(events, 2)
        gap = Gap(past[-1].cursor, before(new[0]))
        assert await take(everything, 3) == [gap, *new]
        assert await take(job, 3) == [gap, *new]
        own = await append_many(events, 2, "job_b")
        assert await take(other, 2) == own


async def test_a_redis_restored_from_an_older_copy_is_a_gap(
    events: Events, redis: Redis, settings: Settings
) -> None:
    """What came between the copy and the loss is gone, though newer events follow."""
    streams = [f"{settings.redis_prefix}:events:{name}" for name in ("all", "job_a")]
    first = await append_many(events, 2)
    for stream in streams:
        await redis.copy(stream, f"{stream}:copy")
    lost = await append_many(events, 3)
    async with aclosing(events.follow(Feed.of("job_a"), lost[0].cursor)) as feed:
        assert await take(feed, 3) == [*lost[1:], CaughtUp(lost[-1].cursor)]
        for stream in streams:
            await redis.copy(f"{stream}:copy", stream, replace=True)
        new = await append_many(events, 2)
        assert await take(feed, 3) == [Gap(lost[-1].cursor, before(new[0])), *new]
    for cursor, gap in (
        (first[-1].cursor, None),
        (lost[0].cursor, Gap(lost[0].cursor, before(new[0]))),
        (new[0].cursor, None),
    ):
        page = await events.page(Feed.of("job_a"), cursor, 9)
        assert (page.events, page.gap) == (new[1:] if cursor == new[0].cursor else new, gap)


async def test_a_job_without_its_beginning_is_a_gap(events: Events) -> None:
    later = await events.append(job_event(done=7))
    page = await events.page(Feed.of("job_a"), None, 9)
    assert (page.events, page.gap) == ([later], Gap("0-0", before(later)))
    assert (await events.page(Feed.everything(), None, 9)).gap is None


# -- resources and faults -------------------------------------------------------------------------


async def test_closing_frees_every_task_and_connection(events: Events, redis: Redis) -> None:
    await append_many(events, 1)
    connected, tasks = await connections(redis), asyncio.all_tasks()
    feeds = [events.follow(Feed.everything(), "0-0") for _ in range(FOLLOWERS)]
    await asyncio.gather(*(take(feed, 2) for feed in feeds))
    reader = [task for task in asyncio.all_tasks() if task.get_name() == "events-reader"]
    assert len(reader) == 1
    for feed in feeds[:-1]:
        await feed.aclose()
    assert not reader[0].done()
    await feeds[-1].aclose()
    assert asyncio.all_tasks() == tasks
    assert not events._readers["all"]._inboxes
    await until_connections(redis, max(connected, FOLLOWERS + 1))


async def test_a_cancelled_follower_frees_its_place(events: Events) -> None:
    async def follow() -> None:
        async with aclosing(events.follow(Feed.everything())) as feed:
            async for _ in feed:
                pass

    tasks = asyncio.all_tasks()
    follower = asyncio.create_task(follow())
    while not events._readers["all"]._inboxes:
        await asyncio.sleep(0.01)
    follower.cancel()
    await asyncio.wait([follower])
    assert not events._readers["all"]._inboxes
    assert asyncio.all_tasks() == tasks


async def test_a_redis_that_restarts_is_followed_on(tmp_path: Path, mongo_uri: str) -> None:
    port = free_port()
    valkey = start_valkey(tmp_path / "valkey", port)
    settings = make_settings(mongo_uri, f"redis://127.0.0.1:{port}/0", tmp_path)
    redis = open_redis(settings)
    events = Events(settings=settings, redis=redis)
    async with aclosing(events.follow(Feed.everything())) as feed:
        assert await take(feed, 1) == [CaughtUp("0-0")]
        earlier = await append_many(events, 5)
        assert await take(feed, 5) == earlier
        valkey.kill()
        writing = asyncio.create_task(append_many(events, 5))
        await asyncio.sleep(0.2)
        valkey = await asyncio.to_thread(start_valkey, tmp_path / "valkey", port)
        after = await writing
        assert await take(feed, 5) == after
        every = await events.page(Feed.everything(), None, 50)
        assert (every.events, every.gap) == (earlier + after, None)
    await redis.aclose()
    valkey.stop()


async def test_a_redis_that_stays_away_is_an_error(tmp_path: Path, mongo_uri: str) -> None:
    port = free_port()
    valkey = start_valkey(tmp_path / "valkey", port)
    settings = make_settings(
        mongo_uri, f"redis://127.0.0.1:{port}/0", tmp_path,
        feed_heartbeat_s=0.3, service_timeout_s=1,
    )  # fmt: skip
    redis = open_redis(settings)
    events = Events(settings=settings, redis=redis)
    feed = events.follow(Feed.everything())
    assert await take(feed, 1) == [CaughtUp("0-0")]
    valkey.stop()
    with pytest.raises(Unavailable):
        await take(feed, 50)
    with pytest.raises(Unavailable):
        await events.append(job_event())
    with pytest.raises(Unavailable):
        await anext(events.follow(Feed.everything()))
    assert not events._readers["all"]._inboxes
    await redis.aclose()


# -- any order of things --------------------------------------------------------------------------


async def write(events: Events, chance: Random, count: int) -> None:
    """Bursts to three jobs, some larger than an inbox; now and then an event is told twice."""
    while count > 0:
        burst = min(count, chance.choice((1, 1, 3, 20, 3 * CAPACITY // 2)))
        count -= burst
        subject = chance.choice(("job_a", "job_b", "job_c"))
        told = [replace(job_event(subject), message=str(count + n)) for n in range(burst)]
        await asyncio.gather(*map(events.append, told))
        if chance.random() < 0.3:
            await events.append_if_missing(told[-1])
        await asyncio.sleep(chance.choice((0, 0, 0.01)))


async def read(events: Events, feed: Feed, chance: Random) -> list[Event]:
    """Every event by a follower who is slow at times, and leaves and comes back at any moment."""
    seen: list[Event] = []
    while True:
        patience = chance.choice((1, 5, 700, 2_500))
        async with aclosing(events.follow(feed, seen[-1].cursor if seen else "0-0")) as items:
            async for item in items:
                assert not isinstance(item, Gap)
                if isinstance(item, Event):
                    seen.append(item)
                    if item.message == "last":
                        return seen
                patience -= 1
                if patience <= 0:
                    break
                if chance.random() < 0.01:
                    await asyncio.sleep(chance.choice((0, 0.001, 0.05)))


@pytest.mark.parametrize("seed", range(4))
async def test_whatever_comes_is_read_once_and_in_order(events: Events, seed: int) -> None:
    chance = Random(seed)
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        feeds = (Feed.everything(), Feed.everything(), Feed.of("job_a"))
        readers = [group.create_task(read(events, feed, Random(chance.random()))) for feed in feeds]
        await asyncio.gather(*(write(events, Random(chance.random()), 2_000) for _ in range(2)))
        await events.append(replace(job_event("job_a"), message="last"))
    every = (await events.page(Feed.everything(), None, 5_000)).events
    assert len(every) == 4_001
    own = [event for event in every if event.subject_id == "job_a"]
    assert [reader.result() for reader in readers] == [every, every, own]
