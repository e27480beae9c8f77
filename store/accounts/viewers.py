"""Who is behind a bearer token: checked against the store, recalled for a few seconds."""

from __future__ import annotations

from datetime import datetime, timedelta

from store.accounts.part import Part
from store.clock import now
from store.errors import Denied
from store.records.account import ApiKey, Role, Scope, User
from store.records.viewer import Viewer
from store.tokens import API_KEY_PREFIX, digest, matches, read_access_token, read_api_key

LAST_USED_STEP = timedelta(minutes=1)
"""How exactly a key's last use is kept, so that a busy key is not written at every request."""


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

    async def _by_session(self, bearer: str) -> Viewer:
        token = read_access_token(self._settings.secret, bearer)
        session = await self._mongo.sessions.find(token.session_id)
        if session is None or session.user_id != token.user_id or not session.is_live(now()):
            raise Denied("the session is over; sign in again")
        user = await self._enabled_user(token.user_id)
        return Viewer(user, _scopes_of(user), session_id=session.id, expires_at=token.expires_at)

    async def _by_api_key(self, bearer: str) -> Viewer:
        key = await self._mongo.api_keys.find(read_api_key(bearer))
        if key is None or not matches(bearer, key.secret_hash) or not key.is_live(now()):
            raise Denied("the API key is unknown, revoked or has expired")
        user = await self._enabled_user(key.user_id)
        await self._touch(key)
        scopes = _scopes_of(user).intersection(key.scopes)
        return Viewer(user, scopes, api_key_id=key.id, expires_at=key.expires_at)

    async def _touch(self, key: ApiKey) -> None:
        """One of many requests at once writes it; the others see that it is done."""
        at = now()

        def move(kept: ApiKey) -> ApiKey:
            return kept.used(at) if _is_long_ago(kept, at) else kept

        if _is_long_ago(key, at):
            await self._mongo.api_keys.amend(key.id, move)


def _is_long_ago(key: ApiKey, at: datetime) -> bool:
    return key.last_used_at is None or at - key.last_used_at >= LAST_USED_STEP


def _scopes_of(user: User) -> frozenset[Scope]:
    """What the user's role allows: everything, or all but administration."""
    return frozenset(Scope) if user.role is Role.ADMIN else frozenset(Scope) - {Scope.ADMIN}
