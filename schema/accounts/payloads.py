"""What the mutations of accounts return."""

from __future__ import annotations

from datetime import datetime

import strawberry

from schema.accounts.types import Invitation, User
from schema.errors import UserError
from schema.fields import no_errors
from store.accounts.users import Access
from store.records import account as records


@strawberry.type(description="A session, opened or refreshed.")
class SignInPayload:
    user: records.User | None = strawberry.field(
        default=None, graphql_type=User | None, description="Who signed in."
    )
    access_token: str | None = strawberry.field(
        default=None, description="Send it as `Authorization: Bearer ...`."
    )
    access_token_expires_at: datetime | None = strawberry.field(
        default=None, description="Refresh the session before then."
    )
    refresh_token: str | None = strawberry.field(
        default=None,
        description="Serves `refreshSession` once. Browsers get it as a cookie and need not ask.",
    )
    user_errors: list[UserError] = no_errors()


@strawberry.type(description="What somebody can get in with, and what they have going.")
class AccessEffect:
    sessions: int = strawberry.field(description="Sessions that end.")
    api_keys: int = strawberry.field(
        description="API keys that are good; with the account disabled they open nothing."
    )
    jobs: int = strawberry.field(description="Jobs that wait or run; they go on.")


@strawberry.type(description="The account that a mutation was about.")
class UserPayload:
    user: records.User | None = strawberry.field(
        default=None, graphql_type=User | None, description="As it is now."
    )
    effect: Access | None = strawberry.field(
        default=None,
        graphql_type=AccessEffect | None,
        description="What `disableUser` and `signOutEverywhere` end.",
    )
    user_errors: list[UserError] = no_errors()


@strawberry.type(description="An invitation, made.")
class InviteUserPayload:
    invitation: records.Invitation | None = strawberry.field(
        default=None, graphql_type=Invitation | None, description="What was made."
    )
    token: str | None = strawberry.field(
        default=None,
        description="Hand it to the invited person for `acceptInvitation`. Shown again only to the "
        "same request with the same idempotency key.",
    )
    user_errors: list[UserError] = no_errors()
