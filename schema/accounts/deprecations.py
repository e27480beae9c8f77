"""What is deprecated and still asked for, as the caller sees it."""

from __future__ import annotations

from datetime import date

import strawberry

from schema.accounts.api_keys import LastDays, check_days
from schema.context import Info
from schema.documents.deprecations import reason_of, removal_of
from schema.scalars import BigInt
from store.records.usage import DeprecatedUse as DeprecatedUseRecord
from store.records.viewer import Viewer

Use = strawberry.Parent[DeprecatedUseRecord]


@strawberry.type(description="How often something deprecated was asked for on one day.")
class DeprecatedDay:
    day: date = strawberry.field(description="Which day, UTC.")
    count: BigInt = strawberry.field(description="Operations whose document names it.")


def _reason(use: Use, info: Info) -> str | None:
    return reason_of(info.schema._schema, use.coordinate)


def _removed_on(use: Use, info: Info) -> date | None:
    return removal_of(_reason(use, info))


def _days(use: Use) -> list[DeprecatedDay]:
    return [DeprecatedDay(day=day, count=BigInt(count)) for day, count in use.days]


@strawberry.type(description="Something deprecated that the caller's documents name.")
class DeprecatedUse:
    coordinate: str = strawberry.field(
        description="Its schema coordinate, such as `Query.model` or `Query.model(name:)`."
    )
    reason: str | None = strawberry.field(
        resolver=_reason, description="What to use instead; null once it is gone."
    )
    removed_on: date | None = strawberry.field(
        resolver=_removed_on, description="When it goes; null where no date is set, or once gone."
    )
    days: list[DeprecatedDay] = strawberry.field(
        resolver=_days, description="By day, the latest first; at most one entry for each day."
    )


async def deprecated_fields_i_use(
    viewer: strawberry.Parent[Viewer], info: Info, last_days: LastDays = 30
) -> list[DeprecatedUseRecord]:
    """Of all that the user's sessions and API keys asked."""
    check_days(last_days)
    return await info.context.store.usage.deprecated_of(viewer.id, last_days)
