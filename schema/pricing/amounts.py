"""How many things an argument asks for: told by the document, or by a variable of each request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    ConstValueNode,
    ListValueNode,
    ObjectValueNode,
    Undefined,
    ValueNode,
    VariableNode,
    value_from_ast_untyped,
)

from schema.paging import largest_page

Path = tuple[str, ...]
Variables = Mapping[str, Any]
Defaults = Mapping[str, ConstValueNode | None]
"""Of an operation's variables."""


@dataclass(frozen=True, slots=True)
class Given:
    """How many a variable stands for, or a field of it."""

    variable: str
    path: Path
    default: int

    def count(self, variables: Variables) -> int:
        return count(_inside(variables.get(self.variable, Undefined), self.path), self.default)


Amount = int | Given


def amount_of(amount: Amount, variables: Variables) -> int:
    """How many that is in a request with these variables."""
    return amount if isinstance(amount, int) else amount.count(variables)


def amount_in(value: ValueNode, path: Path, defaults: Defaults, unknown: int) -> Amount:
    """What an argument's value, or the field of it at `path`, stands for."""
    found: ValueNode | None = value
    while path and isinstance(found, ObjectValueNode):
        name, *rest = path
        found = next((each.value for each in found.fields if each.name.value == name), None)
        path = tuple(rest)
    if isinstance(found, VariableNode):
        default = defaults.get(found.name.value)
        known = value_from_ast_untyped(default) if default else Undefined
        return Given(found.name.value, path, count(_inside(known, path), unknown))
    if isinstance(found, ListValueNode):
        return len(found.values)
    return unknown if found is None else count(value_from_ast_untyped(found), unknown)


def count(value: Any, unknown: int) -> int:
    """As many as a list holds, or a number says; what is neither will be refused, or is `unknown`.

    No page is larger than that: a number beyond will be refused as well.
    """
    if isinstance(value, list):
        return len(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return min(max(value, 0), largest_page.get())
    return unknown


def _inside(value: Any, path: Path) -> Any:
    for name in path:
        value = value.get(name, Undefined) if isinstance(value, dict) else Undefined
    return value
