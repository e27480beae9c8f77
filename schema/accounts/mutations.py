"""Signing in and out, and managing who may."""

from __future__ import annotations

from typing import Annotated

import strawberry

from schema.accounts.inputs import (
    AcceptInvitationInput,
    ChangePasswordInput,
    DisableUserInput,
    EnableUserInput,
    InviteUserInput,
    RefreshSessionInput,
    SetUserRoleInput,
    SignInInput,
    SignOutEverywhereInput,
    SignOutInput,
)
from schema.accounts.payloads import (
    InviteUserPayload,
    SignInPayload,
    UserPayload,
)
from schema.context import Context, Info
from schema.fields import with_payload
from schema.once import check_revision, once
from schema.permissions import Public, Requires, RequiresSession
from schema.visibility import find_user, must_find
from store import ids
from store.accounts import SignedIn
from store.errors import Denied
from store.records.account import Scope

INPUT = strawberry.argument(description="What to do it with.")


def _show(context: Context, signed_in: SignedIn) -> SignInPayload:
    context.set_cookie(signed_in.refresh_token, context.store.settings.refresh_token_ttl_s)
    return SignInPayload(
        user=signed_in.user,
        access_token=signed_in.access_token,
        access_token_expires_at=signed_in.access_expires_at,
        refresh_token=signed_in.refresh_token,
    )


@strawberry.type
class AccountMutations:
    @with_payload(
        Public(), "Open a session. A wrong email and a wrong password get the same answer."
    )
    async def sign_in(self, info: Info, input: Annotated[SignInInput, INPUT]) -> SignInPayload:
        context = info.context
        signed_in = await context.store.accounts.sign_in(
            input.email, input.password, context.address, context.user_agent
        )
        return _show(context, signed_in)

    @with_payload(
        Public(), "New tokens for a refresh token. One that served before ends its session."
    )
    async def refresh_session(
        self, info: Info, input: Annotated[RefreshSessionInput | None, INPUT] = None
    ) -> SignInPayload:
        context = info.context
        token = (input and input.refresh_token) or context.refresh_cookie
        if token is None:
            raise Denied("there is no session to refresh; sign in")
        return _show(context, await context.store.accounts.refresh(token, context.address))

    @with_payload(RequiresSession(), "End one session of the caller.")
    async def sign_out(
        self, info: Info, input: Annotated[SignOutInput | None, INPUT] = None
    ) -> UserPayload:
        context, viewer = info.context, info.context.signed_in
        session_id = (input and input.session_id) or viewer.session_id or ""
        await context.store.accounts.sign_out(viewer.id, session_id)
        if session_id == viewer.session_id:
            context.set_cookie(None, 0)
        return UserPayload(user=viewer.user)

    @with_payload(RequiresSession(), "End all sessions of the caller. API keys stay.")
    async def sign_out_everywhere(
        self, info: Info, input: Annotated[SignOutEverywhereInput | None, INPUT] = None
    ) -> UserPayload:
        viewer, accounts = info.context.signed_in, info.context.store.accounts
        effect = await accounts.access(viewer.id)
        if input is None or not input.dry_run:
            await accounts.sign_out_everywhere(viewer.id)
            info.context.set_cookie(None, 0)
        return UserPayload(user=viewer.user, effect=effect)

    @with_payload(
        RequiresSession(), "Choose a new password. It ends all other sessions of the caller."
    )
    async def change_password(
        self, info: Info, input: Annotated[ChangePasswordInput, INPUT]
    ) -> UserPayload:
        viewer = info.context.signed_in
        user = await info.context.store.accounts.change_password(
            viewer.id, input.old_password, input.new_password, viewer.session_id
        )
        return UserPayload(user=user)

    @with_payload(Requires(Scope.ADMIN), "Let somebody make an account. For admins.")
    async def invite_user(
        self, info: Info, input: Annotated[InviteUserInput, INPUT]
    ) -> InviteUserPayload:
        async def make(invitation_id: str) -> None:
            by = info.context.signed_in.id
            await store.accounts.invite(input.email, input.role, by, invitation_id=invitation_id)

        store = info.context.store
        identifier = await once(info, input, ids.INVITATION, make)
        return InviteUserPayload(
            invitation=await store.mongo.invitations.get(identifier),
            token=store.accounts.invitation_token(identifier),
        )

    @with_payload(Public(), "Make the account that an invitation promises; then sign in.")
    async def accept_invitation(
        self, info: Info, input: Annotated[AcceptInvitationInput, INPUT]
    ) -> UserPayload:
        user = await info.context.store.accounts.accept_invitation(
            input.token, input.name, input.password, info.context.address
        )
        return UserPayload(user=user)

    @with_payload(Requires(Scope.ADMIN), "Give somebody another role. For admins.")
    async def set_user_role(
        self, info: Info, input: Annotated[SetUserRoleInput, INPUT]
    ) -> UserPayload:
        by = info.context.signed_in.id
        known = await must_find(info.context, find_user, input.user_id, "userId")
        user = await info.context.store.accounts.set_role(
            known.id, input.role, by, input.expected_version
        )
        return UserPayload(user=user)

    @with_payload(
        Requires(Scope.ADMIN),
        "Keep somebody out: ends their sessions, keys and subscriptions. For admins.",
    )
    async def disable_user(
        self, info: Info, input: Annotated[DisableUserInput, INPUT]
    ) -> UserPayload:
        accounts, by = info.context.store.accounts, info.context.signed_in.id
        user = await must_find(info.context, find_user, input.user_id, "userId")
        accounts.refuse_oneself(user.id, by)
        check_revision(user, input.expected_version)
        effect = await accounts.access(user.id)
        if not input.dry_run:
            user = await accounts.disable(user.id, by, input.expected_version)
        return UserPayload(user=user, effect=effect)

    @with_payload(Requires(Scope.ADMIN), "Let somebody in again. For admins.")
    async def enable_user(
        self, info: Info, input: Annotated[EnableUserInput, INPUT]
    ) -> UserPayload:
        by = info.context.signed_in.id
        known = await must_find(info.context, find_user, input.user_id, "userId")
        user = await info.context.store.accounts.enable(known.id, by, input.expected_version)
        return UserPayload(user=user)
