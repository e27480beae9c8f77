"""What users may have and do at most: bytes, jobs at once, jobs a day, predictions a day.

Bytes and jobs are counted by looking at what is there, so nothing has to be booked when it ends or
is purged. Whoever makes something holds room for it while they do; the hold is a write of the one
record that the user has for this, conditional on its revision, so of two that come at once the
second counts what the first one holds. Predictions are counted in Redis, which they need anyway:

    {prefix}:quota:predictions:<user>      hash: the day, counted since 1970, UTC, and how many
    {prefix}:quota:predictions:<job>       how many rows of a job are counted
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, time, timedelta
from weakref import WeakValueDictionary

from redis.asyncio import Redis
from redis.asyncio.client import Pipeline

from store.clock import now
from store.errors import Conflict, InvalidValue, QuotaExceeded, Unavailable
from store.limits.used import Used
from store.mongo import Collections
from store.recall import Recall
from store.records.quota import Allowance, Hold, Quota, QuotaKind
from store.redis.connection import redis_errors
from store.settings import Settings

Check = Callable[[tuple[int, int, int]], None]
KEPT_S = 5.0
MAX_TRIES, MAX_LIMIT = 50, 2**53 - 1
DAY_S = 24 * 3600
MARK_KEPT_S = 30 * DAY_S
DAILY = frozenset({QuotaKind.JOBS_PER_DAY, QuotaKind.PREDICTIONS_PER_DAY})

# Counts predictions of this day unless they would be too many; negative ones are given back.
# KEYS: the user's hash; then, if they are a job's, the mark that they are counted. ARGV: how many,
# the most a day, seconds to keep the mark. Answers with whether they are granted, those of the day,
# and the day.
COUNT = """
local day = math.floor(redis.call('TIME')[1] / 86400)
local used = 0
if tonumber(redis.call('HGET', KEYS[1], 'day')) == day then
  used = tonumber(redis.call('HGET', KEYS[1], 'used'))
