"""Users: made, given a role, disabled, enabled."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from store import ids
from store.accounts.part import Part
from store.accounts.passwords import hash_password
from store.clock import now
from store.errors import AlreadyExists, IllegalMove, InvalidValue
from store.records.account import Role, User
from store.records.event import EventKind
from store.records.job import JobStatus

MAX_EMAIL, MAX_NAME = 254, 100
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


def clean_email(email: str) -> str:
    """The one spelling under which an email is kept. Raises InvalidValue when it is none."""
    cleaned = email.strip().lower()
    if len(cleaned) > MAX_EMAIL or not _EMAIL.fullmatch(cleaned) or not cleaned.isprintable():
        raise InvalidValue("this is no email address", "email")
    return cleaned


def clean_name(name: str) -> str:
    """The name without spaces around it. Raises InvalidValue when nothing or too much is left."""
    cleaned = name.strip()
    if not 1 <= len(cleaned) <= MAX_NAME or not cleaned.isprintable():
        raise InvalidValue(f"a name has 1 to {MAX_NAME} printable characters", "name")
    return cleaned


@dataclass(frozen=True, slots=True)
class Access:
    """What somebody can get in with, and what they have going."""

    sessions: int
    api_keys: int
    jobs: int


class Users(Part):
    async def create_user(self, email: str, name: str, role: Role, password: str) -> User:
        """Raises InvalidValue, and AlreadyExists when the email has an account."""
        email, name = clean_email(email), clean_name(name)
        return await self._join(email, name, role, await hash_password(password, email, name))

    async def set_role(
        self, user_id: str, role: Role, by: str, expected_revision: int | None = None
    ) -> User:
        """Raises NotFound, Conflict, and IllegalMove for one's own: somebody must stay admin."""
        return await self._change(user_id, by, lambda u: u.role_changed(role), expected_revision)

    async def disable(self, user_id: str, by: str, expected_revision: int | None = None) -> User:
        """Ends all that the user has running. Raises as `set_role`."""
        at = now()
        user = await self._change(user_id, by, lambda u: u.disabled(at), expected_revision)
        await self._end_sessions(user_id)
        return user

    async def enable(self, user_id: str, by: str, expected_revision: int | None = None) -> User:
        """Raises as `set_role`."""
        return await self._change(user_id, by, User.enabled, expected_revision)

    async def access(self, user_id: str) -> Access:
        """What the user can get in with now."""
        theirs: dict[str, Any] = {"user_id": user_id, "revoked_at": None}
        keys = {"$or": [{"expires_at": None}, {"expires_at": {"$gt": now()}}]}
        under_way = [status.value for status in JobStatus if not status.is_terminal]
        return Access(
            sessions=await self._mongo.sessions.count(theirs | {"expires_at": {"$gt": now()}}),
            api_keys=await self._mongo.api_keys.count(theirs | keys),
            jobs=await self._mongo.jobs.count({"owner_id": user_id, "status": {"$in": under_way}}),
        )

    def refuse_oneself(self, user_id: str, by: str) -> None:
        """Raises IllegalMove: somebody must stay admin."""
        if user_id == by:
            raise IllegalMove("nobody changes their own standing; ask another admin")

    async def _join(self, email: str, name: str, role: Role, password_hash: str) -> User:
        user = User(ids.new(ids.USER), email, name, role, password_hash, created_at=now())
        try:
            await self._mongo.users.insert(user)
        except AlreadyExists:
            raise AlreadyExists(f"{email} has an account already") from None
        await self._tell(EventKind.USER_JOINED, user, f"{user.name} joined")
        return user

    async def _change(
        self, user_id: str, by: str, move: Callable[[User], User],
        expected_revision: int | None,
    ) -> User:  # fmt: skip
        self.refuse_oneself(user_id, by)
        user = await self._mongo.users.amend(user_id, move, expected_revision=expected_revision)
        self._recall.forget(user_id)
        standing = "disabled" if user.disabled_at else user.role.value
        await self._tell(EventKind.USER_CHANGED, user, f"{user.name} is now {standing}")
        return user
