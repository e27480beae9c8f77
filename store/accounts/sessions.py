"""Signing in and out, and staying signed in by refresh tokens that serve once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from store import ids
from store.accounts.part import Part
from store.accounts.passwords import hash_password, needs_upgrade, rehash_password, verify_password
from store.accounts.tokens import (
    digest,
    matches,
    read_refresh_token,
    write_access_token,
    write_refresh_token,
)
from store.clock import now
from store.errors import Denied, NotFound
from store.records.account import Session, User

REFUSAL_S = 0.4
"""A refused sign-in takes this long: an imported user's bcrypt hash costs eight times argon2id's,
and without the wait the time would tell whose account is one."""
MAX_USER_AGENT = 200


@dataclass(frozen=True, slots=True)
class SignedIn:
    user: User
    session: Session
    access_token: str
    refresh_token: str
    access_expires_at: datetime


class _Reused(Denied):
    """A refresh token that was exchanged before."""


class Sessions(Part):
    async def sign_in(
        self, email: str, password: str, address: str = "", user_agent: str = ""
    ) -> SignedIn:
        """Raises Throttled, and Denied for any wrong pair: nothing tells which half was wrong."""
        email = email.strip().lower()
        await self._throttle.take(account=email, address=address)
        async with _same_refusal():
            user = await self._mongo.users.find_by(email=email)
            right = await verify_password(user.password_hash if user else None, password)
            if user is None or not right or user.disabled_at:
                raise Denied("wrong email or password")
        await self._throttle.give_back(account=email, address=address)
        if needs_upgrade(user.password_hash):
            user = await self._upgraded(user, password)
        return await self._open_session(user, address, user_agent)

    async def refresh(self, refresh_token: str, address: str = "") -> SignedIn:
        """New tokens for old: the old refresh token has served, and its reuse ends the session.

        Raises Throttled, and Denied for a token that is over, was used before or is not ours.
        """
        session_id = await self._count_refresh(refresh_token, address)
        successor, at = write_refresh_token(self._settings.secret, session_id), now()

        def rotate(kept: Session) -> Session:
            if not kept.is_live(at):
                raise Denied("the session is over; sign in again")
            if not matches(refresh_token, kept.token_hash):
                raise _Reused("this refresh token was used before, so its session has ended")
            return kept.rotated(digest(successor), at)

        try:
            session = await self._mongo.sessions.amend(session_id, rotate)
        except NotFound:
            raise Denied("the session is over; sign in again") from None
        except _Reused:
            await self._end_session(session_id)
            raise
        user = await self._enabled_user(session.user_id)
        await self._throttle.give_back(account=session_id, address=address)
        return self._signed_in(user, session, successor)

    async def sign_out(self, user_id: str, session_id: str) -> None:
        """End one session of the user's. Raises NotFound for any other."""
        if (await self._mongo.sessions.get(session_id)).user_id != user_id:
            raise NotFound(f"there is no Session {session_id}")
        await self._end_session(session_id)

    async def sign_out_everywhere(self, user_id: str) -> None:
        """End every session of the user; API keys stay."""
        await self._end_sessions(user_id)

    async def change_password(
        self, user_id: str, old: str, new: str, session_id: str | None = None
    ) -> User:
        """Ends the user's sessions, all but the one named.

        Raises Denied for a wrong old password, Throttled, and InvalidValue for a bad new one.
        """
        user = await self._mongo.users.get(user_id)
        await self._throttle.take(account=user.email)
        async with _same_refusal():
            if not await verify_password(user.password_hash, old):
                raise Denied("the old password is wrong")
        await self._throttle.give_back(account=user.email)
        password_hash = await hash_password(new, user.email, user.name, field="newPassword")
        user = await self._mongo.users.amend(user_id, lambda u: u.password_changed(password_hash))
        await self._end_sessions(user_id, but=session_id)
        return user

    async def _count_refresh(self, refresh_token: str, address: str) -> str:
        """The id of the token's session. A token that is not ours counts against nobody's session:
        it names whichever its maker likes.
        """
        try:
            session_id = read_refresh_token(self._settings.secrets, refresh_token)
        except Denied:
            await self._throttle.take(address=address)
            raise
        await self._throttle.take(account=session_id, address=address)
        return session_id

    async def _end_session(self, session_id: str) -> None:
        at = now()
        session = await self._mongo.sessions.amend(session_id, lambda kept: kept.revoked(at))
        self._recall.forget(session.user_id)

    async def _upgraded(self, user: User, password: str) -> User:
        """The user with an argon2id hash in the place of an imported one."""
        password_hash = await rehash_password(password)
        return await self._mongo.users.amend(
            user.id,
            lambda kept: (
                kept.password_changed(password_hash)
                if kept.password_hash == user.password_hash
                else kept
            ),
        )

    async def _open_session(self, user: User, address: str, user_agent: str) -> SignedIn:
        at, session_id = now(), ids.new(ids.SESSION)
        token = write_refresh_token(self._settings.secret, session_id)
        session = Session(
            id=session_id, user_id=user.id, token_hash=digest(token), created_at=at,
            expires_at=at + timedelta(seconds=self._settings.refresh_token_ttl_s),
            user_agent=user_agent[:MAX_USER_AGENT], address=address,
        )  # fmt: skip
        await self._mongo.sessions.insert(session)
        return self._signed_in(user, session, token)

    def _signed_in(self, user: User, session: Session, refresh_token: str) -> SignedIn:
        ttl_s = self._settings.access_token_ttl_s
        access_token, expires_at = write_access_token(
            self._settings.secret, user.id, session.id, now(), ttl_s
        )
        return SignedIn(user, session, access_token, refresh_token, expires_at)


@asynccontextmanager
async def _same_refusal() -> AsyncIterator[None]:
    """A Denied within leaves no sooner than REFUSAL_S after the beginning."""
    began = time.monotonic()
    try:
        yield
    except Denied:
        await asyncio.sleep(began + REFUSAL_S - time.monotonic())
        raise
