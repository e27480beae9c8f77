"""What fields cost: declared where they are defined, and printed in the schema.

The directives are those of the GraphQL cost specification (https://ibm.github.io/graphql-specs).
`schema.pricing.tariff` reads them, and `schema.pricing.price` does the sums.
"""

from __future__ import annotations

from typing import Any

import strawberry
from strawberry.schema_directive import Location

MUTATION_COST, JOB_COST = 10, 100
"""Of a mutation that says nothing, and of one that starts a job."""
DEFAULT_LIST = 10
"""Objects that a list is taken to hold when nothing says how many there are."""


@strawberry.schema_directive(
    name="cost",
    locations=[Location.FIELD_DEFINITION, Location.INPUT_FIELD_DEFINITION],
    description="Points that an operation costs beside what it returns: on a field, each time it "
    "is asked; on an input field, for each item of its list. What is returned costs one point for "
    "each item of a page and for each object with an `id`; nothing else costs anything.",
)
class Cost:
    weight: str = strawberry.field(description="A whole number of points.")


@strawberry.schema_directive(
    name="listSize",
    locations=[Location.FIELD_DEFINITION],
    description="How many objects are taken to come back, before it is known; 10 where a list "
    "says nothing. What did not come is given back.",
)
class ListSize:
    slicing_arguments: list[str] = strawberry.field(
        description="As many as this argument says, or as this list has items; `input.texts` is "
        "a field of an input."
    )
    sized_fields: list[str] | None = strawberry.field(
        default=strawberry.UNSET, description="It is these fields of the object that have so many."
    )
    require_one_slicing_argument: bool = strawberry.field(
        default=False, description="Whether the argument must be given."
    )


PAGE = ListSize(slicing_arguments=["first"], sized_fields=["nodes", "edges"])
"""Of every field that returns a page: `schema.pricing.tariff.declare_pages` puts it there."""


def costs(points: int) -> list[Any]:
    """The `directives` of a field with a price of its own, or of an input's list."""
    return [Cost(weight=str(points))] if points else []


def sized_by(argument: str, *fields: str) -> list[Any]:
    """The `directives` of a list as long as this argument; with `fields`, these are the lists."""
    sized = list(fields) or strawberry.UNSET
    return [ListSize(slicing_arguments=[argument], sized_fields=sized)]
