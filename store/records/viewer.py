"""Who asks: a person through a session, or a program through an API key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from store.records.account import NO_BUDGET, Budget, Role, Scope, User


@dataclass(frozen=True, slots=True)
class Viewer:
    user: User
    scopes: frozenset[Scope]
    session_id: str | None = None
    api_key_id: str | None = None
    expires_at: datetime | None = None
    """When what they showed runs out; subscriptions end then."""
    model_ids: frozenset[str] | None = None
    """The only models that the API key reaches, with what is theirs; None for no such bound."""
    budget: Budget = NO_BUDGET

    @property
    def id(self) -> str:
        return self.user.id

    @property
    def is_admin(self) -> bool:
        return (
            self.user.role is Role.ADMIN and Scope.ADMIN in self.scopes and self.model_ids is None
        )

    def reaches(self, record: object) -> bool:
        """Whether a key for some models may come near: the models, and what names one of them."""
        if self.model_ids is None:
            return True
        named = (getattr(record, "id", None), getattr(record, "model_id", None))
        return any(each in self.model_ids for each in named)

    def reaches_key(self, key_id: str) -> bool:
        """Whether it may know of this API key of its user: one for some models knows itself."""
        return self.model_ids is None or key_id == self.api_key_id

    def may(self, scope: Scope) -> bool:
        return scope in self.scopes
