"""Users, sessions, invitations and API keys, as callers see them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import strawberry

from schema.accounts.api_keys import ApiKey
from schema.accounts.deprecations import DeprecatedUse, deprecated_fields_i_use
from schema.accounts.quotas import Quota, quotas_of_user, quotas_of_viewer
from schema.context import Info
from schema.enums import show_enum
from schema.nodes import Node, shows
from schema.paging import After, Connection, First, Listing, list_page
from store.clock import now
from store.records import account as records
from store.records.quota import Quota as QuotaRecord
from store.records.usage import DeprecatedUse as DeprecatedUseRecord
from store.records.viewer import Viewer as ViewerRecord

show_enum(
    records.Role,
    "What somebody may do.",
    ADMIN="Everything, for everybody.",
    USER="Work with their own data sets and models, and use published ones.",
)


@strawberry.type(description="Somebody with an account.")
class User(Node):
    is_type_of = shows(records.User)

    email: str = strawberry.field(description="What they sign in with.")
    name: str = strawberry.field(description="What they are called.")
    role: records.Role = strawberry.field(description="What they may do.")
    revision: int = strawberry.field(description="Pass it as `expectedVersion` to change it.")
    created_at: datetime = strawberry.field(description="When the account was made.")
    disabled_at: datetime | None = strawberry.field(
        description="Since when they may not sign in; null while they may."
    )
    quotas: list[QuotaRecord] | None = strawberry.field(
        resolver=quotas_of_user,
        graphql_type=list[Quota] | None,
        description="What they may have and do, at most four: one of each kind. Null for all but "
        "themselves and admins.",
    )


async def _invited_by(
    invitation: strawberry.Parent[records.Invitation], info: Info
) -> records.User | None:
    return await info.context.loaders.users.load(invitation.invited_by)


@strawberry.type(description="A right to make an account, once.")
class Invitation(Node):
    is_type_of = shows(records.Invitation)

    email: str = strawberry.field(description="Whose account it will be.")
    role: records.Role = strawberry.field(description="What they will be allowed to do.")
    created_at: datetime = strawberry.field(description="When it was made.")
    expires_at: datetime = strawberry.field(description="When it can no longer be accepted.")
    accepted_at: datetime | None = strawberry.field(description="When it was; null until then.")
    invited_by: records.User | None = strawberry.field(
        resolver=_invited_by, graphql_type=User | None, description="The admin who made it."
    )


def _is_current(session: strawberry.Parent[records.Session], info: Info) -> bool:
    return session.id == info.context.signed_in.session_id


@strawberry.type(description="One sign-in that is still good.")
class Session(Node):
    is_type_of = shows(records.Session)

    created_at: datetime = strawberry.field(description="When they signed in.")
    refreshed_at: datetime | None = strawberry.field(description="When it was last refreshed.")
    expires_at: datetime = strawberry.field(description="When it ends at the latest.")
    user_agent: str = strawberry.field(description="The program that signed in.")
    address: str = strawberry.field(description="The network address that it came from.")
    is_current: bool = strawberry.field(
        resolver=_is_current, description="Whether this request belongs to it."
    )


def _scopes(viewer: strawberry.Parent[ViewerRecord]) -> list[records.Scope]:
    return sorted(viewer.scopes)


async def _sessions(
    viewer: strawberry.Parent[ViewerRecord], info: Info, first: First = 20, after: After = None
) -> Listing[records.Session]:
    live: dict[str, Any] = {
        "user_id": viewer.id if viewer.model_ids is None else "",
        "revoked_at": None,
        "expires_at": {"$gt": now()},
    }
    sessions = info.context.store.mongo.sessions
    return await list_page(info, sessions, live, name="sessions", first=first, after=after)


async def _api_keys(
    viewer: strawberry.Parent[ViewerRecord], info: Info, first: First = 20, after: After = None
) -> Listing[records.ApiKey]:
    theirs: dict[str, Any] = {"user_id": viewer.id}
    if viewer.model_ids is not None:
        theirs["_id"] = viewer.api_key_id
    keys = info.context.store.mongo.api_keys
    return await list_page(info, keys, theirs, name="apiKeys", first=first, after=after)


async def _api_key(viewer: strawberry.Parent[ViewerRecord], info: Info) -> records.ApiKey | None:
    key_id = viewer.api_key_id
    return await info.context.store.mongo.api_keys.find(key_id) if key_id else None


@strawberry.type(description="Who is asking.")
class Viewer:
    user: records.User = strawberry.field(
        graphql_type=User, description="The account behind the session or API key."
    )
    scopes: list[records.Scope] = strawberry.field(
        resolver=_scopes, description="What this request may do; at most four."
    )
    quotas: list[QuotaRecord] = strawberry.field(
        resolver=quotas_of_viewer,
        graphql_type=list[Quota],
        description="What they may have and do, at most four: one of each kind.",
    )
    expires_at: datetime | None = strawberry.field(
        description="When the access token or API key runs out; null for never."
    )
    sessions: Listing[records.Session] = strawberry.field(
        resolver=_sessions,
        graphql_type=Connection[Session],
        description="Where they are signed in, newest first.",
    )
    api_keys: Listing[records.ApiKey] = strawberry.field(
        resolver=_api_keys,
        graphql_type=Connection[ApiKey],
        description="Their API keys, newest first, with those that have ended.",
    )
    api_key: records.ApiKey | None = strawberry.field(
        resolver=_api_key,
        graphql_type=ApiKey | None,
        description="The API key that asks; null for a session.",
    )
    deprecated_fields_i_use: list[DeprecatedUseRecord] = strawberry.field(
        resolver=deprecated_fields_i_use,
        graphql_type=list[DeprecatedUse],
        description="What is deprecated and still named by documents of the user's sessions and "
        "API keys: all of it, with its days.",
    )
