"""What the mutations of accounts take."""

from __future__ import annotations

import strawberry

from schema.fields import dry_run, expected_version, idempotency_key
from store.records.account import Role


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


@strawberry.input(description="How to end all sessions.")
class SignOutEverywhereInput:
    dry_run: bool = dry_run()


@strawberry.input(description="The old and the new password.")
class ChangePasswordInput:
    old_password: str = strawberry.field(description="The one in force.")
    new_password: str = strawberry.field(description="10 to 256 characters.")


@strawberry.input(description="Whom to invite.")
class InviteUserInput:
    email: str = strawberry.field(description="Whose account it will be.")
    role: Role = strawberry.field(default=Role.USER, description="What they will be allowed to do.")
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="The account to make.")
class AcceptInvitationInput:
    token: str = strawberry.field(description="What `inviteUser` gave.")
    name: str = strawberry.field(description="What to call the new user, 1 to 100 characters.")
    password: str = strawberry.field(description="10 to 256 characters.")


@strawberry.input(description="Whose role, and which.")
class SetUserRoleInput:
    user_id: strawberry.ID = strawberry.field(description="Anybody but the caller.")
    role: Role = strawberry.field(description="What they may do from now on.")
    expected_version: int | None = expected_version()


@strawberry.input(description="Whom to keep out.")
class DisableUserInput:
    user_id: strawberry.ID = strawberry.field(description="Anybody but the caller.")
    dry_run: bool = dry_run()
    expected_version: int | None = expected_version()


@strawberry.input(description="Whom to let in again.")
class EnableUserInput:
    user_id: strawberry.ID = strawberry.field(description="Anybody but the caller.")
    expected_version: int | None = expected_version()
