"""Bounds on what one document may ask for.

Fragments make a small document ask for much: n fragments that each spread the next one twice stand
for 2^n fields. So sizes are computed, never expanded: every fragment is measured once and its size
reused, which takes time linear in the document. Nesting is bounded on the way down, so that a
cycle of fragments ends there as well. A document that is too large is refused before GraphQL's own
rules see it, of which some take quadratic time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    IntValueNode,
    Node,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)

MAX_TOKENS = 5_000
MAX_NESTING = 40
"""Fields, inline fragments and spreads one within another."""
MAX_PAGE, DEFAULT_PAGE = 100, 20
LIMITS = {
    "depth": 16,
    "root fields": 20,
    "fields": 1_000,
    "aliases": 50,
    "directives": 50,
    "fragments": 100,
    "repeated fields": 20,
    "cost": 100_000,
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
    cost: int = 0
    """Fields that the answer may hold when every page is full."""
    introspection: int = 0

    def __add__(self, other: Size) -> Size:
        return Size(
            max(self.depth, other.depth),
            self.root_fields + other.root_fields,
            self.fields + other.fields,
            self.aliases + other.aliases,
            self.directives + other.directives,
            self.fragments + other.fragments,
            self.repeated_fields + other.repeated_fields,
            self.cost + other.cost,
            self.introspection + other.introspection,
        )

    def under(self, field: FieldNode) -> Size:
        """The size of `field`, when this is that of its selections."""
        return replace(
            self,
            depth=self.depth + 1,
            root_fields=1,
            fields=self.fields + 1,
            aliases=self.aliases + (field.alias is not None),
            cost=1 + self.cost * _page_size(field),
            introspection=self.introspection + (field.name.value in INTROSPECTION),
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
        if nesting > MAX_NESTING:
            raise too_large(f"the document nests more than {MAX_NESTING} levels", selections)
        nodes = selections.selections
        repeated = Size(repeated_fields=_repeated(nodes))
        return sum((self._selection(each, nesting + 1) for each in nodes), repeated)

    def _selection(self, node: SelectionNode, nesting: int) -> Size:
        own = Size(directives=len(node.directives or ()))
        if isinstance(node, FragmentSpreadNode):
            return own + Size(fragments=1) + self._fragment(node.name.value, nesting)
        if isinstance(node, FieldNode):
            return own + self.of(node.selection_set, nesting).under(node)
        assert isinstance(node, InlineFragmentNode)
        return own + Size(fragments=1) + self.of(node.selection_set, nesting)

    def _fragment(self, name: str, nesting: int) -> Size:
        if name not in self._known:
            fragment = self._fragments.get(name)
            self._known[name] = self.of(fragment.selection_set if fragment else None, nesting)
        return self._known[name]


def _repeated(nodes: Sequence[SelectionNode]) -> int:
    names = [(node.alias or node.name).value for node in nodes if isinstance(node, FieldNode)]
    return len(names) - len(set(names))


def _page_size(field: FieldNode) -> int:
    """How many items the field stands for at most: 1 unless it is a connection."""
    for argument in field.arguments or ():
        if argument.name.value == "first":
            text = argument.value.value if isinstance(argument.value, IntValueNode) else ""
            return int(text) if text.isdigit() and len(text) <= 3 else MAX_PAGE
    selected = field.selection_set.selections if field.selection_set else ()
    names = {node.name.value for node in selected if isinstance(node, FieldNode)}
    return DEFAULT_PAGE if names & {"nodes", "edges"} else 1


def measured(document: DocumentNode) -> list[tuple[Size, Definition]]:
    """The size of every definition; raises GraphQLError for one that nests too deep."""
    measure = Measure(document)
    return [
        (measure.of(node.selection_set) + Size(directives=len(node.directives or ())), node)
        for node in document.definitions
        if isinstance(node, Definition)
    ]


def too_large(message: str, node: Node) -> GraphQLError:
    """The error of a document that passes a bound."""
    return GraphQLError(message, node, extensions={"code": "TOO_LARGE"})
