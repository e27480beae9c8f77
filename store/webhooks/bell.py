"""What the processes that deliver share in Redis: word of changes, and who follows for whom.

    {prefix}:webhooks:changed     grows with every change of a webhook
    {prefix}:webhooks:held:{id}   the process that follows for a webhook, for as long as it says so

To hold a webhook only saves work: two that followed for it would make the same deliveries, under
the same ids, and the second one is not kept.
"""

from __future__ import annotations

from collections.abc import Sequence

from redis.asyncio import Redis

from store.redis.connection import redis_errors
from store.settings import Settings

# KEYS: webhooks. ARGV: who, for how many milliseconds. Returns for each whether it is theirs now.
HOLD = """
local mine = {}
for i, key in ipairs(KEYS) do
  local holder = redis.call('GET', key)
  if not holder or holder == ARGV[1] then
    redis.call('SET', key, ARGV[1], 'PX', ARGV[2])
    mine[i] = 1
  else
    mine[i] = 0
  end
end
return mine
"""

# KEYS: webhooks. ARGV: who lets go of them.
LET_GO = """
for _, key in ipairs(KEYS) do
  if redis.call('GET', key) == ARGV[1] then redis.call('DEL', key) end
end
"""


class Bell:
    """Everything raises Unavailable when Redis does not answer."""

    def __init__(self, *, settings: Settings, redis: Redis) -> None:
        self._prefix = f"{settings.redis_prefix}:webhooks"
        self._lease_ms = int(settings.lease_s * 1000)
        self._redis = redis
        self._hold = redis.register_script(HOLD)
        self._let_go = redis.register_script(LET_GO)

    async def ring(self) -> None:
        """Some webhook has changed."""
        with redis_errors():
            await self._redis.incr(f"{self._prefix}:changed")

    async def heard(self) -> int:
        """A number that differs after every change."""
        with redis_errors():
            return int(await self._redis.get(f"{self._prefix}:changed") or 0)

    async def hold(self, who: str, webhook_ids: Sequence[str]) -> set[str]:
        """Those of them that this process follows for, until its lease is over."""
        if not webhook_ids:
            return set()
        with redis_errors():
            mine = await self._hold(keys=self._keys(webhook_ids), args=[who, self._lease_ms])
        return {each for each, is_mine in zip(webhook_ids, mine, strict=True) if is_mine}

    async def let_go(self, who: str, webhook_ids: Sequence[str]) -> None:
        if webhook_ids:
            with redis_errors():
                await self._let_go(keys=self._keys(webhook_ids), args=[who])

    async def is_held(self, webhook_id: str) -> bool:
        """Whether some process follows for it."""
        with redis_errors():
            return bool(await self._redis.exists(*self._keys([webhook_id])))

    def _keys(self, webhook_ids: Sequence[str]) -> list[str]:
        return [f"{self._prefix}:held:{each}" for each in webhook_ids]
