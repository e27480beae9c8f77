"""Root fields, of which each says who may use it, and the fields that many types share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import strawberry
from strawberry.extensions import FieldExtension
from strawberry.types.field import StrawberryField

from schema.audit.recording import Audited
from schema.cost import MUTATION_COST, costs
from schema.errors import UserErrors
from schema.permissions import Rule

Directives = Sequence[Any]
Declare = Callable[[Callable[..., Any]], StrawberryField]


def query(
    rule: Rule, description: str, shows: Any = None, cost: int = 0, size: Directives = ()
) -> Declare:
    """A field of Query; `shows` is its GraphQL type where the resolver returns a record.

    `cost` is in points, beside what it returns; `size` is from `schema.cost.sized_by`.
    """
    directives = [*costs(cost), *size]
    return _declared(rule, description=description, graphql_type=shows, directives=directives)


def with_payload(
    rule: Rule, description: str, cost: int = MUTATION_COST, size: Directives = ()
) -> Declare:
    """A field whose expected failures end in its payload's `userErrors`.

    Every mutation is one, and each that is tried has an entry in the audit log.
    """
    directives = [*costs(cost), *size]
    return _declared(rule, UserErrors(), Audited(), description=description, directives=directives)


def subscription(rule: Rule, description: str, shows: Any, cost: int = 1) -> Declare:
    """A field of Subscription; `shows` is the union of what it sends."""
    return _declared(
        rule, description=description, graphql_type=shows, directives=costs(cost),
        is_subscription=True,
    )  # fmt: skip


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


def dry_run() -> Any:
    """The field `dryRun` of an input that destroys something."""
    return strawberry.field(
        default=False,
        description="Tell the effect and change nothing. What would be refused is refused.",
    )


def undo_token() -> Any:
    """The field `undoToken` of a payload whose change can be taken back."""
    return strawberry.field(
        default=None,
        description="Pass it to `undo` within 24 hours to take this back; null where nothing "
        "changed, and where somebody else changed it at the same moment.",
    )


def no_errors() -> Any:
    """The field `userErrors` of a payload."""
    return strawberry.field(
        default_factory=list, description="Why nothing was done, at most one entry a fault."
    )
