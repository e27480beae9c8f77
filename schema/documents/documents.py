"""Documents on their way in: parsed, measured and validated, each text only once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache, partial

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    SelectionNode,
    VariableNode,
    parse,
    specified_rules,
    validate,
)
from graphql.validation.specified_rules import recommended_rules
from strawberry.extensions import SchemaExtension

from schema.documents.deprecations import Deprecated, deprecated_in
from schema.documents.lately import Lately
from schema.documents.limits import MAX_CHARACTERS, MAX_TOKENS, measured, too_large
from schema.errors import MAX_ERRORS
from schema.pricing.price import Price
from schema.pricing.pricing import price

RULES = (*specified_rules, *recommended_rules)
MAX_CACHED_CHARACTERS = 20_000
"""Longer documents carry their data inline and hardly come twice: they are kept while they run."""
MAX_KEPT_CHARACTERS = 500_000
"""Of all documents that are kept: one leaves up to 190 bytes a character, so 95 MB at the worst."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An operation of a document that has nothing wrong."""

    document: DocumentNode
    name: str | None
    type: OperationType
    field: str
    """Its first root field, a name of the schema's own; empty where a fragment holds it."""
    cursor_variable: str | None
    """The variable that this field takes as `after`."""
    price: Price
    deprecated: Deprecated


@dataclass(frozen=True, slots=True)
class Checked:
    """A document with what is wrong with it, the same for every caller."""

    document: DocumentNode
    errors: tuple[GraphQLError, ...]
    introspects: bool = False
    operations: tuple[Asked, ...] = ()
    """Of a document that has nothing wrong."""


def check(schema: GraphQLSchema, query: str) -> Checked:
    """Parse, measure and validate; raises GraphQLError when it is no GraphQL or too long."""
    document = parse(query, max_tokens=MAX_TOKENS)
    try:
        sizes = measured(document)
    except GraphQLError as error:
        return Checked(document, (error,))
    for size, node in sizes:
        if excess := size.excess():
            return Checked(document, (too_large(excess, node),))
    introspects = any(size.introspections for size, _ in sizes)
    errors = validate(schema, document, RULES, max_errors=MAX_ERRORS - 1, hide_suggestions=True)
    operations = () if errors else tuple(_operations(schema, document))
    return Checked(document, tuple(errors), introspects, operations)


def _operations(schema: GraphQLSchema, document: DocumentNode) -> Iterator[Asked]:
    deprecated = deprecated_in(schema, document)
    for node in document.definitions:
        if isinstance(node, OperationDefinitionNode):
            first = node.selection_set.selections[0]
            yield Asked(
                document=document,
                name=node.name.value if node.name else None,
                type=node.operation,
                field=first.name.value if isinstance(first, FieldNode) else "",
                cursor_variable=_cursor_variable(first),
                price=price(schema, document, node),
                deprecated=deprecated,
            )


@lru_cache(maxsize=2)
def _known(schema: GraphQLSchema) -> tuple[Lately[Checked], Lately[Checked]]:
    """What many send, and what hardly comes twice."""
    look_up = partial(check, schema)
    return Lately(look_up, MAX_KEPT_CHARACTERS), Lately(look_up, MAX_CHARACTERS)


def checked(schema: GraphQLSchema, query: str) -> Checked:
    """As `check`, but what many send is only looked up."""
    short, long = _known(schema)
    return short(query) if len(query) <= MAX_CACHED_CHARACTERS else long(query)


def asked(schema: GraphQLSchema, query: str, name: str | None) -> Asked | None:
    """The operation of that name; None if there is none, or the document is not valid."""
    if len(query) > MAX_CHARACTERS:
        return None
    with suppress(GraphQLError):
        known = checked(schema, query).operations
        named = [each for each in known if name in (None, each.name)]
        return named[0] if len(named) == 1 else None
    return None


def _cursor_variable(node: SelectionNode) -> str | None:
    for argument in (node.arguments or ()) if isinstance(node, FieldNode) else ():
        if argument.name.value == "after" and isinstance(argument.value, VariableNode):
            return argument.value.name.value
    return None


class Documents(SchemaExtension):
    """Checks every document before it runs, and each text only once."""

    _checked: Checked | None = None

    def on_parse(self) -> Iterator[None]:
        """What cannot be parsed is left to Strawberry, which answers with the syntax error."""
        context = self.execution_context
        context.parse_options = {"max_tokens": MAX_TOKENS}
        with suppress(GraphQLError):
            self._checked = checked(context.schema._schema, context.query or "")
            context.graphql_document = self._checked.document
        yield

    def on_validate(self) -> Iterator[None]:
        """Errors are copied, for each answer writes its own request id into them."""
        checked = self._checked
        assert checked is not None
        errors = [GraphQLError(e.message, e.nodes, extensions=e.extensions) for e in checked.errors]
        if checked.introspects and self.execution_context.context.viewer is None:
            why = "introspection is for signed-in callers"
            errors.append(GraphQLError(why, extensions={"code": "UNAUTHENTICATED"}))
        self.execution_context.pre_execution_errors = errors
        yield
