"""People and programs that may sign in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from store.errors import IllegalMove

EXPIRES_SOON = timedelta(days=14)


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
class Budget:
    """What a key may use on one day, UTC; None is no bound."""

    points: int | None = None
    predictions: int | None = None


NO_BUDGET = Budget()


@dataclass(frozen=True, slots=True)
class LastUse:
    at: datetime
    address: str = ""
    user_agent: str = ""


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key for programs; the secret is shown once and only its SHA-256 is kept.

    After a rotation the secret before is good for a while as well, so that a program can change
    from one to the other without a pause.
    """

    id: str
    user_id: str
    name: str
    scopes: tuple[Scope, ...]
    secret_hash: str
    created_at: datetime
    expires_at: datetime | None = None
    model_ids: tuple[str, ...] | None = None
    """The only models that it reaches; None for all of its owner's."""
    budget: Budget = NO_BUDGET
    rotated_at: datetime | None = None
    previous_hash: str | None = None
    previous_until: datetime | None = None
    last_use: LastUse | None = None
    revoked_at: datetime | None = None
    revision: int = 0

    def is_live(self, at: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or at < self.expires_at)

    def secrets(self, at: datetime) -> dict[str, datetime | None]:
        """The hash of each secret that is good now, with its end."""
        good = {self.secret_hash: self.expires_at}
        if self.previous_hash and self.previous_until and at < self.previous_until:
            ends = (self.previous_until, self.expires_at)
            good[self.previous_hash] = min(end for end in ends if end)
        return good

    def warning(self, at: datetime) -> str | None:
        """What its owner should do before it ends."""
        if not self.is_live(at) or self.expires_at is None or self.expires_at - at > EXPIRES_SOON:
            return None
        days = (self.expires_at - at) // timedelta(days=1)
        return f"this key ends {f'in {days} days' if days else 'within a day'}; rotate it"

    def rotated(
        self, secret_hash: str, at: datetime, overlap: timedelta, expires_at: datetime | None
    ) -> ApiKey:
        """With a new secret, the one before for so much longer; None keeps the end as it is."""
        if not self.is_live(at):
            raise IllegalMove("the key is revoked or has expired; make a new one")
        return replace(
            self, secret_hash=secret_hash, rotated_at=at, previous_hash=self.secret_hash,
            previous_until=at + overlap, expires_at=expires_at or self.expires_at,
        )  # fmt: skip

    def used(self, use: LastUse) -> ApiKey:
        """Unless a later use is known."""
        return self if self.last_use and self.last_use.at >= use.at else replace(self, last_use=use)

    def revoked(self, at: datetime) -> ApiKey:
        return self if self.revoked_at else replace(self, revoked_at=at)
