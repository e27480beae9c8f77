"""Bulk operations, as callers see them."""

from __future__ import annotations

from datetime import datetime

import strawberry

from schema.accounts.types import User
from schema.context import Info
from schema.enums import show_enum
from schema.lazy import LazyJob
from schema.nodes import Node, owner_of, shows
from schema.permissions import visible
from schema.scalars import BigInt
from store.records import operation as records
from store.records.account import User as UserRecord
from store.records.job import Job as JobRecord

Asked = strawberry.Parent[records.BulkOperation]

show_enum(
    records.OperationType,
    "What a bulk operation runs.",
    QUERY="A query, over all pages of its lists.",
    MUTATION="A mutation, once for each line of variables.",
)
show_enum(
    records.OperationStatus,
    "How far the result of a bulk operation is.",
    PENDING="It is not there; `job` tells why.",
    READY="All of it can be fetched.",
    PARTIAL="The job failed or was cancelled: what was done until then can be fetched.",
    EXPIRED="It was kept for its time and is deleted.",
)


async def _job(asked: Asked, info: Info) -> JobRecord | None:
    return visible(info.context.signed_in, await info.context.loaders.jobs.load(asked.job_id))


async def _url(asked: Asked, info: Info) -> str | None:
    if asked.object_key is None:
        return None
    objects = info.context.store.objects
    return await objects.download_url(asked.object_key, f"{asked.id}.jsonl")


def _object_count(asked: Asked) -> BigInt:
    return BigInt(asked.tally.objects)


def _done(asked: Asked) -> BigInt:
    return BigInt(asked.tally.done)


def _failed(asked: Asked) -> BigInt:
    return BigInt(asked.tally.failed)


def _bytes(asked: Asked) -> BigInt:
    return BigInt(asked.tally.bytes)


@strawberry.type(
    description="A query that was run over all its pages, or a mutation over many lines, and the "
    "file of JSON lines that it leaves. `job` runs it: follow that, or cancel it."
)
class BulkOperation(Node):
    is_type_of = shows(records.BulkOperation)

    type: records.OperationType = strawberry.field(description="What it runs.")
    status: records.OperationStatus = strawberry.field(description="How far the file is.")
    document: str = strawberry.field(description="The operation, as it was sent.")
    object_count: BigInt = strawberry.field(
        resolver=_object_count, description="Lines of the result so far."
    )
    done: BigInt = strawberry.field(
        resolver=_done,
        description="Things of the outermost list, or lines of variables, that are done.",
    )
    total: BigInt | None = strawberry.field(
        description="How many there are, as was counted at the start; null before."
    )
    failed: BigInt = strawberry.field(
        resolver=_failed, description="Lines of variables that were not carried out."
    )
    bytes: BigInt = strawberry.field(resolver=_bytes, description="Size of the result so far.")
    sha256: str | None = strawberry.field(description="SHA-256 of the file, in hexadecimal.")
    url: str | None = strawberry.field(
        resolver=_url,
        description="Where the result can be fetched for a short while, a JSON object a line; made "
        "anew at each reading. Null unless it is READY or PARTIAL.",
    )
    created_at: datetime = strawberry.field(description="When it was asked for.")
    ended_at: datetime | None = strawberry.field(description="When the file was there.")
    expires_at: datetime = strawberry.field(description="When the file is deleted.")
    upload_id: strawberry.ID | None = strawberry.field(
        description="The file of variables; null for a query, and for lines sent along."
    )
    job: JobRecord | None = strawberry.field(
        resolver=_job,
        graphql_type=LazyJob | None,
        description="The job that runs it.",
    )
    owner: UserRecord | None = strawberry.field(
        resolver=owner_of, graphql_type=User | None, description="Who asked for it."
    )
    revision: int = strawberry.field(description="Grows with every change.")
