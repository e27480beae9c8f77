"""A mutation that is to be run once for each line of variables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    VariableNode,
    get_named_type,
    parse,
)

from store.errors import InvalidValue

SECRETS = frozenset({
    "accessToken", "refreshToken", "token", "password", "currentPassword", "newPassword", "key",
    "secret",
})  # fmt: skip
"""Fields of inputs and payloads that have no place in a file."""
NEVER = frozenset({"runBulkQuery", "runBulkMutation"})
KEY = "idempotencyKey"
FAILED = "failedInBulk"
"""Response key under which user errors are asked for once more, to be counted."""


@dataclass(frozen=True, slots=True)
class LineMutation:
    """One line is the variables of one run."""

    document: DocumentNode
    variable: str
    """The one that holds the input."""
    takes_key: bool

    def variables(self, line: dict[str, Any], key: str) -> dict[str, Any]:
        """The line's, with `key` as its idempotency key unless it has one of its own."""
        given = line.get(self.variable)
        if not self.takes_key or not isinstance(given, dict):
            return line
        return line | {self.variable: {KEY: key} | given}


def line_mutation(schema: GraphQLSchema, document: DocumentNode) -> LineMutation:
    """Of a valid document. Raises InvalidValue for what cannot be run so."""
    operations = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
    if len(operations) != 1 or operations[0].operation is not OperationType.MUTATION:
        raise InvalidValue("send one document with one mutation", "mutation")
    selections = operations[0].selection_set.selections
    if len(selections) != 1 or not isinstance(node := selections[0], FieldNode):
        raise InvalidValue("a bulk mutation has one field, and no fragment around it", "mutation")
    assert schema.mutation_type is not None
    shown = schema.mutation_type.fields.get(node.name.value)
    if shown is None:
        raise InvalidValue("a bulk mutation has one field, a mutation", "mutation")
    taken = _input_of(shown)
    _check_allowed(node.name.value, shown, taken)
    return LineMutation(_counting(node), _variable_of(node), KEY in taken.fields)


def payload_of(data: dict[str, Any] | None) -> tuple[dict[str, Any] | None, bool]:
    """The data as they were asked for, and whether the mutation was refused."""
    (payload,) = data.values() if data else [None]
    failed = payload.pop(FAILED, None) if payload else True
    return data, bool(failed)


def _input_of(shown: GraphQLField) -> GraphQLInputObjectType:
    kind = get_named_type(shown.args["input"].type)
    assert isinstance(kind, GraphQLInputObjectType)
    return kind


def _check_allowed(name: str, shown: GraphQLField, taken: GraphQLInputObjectType) -> None:
    payload = getattr(get_named_type(shown.type), "fields", {})
    if name in NEVER or SECRETS & (payload.keys() | taken.fields.keys()):
        why = f"`{name}` is not run in bulk: it starts such a run, or carries a secret"
        raise InvalidValue(why, "mutation")


def _variable_of(node: FieldNode) -> str:
    for argument in node.arguments or ():
        if isinstance(argument.value, VariableNode):
            return argument.value.name.value
    raise InvalidValue("give the input as one variable, `input: $input`", "mutation")


def _counting(node: FieldNode) -> DocumentNode:
    """The document, which also asks for user errors by a name that nobody else uses."""
    assert node.selection_set is not None and node.selection_set.loc is not None
    text, start = node.selection_set.loc.source.body, node.selection_set.loc.start + 1
    return parse(f"{text[:start]} {FAILED}: userErrors {{ code }} {text[start:]}")
