"""Plugins of ariadne-codegen, for a client that outlives the platform's next versions."""

from __future__ import annotations

import ast

from ariadne_codegen.plugins.base import Plugin
from graphql import GraphQLEnumType, GraphQLInputField, Undefined

BASE = "OpenEnum"


class OpenEnums(Plugin):
    """Enums take values that only a newer platform knows."""

    def generate_enum(self, class_def: ast.ClassDef, enum_type: GraphQLEnumType) -> ast.ClassDef:
        class_def.bases = [ast.Name(id=BASE)]
        return class_def

    def generate_enums_module(self, module: ast.Module) -> ast.Module:
        given = ast.ImportFrom("shoal_client.values", [ast.alias(BASE)], 0)
        kept = [each for each in module.body if not isinstance(each, ast.ImportFrom)]
        module.body = [given, *kept]
        return module


class NoDefaults(Plugin):
    """Defaults are the platform's: what is left out of an input is not sent."""

    def generate_input_field(
        self, field_implementation: ast.AnnAssign, input_field: GraphQLInputField, field_name: str
    ) -> ast.AnnAssign:
        if input_field.default_value in (Undefined, None):
            return field_implementation
        optional = ast.Name(id="Optional")
        field_implementation.annotation = ast.Subscript(optional, field_implementation.annotation)
        field_implementation.value = ast.Constant(value=None)
        return field_implementation
