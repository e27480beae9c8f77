"""Creating mutations: one request, sent twice, done once."""

from __future__ import annotations

from typing import Protocol

from schema.context import Info
from store.errors import InvalidValue
from store.idempotency import Make

MAX_KEY = 200


class Creating(Protocol):
    """An input with a key of the caller's own."""

    idempotency_key: str | None


async def once(info: Info, input: Creating, prefix: str, make: Make) -> str:
    """The id, of that kind, of what `make` made, now or when this key came first."""
    key, context = input.idempotency_key, info.context
    if key is not None and not 1 <= len(key) <= MAX_KEY:
        raise InvalidValue(f"a key has 1 to {MAX_KEY} characters", "idempotencyKey")
    fingerprint = (info.field_name, input)
    viewer = context.signed_in
    return await context.store.idempotency.once(viewer.id, key, fingerprint, prefix, make)
