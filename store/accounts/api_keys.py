"""Keys for programs: made, shown once, revoked."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from store import ids
from store.accounts.part import Part
from store.accounts.users import clean_name
from store.clock import now
from store.errors import InvalidValue, NotFound
from store.records.account import ApiKey, Role, Scope
from store.tokens import digest, write_api_key


class ApiKeys(Part):
    async def create_api_key(
        self, user_id: str, name: str, scopes: Collection[Scope], expires_at: datetime | None = None
    ) -> tuple[ApiKey, str]:
        """The key's record, and the key itself, which is shown once.

        Raises InvalidValue for no scope, one that the user does not have, or an expiry in the past.
        """
        user = await self._mongo.users.get(user_id)
        at = now()
        if not scopes:
            raise InvalidValue("a key needs at least one scope", "scopes")
        if Scope.ADMIN in scopes and user.role is not Role.ADMIN:
            raise InvalidValue("only an admin's key may have the scope ADMIN", "scopes")
        if expires_at is not None and expires_at <= at:
            raise InvalidValue("the expiry lies in the past", "expiresAt")
        key_id = ids.new(ids.API_KEY)
        shown = write_api_key(key_id)
        key = ApiKey(
            id=key_id, user_id=user_id, name=clean_name(name), secret_hash=digest(shown),
            scopes=tuple(sorted(set(scopes))), created_at=at, expires_at=expires_at,
        )  # fmt: skip
        await self._mongo.api_keys.insert(key)
        await self._note("createApiKey", user_id, key.id, name=key.name)
        return key, shown

    async def revoke_api_key(self, key_id: str, by: str) -> ApiKey:
        """End a key of one's own, at once. Raises NotFound for any other."""
        key, at = await self._mongo.api_keys.get(key_id), now()
        if key.user_id != by:
            raise NotFound(f"there is no ApiKey {key_id}")
        key = await self._mongo.api_keys.amend(key_id, lambda kept: kept.revoked(at))
        self._recall.forget(key.user_id)
        await self._note("revokeApiKey", by, key.id, name=key.name)
        return key
