"""A webhook's document: checked when it is saved, and run from a cursor on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import orjson
from graphql import (
    ArgumentNode,
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLSchema,
    NameNode,
    Node,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    StringValueNode,
    get_argument_values,
    get_operation_ast,
    get_variable_values,
)
from graphql.execution import Executor

from schema.context import Context
from schema.documents.documents import checked
from schema.feeds.streams import Stream
from schema.pricing.pricing import price
from store.errors import InvalidValue
from store.events import Feed
from store.records.webhook import Webhook
from store.webhooks.webhooks import Asked

MAX_DOCUMENT = 10_000
MAX_POINTS = 500
"""Of one event: what a webhook asks costs its owner nothing, for nobody waits for it."""
MAX_VARIABLES = 10_000
SOURCES: dict[str, Callable[[dict[str, Any]], Feed]] = {
    "activity": lambda arguments: Feed.everything(),
    "predictionFeed": lambda arguments: Feed.predictions(),
    "jobEvents": lambda arguments: Feed.of(arguments["id"]),
    "jobLog": lambda arguments: Feed.log(arguments["id"]),
    "datasetEvents": lambda arguments: Feed.of(arguments["id"]),
    "modelEvents": lambda arguments: Feed.of(arguments["id"]),
}
"""The subscriptions that go on from a cursor, each with the feed that it reads."""
CURSOR = "after"
N = TypeVar("N", bound=Node)


class Runner(Protocol):
    """The schema, for those who cannot import what is made of them."""

    _schema: GraphQLSchema

    def begin(
        self, document: DocumentNode, name: str | None, variables: dict[str, Any] | None,
        context: Context,
    ) -> Executor[Any] | list[GraphQLError]: ...  # fmt: skip


@dataclass(frozen=True, slots=True)
class Saved:
    """A subscription with one root field, a feed that can be followed from any cursor."""

    runner: Runner
    document: DocumentNode
    operation: OperationDefinitionNode
    field: FieldNode
    name: str | None
    variables: dict[str, Any]

    @property
    def feed(self) -> Feed:
        """What it reads from."""
        return SOURCES[self.field.name.value](self._arguments)

    @property
    def subject(self) -> str | None:
        """The id of what it is about, where it is about one thing."""
        return self._arguments.get("id")

    @property
    def _arguments(self) -> dict[str, Any]:
        """Of the root field. Raises InvalidValue for variables that do not fit."""
        schema = self.runner._schema
        definitions = self.operation.variable_definitions or ()
        values = get_variable_values(schema, definitions, self.variables)
        if isinstance(values, list):
            raise InvalidValue(values[0].message, "variables")
        assert schema.subscription_type is not None
        field = schema.subscription_type.fields[self.field.name.value]
        return get_argument_values(field, self.field, values)

    def stream(self, context: Context, after: str | None) -> Stream:
        """It, from a cursor on; without one from where the feed begins. Raises InvalidValue."""
        document = self._from(after) if after else self.document
        executor = self.runner.begin(document, self.name, self.variables, context)
        if isinstance(executor, list):
            raise InvalidValue(executor[0].message, "variables")
        return Stream(executor)

    def _from(self, cursor: str) -> DocumentNode:
        argument = ArgumentNode(name=NameNode(value=CURSOR), value=StringValueNode(value=cursor))
        field = _with(self.field, arguments=(*(self.field.arguments or ()), argument))
        operation = _with(self.operation, selection_set=SelectionSetNode(selections=(field,)))
        return _with(
            self.document,
            definitions=tuple(
                operation if each is self.operation else each for each in self.document.definitions
            ),
        )


def saved_in(runner: Runner, webhook: Webhook) -> Saved:
    """What a webhook asks. Raises InvalidValue when the schema no longer has it."""
    return read(runner, webhook.document, webhook.operation_name, webhook.variables)


def asked(
    runner: Runner, document: str, name: str | None, variables: dict[str, Any] | None
) -> tuple[Asked, Saved]:
    """A subscription as it is kept, and as it is run. Raises InvalidValue."""
    if variables is not None and not isinstance(variables, dict):
        raise InvalidValue("variables are an object", "variables")
    text = orjson.dumps(variables or {}).decode()
    if len(document) > MAX_DOCUMENT:
        raise _bad(f"it is longer than {MAX_DOCUMENT:,} characters")
    if len(text) > MAX_VARIABLES:
        raise InvalidValue(f"variables take {MAX_VARIABLES:,} bytes at most", "variables")
    return Asked(document, name, text), read(runner, document, name, text)


def read(runner: Runner, text: str, name: str | None, variables: str) -> Saved:
    """Raises InvalidValue."""
    try:
        found = checked(runner._schema, text)
    except GraphQLError as error:
        raise _bad(error.message) from None
    if found.errors:
        raise _bad(found.errors[0].message)
    operation = get_operation_ast(found.document, name)
    if operation is None:
        raise InvalidValue("it has several operations; name one of them", "operationName")
    if operation.operation is not OperationType.SUBSCRIPTION:
        raise _bad("it must be a subscription")
    field, given = _root_field(operation), orjson.loads(variables)
    points = price(runner._schema, found.document, operation).most(given)
    if points > MAX_POINTS:
        raise _bad(f"an event may cost {points:,} points; at most {MAX_POINTS:,} are allowed")
    return Saved(runner, found.document, operation, field, name, given)


def _root_field(operation: OperationDefinitionNode) -> FieldNode:
    field = operation.selection_set.selections[0]
    if not isinstance(field, FieldNode) or field.name.value not in SOURCES:
        raise _bad(f"it must begin with one of {', '.join(SOURCES)}")
    if any(argument.name.value == CURSOR for argument in field.arguments or ()):
        raise _bad(f"leave `{CURSOR}` out: a webhook goes on by itself")
    return field


def _bad(why: str) -> InvalidValue:
    return InvalidValue(f"this document is not possible: {why}", "document")


def _with(node: N, **changed: Any) -> N:
    """The node with other parts; documents are shared, and never changed."""
    return type(node)(**{key: getattr(node, key) for key in node.keys} | changed)
