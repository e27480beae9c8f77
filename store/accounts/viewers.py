"""Who is behind a bearer token: checked against the store, recalled for a few seconds."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from store.accounts.part import Part
from store.accounts.tokens import API_KEY_PREFIX, digest, read_access_token, read_api_key
from store.clock import now
from store.errors import Denied
from store.records.account import ApiKey, Role, Scope, User
from store.records.viewer import Viewer


class Viewers(Part):
    async def authenticate(self, bearer: str) -> Viewer:
        """The viewer of an access token or an API key. Raises Denied when it is over or unknown."""
        shown = digest(bearer)
        viewer = self._recall.get(shown)
        if viewer is None:
            is_key = bearer.startswith(API_KEY_PREFIX)
            viewer = await (self._by_api_key(bearer) if is_key else self._by_session(bearer))
            self._recall.keep(shown, viewer)
        if viewer.expires_at is not None and viewer.expires_at <= now():
            raise Denied("the access token or API key has expired")
        return viewer

    async def acting_for(
        self, user_id: str, scopes: Collection[Scope], api_key_id: str | None
    ) -> Viewer:
        """Who set up something that goes on in their absence, with no more rights than then.

        Raises Denied once they, or the key that they did it with, may sign in no longer.
        """
        name = f"absent {user_id} {api_key_id} {sorted(scopes)}"
        viewer = self._recall.get(name)
        if viewer is None:
            viewer = await (self._by_key_id(api_key_id) if api_key_id else self._by_id(user_id))
            viewer = replace(viewer, scopes=viewer.scopes.intersection(scopes))
            self._recall.keep(name, viewer)
        return viewer

    async def _by_id(self, user_id: str) -> Viewer:
        user = await self._enabled_user(user_id)
        return Viewer(user, _scopes_of(user))

    async def _by_key_id(self, key_id: str) -> Viewer:
        key = await self._mongo.api_keys.find(key_id)
        if key is None or not key.is_live(now()):
            raise Denied("the API key that it was made with is revoked or has expired")
        return await self._holding(key, key.expires_at)

    async def _by_session(self, bearer: str) -> Viewer:
        token = read_access_token(self._settings.secrets, bearer)
        session = await self._mongo.sessions.find(token.session_id)
        if session is None or session.user_id != token.user_id or not session.is_live(now()):
            raise Denied("the session is over; sign in again")
        user = await self._enabled_user(token.user_id)
        return Viewer(user, _scopes_of(user), session_id=session.id, expires_at=token.expires_at)

    async def _by_api_key(self, bearer: str) -> Viewer:
        key, at = await self._mongo.api_keys.find(read_api_key(bearer)), now()
        secrets = key.secrets(at) if key is not None and key.is_live(at) else {}
        shown = digest(bearer)
        if key is None or shown not in secrets:
            raise Denied("the API key is unknown, revoked or has expired")
        return await self._holding(key, secrets[shown])

    async def _holding(self, key: ApiKey, expires_at: datetime | None) -> Viewer:
        """Whoever has a secret of the key that is good until then."""
        user = await self._enabled_user(key.user_id)
        return Viewer(
            user,
            _scopes_of(user).intersection(key.scopes),
            api_key_id=key.id,
            expires_at=expires_at,
            model_ids=None if key.model_ids is None else frozenset(key.model_ids),
            budget=key.budget,
        )


def _scopes_of(user: User) -> frozenset[Scope]:
    """What the user's role allows: everything, or all but administration."""
    return frozenset(Scope) if user.role is Role.ADMIN else frozenset(Scope) - {Scope.ADMIN}
