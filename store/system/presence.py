"""Which workers live: each says so every few seconds, and who falls silent is told as stopped.

    {prefix}:workers          what each worker says of itself, by its id
    {prefix}:workers:heard    when it last did, in milliseconds by Redis's clock
    {prefix}:workers:gone     those that left but are not told yet, by "<id> <when> <why>"

Redis's clock, because workers on many hosts are compared: a host whose clock is wrong is neither
taken for dead nor kept alive. A worker moves to `gone` in one step, so one stop is told of it,
however many look for the silent and wherever one of them dies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import orjson
from redis.asyncio import Redis

from store.codec import from_plain, to_plain
from store.events import Events
from store.records.event import Event, EventKind, Topic
from store.records.worker import WorkerPresence
from store.redis.connection import redis_errors
from store.settings import Settings

SYSTEM = "system"
"""Whose workers are."""
QUIET_BEATS = 3
"""Silent for as many heartbeats, a worker is no longer listed."""
GONE_BEATS = 12
NOT_HEARD_OF = "was not heard of"

# How each script begins. KEYS: workers, heard, gone.
OPENING = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function leave(id, why)
  local said = redis.call('HGET', KEYS[1], id)
  if not said then return end
  redis.call('HSET', KEYS[3], id .. ' ' .. string.format('%d', now) .. ' ' .. why, said)
  redis.call('HDEL', KEYS[1], id)
  redis.call('ZREM', KEYS[2], id)
end
"""

# ARGV: id, what it says, when it started, why an older worker of that id left. Returns 1 for one
# that was not there: it is new, or had been given up.
BEAT = """
local said = redis.call('HGET', KEYS[1], ARGV[1])
if said and cjson.decode(said).started_at ~= ARGV[3] then
  leave(ARGV[1], ARGV[4])
end
redis.call('ZADD', KEYS[2], now, ARGV[1])
return redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
"""

# ARGV: id, why.
LEAVE = "leave(ARGV[1], ARGV[2])"

# ARGV: milliseconds of silence, why.
SWEEP = """
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now - ARGV[1])) do
  leave(id, ARGV[2])
end
return redis.call('HGETALL', KEYS[3])
"""

# ARGV: milliseconds. Returns what each says, and when it was heard, in turn.
LIVING = """
local found = {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], now - ARGV[1], '+inf')) do
  found[#found + 1] = redis.call('HGET', KEYS[1], id)
  found[#found + 1] = redis.call('ZSCORE', KEYS[2], id)
end
return found
"""


class Presence:
    """Everything raises Unavailable when Redis does not answer."""

    def __init__(self, *, settings: Settings, redis: Redis, events: Events) -> None:
        key = f"{settings.redis_prefix}:workers"
        self._keys = [key, f"{key}:heard", f"{key}:gone"]
        self._redis = redis
        self._events = events
        self._beat_ms = settings.heartbeat_s * 1000
        self._beat = redis.register_script(OPENING + BEAT)
        self._leave = redis.register_script(OPENING + LEAVE)
        self._sweep = redis.register_script(OPENING + SWEEP)
        self._living = redis.register_script(OPENING + LIVING)

    # -- the worker -------------------------------------------------------------------------------

    async def beat(self, worker: WorkerPresence) -> bool:
        """Say that it lives, and what it does; whether it was not known to live before."""
        said = orjson.dumps(to_plain(worker))
        started_at = orjson.loads(said)["started_at"]
        with redis_errors():
            return bool(
                await self._beat(keys=self._keys, args=[worker.id, said, started_at, NOT_HEARD_OF])
            )

    async def tell_start(self, worker: WorkerPresence, at: datetime, what: str) -> None:
        """Tell that it came up; told again with the same `at`, it is in the feed once."""
        await self._events.append_if_missing(_event(worker, EventKind.WORKER_STARTED, at, what))

    async def leave(self, worker_id: str, why: str) -> None:
        """It ends of its own accord."""
        with redis_errors():
            await self._leave(keys=self._keys, args=[worker_id, why])
        await self.tidy()

    # -- everybody --------------------------------------------------------------------------------

    async def workers(self) -> tuple[WorkerPresence, ...]:
        """Those that were heard of lately, by their ids."""
        with redis_errors():
            found: list[bytes] = await self._living(
                keys=self._keys, args=[self._beat_ms * QUIET_BEATS]
            )
        pairs = zip(found[::2], found[1::2], strict=True)
        living = [
            replace(from_plain(WorkerPresence, orjson.loads(said)), heartbeat=_moment(heard_ms))
            for said, heard_ms in pairs
        ]
        return tuple(sorted(living, key=lambda worker: worker.id))

    async def tidy(self) -> int:
        """Give up who was silent for long, and tell of all that left; returns how many."""
        with redis_errors():
            reply: Sequence[bytes] = await self._sweep(
                keys=self._keys, args=[self._beat_ms * GONE_BEATS, NOT_HEARD_OF]
            )
        for entry, said in zip(reply[::2], reply[1::2], strict=True):
            _, left_ms, why = entry.decode().split(" ", 2)
            worker = from_plain(WorkerPresence, orjson.loads(said))
            await self._events.append_if_missing(
                _event(worker, EventKind.WORKER_STOPPED, _moment(left_ms), why)
            )
            with redis_errors():
                await self._redis.hdel(self._keys[2], entry)
        return len(reply) // 2


def _moment(ms: str | bytes) -> datetime:
    return datetime.fromtimestamp(float(ms) / 1000, UTC)


def _event(worker: WorkerPresence, kind: EventKind, at: datetime, what: str) -> Event:
    return Event(
        topic=Topic.WORKER, kind=kind, subject_id=worker.id, owner_id=SYSTEM, at=at,
        message=f"{worker.kind.lower()} worker {what}",
    )  # fmt: skip
