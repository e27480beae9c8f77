"""What a document names that is deprecated: fields, arguments, input fields and enum values.

Found once for each document, and kept with it. What comes in variables is looked at for those
variables alone whose type holds something deprecated, which mostly are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from graphql import (
    ArgumentNode,
    DocumentNode,
    EnumValueNode,
    FieldNode,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLNamedType,
    GraphQLSchema,
    ObjectFieldNode,
    TypeInfo,
    TypeInfoVisitor,
    VariableDefinitionNode,
    Visitor,
    get_named_type,
    type_from_ast,
    visit,
)

DATE = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")


@dataclass(frozen=True, slots=True)
class Deprecated:
    """What a document names, and the variables that may name more."""

    coordinates: frozenset[str] = frozenset()
    variables: tuple[tuple[str, GraphQLNamedType], ...] = ()

    def named(self, variables: Mapping[str, Any] | None) -> set[str]:
        """All that is named, with these variables."""
        found = set(self.coordinates)
        for name, type_ in self.variables:
            found.update(_in_value(type_, (variables or {}).get(name)))
        return found


NOTHING = Deprecated()


def deprecated_in(schema: GraphQLSchema, document: DocumentNode) -> Deprecated:
    """Of a valid document."""
    if not coordinates(schema):
        return NOTHING
    info = TypeInfo(schema)
    finder = _Finder(schema, info)
    visit(document, TypeInfoVisitor(info, finder))
    return Deprecated(frozenset(finder.found), tuple(finder.variables))


def reason_of(schema: GraphQLSchema, coordinate: str) -> str | None:
    """Why, and what to use instead; None for what is not deprecated."""
    return coordinates(schema).get(coordinate)


def removal_of(reason: str | None) -> date | None:
    """The day that a reason names, as in "Gone on 2027-01-31; use `b`."."""
    found = DATE.search(reason or "")
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


@lru_cache(maxsize=4)
def coordinates(schema: GraphQLSchema) -> dict[str, str]:
    """The reason of all that is deprecated, by its coordinate."""
    return {
        coordinate: item.deprecation_reason
        for type_ in schema.type_map.values()
        for coordinate, item in _members(type_)
        if item.deprecation_reason is not None
    }


def _members(type_: GraphQLNamedType) -> Iterator[tuple[str, Any]]:
    for name, field in getattr(type_, "fields", {}).items():
        yield f"{type_.name}.{name}", field
        for argument, item in getattr(field, "args", {}).items():
            yield f"{type_.name}.{name}({argument}:)", item
    for name, value in getattr(type_, "values", {}).items():
        yield f"{type_.name}.{name}", value


class _Finder(Visitor):
    def __init__(self, schema: GraphQLSchema, info: TypeInfo) -> None:
        super().__init__()
        self._schema, self._info = schema, info
        self._field = ""
        self.found: set[str] = set()
        self.variables: list[tuple[str, GraphQLNamedType]] = []

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        parent = self._info.get_parent_type()
        self._field = f"{parent.name if parent else ''}.{node.name.value}"
        self._note(self._info.get_field_def(), self._field)

    def enter_argument(self, node: ArgumentNode, *_: Any) -> None:
        """A field's arguments come before the fields in it."""
        if self._info.get_directive() is None:
            self._note(self._info.get_argument(), f"{self._field}({node.name.value}:)")

    def enter_object_field(self, node: ObjectFieldNode, *_: Any) -> None:
        type_ = get_named_type(self._info.get_parent_input_type())
        if isinstance(type_, GraphQLInputObjectType):
            name = node.name.value
            self._note(type_.fields.get(name), f"{type_.name}.{name}")

    def enter_enum_value(self, node: EnumValueNode, *_: Any) -> None:
        type_ = get_named_type(self._info.get_input_type())
        if isinstance(type_, GraphQLEnumType):
            self._note(self._info.get_enum_value(), f"{type_.name}.{node.value}")

    def enter_variable_definition(self, node: VariableDefinitionNode, *_: Any) -> None:
        type_ = get_named_type(type_from_ast(self._schema, node.type))
        if type_ is not None and _holds_some(self._schema, type_):
            self.variables.append((node.variable.name.value, type_))

    def _note(self, item: Any, coordinate: str) -> None:
        if item is not None and item.deprecation_reason is not None:
            self.found.add(coordinate)


def _holds_some(schema: GraphQLSchema, type_: GraphQLNamedType) -> bool:
    """Whether a value of the type can name something deprecated."""
    inside, waiting = {type_}, [type_]
    while waiting:
        for field in getattr(waiting.pop(), "fields", {}).values():
            inner = get_named_type(field.type)
            if inner not in inside:
                inside.add(inner)
                waiting.append(inner)
    return any(name in coordinates(schema) for each in inside for name, _ in _members(each))


def _in_value(type_: GraphQLNamedType, value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _in_value(type_, each)
    elif isinstance(type_, GraphQLInputObjectType) and isinstance(value, dict):
        for name, field in type_.fields.items():
            if name in value:
                if field.deprecation_reason is not None:
                    yield f"{type_.name}.{name}"
                yield from _in_value(get_named_type(field.type), value[name])
    elif isinstance(type_, GraphQLEnumType) and isinstance(value, str):
        item = type_.values.get(value)
        if item is not None and item.deprecation_reason is not None:
            yield f"{type_.name}.{value}"
