"""Bounds on what one document may ask for.

Fragments make a small document ask for much: n fragments that each spread the next one twice stand
for 2^n fields. So sizes are computed, never expanded: every fragment is measured once and its size
reused, which takes time linear in the document. Nesting is bounded on the way down, so that a
cycle of fragments ends there as well. A document that is too large is refused before GraphQL's own
rules see it, of which some take quadratic time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    Node,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)

MAX_CHARACTERS = 200_000
"""What is not tokens costs time as well: a text of a megabyte takes 0.6 s to be read."""
MAX_TOKENS = 5_000
MAX_NESTING = 40
"""Fields, inline fragments and spreads one within another."""
MAX_VALUES, MAX_VALUE_DEPTH = 100_000, 20
"""Of variables: 10,000 edits of a data set are 50,000 values."""
LIMITS = {
    "depth": 16,
    "root fields": 20,
    "fields": 1_000,
    "aliases": 50,
    "directives": 50,
    "fragments": 100,
    "repeated fields": 20,
    "introspections": 4,
}
Definition = OperationDefinitionNode | FragmentDefinitionNode
INTROSPECTION = frozenset({"__schema", "__type"})


@dataclass(frozen=True, slots=True)
class Size:
    """What a selection asks for once its fragments are expanded."""

    depth: int = 0
    root_fields: int = 0
    fields: int = 0
    aliases: int = 0
    directives: int = 0
    fragments: int = 0
    repeated_fields: int = 0
    """Fields beside others of the same name. These, and fragments, are compared each with each."""
    introspections: int = 0
    """Each may list every field of the schema."""
    nesting: int = 0

    def __add__(self, other: Size) -> Size:
        return Size(
            max(self.depth, other.depth),
            self.root_fields + other.root_fields,
            self.fields + other.fields,
            self.aliases + other.aliases,
            self.directives + other.directives,
            self.fragments + other.fragments,
            self.repeated_fields + other.repeated_fields,
            self.introspections + other.introspections,
            max(self.nesting, other.nesting),
        )

    def under(self, field: FieldNode) -> Size:
        """The size of `field`, when this is that of its selections."""
        return replace(
            self,
            depth=self.depth + 1,
            root_fields=1,
            fields=self.fields + 1,
            aliases=self.aliases + (field.alias is not None),
            introspections=self.introspections + (field.name.value in INTROSPECTION),
        )

    def excess(self) -> str | None:
        """What is too much, in words."""
        for name, most in LIMITS.items():
            asked = getattr(self, name.replace(" ", "_"))
            if asked > most:
                return f"the document's {name} come to {asked:,}; at most {most:,} are allowed"
        return None


class Measure:
    """Measures the definitions of one document."""

    def __init__(self, document: DocumentNode) -> None:
        self._fragments = {
            node.name.value: node
            for node in document.definitions
            if isinstance(node, FragmentDefinitionNode)
        }
        self._known: dict[str, Size] = {}

    def of(self, selections: SelectionSetNode | None, nesting: int = 0) -> Size:
        """Raises GraphQLError where the nesting, or a cycle of fragments, goes too deep."""
        if selections is None:
            return Size()
        _bound(nesting, selections)
        nodes = selections.selections
        repeated = Size(repeated_fields=_repeated(nodes))
        size = sum((self._selection(each, nesting + 1) for each in nodes), repeated)
        return replace(size, nesting=size.nesting + 1)

    def _selection(self, node: SelectionNode, nesting: int) -> Size:
        own = Size(directives=len(node.directives or ()))
        if isinstance(node, FragmentSpreadNode):
            return own + Size(fragments=1) + self._fragment(node, nesting)
        if isinstance(node, FieldNode):
            return own + self.of(node.selection_set, nesting).under(node)
        assert isinstance(node, InlineFragmentNode)
        return own + Size(fragments=1) + self.of(node.selection_set, nesting)

    def _fragment(self, spread: FragmentSpreadNode, nesting: int) -> Size:
        name = spread.name.value
        if name not in self._known:
            fragment = self._fragments.get(name)
            self._known[name] = self.of(fragment.selection_set if fragment else None, nesting)
        _bound(nesting + self._known[name].nesting - 1, spread)
        return self._known[name]


def _bound(nesting: int, node: Node) -> None:
    if nesting > MAX_NESTING:
        raise too_large(f"the document nests more than {MAX_NESTING} levels", node)


def _repeated(nodes: Sequence[SelectionNode]) -> int:
    names = [(node.alias or node.name).value for node in nodes if isinstance(node, FieldNode)]
    return len(names) - len(set(names))


def measured(document: DocumentNode) -> list[tuple[Size, Definition]]:
    """The size of every definition; raises GraphQLError for one that nests too deep."""
    measure = Measure(document)
    return [
        (_of_definition(measure, node), node)
        for node in document.definitions
        if isinstance(node, Definition)
    ]


def _of_definition(measure: Measure, node: Definition) -> Size:
    """A fragment's own fields are at the root only where an operation spreads it there."""
    size = measure.of(node.selection_set) + Size(directives=len(node.directives or ()))
    return size if isinstance(node, OperationDefinitionNode) else replace(size, root_fields=0)


def too_large(message: str, node: Node) -> GraphQLError:
    """The error of a document that passes a bound."""
    return GraphQLError(message, node, extensions={"code": "TOO_LARGE"})


def unread_excess(query: str, variables: Mapping[str, Any] | None) -> str | None:
    """What of a request is too much to be looked into, in words."""
    if len(query) > MAX_CHARACTERS:
        return f"the document is longer than {MAX_CHARACTERS:,} characters; send data as variables"
    level: list[Any] = [variables] if variables else []
    values = depth = 0
    while level:
        values += len(level)
        if values > MAX_VALUES:
            return f"the variables hold more than {MAX_VALUES:,} values"
        if depth > MAX_VALUE_DEPTH:
            return f"the variables nest more than {MAX_VALUE_DEPTH} levels"
        level, depth = _within(level, MAX_VALUES - values), depth + 1
    return None


def _within(values: list[Any], most: int) -> list[Any]:
    """What these lists and objects hold; of what is more than `most`, one."""
    inner: list[Any] = []
    for value in values:
        if isinstance(value, (list, dict)):
            held = value.values() if isinstance(value, dict) else value
            inner.extend(islice(held, most + 1 - len(inner)))
    return inner
