"""What each field of the schema costs, read from its directives.

an item of a page                                  1 point
an object with an `id`                             1
any other object, and every scalar                 0: they come with what they belong to
a field with @cost, each time it is asked          its weight
an item of a list of an input field with @cost     its weight
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    get_nullable_type,
    is_input_object_type,
    is_list_type,
    is_union_type,
)

from schema.cost import PAGE, Cost, ListSize
from schema.pricing.amounts import Path

DEFINITION = "strawberry-definition"
EDGE = "Edge"
D = TypeVar("D", Cost, ListSize)


@dataclass(frozen=True, slots=True)
class Fee:
    """What one field costs."""

    call: int
    inputs: tuple[tuple[Path, int], ...]
    """Lists among its arguments, and what each item of them costs."""
    object: int
    """Each object that it returns."""
    is_list: bool
    sized_by: Path | None
    """The argument that says how long the list is, or the lists in `sized_fields`."""
    sized_fields: tuple[str, ...]


@lru_cache(maxsize=4)
def fees(schema: GraphQLSchema) -> dict[tuple[str, str], Fee]:
    """The fee of every field, by the names of its type and its own."""
    return {
        (type_.name, name): _fee(schema, type_, field) for type_, name, field in _fields(schema)
    }


def declare_pages(schema: GraphQLSchema) -> None:
    """Give every field that returns a page the directive that says how long it is."""
    for _, _, field in _fields(schema):
        returned = get_named_type(field.type)
        if "first" in field.args and isinstance(returned, GraphQLObjectType):
            definition = field.extensions[DEFINITION]
            if {"nodes", "edges"} & returned.fields.keys() and PAGE not in definition.directives:
                definition.directives = [*definition.directives, PAGE]


def _fields(
    schema: GraphQLSchema,
) -> Iterator[tuple[GraphQLObjectType | GraphQLInterfaceType, str, GraphQLField]]:
    for type_ in schema.type_map.values():
        if type_.name.startswith("__"):
            continue
        if isinstance(type_, (GraphQLObjectType, GraphQLInterfaceType)):
            for name, field in type_.fields.items():
                yield type_, name, field


def _fee(schema: GraphQLSchema, parent: GraphQLNamedType, field: GraphQLField) -> Fee:
    cost, size = _directive(field, Cost), _directive(field, ListSize)
    returned = get_named_type(field.type)
    is_edge = parent.name.endswith(EDGE)  # the item of the page is paid for
    return Fee(
        call=int(cost.weight) if cost else 0,
        inputs=tuple(_priced_inputs(field)),
        object=int(_has_id(returned) and not is_edge),
        is_list=is_list_type(get_nullable_type(field.type)),
        sized_by=tuple(size.slicing_arguments[0].split(".")) if size else None,
        sized_fields=tuple(size.sized_fields or ()) if size else (),
    )


def _priced_inputs(field: GraphQLField) -> Iterator[tuple[Path, int]]:
    for name, argument in field.args.items():
        type_ = get_named_type(argument.type)
        if is_input_object_type(type_):
            for inner, input_field in type_.fields.items():
                if cost := _directive(input_field, Cost):
                    yield (name, inner), int(cost.weight)


def _has_id(type_: GraphQLNamedType) -> bool:
    if is_union_type(type_):
        return any("id" in each.fields for each in type_.types)
    return "id" in getattr(type_, "fields", ())


def _directive(element: Any, kind: type[D]) -> D | None:
    """The directive of that kind on a field or an input field."""
    definition = element.extensions.get(DEFINITION)
    found = (each for each in getattr(definition, "directives", ()) if isinstance(each, kind))
    return next(found, None)
