"""The streams in Redis: appending to several at once, reading while knowing what is gone."""

from __future__ import annotations

from typing import Any

from redis.asyncio import Redis
from redis.asyncio.client import Pipeline

from store.events.cursor import START, Cursor
from store.events.feed import ENDS, LOGGED, LOGS, PREDICTIONS, Feed, streams_of
from store.events.scripts import APPEND, TIDY
from store.events.state import Arrival, Chunk, StreamState, begins_whole
from store.events.wire import FIELD, Entry, decode_all, encode
from store.records.event import Event, EventKind
from store.redis.connection import redis_errors
from store.settings import Settings

MAX_SUBJECT_EVENTS = 20_000
MAX_LOGS_LINES = 20_000
"""Of all logs together, for those who follow one live; each log has its own stream beside."""
SUBJECTS = "subjects"
CLOSED_LOGS, ENDED_LOGS = "closed-logs", "ended-logs"
SKEW_MS = 60_000
"""How far the clocks of hosts may differ."""


def key_of(settings: Settings, name: str) -> str:
    """Where a stream, or what is known of streams, is kept in Redis."""
    return f"{settings.redis_prefix}:events:{name}"


class Streams:
    """Everything raises Unavailable when Redis does not answer."""

    def __init__(self, settings: Settings, redis: Redis) -> None:
        self._settings = settings
        self._redis = redis
        self._append = redis.register_script(APPEND)
        self._tidy = redis.register_script(TIDY)

    async def append(self, event: Event, *, maybe_there: bool) -> str:
        """Returns the cursor; with `maybe_there` an event that is there already stays alone.

        Progress of an attempt that was given up is not appended.
        """
        shared, *own = streams_of(event)
        names = [shared, *own, SUBJECTS] if own else [shared]
        if event.kind in LOGGED:
            names += [LOGS, Feed.log(event.subject_id).stream, CLOSED_LOGS, ENDED_LOGS]
        before_ms = int(event.at.timestamp() * 1000) - SKEW_MS
        with redis_errors():
            identifier: bytes = await self._append(
                keys=[self._key(name) for name in names],
                args=[
                    encode(event), self._settings.max_events, MAX_SUBJECT_EVENTS, MAX_LOGS_LINES,
                    int(maybe_there), before_ms, event.subject_id, int(event.kind in ENDS),
                    (event.attempt or "") if event.kind is EventKind.STAGE_PROGRESSED else "",
                ],
            )  # fmt: skip
        return identifier.decode()

    def put_prediction(self, pipeline: Pipeline, event: Event) -> None:
        key = self._key(PREDICTIONS)
        pipeline.xadd(key, {FIELD: encode(event)}, maxlen=self._settings.max_events)

    async def tidy(self, before_ms: int) -> None:
        """Shorten a hundred streams of subjects that nothing happened to since then."""
        with redis_errors():
            await self._tidy(keys=[self._key(SUBJECTS)], args=[before_ms])

    async def state(self, stream: str) -> StreamState:
        with redis_errors():
            pipeline = self._redis.pipeline(transaction=False)
            pipeline.xinfo_stream(self._key(stream))
            (reply,) = await pipeline.execute(raise_on_error=False)
            return StreamState.of(reply)

    async def latest(self, feed: Feed, count: int, before: Cursor | None = None) -> list[Event]:
        """The last events of a feed, or the last before a cursor, newest first."""
        end = f"({before}" if before else "+"
        with redis_errors():
            entries: list[Entry] = await self._redis.xrevrange(
                self._key(feed.stream), max=end, count=count
            )
        return decode_all(entries)

    async def read(self, feed: Feed, after: Cursor, count: int) -> Chunk:
        """At most `count` events after a cursor, and whether some of them are gone.

        An event of that cursor, or of the one behind it, must be there or have been trimmed in
        its turn. Where it is not, Redis lost its data or was restored from an older copy, and
        nobody knows what else came after the cursor then. No more do they know what came before
        the first event of a job that does not begin with its beginning.
        """
        own_key, origin_key = self._key(feed.stream), self._key(feed.origin)
        with redis_errors():
            pipeline = self._redis.pipeline(transaction=True)
            pipeline.xrange(own_key, min=f"({after}", count=count + 1)
            pipeline.xinfo_stream(own_key)
            pipeline.xinfo_stream(origin_key)
            for key in (own_key, origin_key):
                pipeline.xrange(key, min=str(after), max=str(after.behind), count=1)
            replies = await pipeline.execute(raise_on_error=False)
            entries, own, origin = found(replies[0]), *map(StreamState.of, replies[1:3])
            stands = after in (own.last, origin.last) or any(map(found, replies[3:]))
        if after == START:
            stands = feed.is_shared or begins_whole(entries)
        return Chunk.of(
            entries, count, after=after, end=origin.last,
            is_whole=stands and not own.lacks_after(after), has_stream=own.exists,
        )  # fmt: skip

    async def wait(self, origin: str, after: Cursor, timeout_s: float) -> Arrival:
        """What comes on a shared stream, as soon as something does."""
        key = self._key(origin)
        with redis_errors():
            pipeline = self._redis.pipeline(transaction=False)
            pipeline.xread({key: str(after)}, count=500, block=int(timeout_s * 1000))
            pipeline.xinfo_stream(key)
            pipeline.xrange(key, min=str(after), max=str(after.behind), count=1)
            came, info, known = await pipeline.execute(raise_on_error=False)
            entries = [entry for _, each in found(came) for entry in each]
            state = StreamState.of(info)
        stands = after in (START, state.last) or bool(found(known))
        return Arrival(entries, state, is_whole=stands and not state.lacks_after(after))

    def _key(self, name: str) -> str:
        return key_of(self._settings, name)


def found(reply: Any) -> Any:
    """A reply of a pipeline; raises what it holds."""
    if isinstance(reply, Exception):
        raise reply
    return reply
