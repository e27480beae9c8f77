"""How people get an account: an admin invites them, they choose a password."""

from __future__ import annotations

import secrets
from datetime import timedelta

from store import ids
from store.accounts.users import Users, clean_email, clean_name
from store.clock import now
from store.errors import AlreadyExists, Denied
from store.passwords import hash_password
from store.records.account import Invitation, Role, User
from store.tokens import digest


class Invitations(Users):
    async def invite(self, email: str, role: Role, by: str) -> tuple[Invitation, str]:
        """The invitation and its token, which is shown once.

        Raises InvalidValue, and AlreadyExists when the email has an account.
        """
        email = clean_email(email)
        if await self._mongo.users.find_by(email=email):
            raise AlreadyExists(f"{email} has an account already")
        token, at = secrets.token_urlsafe(32), now()
        invitation = Invitation(
            id=ids.new(ids.INVITATION), email=email, role=role, token_hash=digest(token),
            invited_by=by, created_at=at,
            expires_at=at + timedelta(seconds=self._settings.invitation_ttl_s),
        )  # fmt: skip
        await self._mongo.invitations.insert(invitation)
        await self._note("inviteUser", by, invitation.id, email=email, role=role)
        return invitation, token

    async def accept_invitation(self, token: str, name: str, password: str) -> User:
        """Make the account that an invitation promises, once.

        Raises Denied for a token that is none, IllegalMove when it was used or has expired,
        AlreadyExists, and InvalidValue for a bad name or password: the invitation stays open then.
        """
        invitation = await self._mongo.invitations.find_by(token_hash=digest(token))
        if invitation is None:
            raise Denied("there is no such invitation")
        invitation.accepted(now())
        name, password_hash = clean_name(name), await hash_password(password)
        at = now()
        await self._mongo.invitations.amend(invitation.id, lambda kept: kept.accepted(at))
        return await self._join(invitation.email, name, invitation.role, password_hash)
