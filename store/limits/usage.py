"""What API keys use, and who still uses what is deprecated: counted by day, UTC.

    {prefix}:usage:<key id>:<day>            hash: requests, points, predictions, errors
    {prefix}:deprecated:<user id>:<day>      hash: how often each was named, by its coordinate

Requests are counted in this process and added up in Redis once a second, so that none waits for it.
Only what a key has a daily bound for is counted in Redis at once, before it is granted.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, date, datetime, time, timedelta

import structlog
from redis.asyncio import Redis

from store.clock import now
from store.errors import NotFound, StoreError, Throttled, Unavailable
from store.mongo import Collections
from store.records.account import LastUse
from store.records.usage import DayOfUse, DeprecatedUse
from store.records.viewer import Viewer
from store.redis.connection import redis_errors
from store.settings import Settings

FLUSHED_EACH_S = 1.0
KEPT_DAYS = 90
LAST_USE_STEP = timedelta(minutes=1)
"""How exactly a key's last use is kept, so that a busy key is not written at every request."""
MAX_USER_AGENT = 200

# Grants an amount unless a day's bound would be passed. KEYS: the day's hash. ARGV: the field, the
# amount, the bound, seconds to keep it.
_SPEND = """
local spent = tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or '0')
if spent + tonumber(ARGV[2]) > tonumber(ARGV[3]) then return 0 end
redis.call('HINCRBY', KEYS[1], ARGV[1], ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[4])
return 1
"""

log = structlog.get_logger(__name__)


class Usage:
    """Everything asynchronous raises Unavailable when a service does not answer."""

    def __init__(self, *, settings: Settings, redis: Redis, mongo: Collections) -> None:
        self._prefix = settings.redis_prefix
        self._redis = redis
        self._api_keys = mongo.api_keys
        self._spend = redis.register_script(_SPEND)
        self._counted: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._used: dict[str, LastUse] = {}
        self._written: dict[str, datetime] = {}

    # -- counting ---------------------------------------------------------------------------------

    def count(self, viewer: Viewer, **amounts: int) -> None:
        """Add to the day of the viewer's API key, if it is one."""
        if viewer.api_key_id is not None:
            self._counted[self._day(viewer.api_key_id)].update(amounts)

    def note_use(self, viewer: Viewer, address: str, user_agent: str) -> None:
        """The viewer's API key, if it is one, was used from there."""
        if viewer.api_key_id is not None:
            use = LastUse(now(), address, user_agent[:MAX_USER_AGENT])
            self._used[viewer.api_key_id] = use

    def note_deprecated(self, viewer: Viewer, coordinates: Iterable[str]) -> None:
        """A document of the viewer's names these."""
        if named := Counter(coordinates):
            self._counted[self._day(viewer.id, "deprecated")].update(named)

    async def spend_points(self, viewer: Viewer, points: int) -> None:
        """Raises Throttled when the key's bound for the day would be passed."""
        await self._spent(viewer, "points", points, viewer.budget.points)

    async def spend_predictions(self, viewer: Viewer, predictions: int) -> None:
        """Raises Throttled when the key's bound for the day would be passed."""
        await self._spent(viewer, "predictions", predictions, viewer.budget.predictions)

    async def _spent(self, viewer: Viewer, field: str, amount: int, most: int | None) -> None:
        if viewer.api_key_id is None or most is None:
            self.count(viewer, **{field: amount})
            return
        day = self._day(viewer.api_key_id)
        with redis_errors():
            granted = await self._spend(keys=[day], args=[field, amount, most, _KEPT_S])
        if not granted:
            why = f"this API key may use {most:,} {field} a day; wait until midnight UTC"
            raise Throttled(why, _until_midnight_s())

    # -- reading ----------------------------------------------------------------------------------

    async def of_key(self, key_id: str, last_days: int) -> list[DayOfUse]:
        """Each of the last days, today first; the last second may be missing."""
        days = _last(last_days)
        found = await self._hashes(self._day(key_id, day=day) for day in days)
        return [
            DayOfUse(day, **{name: count for name, count in counts.items() if name in _FIELDS})
            for day, counts in zip(days, found, strict=True)
        ]

    async def deprecated_of(self, user_id: str, last_days: int) -> list[DeprecatedUse]:
        """What the user's documents named, by coordinate; the days of each, latest first."""
        days = _last(last_days)
        found = await self._hashes(self._day(user_id, "deprecated", day) for day in days)
        uses: defaultdict[str, list[tuple[date, int]]] = defaultdict(list)
        for day, counts in zip(days, found, strict=True):
            for coordinate, count in counts.items():
                uses[coordinate].append((day, count))
        return [DeprecatedUse(each, tuple(uses[each])) for each in sorted(uses)]

    async def _hashes(self, keys: Iterable[str]) -> list[dict[str, int]]:
        pipeline = self._redis.pipeline(transaction=False)
        for key in keys:
            pipeline.hgetall(key)
        with redis_errors():
            found: list[dict[bytes, bytes]] = await pipeline.execute()
        return [{name.decode(): int(count) for name, count in each.items()} for each in found]

    # -- writing ----------------------------------------------------------------------------------

    @asynccontextmanager
    async def flushing(self) -> AsyncIterator[None]:
        """Within, what was counted is written once a second, and the rest at the end."""
        stop = asyncio.Event()
        task = asyncio.create_task(self._flush_until(stop))
        try:
            yield
        finally:
            stop.set()  # not cancelled: what it is just writing would be lost, or counted twice
            await task
            await self._flush_safely()

    async def flush(self, at_least: timedelta = timedelta(0)) -> None:
        """Write what was counted. Last uses are written that have grown by `at_least`."""
        counted, self._counted = self._counted, defaultdict(Counter)
        try:
            await self._add(counted)
        except Unavailable:
            for key, counts in counted.items():
                self._counted[key].update(counts)
            raise
        await self._write_last_uses(at_least)

    async def _flush_until(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), FLUSHED_EACH_S)
            await self._flush_safely(LAST_USE_STEP)

    async def _flush_safely(self, at_least: timedelta = timedelta(0)) -> None:
        """What could not be written is kept for the next time."""
        try:
            await self.flush(at_least)
        except StoreError as fault:
            log.warning("usage_not_written", reason=str(fault))

    async def _add(self, counted: dict[str, Counter[str]]) -> None:
        if not counted:
            return
        pipeline = self._redis.pipeline(transaction=True)
        for key, counts in counted.items():
            for field, count in counts.items():
                pipeline.hincrby(key, field, count)
            pipeline.expire(key, _KEPT_S)
        with redis_errors():
            await pipeline.execute()

    async def _write_last_uses(self, at_least: timedelta) -> None:
        for key_id, use in list(self._used.items()):
            written = self._written.get(key_id)
            if written is not None and use.at - written < at_least:
                continue
            with suppress(NotFound):
                await self._api_keys.amend(key_id, lambda key, use=use: key.used(use))  # type: ignore[misc]
            self._written[key_id] = use.at
            if self._used.get(key_id) == use:
                del self._used[key_id]

    def _day(self, subject_id: str, kind: str = "usage", day: date | None = None) -> str:
        return f"{self._prefix}:{kind}:{subject_id}:{day or now().date()}"


_KEPT_S = KEPT_DAYS * 24 * 3600
_FIELDS = {"requests", "points", "predictions", "errors"}


def _last(days: int) -> list[date]:
    today = now().date()
    return [today - timedelta(days=n) for n in range(days)]


def _until_midnight_s() -> float:
    at = now()
    midnight = datetime.combine(at.date() + timedelta(days=1), time(), UTC)
    return (midnight - at).total_seconds()
