"""API keys, as their owners see them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import strawberry

from schema.context import Info
from schema.enums import show_enum
from schema.nodes import Node, shows
from schema.scalars import BigInt
from store.clock import now
from store.errors import InvalidValue
from store.limits.usage import KEPT_DAYS
from store.records import account as records
from store.records.usage import DayOfUse

show_enum(
    records.Scope,
    "What an API key may do; never more than its owner.",
    READ="Run queries and subscriptions.",
    PREDICT="Ask models for answers, and correct them.",
    WRITE="Upload, train, publish and change.",
    ADMIN="Manage users, and see what belongs to others.",
)

LastDays = Annotated[
    int, strawberry.argument(description="How many days, the last one today, 1 to 90; UTC.")
]


def check_days(last_days: int) -> None:
    """Raise InvalidValue unless so many days are kept."""
    if not 1 <= last_days <= KEPT_DAYS:
        why = f"lastDays is {last_days}; it must be 1 to {KEPT_DAYS}"
        raise InvalidValue(why, "lastDays")


@strawberry.type(description="What an API key may use on one day, UTC.")
class ApiKeyBudget:
    points: BigInt | None = strawberry.field(
        description="Points of `extensions.cost`; null for no bound."
    )
    predictions: BigInt | None = strawberry.field(
        description="Texts that models are asked about; null for no bound."
    )


@strawberry.type(description="The last use of an API key, to the minute.")
class ApiKeyUse:
    at: datetime = strawberry.field(description="When.")
    address: str = strawberry.field(description="The network address that it came from.")
    user_agent: str = strawberry.field(description="The program that used it.")


@strawberry.type(description="What an API key used on one day, UTC.")
class ApiKeyDay:
    day: date = strawberry.field(description="Which day.")
    requests: BigInt = strawberry.field(description="Operations that were asked for.")
    points: BigInt = strawberry.field(description="What they cost, as in `extensions.cost`.")
    predictions: BigInt = strawberry.field(description="Texts that models were asked about.")
    errors: BigInt = strawberry.field(description="Operations that ended with `errors`.")


Key = strawberry.Parent[records.ApiKey]


def _last_used_at(key: Key) -> datetime | None:
    return key.last_use.at if key.last_use else None


def _warning(key: Key) -> str | None:
    return key.warning(now())


async def _usage(key: Key, info: Info, last_days: LastDays = 30) -> list[DayOfUse]:
    check_days(last_days)
    return await info.context.store.usage.of_key(key.id, last_days)


@strawberry.type(description="A key for a program. The key itself is shown only when it is made.")
class ApiKey(Node):
    is_type_of = shows(records.ApiKey)

    name: str = strawberry.field(description="What its owner calls it.")
    scopes: list[records.Scope] = strawberry.field(description="What it may do; at most four.")
    model_ids: list[strawberry.ID] | None = strawberry.field(
        description="The only models that it reaches, at most 20; null for all of its owner's. To "
        "such a key everything else is missing."
    )
    budget: records.Budget = strawberry.field(
        graphql_type=ApiKeyBudget, description="What it may use a day."
    )
    created_at: datetime = strawberry.field(description="When it was made.")
    expires_at: datetime | None = strawberry.field(description="When it ends; null for never.")
    warning: str | None = strawberry.field(
        resolver=_warning, description="What to do before it ends, in its last 14 days."
    )
    rotated_at: datetime | None = strawberry.field(
        description="When it last got a new secret, if it did."
    )
    previous_until: datetime | None = strawberry.field(
        description="Until when the secret before is good as well."
    )
    last_used_at: datetime | None = strawberry.field(
        resolver=_last_used_at,
        description="Its last use, to the minute.",
        deprecation_reason="Gone on 2027-12-01; use `lastUse { at }`.",
    )
    last_use: records.LastUse | None = strawberry.field(
        graphql_type=ApiKeyUse | None, description="Its last use, and from where."
    )
    revoked_at: datetime | None = strawberry.field(description="When it was revoked, if it was.")
    usage: list[DayOfUse] = strawberry.field(
        resolver=_usage,
        graphql_type=list[ApiKeyDay],
        description="What it used, by day, today first; at most one entry for each of 90 days.",
    )
