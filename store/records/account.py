"""People and programs that may sign in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from store.errors import IllegalMove


class Role(StrEnum):
    ADMIN = "ADMIN"
    USER = "USER"


class Scope(StrEnum):
    """What an API key may do; a key never does more than its owner."""

    READ = "READ"
    PREDICT = "PREDICT"
    WRITE = "WRITE"
    ADMIN = "ADMIN"


@dataclass(frozen=True, slots=True)
class User:
    id: str
    email: str
    name: str
    role: Role
    password_hash: str
    created_at: datetime
    disabled_at: datetime | None = None
    revision: int = 0

    def password_changed(self, password_hash: str) -> User:
        return replace(self, password_hash=password_hash)

    def role_changed(self, role: Role) -> User:
        return replace(self, role=role)

    def disabled(self, at: datetime) -> User:
        return replace(self, disabled_at=at)

    def enabled(self) -> User:
        return replace(self, disabled_at=None)


@dataclass(frozen=True, slots=True)
class Session:
    """One sign-in and all refresh tokens that descend from it (a token family).

    Only the newest token of a family may refresh. An older one that turns up again was stolen
    or replayed, so the family is revoked (RFC 9700, section 4.14.2).
    """

    id: str
    user_id: str
    token_hash: str
    created_at: datetime
    expires_at: datetime
    refreshed_at: datetime | None = None
    revoked_at: datetime | None = None
    user_agent: str = ""
    address: str = ""
    revision: int = 0

    def is_live(self, at: datetime) -> bool:
        return self.revoked_at is None and at < self.expires_at

    def rotated(self, token_hash: str, at: datetime) -> Session:
        if not self.is_live(at):
            raise IllegalMove("the session is over; sign in again")
        return replace(self, token_hash=token_hash, refreshed_at=at)

    def revoked(self, at: datetime) -> Session:
        return self if self.revoked_at else replace(self, revoked_at=at)


@dataclass(frozen=True, slots=True)
class Invitation:
    """A single-use right to make an account with this email and role."""

    id: str
    email: str
    role: Role
    token_hash: str
    invited_by: str
    created_at: datetime
    expires_at: datetime
    accepted_at: datetime | None = None
    revision: int = 0

    def accepted(self, at: datetime) -> Invitation:
        if self.accepted_at is not None:
            raise IllegalMove("the invitation was used already")
        if at >= self.expires_at:
            raise IllegalMove("the invitation has expired; ask an admin for a new one")
        return replace(self, accepted_at=at)


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key for programs; the secret is shown once and only its SHA-256 is kept."""

    id: str
    user_id: str
    name: str
    scopes: tuple[Scope, ...]
    secret_hash: str
    created_at: datetime
    expires_at: datetime | None = None
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None
    revision: int = 0

    def is_live(self, at: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or at < self.expires_at)

    def used(self, at: datetime) -> ApiKey:
        return replace(self, last_used_at=at)

    def revoked(self, at: datetime) -> ApiKey:
        return self if self.revoked_at else replace(self, revoked_at=at)
