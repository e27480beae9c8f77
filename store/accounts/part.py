"""What every part of the accounts has at hand."""

from __future__ import annotations

from store.accounts.throttle import Throttle
from store.clock import now
from store.errors import Denied
from store.events import Events
from store.mongo import Collections
from store.recall import Recall
from store.records.account import User
from store.records.event import Event, EventKind, Topic
from store.records.viewer import Viewer
from store.settings import Settings

SESSIONS_AT_ONCE = 1_000
VIEWER_KEPT_S = 5.0


class Part:
    """The collaborators, and what several parts do."""

    def __init__(
        self, *, settings: Settings, mongo: Collections, events: Events, throttle: Throttle
    ) -> None:
        self._settings = settings
        self._mongo = mongo
        self._events = events
        self._throttle = throttle
        self._recall = Recall[Viewer](VIEWER_KEPT_S, lambda viewer: viewer.id)

    async def _tell(self, kind: EventKind, user: User, message: str) -> None:
        await self._events.append(Event(Topic.ACCOUNT, kind, user.id, user.id, now(), message))

    async def _enabled_user(self, user_id: str) -> User:
        user = await self._mongo.users.find(user_id)
        if user is None or user.disabled_at:
            raise Denied("the account is disabled")
        return user

    async def _end_sessions(self, user_id: str, *, but: str | None = None) -> None:
        """Revoke the user's sessions, all `but` the one named."""
        at = now()
        live = {"user_id": user_id, "revoked_at": None, "_id": {"$ne": but}}
        while sessions := await self._mongo.sessions.all_by(live, SESSIONS_AT_ONCE):
            for session in sessions:
                await self._mongo.sessions.amend(session.id, lambda kept: kept.revoked(at))
        self._recall.forget(user_id)
