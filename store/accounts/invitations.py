"""How people get an account: an admin invites them, they choose a password."""

from __future__ import annotations

from datetime import timedelta

from store import ids
from store.accounts.passwords import hash_password
from store.accounts.tokens import digest, write_invitation_token
from store.accounts.users import Users, clean_email, clean_name
from store.clock import now
from store.errors import AlreadyExists, Denied
from store.records.account import Invitation, Role, User


class Invitations(Users):
    async def invite(
        self, email: str, role: Role, by: str, *, invitation_id: str | None = None
    ) -> tuple[Invitation, str]:
        """The invitation and its token, which nobody is shown but who asks for it.

        Asked again with its id, the one that is there. Raises InvalidValue, and AlreadyExists when
        the email has an account.
        """
        email, at = clean_email(email), now()
        if await self._mongo.users.find_by(email=email):
            raise AlreadyExists(f"{email} has an account already")
        identifier = invitation_id or ids.new(ids.INVITATION)
        invitation = Invitation(
            id=identifier, email=email, role=role,
            token_hash=digest(self.invitation_token(identifier)), invited_by=by, created_at=at,
            expires_at=at + timedelta(seconds=self._settings.invitation_ttl_s),
        )  # fmt: skip
        await self._mongo.invitations.insert_many_ignoring_known([invitation])
        return await self._mongo.invitations.get(identifier), self.invitation_token(identifier)

    def invitation_token(self, invitation_id: str) -> str:
        """Made from the id, so that whoever asks for the same invitation again gets it again."""
        return write_invitation_token(self._settings.secret, invitation_id)

    async def accept_invitation(
        self, token: str, name: str, password: str, address: str = ""
    ) -> User:
        """Make the account that an invitation promises, once.

        Raises Throttled, Denied for a token that is none, IllegalMove when it was used or has
        expired, AlreadyExists, and InvalidValue for a bad name or password: the invitation stays
        open then.
        """
        invitation = await self._mongo.invitations.find_by(token_hash=digest(token))
        if invitation is None:
            await self._throttle.take(address=address)
            raise Denied("there is no such invitation")
        invitation.accepted(now())
        name = clean_name(name)
        password_hash = await hash_password(password, invitation.email, name)
        at = now()
        await self._mongo.invitations.amend(invitation.id, lambda kept: kept.accepted(at))
        return await self._join(invitation.email, name, invitation.role, password_hash)
