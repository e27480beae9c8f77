"""What the mutations of accounts take."""

from __future__ import annotations

from datetime import datetime

import strawberry

from store.records.account import Role, Scope


@strawberry.input(description="Who signs in.")
class SignInInput:
    email: str = strawberry.field(description="In any spelling of capitals.")
    password: str = strawberry.field(description="As it was chosen.")


@strawberry.input(description="The session to refresh.")
class RefreshSessionInput:
    refresh_token: str | None = strawberry.field(
        default=None, description="The newest of the session; a browser's cookie if left out."
    )


@strawberry.input(description="The session to end.")
class SignOutInput:
    session_id: strawberry.ID | None = strawberry.field(
        default=None, description="One of the caller's sessions; the present one if left out."
    )


@strawberry.input(description="The old and the new password.")
class ChangePasswordInput:
    old_password: str = strawberry.field(description="The one in force.")
    new_password: str = strawberry.field(description="10 to 256 characters.")


@strawberry.input(description="Whom to invite.")
class InviteUserInput:
    email: str = strawberry.field(description="Whose account it will be.")
    role: Role = strawberry.field(default=Role.USER, description="What they will be allowed to do.")


@strawberry.input(description="The account to make.")
class AcceptInvitationInput:
    token: str = strawberry.field(description="What `inviteUser` gave.")
    name: str = strawberry.field(description="What to call the new user, 1 to 100 characters.")
    password: str = strawberry.field(description="10 to 256 characters.")


@strawberry.input(description="Whose role, and which.")
class SetUserRoleInput:
    user_id: strawberry.ID = strawberry.field(description="Anybody but the caller.")
    role: Role = strawberry.field(description="What they may do from now on.")


@strawberry.input(description="Whom to keep out.")
class DisableUserInput:
    user_id: strawberry.ID = strawberry.field(description="Anybody but the caller.")


@strawberry.input(description="Whom to let in again.")
class EnableUserInput:
    user_id: strawberry.ID = strawberry.field(description="Anybody but the caller.")


@strawberry.input(description="The key to make.")
class CreateApiKeyInput:
    name: str = strawberry.field(description="To tell it from others, 1 to 100 characters.")
    scopes: list[Scope] = strawberry.field(description="At least one; ADMIN for admins only.")
    expires_at: datetime | None = strawberry.field(
        default=None, description="When it ends; never if left out."
    )


@strawberry.input(description="The key to end.")
class RevokeApiKeyInput:
    id: strawberry.ID = strawberry.field(description="One of the caller's keys.")
