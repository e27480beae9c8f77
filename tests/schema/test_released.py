"""What partners build on breaks only where it was said, with a date, in a release before.

`schema/released.graphql` is the schema of the last release; the next one copies `schema.graphql`
over it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    BreakingChange,
    GraphQLSchema,
    build_schema,
    find_breaking_changes,
    get_named_type,
)

from schema.root import schema

RELEASED = Path("schema/released.graphql")
DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
REMOVED = re.compile(r"(?P<place>[\w.]+)(?:\((?P<argument>\w+):\))? was removed\.$")


def deprecations(of: GraphQLSchema) -> Iterator[tuple[str, str]]:
    """Every place of a schema that is deprecated, such as `Query.model(id:)`, and why."""
    for name, kind in of.type_map.items():
        members: dict[str, Any] = getattr(kind, "fields", None) or getattr(kind, "values", {})
        for member, each in members.items():
            if each.deprecation_reason is not None:
                yield f"{name}.{member}", each.deprecation_reason
            for argument, given in (getattr(each, "args", None) or {}).items():
                if given.deprecation_reason is not None:
                    yield f"{name}.{member}({argument}:)", given.deprecation_reason


def date_in(reason: str) -> date | None:
    found = DATE.search(reason)
    return date.fromisoformat(found[0]) if found else None


def unannounced(released: GraphQLSchema, current: GraphQLSchema, today: date) -> list[str]:
    """Breaking changes but for removals of what was deprecated until a day that is over."""
    over = {
        place
        for place, reason in deprecations(released)
        if (end := date_in(reason)) is not None and end < today
    }
    return [
        change.description
        for change in find_breaking_changes(released, current)
        if not _was_announced(change, over, released)
    ]


def _was_announced(change: BreakingChange, over: set[str], released: GraphQLSchema) -> bool:
    found = REMOVED.search(change.description)
    if found is None:
        return False
    place, argument = found["place"], found["argument"]
    if argument is not None:
        place = f"{place}({argument}:)"
    if "." in place:
        return place in over
    return all(use in over for use in _uses(released, place))


def _uses(of: GraphQLSchema, wanted: str) -> Iterator[str]:
    """Every field and argument that has the type."""
    for name, kind in of.type_map.items():
        for member, field in (getattr(kind, "fields", None) or {}).items():
            if get_named_type(field.type).name == wanted:
                yield f"{name}.{member}"
            for argument, given in (getattr(field, "args", None) or {}).items():
                if get_named_type(given.type).name == wanted:
                    yield f"{name}.{member}({argument}:)"


def test_nothing_breaks_that_was_released() -> None:
    released = build_schema(RELEASED.read_text())
    assert unannounced(released, schema._schema, datetime.now(UTC).date()) == []


def test_every_deprecation_says_until_when() -> None:
    undated = [place for place, why in deprecations(schema._schema) if date_in(why) is None]
    assert undated == []


ANNOUNCED = '@deprecated(reason: "Use another. Goes on 2026-01-31.")'
OLD = f"""
type Query {{
  a(x: Int {ANNOUNCED}, y: Int): Int
  b: Int {ANNOUNCED}
  c: Int @deprecated(reason: "Use a.")
  e: E
  t: T {ANNOUNCED}
}}
type T {{ x: Int }}
enum E {{ ONE TWO {ANNOUNCED} }}
"""
RULES: dict[str, tuple[list[str], str, list[str]]] = {
    "nothing": ([], "", []),
    "something more": (["e: E"], "e: E f: Int", []),
    "an announced field": ([f"b: Int {ANNOUNCED}"], "", []),
    "an announced argument": ([f"x: Int {ANNOUNCED}, "], "", []),
    "an announced value": ([f"TWO {ANNOUNCED}"], "", []),
    "an announced type": ([f"t: T {ANNOUNCED}", "type T { x: Int }"], "", []),
    "an undated field": (['c: Int @deprecated(reason: "Use a.")'], "", ["Field Query.c was"]),
    "a field": (["e: E"], "", ["Field Query.e was removed."]),
    "an argument": ([", y: Int"], "", ["Argument Query.a(y:) was removed."]),
    "the type of a field": (["y: Int): Int"], "y: Int): E", ["Field Query.a changed type"]),
}  # fmt: skip
"""What is replaced in the old schema, by what, and how the refusal begins."""


@pytest.mark.parametrize("change", RULES)
def test_only_what_was_announced_with_a_date_goes(change: str) -> None:
    replaced, by, told = RULES[change]
    current = OLD
    for each in replaced:
        assert each in current
        current = current.replace(each, by)
    refused = unannounced(build_schema(OLD), build_schema(current), date(2026, 2, 1))
    assert len(refused) == len(told)
    assert all(each.startswith(begin) for each, begin in zip(refused, told, strict=True))


def test_what_is_announced_stays_until_its_day_is_over() -> None:
    without = OLD.replace(f"b: Int {ANNOUNCED}", "")
    for today, told in (
        (date(2026, 1, 31), ["Field Query.b was removed."]), (date(2026, 2, 1), []),
    ):  # fmt: skip
        assert unannounced(build_schema(OLD), build_schema(without), today) == told
