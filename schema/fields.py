"""Root fields, of which each says who may use it, and the fields that many types share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import strawberry
from strawberry.extensions import FieldExtension
from strawberry.types.field import StrawberryField

from schema.errors import UserErrors
from schema.permissions import Rule

Declare = Callable[[Callable[..., Any]], StrawberryField]


def query(rule: Rule, description: str, shows: Any = None) -> Declare:
    """A field of Query; `shows` is its GraphQL type where the resolver returns a record."""
    return _declared(rule, description=description, graphql_type=shows)


def with_payload(rule: Rule, description: str) -> Declare:
    """A field whose expected failures end in its payload's `userErrors`: every mutation."""
    return _declared(rule, UserErrors(), description=description)


def subscription(rule: Rule, description: str, shows: Any) -> Declare:
    """A field of Subscription; `shows` is the union of what it sends."""
    return _declared(rule, description=description, graphql_type=shows, is_subscription=True)


def _declared(*extensions: FieldExtension, **more: Any) -> Declare:
    declare: Declare = strawberry.field(extensions=list(extensions), **more)
    return declare


def idempotency_key() -> Any:
    """The field `idempotencyKey` of a creating input; `schema.once` heeds it."""
    return strawberry.field(
        default=None,
        description="The caller's own key: sent again with it, the same request is done once in "
        "24 hours.",
    )


def expected_version() -> Any:
    """The field `expectedVersion` of an updating input."""
    return strawberry.field(
        default=None,
        description="The `revision` that the caller saw; refused when the record changed since.",
    )


def no_errors() -> Any:
    """The field `userErrors` of a payload."""
    return strawberry.field(
        default_factory=list, description="Why nothing was done, at most one entry a fault."
    )
