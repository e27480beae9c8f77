"""The streams in Redis: appending to two at once, reading with the knowledge of what is gone."""

from __future__ import annotations

from typing import Any

from redis.asyncio import Redis
from redis.asyncio.client import Pipeline

from store.events.cursor import Cursor
from store.events.feed import ALL, PREDICTIONS, Feed, Gap
from store.events.state import Arrival, Chunk, StreamState
from store.events.wire import FIELD, Entry, cursor_of, decode_all, encode
from store.records.event import Event, Topic
from store.redis import redis_errors
from store.settings import Settings

MAX_SUBJECT_EVENTS = 20_000
SUBJECTS = "subjects"

# KEYS: the shared stream; then, if the event has one, its subject's and the index of all subjects'
# streams by the time of their last event. ARGV: the event, how many of them each stream keeps, and
# whether the caller cannot tell if an earlier try went through. Then the event is looked for
# first: its bytes hold the time and all else, so equal bytes are one event.
APPEND = """
if ARGV[4] == '1' then
  for _, entry in ipairs(redis.call('XREVRANGE', KEYS[2] or KEYS[1], '+', '-', 'COUNT', 1000)) do
    if entry[2][2] == ARGV[1] then return entry[1] end
  end
end
local id = redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[2], '*', 'e', ARGV[1])
if KEYS[2] then
  redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[3], id, 'e', ARGV[1])
  redis.call('ZADD', KEYS[3], string.match(id, '^%d+'), KEYS[2])
end
return id
"""

# KEYS: that index. ARGV: milliseconds since 1970. The last event stays, so that whoever saw it is
# not told of a gap; the stream itself stays as well, because it knows that it was trimmed.
TIDY = """
local old = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, 100)
for _, stream in ipairs(old) do
  redis.call('XTRIM', stream, 'MAXLEN', '=', 1)
  redis.call('ZREM', KEYS[1], stream)
end
"""


class Streams:
    """Everything raises Unavailable when Redis does not answer."""

    def __init__(self, settings: Settings, redis: Redis) -> None:
        self._prefix = f"{settings.redis_prefix}:events:"
        self._max_events = settings.max_events
        self._redis = redis
        self._append = redis.register_script(APPEND)
        self._tidy = redis.register_script(TIDY)

    async def append(self, event: Event, *, maybe_there: bool) -> str:
        """Returns the cursor; with `maybe_there` an event that is there already stays alone."""
        is_prediction = event.topic is Topic.PREDICTION
        names = (PREDICTIONS,) if is_prediction else (ALL, event.subject_id, SUBJECTS)
        with redis_errors():
            identifier: bytes = await self._append(
                keys=[self._key(name) for name in names],
                args=[encode(event), self._max_events, MAX_SUBJECT_EVENTS, int(maybe_there)],
            )
        return identifier.decode()

    def put_prediction(self, pipeline: Pipeline, event: Event) -> None:
        pipeline.xadd(self._key(PREDICTIONS), {FIELD: encode(event)}, maxlen=self._max_events)

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

    async def read(self, feed: Feed, after: Cursor, count: int) -> Chunk:
        """At most `count` events after a cursor, and whether some of them are gone."""
        with redis_errors():
            pipeline = self._redis.pipeline(transaction=True)
            pipeline.xrange(self._key(feed.stream), min=f"({after}", count=count + 1)
            pipeline.xinfo_stream(self._key(feed.stream))
            pipeline.xinfo_stream(self._key(feed.origin))
            entries, own, origin = await pipeline.execute(raise_on_error=False)
            states = StreamState.of(own), StreamState.of(origin)
            return _chunk(*states, _found(entries), after, count)

    async def wait(self, origin: str, after: Cursor, timeout_s: float) -> Arrival:
        """What comes on a shared stream, as soon as something does."""
        key = self._key(origin)
        with redis_errors():
            pipeline = self._redis.pipeline(transaction=False)
            pipeline.xread({key: str(after)}, count=500, block=int(timeout_s * 1000))
            pipeline.xinfo_stream(key)
            came, state = await pipeline.execute(raise_on_error=False)
            entries = [entry for _, found in _found(came) for entry in found]
            return Arrival(entries, StreamState.of(state))

    def _key(self, stream: str) -> str:
        return self._prefix + stream


def _chunk(
    own: StreamState, origin: StreamState, entries: list[Entry], after: Cursor, count: int
) -> Chunk:
    gap = None
    if after > origin.last:  # a cursor from the future: Redis was restored from an older copy
        gap, after = Gap(str(after), str(origin.last)), origin.last
    elif own.lacks_after(after):
        after, gap = own.last, Gap(str(after), str(own.oldest or own.last))
    taken = entries[:count]
    return Chunk(
        events=decode_all(taken),
        cursor=cursor_of(taken[-1]) if taken else after,
        has_next=len(entries) > count,
        gap=gap,
    )


def _found(reply: Any) -> Any:
    if isinstance(reply, Exception):
        raise reply
    return reply
