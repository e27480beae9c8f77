"""The scalars beyond GraphQL's own five."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, NewType

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

BigInt = NewType("BigInt", int)
Metadata = NewType("Metadata", dict[str, str])
Variables = NewType("Variables", dict[str, Any])

SAFE_INTEGER = 2**53 - 1
"""The largest integer that JavaScript's numbers hold exactly."""


def _write_moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _read_moment(value: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise GraphQLError("a DateTime is RFC 3339 text such as 2026-01-31T12:00:00Z") from None
    if moment.tzinfo is None:
        raise GraphQLError("a DateTime names its offset, as in 2026-01-31T12:00:00Z")
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise GraphQLError("a DateTime lies in the years 1 to 9999 of UTC") from None


def _read_big(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > SAFE_INTEGER:
        raise GraphQLError(f"a BigInt is a whole number between -{SAFE_INTEGER} and {SAFE_INTEGER}")
    return value


def _read_metadata(value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
        raise GraphQLError("metadata is an object whose values are text")
    return value


SCALARS: dict[object, ScalarDefinition] = {
    datetime: strawberry.scalar(
        name="DateTime",
        description="A moment: RFC 3339 text in UTC, such as `2026-01-31T12:00:00.000Z`.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339",
        serialize=_write_moment,
        parse_value=_read_moment,
    ),
    BigInt: strawberry.scalar(
        name="BigInt",
        description="A whole number up to 2^53 - 1, for bytes and counts past 32 bits.",
        serialize=int,
        parse_value=_read_big,
    ),
    Metadata: strawberry.scalar(
        name="JSON",
        description="The caller's own notes: an object whose values are text.",
        serialize=dict,
        parse_value=_read_metadata,
    ),
    Variables: strawberry.scalar(
        name="Variables",
        description="The variables of an operation: a JSON object, ready to be sent with it.",
        serialize=dict,
    ),
}
