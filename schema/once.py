"""Requests that must not be done twice, or on top of what their caller has not seen."""

from __future__ import annotations

from typing import Protocol

from schema.context import Info
from schema.making import making
from store.errors import Conflict, InvalidValue
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

    async def make_within_quotas(identifier: str) -> object:
        async with making(context, input, identifier):
            return await make(identifier)

    return await context.store.idempotency.once(
        viewer.id, key, fingerprint, prefix, make_within_quotas
    )


class Kept(Protocol):
    """A record whose revision grows with each write."""

    @property
    def id(self) -> str: ...
    @property
    def revision(self) -> int: ...


def check_revision(known: Kept, expected: int | None) -> None:
    """Raise Conflict unless the record is as the caller saw it: for dry runs, which write nothing.

    A write makes sure of it by itself, in one step.
    """
    if expected not in (None, known.revision):
        message = f"{known.id} changed: it is at revision {known.revision}"
        raise Conflict(message, known.revision, known)
