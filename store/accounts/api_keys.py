"""Keys for programs: made, shown once, rotated, revoked."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from store import ids
from store.accounts.part import Part
from store.accounts.tokens import digest, write_api_key
from store.accounts.users import clean_name
from store.clock import now
from store.errors import InvalidValue
from store.records.account import NO_BUDGET, ApiKey, Budget, Role, Scope

MAX_MODELS = 20
MAX_OVERLAP = timedelta(days=7)
WHAT_A_MODELS_KEY_MAY = frozenset({Scope.READ, Scope.PREDICT})
"""What is made or changed with WRITE could not be seen with such a key."""


class ApiKeys(Part):
    async def create_api_key(  # noqa: PLR0917 -- whose, then what it is to be
        self, user_id: str, name: str, scopes: Collection[Scope],
        expires_at: datetime | None = None, model_ids: Collection[str] | None = None,
        budget: Budget = NO_BUDGET, *, key_id: str | None = None,
    ) -> tuple[ApiKey, str]:  # fmt: skip
        """The key's record, and the key itself, which is shown once.

        The caller has seen to it that the user sees the models. Raises InvalidValue for no scope,
        one that the user or a key for some models does not have, a bad budget, or a past expiry,
        and AlreadyExists where that id has a key: its secret is nowhere any more.
        """
        user, at = await self._mongo.users.get(user_id), now()
        _check_scopes(scopes, user.role, model_ids)
        _check_budget(budget)
        _check_expiry(expires_at, at)
        key_id = key_id or ids.new(ids.API_KEY)
        shown = write_api_key(key_id)
        key = ApiKey(
            id=key_id, user_id=user_id, name=clean_name(name), secret_hash=digest(shown),
            scopes=tuple(sorted(set(scopes))), created_at=at, expires_at=expires_at, budget=budget,
            model_ids=None if model_ids is None else tuple(sorted(set(model_ids))),
        )  # fmt: skip
        await self._mongo.api_keys.insert(key)
        return key, shown

    async def rotate_api_key(
        self, key_id: str, overlap: timedelta, expires_at: datetime | None = None
    ) -> tuple[ApiKey, str]:
        """The key with a new secret, and that secret; the one before serves for the overlap.

        Raises NotFound, IllegalMove for one that has ended, and InvalidValue.
        """
        at, shown = now(), write_api_key(key_id)
        if not timedelta(0) <= overlap <= MAX_OVERLAP:
            hours = MAX_OVERLAP // timedelta(hours=1)
            raise InvalidValue(f"an overlap is 0 to {hours} hours", "overlapHours")
        _check_expiry(expires_at, at)
        key = await self._mongo.api_keys.amend(
            key_id, lambda kept: kept.rotated(digest(shown), at, overlap, expires_at)
        )
        self._recall.forget(key.user_id)
        return key, shown

    async def revoke_api_key(self, key_id: str) -> ApiKey:
        """End a key with all its secrets, at once. Raises NotFound."""
        at = now()
        key = await self._mongo.api_keys.amend(key_id, lambda kept: kept.revoked(at))
        self._recall.forget(key.user_id)
        return key


def _check_scopes(scopes: Collection[Scope], role: Role, model_ids: Collection[str] | None) -> None:
    if not scopes:
        raise InvalidValue("a key needs at least one scope", "scopes")
    if Scope.ADMIN in scopes and role is not Role.ADMIN:
        raise InvalidValue("only an admin's key may have the scope ADMIN", "scopes")
    if model_ids is None:
        return
    if not 1 <= len(model_ids) <= MAX_MODELS:
        raise InvalidValue(f"name 1 to {MAX_MODELS} models, or leave them out", "modelIds")
    if not WHAT_A_MODELS_KEY_MAY.issuperset(scopes):
        raise InvalidValue("a key for some models may READ and PREDICT only", "scopes")


def _check_budget(budget: Budget) -> None:
    for field, most in {"points": budget.points, "predictions": budget.predictions}.items():
        if most is not None and most < 1:
            raise InvalidValue(f"{field} is {most}; it must be at least 1", "budget", field)


def _check_expiry(expires_at: datetime | None, at: datetime) -> None:
    if expires_at is not None and expires_at <= at:
        raise InvalidValue("the expiry lies in the past", "expiresAt")
