"""The pages of the reference.

A page for each area: its operations with what they need and cost, then the types that they show.
A type lies in the area whose package defines it, or else in the first one that shows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, cast

from graphql import (
    GraphQLField,
    GraphQLNamedType,
    GraphQLObjectType,
    get_named_type,
    is_specified_scalar_type,
)

from schema.permissions import Public, Requires, RequiresSession
from schema.pricing.tariff import DEFINITION, fees
from schema.reference.types import described, heading, signature
from schema.root import schema

AREAS = {
    "accounts": ("Accounts, keys and audit", "accounts audit"),
    "datasets": ("Data sets", "datasets quality search"),
    "jobs": ("Jobs and the system", "jobs activity system"),
    "models": ("Models", "models cards golden comparisons trials"),
    "inference": ("Answers", "inference"),
    "clusters": ("Clusters and maps", "clusters"),
    "learning": ("Corrections, drift and labelling", "corrections drift labelling"),
    "operations": ("Bulk operations and webhooks", "operations webhooks"),
    "shared": ("What all areas share", "lookup trash undo nodes errors paging enums scalars"),
}
"""Each page: its title, and which packages and modules of `schema/` it tells of."""
ROOTS = {"Query": "Queries", "Mutation": "Mutations", "Subscription": "Subscriptions"}
LISTING = re.compile("(Connection|Edge)$")
"""A page of things is told of where they are."""
GRAPHQL = schema.graphql


def area_of(module: str) -> str | None:
    """The page that tells of a module of ours; None for the records behind the schema."""
    package, _, rest = module.partition(".")
    if package != "schema":
        return None
    noun = rest.partition(".")[0]
    return next((area for area, (_, nouns) in AREAS.items() if noun in nouns.split()), None)


def operations(root: str, area: str) -> Iterator[tuple[str, GraphQLField]]:
    """The fields of Query, Mutation or Subscription that belong to the area."""
    for name, field in cast(GraphQLObjectType, GRAPHQL.type_map[root]).fields.items():
        if area_of(field.extensions[DEFINITION].origin.__module__) == area:
            yield name, field


def places() -> dict[str, str]:
    """The area of every type."""
    found = {
        name: area
        for name, type_ in GRAPHQL.type_map.items()
        if (area := area_of(_module(type_))) is not None
    }
    for area in AREAS:
        shown = [field for root in ROOTS for _, field in operations(root, area)]
        for name in _reached(shown):
            found.setdefault(name, area)
    names = [name for name, type_ in GRAPHQL.type_map.items() if _is_ours(type_)]
    return {name: found.get(LISTING.sub("", name)) or found.get(name, "shared") for name in names}


def page(area: str, where: dict[str, str]) -> str:
    """The operations of an area, then its types."""
    title, _ = AREAS[area]
    lines = [f"# {title}", "", "Printed from the schema by `make format`. [All pages](README.md)."]
    for root, kind in ROOTS.items():
        found = sorted(operations(root, area))
        lines += ["", f"## {kind}"] if found else []
        for name, field in found:
            fee = fees(GRAPHQL)[root, name]
            lines += ["", f"### `{root}.{name}`"]
            lines += ["", *signature(field, area, where, needs(field), fee)]
    types = sorted(name for name, its in where.items() if its == area)
    lines += ["", "## Types"] if types else []
    for name in types:
        lines += ["", *described(GRAPHQL.type_map[name], area, where)]
    return "\n".join(lines) + "\n"


def contents() -> str:
    """The first page: all operations, each with a link."""
    lines = [
        "# API reference", "",
        "Every operation and type, printed from the schema by `make format`.",
        "`schema/schema.graphql` is the same as one file, and GraphiQL shows it beside the editor.",
        "",
        "*Needs* is the scope that a session or an API key must have; *costs* are the points of",
        "the call itself, beside one point for each item of a page and each object with an `id`:",
        "see [points and quotas](../concepts/points-and-quotas.md).",
    ]  # fmt: skip
    for area, (title, _) in AREAS.items():
        lines += ["", f"## [{title}]({area}.md)"]
        for root, kind in ROOTS.items():
            names = [
                f"[`{name}`]({area}.md#{heading(root + name)})"
                for name, _ in operations(root, area)
            ]
            lines += ["", f"{kind}: {', '.join(names)}"] if names else []
    return "\n".join(lines) + "\n"


def needs(field: GraphQLField) -> str:
    """Who may use it, in words."""
    for rule in field.extensions[DEFINITION].extensions:
        match rule:
            case Public():
                return "nobody need sign in"
            case RequiresSession():
                return "needs a person who signed in; no API key"
            case Requires():
                return f"needs `{rule.scope}`"
    raise LookupError("every root field carries a rule")


def pages() -> dict[str, str]:
    """Every file of the reference."""
    where = places()
    return {"README.md": contents()} | {f"{area}.md": page(area, where) for area in AREAS}


def _module(type_: GraphQLNamedType) -> str:
    definition = type_.extensions.get(DEFINITION)
    origin = getattr(definition, "origin", None) or getattr(definition, "wrapped_cls", None)
    return str(getattr(origin, "__module__", ""))


def _reached(shown: list[GraphQLField]) -> Iterator[str]:
    """The types of fields and their arguments, and so on inward."""
    waiting: list[Any] = list(shown)
    seen: set[str] = set()
    while waiting:
        item = waiting.pop(0)
        type_ = get_named_type(item.type)
        inner = [type_, *(get_named_type(each.type) for each in getattr(item, "args", {}).values())]
        for each in inner:
            if each.name not in seen:
                seen.add(each.name)
                yield each.name
                waiting += list(getattr(each, "fields", {}).values())


def _is_ours(type_: GraphQLNamedType) -> bool:
    hidden = type_.name.startswith("__") or type_.name in ROOTS
    return not hidden and not is_specified_scalar_type(type_)
