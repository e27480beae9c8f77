"""One request, sent twice, done once."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta

import orjson

from store import ids
from store.clock import now
from store.codec import to_plain
from store.errors import Conflict, IdempotencyMismatch, NotFound, StoreError
from store.mongo import Collections
from store.records.idempotency import IdempotentCall

POLL_S = 0.05
ABANDONED_AFTER = timedelta(seconds=60)
"""A first caller that has not finished by now died on the way."""

Make = Callable[[str], Awaitable[object]]
"""Makes the thing of that id; asked again, it completes what is there."""


class Idempotency:
    """Remembers for a day, by caller and key, what a creating request made."""

    def __init__(self, *, mongo: Collections) -> None:
        self._calls = mongo.idempotency

    async def once(
        self, user_id: str, key: str | None, fingerprint: object, prefix: str, make: Make
    ) -> str:
        """The id of what `make` made for whoever used the key first; its kind has that prefix.

        A twin waits for the first caller; when that one fails, it makes the thing itself. Raises
        IdempotencyMismatch when the key came with another fingerprint before.
        """
        made_id = ids.new(prefix)
        if key is None:
            await make(made_id)
            return made_id
        call = IdempotentCall(_hash([user_id, key]), _hash(fingerprint), now(), made_id)
        mine = call if await self._calls.insert_many_ignoring_known([call]) else None
        while mine is None:
            first = await self._calls.find(call.id)
            if first is not None and first.fingerprint != call.fingerprint:
                raise IdempotencyMismatch("this key was used before for a different request")
            if first is not None and first.is_done:
                return first.made_id
            mine = await self._follow(first, call)
        return await self._make(mine, make)

    async def _follow(
        self, first: IdempotentCall | None, call: IdempotentCall
    ) -> IdempotentCall | None:
        """The call to make in the first caller's place; None while that one is at work."""
        if first is None:  # it was refused, and the key is free again
            return call if await self._calls.insert_many_ignoring_known([call]) else None
        if not first.is_free and now() - first.at <= ABANDONED_AFTER:
            await asyncio.sleep(POLL_S)
            return None
        with suppress(Conflict, NotFound):
            return await self._calls.amend(
                first.id, lambda kept: kept.taken_over(now()), expected_revision=first.revision
            )
        return None

    async def _make(self, call: IdempotentCall, make: Make) -> str:
        """A refusal frees the key; after any other failure the thing may be there all the same."""
        try:
            await make(call.made_id)
        except BaseException as error:
            with suppress(StoreError):
                if isinstance(error, StoreError) and not error.retryable:
                    await self._calls.delete(call.id)
                else:
                    await self._calls.amend(call.id, IdempotentCall.let_go)
            raise
        await self._calls.amend(call.id, IdempotentCall.done)
        return call.made_id


def _hash(value: object) -> str:
    plain = orjson.dumps(to_plain(value), option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(plain).hexdigest()
