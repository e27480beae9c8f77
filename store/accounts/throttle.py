"""Bounds how often somebody may guess: a password per account, a refresh token per session, both
per address.
"""

from __future__ import annotations

from dataclasses import dataclass

from redis.asyncio import Redis

from store.accounts.tokens import digest
from store.errors import Throttled
from store.redis.connection import redis_errors
from store.settings import Settings

# Counts a try against every key, or against none when one is used up; answers with the
# milliseconds until that one is free again, or 0. KEYS: counters; ARGV: limit, window in ms, each.
_TAKE = """
for i, key in ipairs(KEYS) do
  if tonumber(redis.call('GET', key) or '0') >= tonumber(ARGV[2 * i - 1]) then
    return redis.call('PTTL', key)
  end
end
for i, key in ipairs(KEYS) do
  if redis.call('INCR', key) == 1 then redis.call('PEXPIRE', key, ARGV[2 * i]) end
end
return 0
"""

# Forgets the account's tries and takes one off the address's, which may be gone by now.
_GIVE_BACK = """
redis.call('DEL', KEYS[1])
if KEYS[2] and redis.call('EXISTS', KEYS[2]) == 1 then redis.call('DECR', KEYS[2]) end
"""


@dataclass(frozen=True, slots=True)
class Limit:
    tries: int
    window_s: int


PER_ACCOUNT = Limit(tries=10, window_s=900)
PER_ADDRESS = Limit(tries=100, window_s=900)
"""Many people share an address behind one gateway, so it may try more often."""


class Throttle:
    """Counters in Redis, shared by every server. Everything raises Unavailable without it.

    A try is counted before the password is looked at: guesses sent side by side count as well.
    """

    def __init__(self, *, settings: Settings, redis: Redis) -> None:
        self._prefix = settings.redis_prefix
        self._take = redis.register_script(_TAKE)
        self._give_back = redis.register_script(_GIVE_BACK)

    async def take(self, *, account: str = "", address: str = "") -> None:
        """Count one try. Raises Throttled when the account or the address has had its share."""
        limits = {self._account(account): PER_ACCOUNT} if account else {}
        if address:
            limits[self._address(address)] = PER_ADDRESS
        arguments = [n for each in limits.values() for n in (each.tries, each.window_s * 1000)]
        with redis_errors():
            wait_ms: int = await self._take(keys=list(limits), args=arguments)
        if wait_ms:
            raise Throttled("too many tries; wait before the next one", wait_ms / 1000)

    async def give_back(self, *, account: str, address: str = "") -> None:
        """The try was right: the account starts anew, the address has one try more."""
        keys = [self._account(account), *([self._address(address)] if address else [])]
        with redis_errors():
            await self._give_back(keys=keys)

    def _account(self, account: str) -> str:
        return f"{self._prefix}:throttle:account:{digest(account)}"

    def _address(self, address: str) -> str:
        return f"{self._prefix}:throttle:address:{digest(address)}"
