"""One request, sent twice, done once."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import orjson

from store.clock import now
from store.codec import to_plain
from store.errors import AlreadyExists, Conflict, IdempotencyMismatch, NotFound
from store.mongo import Collections
from store.records.idempotency import IdempotentCall

POLL_S = 0.05
ABANDONED_AFTER = timedelta(seconds=60)
"""A first caller that has not finished by now died on the way."""


class Idempotency:
    """Remembers for a day, by caller and key, what a creating request made."""

    def __init__(self, *, mongo: Collections) -> None:
        self._calls = mongo.idempotency

    async def once(
        self, user_id: str, key: str | None, fingerprint: object, make: Callable[[], Awaitable[str]]
    ) -> str:
        """The id that `make()` gave to whoever used the key first; without a key, just `make()`.

        A twin waits for the first caller; when that one fails, it makes the thing itself. Raises
        IdempotencyMismatch when the key came with another fingerprint before.
        """
        if key is None:
            return await make()
        call = IdempotentCall(_hash([user_id, key]), _hash(fingerprint), now())
        while not await self._is_mine(call):
            made_id = await self._made_by_first(call)
            if made_id is not None:
                return made_id
        return await self._make(call, make)

    async def _is_mine(self, call: IdempotentCall) -> bool:
        try:
            await self._calls.insert(call)
        except AlreadyExists:
            return False
        return True

    async def _make(self, call: IdempotentCall, make: Callable[[], Awaitable[str]]) -> str:
        try:
            made_id = await make()
        except BaseException:
            await self._calls.delete(call.id)
            raise
        await self._calls.amend(call.id, lambda kept: kept.done(made_id))
        return made_id

    async def _made_by_first(self, call: IdempotentCall) -> str | None:
        """What the first caller made; None when it failed, so that the key is free again."""
        while (first := await self._calls.find(call.id)) is not None:
            if first.fingerprint != call.fingerprint:
                raise IdempotencyMismatch("this key was used before for a different request")
            if first.made_id is not None:
                return first.made_id
            if now() - first.at > ABANDONED_AFTER:
                await self._discard(first)
            await asyncio.sleep(POLL_S)
        return None

    async def _discard(self, first: IdempotentCall) -> None:
        """Delete an abandoned call; of several that try, one does."""

        def age(kept: IdempotentCall) -> IdempotentCall:
            return replace(kept, at=kept.at - ABANDONED_AFTER)

        try:
            await self._calls.amend(first.id, age, expected_revision=first.revision)
        except (Conflict, NotFound):
            return
        await self._calls.delete(first.id)


def _hash(value: object) -> str:
    plain = orjson.dumps(to_plain(value), option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(plain).hexdigest()
