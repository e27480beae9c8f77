"""What users may have and do at most, and how much of it is used."""

from __future__ import annotations

from datetime import datetime

import strawberry

from schema.context import Info
from schema.cost import costs
from schema.enums import show_enum
from schema.scalars import BigInt
from store.limits import quotas
from store.records import quota as records
from store.records.account import User
from store.records.viewer import Viewer

show_enum(
    records.QuotaKind,
    "What there is a quota of.",
    STORAGE_BYTES="Bytes of files, rows, bundles, indexes and bulk answers. What is in the trash "
    "counts until it is purged.",
    JOBS_AT_ONCE="Jobs that wait or run. Purges do not count.",
    JOBS_PER_DAY="Jobs that were asked for since midnight, UTC. Purges do not count.",
    PREDICTIONS_PER_DAY="Texts answered since midnight, UTC, alone or in bulk.",
)


async def _used(quota: strawberry.Parent[records.Quota], info: Info) -> BigInt:
    return BigInt(await info.context.store.quotas.used(quota))


def _resets_at(quota: strawberry.Parent[records.Quota]) -> datetime | None:
    return quotas.resets_at(quota.kind)


@strawberry.type(description="What a user may have or do at most, of one kind.")
class Quota:
    kind: records.QuotaKind = strawberry.field(description="Of what.")
    limit: BigInt = strawberry.field(description="How much at most.")
    is_default: bool = strawberry.field(
        description="Whether it is what every user gets; else an admin has chosen it for this one."
    )
    used: BigInt = strawberry.field(
        resolver=_used,
        directives=costs(2),
        description="How much is used, with what is being made at the moment.",
    )
    resets_at: datetime | None = strawberry.field(
        resolver=_resets_at,
        description="When it begins anew; null for what is free again once something has ended "
        "or was purged.",
    )


async def quotas_of_user(user: strawberry.Parent[User], info: Info) -> list[records.Quota] | None:
    """For the user and for admins."""
    viewer = info.context.signed_in
    may_see = viewer.is_admin or viewer.id == user.id
    return await info.context.store.quotas.of(user.id) if may_see else None


async def quotas_of_viewer(viewer: strawberry.Parent[Viewer], info: Info) -> list[records.Quota]:
    """Their own."""
    return await info.context.store.quotas.of(viewer.id)
