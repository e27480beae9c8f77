"""What the mutations of accounts return."""

from __future__ import annotations

from datetime import datetime

import strawberry

from schema.accounts.types import ApiKey, Invitation, User
from schema.errors import UserError
from schema.fields import no_errors
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


@strawberry.type(description="The account that a mutation was about.")
class UserPayload:
    user: records.User | None = strawberry.field(
        default=None, graphql_type=User | None, description="As it is now."
    )
    user_errors: list[UserError] = no_errors()


@strawberry.type(description="An invitation, made.")
class InviteUserPayload:
    invitation: records.Invitation | None = strawberry.field(
        default=None, graphql_type=Invitation | None, description="What was made."
    )
    token: str | None = strawberry.field(
        default=None,
        description="Hand it to the invited person for `acceptInvitation`. Never shown again.",
    )
    user_errors: list[UserError] = no_errors()


@strawberry.type(description="An API key, made.")
class CreateApiKeyPayload:
    api_key: records.ApiKey | None = strawberry.field(
        default=None, graphql_type=ApiKey | None, description="What was made."
    )
    key: str | None = strawberry.field(
        default=None,
        description="Send it as `Authorization: Bearer ...`. Never shown again.",
    )
    user_errors: list[UserError] = no_errors()


@strawberry.type(description="The API key that a mutation was about.")
class ApiKeyPayload:
    api_key: records.ApiKey | None = strawberry.field(
        default=None, graphql_type=ApiKey | None, description="As it is now."
    )
    user_errors: list[UserError] = no_errors()
