"""Creating mutations: one request, sent twice, done once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

from schema.context import Info
from store.errors import InvalidValue

MAX_KEY = 200


class Creating(Protocol):
    """An input with a key of the caller's own."""

    idempotency_key: str | None


async def once(info: Info, input: Creating, make: Callable[[], Awaitable[str]]) -> str:
    """The id of what `make` made, now or when this key came first."""
    key, context = input.idempotency_key, info.context
    if key is not None and not 1 <= len(key) <= MAX_KEY:
        raise InvalidValue(f"a key has 1 to {MAX_KEY} characters", "idempotencyKey")
    fingerprint = (info.field_name, input)
    return await context.store.idempotency.once(context.signed_in.id, key, fingerprint, make)
