"""Entries of the audit log, as admins see them."""

from __future__ import annotations

from datetime import datetime

import strawberry

from schema.accounts.types import User
from schema.context import Info
from schema.enums import show_enum
from schema.scalars import BigInt
from store.records import account
from store.records import audit as records

show_enum(
    records.Outcome,
    "What became of a mutation.",
    DONE="It was done.",
    DRY_RUN="Only its effect was told; nothing changed.",
    REFUSED="It was not done; `codes` say why.",
    DENIED="The caller may not do it, or showed the wrong credentials.",
    FAILED="It ended with a fault: it may have been done, wholly or in part.",
)


@strawberry.type(description="A field of something that a mutation changed.")
class AuditChange:
    subject_id: strawberry.ID = strawberry.field(description="The id of what changed.")
    field: str = strawberry.field(description="Which field of its record.")
    before: str | None = strawberry.field(description="Its value before, as JSON, long ones cut.")
    after: str | None = strawberry.field(description="Its value after, as JSON, long ones cut.")


Entry = strawberry.Parent[records.AuditEntry]


async def _actor(entry: Entry, info: Info) -> account.User | None:
    return await info.context.loaders.users.load(entry.actor_id) if entry.actor_id else None


@strawberry.type(description="One mutation that somebody tried.")
class AuditEntry:
    id: strawberry.ID = strawberry.field(description="Opaque; ids sort by `number`.")
    number: BigInt = strawberry.field(description="Its place in the log, from 1, without a gap.")
    at: datetime = strawberry.field(description="When it was entered.")
    action: str = strawberry.field(description="The mutation's name.")
    outcome: records.Outcome = strawberry.field(description="What became of it.")
    codes: list[str] = strawberry.field(description="What stood against it, at most one a fault.")
    actor: account.User | None = strawberry.field(
        resolver=_actor, graphql_type=User | None, description="Who; null for a stranger."
    )
    api_key_id: strawberry.ID | None = strawberry.field(
        description="The API key that they did it with, if it was one."
    )
    subject_ids: list[strawberry.ID] = strawberry.field(
        description="The ids in its input and of what it returned, at most 20."
    )
    input: str = strawberry.field(
        description="Its input as JSON, without secrets; texts are cut after 200 characters."
    )
    changes: list[AuditChange] = strawberry.field(
        description="What it changed in records that were there before, at most 20 fields."
    )
    address: str = strawberry.field(description="The network address that it came from.")
    user_agent: str = strawberry.field(description="The program that asked.")
    request_id: str = strawberry.field(description="The request's id, as in answers and logs.")
    previous_hash: str = strawberry.field(description="The hash of the entry before.")
    hash: str = strawberry.field(
        description="SHA-256 over all the other fields: docs/audit.md says how."
    )
