"""Who asks: a person through a session, or a program through an API key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from store.records.account import Role, Scope, User


@dataclass(frozen=True, slots=True)
class Viewer:
    user: User
    scopes: frozenset[Scope]
    session_id: str | None = None
    api_key_id: str | None = None
    expires_at: datetime | None = None
    """When what they showed runs out; subscriptions end then."""

    @property
    def id(self) -> str:
        return self.user.id

    @property
    def is_admin(self) -> bool:
        return self.user.role is Role.ADMIN and Scope.ADMIN in self.scopes

    def may(self, scope: Scope) -> bool:
        return scope in self.scopes
