"""How much callers may ask at once: a bucket of points for each user, and one for each API key.

    {prefix}:budget:<user or key>     when the bucket is full again, in microseconds since 1970

That one number is all there is to a bucket, and one that is full is not there: what is missing
comes back with the time until then. An operation takes what it may cost at most, from its key's
bucket and from its owner's or from neither. What it did not use goes into a purse that this process
keeps for the caller, and whoever asks Redis takes a little more along: so most operations of a busy
caller are paid from the purse. It is emptied into the buckets every EMPTIED_EACH_S.

While Redis is away nobody is held back: docs/decisions/0027.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from weakref import WeakValueDictionary

import structlog
from redis.asyncio import Redis

from store.errors import RateLimited, TooExpensive, Unavailable
from store.records.points import Bucket, Left
from store.records.viewer import Viewer
from store.redis.connection import redis_errors
from store.settings import Settings

EMPTIED_EACH_S = 0.5
ALONG = 100
"""A hundredth of a bucket is taken along at most."""
UNGUARDED_S = 5.0
"""How long Redis is not asked again after it has failed to answer."""
US = 1_000_000

# KEYS: buckets. ARGV: points given back, points to take, points to take along if they are there,
# then of each bucket how many it holds and how many come back in a second. Answers with the time,
# the microseconds to wait when the points are not there, how many come along, and when each bucket
# is full.
TAKE = """
local now = redis.call('TIME')
local at, wait, along = now[1] * 1000000 + now[2], 0, tonumber(ARGV[3])
local us, before, after = {}, {}, {}
for i, key in ipairs(KEYS) do
  us[i] = 1000000 / ARGV[2 * i + 3]
  before[i] = math.max(at, tonumber(redis.call('GET', key) or 0) - ARGV[1] * us[i])
  after[i] = before[i] + ARGV[2] * us[i]
  local missing = after[i] - at - ARGV[2 * i + 2] * us[i]
  wait, along = math.max(wait, missing), math.min(along, math.floor(-missing / us[i]))
end
if wait > 0 then along = 0 end
local reply = {at, math.ceil(wait), along}
for i, key in ipairs(KEYS) do
  local full = math.ceil(wait > 0 and before[i] or after[i] + along * us[i])
  if full > at then
    redis.call('SET', key, string.format('%.0f', full), 'PX', math.ceil((full - at) / 1000))
  else
    redis.call('DEL', key)
  end
  reply[#reply + 1] = full
end
return reply
"""

log = structlog.get_logger(__name__)
Buckets = tuple[Bucket, ...]


@dataclass(slots=True)
class Purse:
    """Points that are taken from these buckets and not used yet."""

    points: int = 0
    left: Left | None = None
    """What was in them when Redis was asked last; None if that was for a purse before."""


class Budget:
    def __init__(self, *, settings: Settings, redis: Redis) -> None:
        self._settings = settings
        self._prefix = f"{settings.redis_prefix}:budget"
        self._script = redis.register_script(TAKE)
        self._purses: dict[Buckets, Purse] = {}
        self._turns: WeakValueDictionary[Buckets, asyncio.Lock] = WeakValueDictionary()
        self._emptying: asyncio.Task[None] | None = None
        self._unguarded_until = 0.0

    async def take(self, viewer: Viewer, points: int) -> Left | None:
        """What is left after that; None while Redis is away.

        Raises TooExpensive for more points than there can ever be, and RateLimited, which takes
        nothing.
        """
        buckets = self._buckets(viewer)
        most = min(bucket.capacity for bucket in buckets)
        if points > most:
            raise TooExpensive(
                f"this operation may cost {points:,} points, and {most:,} are the most that there "
                "can be; ask for smaller pages or fewer fields"
            )
        if paid := self._pay(buckets, points):
            return paid
        # one asks Redis at a time, and the others are paid from what that one brings along
        turn = self._turns.setdefault(buckets, asyncio.Lock())
        async with turn:
            return self._pay(buckets, points) or await self._ask(buckets, points)

    def give_back(self, viewer: Viewer, points: int) -> None:
        """Of what was taken, so much was not used."""
        if points > 0:
            self._purse(self._buckets(viewer)).points += points

    async def close(self) -> None:
        """Empty every purse."""
        if self._emptying is not None:
            self._emptying.cancel()
            await asyncio.wait([self._emptying])
        with suppress(Unavailable):
            await self._empty()

    # -- how --------------------------------------------------------------------------------------

    def _pay(self, buckets: Buckets, points: int) -> Left | None:
        """Take them from the purse; None if they are not in it."""
        purse = self._purses.get(buckets)
        if purse is None or purse.left is None or purse.points < points:
            return None
        purse.points -= points
        return _with(purse.left, purse.points)

    async def _ask(self, buckets: Buckets, points: int) -> Left | None:
        if time.monotonic() < self._unguarded_until:
            return None
        try:
            wait_us, along, left = await self._run(buckets, points, _along(buckets))
        except Unavailable as away:
            log.warning("budget_not_guarded", reason=str(away))
            self._unguarded_until = time.monotonic() + UNGUARDED_S
            return None
        if wait_us:
            raise RateLimited(
                f"this operation may cost {points:,} points, and {left.available:,} are left",
                wait_us / US,
                left,
            )
        purse = self._purse(buckets)
        purse.points, purse.left = purse.points + along, left
        return _with(left, purse.points)

    async def _run(self, buckets: Buckets, points: int, along: int) -> tuple[int, int, Left]:
        """The microseconds to wait, the points that come along, and what is left in the buckets."""
        purse = self._purses.pop(buckets, Purse())
        arguments = [purse.points, points, along]
        for bucket in buckets:
            arguments += bucket.capacity, bucket.refill_per_s
        keys = [f"{self._prefix}:{bucket.name}" for bucket in buckets]
        with redis_errors():
            at, wait_us, along, *full = await self._script(keys=keys, args=arguments)
        left = [_left(bucket, at, each) for bucket, each in zip(buckets, full, strict=True)]
        return wait_us, along, min(left, key=lambda each: each.available)

    def _purse(self, buckets: Buckets) -> Purse:
        if self._emptying is None or self._emptying.done():
            self._emptying = asyncio.create_task(self._empty_soon())
        return self._purses.setdefault(buckets, Purse())

    async def _empty_soon(self) -> None:
        await asyncio.sleep(EMPTIED_EACH_S)
        with suppress(Unavailable):  # what is lost comes back with time
            await self._empty()

    async def _empty(self) -> None:
        for buckets in list(self._purses):
            if buckets in self._purses:
                await self._run(buckets, 0, 0)

    def _buckets(self, viewer: Viewer) -> Buckets:
        known = self._settings
        own = Bucket(viewer.id, known.user_points, known.user_points_per_s)
        if viewer.api_key_id is None:
            return (own,)
        return Bucket(viewer.api_key_id, known.key_points, known.key_points_per_s), own


def _along(buckets: Buckets) -> int:
    return min(bucket.capacity for bucket in buckets) // ALONG


def _with(left: Left, points: int) -> Left:
    """What is left for who has these points beside."""
    return replace(
        left,
        available=min(left.capacity, left.available + points),
        full_at=left.full_at - timedelta(seconds=points / left.refill_per_s),
    )


def _left(bucket: Bucket, at_us: int, full_us: int) -> Left:
    missing = -((at_us - full_us) * bucket.refill_per_s // US)  # rounded up
    return Left(
        bucket.capacity, bucket.refill_per_s, max(0, bucket.capacity - missing),
        datetime.fromtimestamp(full_us / US, UTC),
    )  # fmt: skip
