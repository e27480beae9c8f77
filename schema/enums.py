"""Enums of the records, shown with descriptions."""

from __future__ import annotations

from enum import EnumMeta

import strawberry
from strawberry.types.enum import StrawberryEnumDefinition, has_enum_definition


def show_enum(enum: EnumMeta, description: str, **values: str) -> None:
    """Describe `enum` in the schema; `values` has one sentence for each member, by its name.

    Strawberry defines an enum when it first meets one in an annotation, so the definition may be
    there already: it is completed, never replaced.
    """
    shown = enum if has_enum_definition(enum) else strawberry.enum(enum)
    definition: StrawberryEnumDefinition = getattr(shown, "__strawberry_definition__")  # noqa: B009  # unknown to mypy
    definition.description = description
    for value in definition.values:
        value.description = values[value.name]
