"""Root fields: each says what it is for, and who may use it."""

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


def mutation(rule: Rule, description: str) -> Declare:
    """A field of Mutation, whose expected failures end in its payload's `userErrors`."""
    return _declared(rule, UserErrors(), description=description)


def subscription(rule: Rule, description: str, shows: Any) -> Declare:
    """A field of Subscription; `shows` is the union of what it sends."""
    return _declared(rule, description=description, graphql_type=shows, is_subscription=True)


def _declared(*extensions: FieldExtension, **more: Any) -> Declare:
    declare: Declare = strawberry.field(extensions=list(extensions), **more)
    return declare