end
if KEYS[2] and redis.call('EXISTS', KEYS[2]) == 1 then return {1, used, day} end
local wanted = math.max(0, used + ARGV[1])
if wanted > used and wanted > tonumber(ARGV[2]) then return {0, used, day} end
redis.call('HSET', KEYS[1], 'day', day, 'used', wanted)
redis.call('EXPIREAT', KEYS[1], (day + 1) * 86400)
if KEYS[2] then redis.call('SET', KEYS[2], ARGV[1], 'EX', ARGV[3]) end
return {1, wanted, day}
"""


class Quotas:
    """Everything raises Unavailable when a service does not answer."""

    def __init__(self, *, settings: Settings, mongo: Collections, redis: Redis) -> None:
        self._settings = settings
        self._allowances = mongo.allowances
        self._used = Used(mongo)
        self._prefix = f"{settings.redis_prefix}:quota:predictions"
        self._count = redis.register_script(COUNT)
        self._recall = Recall[Allowance](KEPT_S, lambda allowance: allowance.id)
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    # -- limits -----------------------------------------------------------------------------------

    async def of(self, user_id: str) -> list[Quota]:
        """One of each kind."""
        allowance = await self._allowances.find(user_id) or Allowance(user_id)
        return [
            Quota(kind, user_id, self._limit(allowance, kind), kind.value not in allowance.limits)
            for kind in QuotaKind
        ]

    async def one(self, user_id: str, kind: QuotaKind) -> Quota:
        return next(each for each in await self.of(user_id) if each.kind is kind)

    async def limit(self, user_id: str, kind: QuotaKind, most: int | None) -> Quota:
        """Choose for a user; None for what the settings say. Other servers hear of it in KEPT_S.

        Raises InvalidValue.
        """
        if most is not None and not 0 <= most <= MAX_LIMIT:
            raise InvalidValue(f"a limit is 0 to {MAX_LIMIT}", "limit")
        await self._allowances.insert_many_ignoring_known([Allowance(user_id)])
        await self._allowances.amend(user_id, lambda kept: kept.limited(kind, most))
        self._recall.forget(user_id)
        return await self.one(user_id, kind)

    async def used(self, quota: Quota) -> int:
        """How much of it, with what is being made."""
        if quota.kind is QuotaKind.PREDICTIONS_PER_DAY:
            _, used, _ = await self._counted(quota.user_id, 0, 0)
            return used
        allowance = await self._allowances.find(quota.user_id) or Allowance(quota.user_id)
        return await self._in_use(allowance, quota.kind)

    # -- making something -------------------------------------------------------------------------

    @asynccontextmanager
    async def making_job(self, user_id: str, thing_id: str, bytes: int = 0) -> AsyncIterator[None]:
        """Within, a job is made, with so many bytes that come with the request.

        `thing_id` is the job's id, or that of the data set version which it reads. Raises
        QuotaExceeded.
        """
        async with self._held(user_id, Hold(thing_id, now(), bytes, is_job=True)):
            yield

    @asynccontextmanager
    async def making_upload(self, user_id: str, upload_id: str, bytes: int) -> AsyncIterator[None]:
        """Within, a file of so many bytes is announced. Raises QuotaExceeded."""
        async with self._held(user_id, Hold(upload_id, now(), bytes)):
            yield

    async def put_predictions(self, pipeline: Pipeline, user_id: str, count: int) -> Check:
        """Let `pipeline` count predictions of today; what it returns is given the reply, and
        raises QuotaExceeded when they would be too many: then none is counted.
        """
        kind = QuotaKind.PREDICTIONS_PER_DAY
        limit = self._limit(await self._allowance(user_id), kind)
        pipeline.eval(COUNT, 1, self._key(user_id), count, limit)

        def check(reply: tuple[int, int, int]) -> None:
            granted, used, day = reply
            if not granted:
                raise QuotaExceeded(kind, limit, used, _end_of(day))

        return check

    async def predicting_in_bulk(self, user_id: str, job_id: str, rows: int) -> None:
        """Count the rows that a job answers, however often it or one in its place is tried.

        Raises QuotaExceeded.
        """
        kind = QuotaKind.PREDICTIONS_PER_DAY
        limit = self._limit(await self._allowance(user_id), kind)
        granted, used, day = await self._counted(user_id, rows, limit, job_id)
        if not granted:
            raise QuotaExceeded(kind, limit, used, _end_of(day))

    async def not_predicted(self, user_id: str, count: int) -> None:
        """So many that were counted came to nothing."""
        await self._counted(user_id, -count, 0)

    # -- how --------------------------------------------------------------------------------------

    @asynccontextmanager
    async def _held(self, user_id: str, hold: Hold) -> AsyncIterator[None]:
        # those of one process take turns, so that they do not come in each other's way
        turn = self._turns.setdefault(user_id, asyncio.Lock())
        async with turn:
            await self._hold(user_id, hold)
        try:
            yield
        finally:
            with suppress(Unavailable, Conflict):  # it ends by itself
                await self._allowances.amend(user_id, lambda kept: kept.let_go(hold.id))

    async def _hold(self, user_id: str, hold: Hold) -> None:
        for attempt in range(MAX_TRIES):
            allowance = await self._allowances.find(user_id)
            if allowance is None:
                await self._allowances.insert_many_ignoring_known([Allowance(user_id)])
                continue
            await self._check(allowance, hold)
            with suppress(Conflict):
                await self._allowances.amend(
                    user_id,
                    lambda kept: kept.holding(hold),
                    expected_revision=allowance.revision,
                )
                return
            await asyncio.sleep(random.uniform(0, 0.005 * (attempt + 1)))
        raise Conflict("you make too much at once; try again")

    async def _check(self, allowance: Allowance, hold: Hold) -> None:
        """Raises QuotaExceeded if it has no room."""
        wanted = {QuotaKind.STORAGE_BYTES: hold.bytes}
        if hold.is_job:
            wanted |= {QuotaKind.JOBS_AT_ONCE: 1, QuotaKind.JOBS_PER_DAY: 1}
        for kind, amount in wanted.items():
            limit, used = self._limit(allowance, kind), await self._in_use(allowance, kind)
            # who makes a job needs some room, however little it says that it brings
            if used + max(amount, 1) > limit:
                raise QuotaExceeded(kind, limit, used, resets_at(kind))

    async def _in_use(self, allowance: Allowance, kind: QuotaKind) -> int:
        """What is there, without what is held; and what is held."""
        holds, user_id = allowance.current(now()), allowance.id
        held = [each.id for each in holds]
        if kind is QuotaKind.STORAGE_BYTES:
            return await self._used.bytes(user_id, held) + sum(each.bytes for each in holds)
        jobs = sum(each.is_job for each in holds)
        since = _midnight() if kind is QuotaKind.JOBS_PER_DAY else None
        return await self._used.jobs(user_id, held, since) + jobs

    async def _allowance(self, user_id: str) -> Allowance:
        known = self._recall.get(user_id)
        if known is None:
            known = await self._allowances.find(user_id) or Allowance(user_id)
            self._recall.keep(user_id, known)
        return known

    async def _counted(
        self, user_id: str, count: int, most: int, *job_id: str
    ) -> tuple[int, int, int]:
        keys = [self._key(each) for each in (user_id, *job_id)]
        with redis_errors():
            granted, used, day = await self._count(keys=keys, args=[count, most, MARK_KEPT_S])
        return granted, used, day

    def _key(self, user_or_job_id: str) -> str:
        return f"{self._prefix}:{user_or_job_id}"

    def _limit(self, allowance: Allowance, kind: QuotaKind) -> int:
        default: int = getattr(self._settings, f"quota_{kind.value.lower()}")
        return allowance.limits.get(kind.value, default)


def resets_at(kind: QuotaKind) -> datetime | None:
    """When what is used of it begins anew; None for what is not counted by the day."""
    return _midnight() + timedelta(days=1) if kind in DAILY else None


def _midnight() -> datetime:
    return datetime.combine(now().date(), time(), UTC)


def _end_of(day: int) -> datetime:
    return datetime.fromtimestamp((day + 1) * DAY_S, UTC)
