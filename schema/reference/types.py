"""The parts of a page of the reference: an operation, a type, a table of fields, in Markdown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLUnionType,
    Undefined,
    get_named_type,
    print_ast,
)
from graphql.utilities import ast_from_value

from schema.pricing.tariff import Fee

Where = Mapping[str, str]
"""The area of each type."""


def heading(name: str) -> str:
    """The anchor of a heading."""
    return name.lower()


def link(type_: Any, area: str, where: Where) -> str:
    """A type as it is written in the schema, linked to where it is told of."""
    name = get_named_type(type_).name
    if name not in where:
        return f"`{type_}`"
    page = "" if where[name] == area else f"{where[name]}.md"
    return f"[`{type_}`]({page}#{heading(name)})"


def signature(field: GraphQLField, area: str, where: Where, needs: str, fee: Fee) -> list[str]:
    """An operation: what it is for, what it needs and costs, its arguments, what it returns."""
    prices = [f"costs {fee.call}"] if fee.call else []
    prices += [f"{each} for each of `{'.'.join(path)}`" for path, each in fee.inputs]
    terms = "; ".join([needs, *prices])
    lines = [_text(field), "", f"{terms[0].upper()}{terms[1:]}."]
    lines += ["", f"Returns {link(field.type, area, where)}."]
    return lines + _table("argument", field.args, area, where)


def described(type_: GraphQLNamedType, area: str, where: Where) -> list[str]:
    """A type with its members."""
    lines = [f"### `{type_.name}`", "", f"*{_kind(type_)}.* {_text(type_)}"]
    if isinstance(type_, GraphQLUnionType):
        members = ", ".join(link(each, area, where) for each in type_.types)
        return [*lines, "", f"One of {members}."]
    if isinstance(type_, GraphQLEnumType):
        rows = [f"| `{name}` | {_cell(value)} |" for name, value in type_.values.items()]
        return [*lines, "", "| value | |", "|---|---|", *rows]
    if isinstance(type_, GraphQLObjectType) and type_.interfaces:
        shown = ", ".join(link(each, area, where) for each in type_.interfaces)
        lines += ["", f"Implements {shown}."]
    return lines + _table("field", getattr(type_, "fields", {}), area, where)


def _table(what: str, members: Mapping[str, Any], area: str, where: Where) -> list[str]:
    if not members:
        return []
    rows = [
        f"| `{name}` | {link(each.type, area, where)} | {_cell(each)}{_more(each)} |"
        for name, each in members.items()
    ]
    return ["", f"| {what} | type | |", "|---|---|---|", *rows]


def _more(member: Any) -> str:
    """Its arguments, its default, and until when it is there."""
    told = ""
    if arguments := getattr(member, "args", None):
        told += " Arguments: " + ", ".join(f"`{n}: {a.type}`" for n, a in arguments.items()) + "."
    default = getattr(member, "default_value", Undefined)
    if default not in (Undefined, None) and (value := ast_from_value(default, member.type)):
        told += f" Default: `{print_ast(value)}`."
    if member.deprecation_reason:
        told += f" **Deprecated.** {member.deprecation_reason}"
    return told


def _kind(type_: GraphQLNamedType) -> str:
    match type_:
        case GraphQLInputObjectType():
            return "Input"
        case GraphQLEnumType():
            return "Enum"
        case GraphQLInterfaceType():
            return "Interface"
        case GraphQLScalarType():
            return "Scalar"
        case GraphQLUnionType():
            return "Union"
    return "Type"


def _text(item: Any) -> str:
    return " ".join((item.description or "").split())


def _cell(item: Any) -> str:
    return _text(item).replace("|", "\\|")
