"""Users, sessions, invitations and API keys, as callers see them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import strawberry

from schema.context import Info
from schema.enums import show_enum
from schema.nodes import Node, shows
from schema.paging import After, Connection, First, Listing, list_page
from store.clock import now
from store.records import account as records
from store.records.viewer import Viewer as ViewerRecord

show_enum(
    records.Role,
    "What somebody may do.",
    ADMIN="Everything, for everybody.",
    USER="Work with their own data sets and models, and use published ones.",
)
show_enum(
    records.Scope,
    "What an API key may do; never more than its owner.",
    READ="Run queries and subscriptions.",
    PREDICT="Ask models for answers, and correct them.",
    WRITE="Upload, train, publish and change.",
    ADMIN="Manage users, and see what belongs to others.",
)


@strawberry.type(description="Somebody with an account.")
class User(Node):
    is_type_of = shows(records.User)

    email: str = strawberry.field(description="What they sign in with.")
    name: str = strawberry.field(description="What they are called.")
    role: records.Role = strawberry.field(description="What they may do.")
    created_at: datetime = strawberry.field(description="When the account was made.")
    disabled_at: datetime | None = strawberry.field(
        description="Since when they may not sign in; null while they may."
    )


async def _invited_by(
    invitation: strawberry.Parent[records.Invitation], info: Info
) -> records.User | None:
    return await info.context.loaders.users.load(invitation.invited_by)


@strawberry.type(description="A right to make an account, once.")
class Invitation:
    id: strawberry.ID = strawberry.field(description="Opaque.")
    email: str = strawberry.field(description="Whose account it will be.")
    role: records.Role = strawberry.field(description="What they will be allowed to do.")
    created_at: datetime = strawberry.field(description="When it was made.")
    expires_at: datetime = strawberry.field(description="When it can no longer be accepted.")
    accepted_at: datetime | None = strawberry.field(description="When it was; null until then.")
    invited_by: records.User | None = strawberry.field(
        resolver=_invited_by, graphql_type=User | None, description="The admin who made it."
    )


@strawberry.type(description="A key for a program. The key itself is shown only when it is made.")
class ApiKey:
    id: strawberry.ID = strawberry.field(description="Opaque.")
    name: str = strawberry.field(description="What its owner calls it.")
    scopes: list[records.Scope] = strawberry.field(description="What it may do; at most four.")
    created_at: datetime = strawberry.field(description="When it was made.")
    expires_at: datetime | None = strawberry.field(description="When it ends; null for never.")
    last_used_at: datetime | None = strawberry.field(description="Its last use, to the minute.")
    revoked_at: datetime | None = strawberry.field(description="When it was revoked, if it was.")


def _is_current(session: strawberry.Parent[records.Session], info: Info) -> bool:
    return session.id == info.context.signed_in.session_id


@strawberry.type(description="One sign-in that is still good.")
class Session:
    id: strawberry.ID = strawberry.field(description="Opaque; `signOut` takes it.")
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
        "user_id": viewer.id, "revoked_at": None, "expires_at": {"$gt": now()},
    }  # fmt: skip
    sessions = info.context.store.mongo.sessions
    return await list_page(info, sessions, live, name="sessions", first=first, after=after)


async def _api_keys(
    viewer: strawberry.Parent[ViewerRecord], info: Info, first: First = 20, after: After = None
) -> Listing[records.ApiKey]:
    theirs, keys = {"user_id": viewer.id}, info.context.store.mongo.api_keys
    return await list_page(info, keys, theirs, name="apiKeys", first=first, after=after)


@strawberry.type(description="Who is asking.")
class Viewer:
    user: records.User = strawberry.field(
        graphql_type=User, description="The account behind the session or API key."
    )
    scopes: list[records.Scope] = strawberry.field(
        resolver=_scopes, description="What this request may do; at most four."
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
