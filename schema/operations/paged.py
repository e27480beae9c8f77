"""A query that is to be run over all pages: its lists found, and a document that pages each.

    { datasets { nodes { id name versions { nodes { number } } } } }

has two lists. The outermost one is paged by a document of its own, with the first page of each list
within. What a list within has beyond its first page is asked for through the `node` that it belongs
to. So no page holds more than the product of a few sizes, however long the lists are, and a run can
go on from the last cursor of the outermost list.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from graphql import (
    ArgumentNode,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionNode,
    SelectionSetNode,
    get_named_type,
    parse,
    print_ast,
)

from store.errors import InvalidValue

MAX_LISTS, MAX_DEPTH = 5, 3
LARGEST_PAGE = 500
PAGE_SIZES = {1: (LARGEST_PAGE, 20, 10), 2: (50, 20), 3: (20,)}
"""Things of a page: by the depth of a list, and by how many lists lie one within another in it."""
INTROSPECTION = frozenset({"__schema", "__type"})
PAGING = frozenset({"first", "after"})


@dataclass(frozen=True, slots=True)
class PagedList:
    way: tuple[str, ...]
    """Response keys from what it belongs to, a thing or the whole answer, to the list."""
    further: DocumentNode
    """Asks for a page behind `$after`: of the outermost list, or of that of the node `$id`."""
    within: tuple[PagedList, ...]

    @property
    def count(self) -> int:
        return 1 + sum(each.count for each in self.within)

    @property
    def height(self) -> int:
        """How many lists lie one within another in it, itself among them."""
        return 1 + max((each.height for each in self.within), default=0)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where selections stand: what they are of, and the way there from the thing above."""

    kind: GraphQLNamedType
    heads: tuple[str, ...] = ()
    """What they lie in, from the outside inwards, as GraphQL text."""
    way: tuple[str, ...] = ()


@dataclass(slots=True)
class _Thing:
    """What lists belong to: those that were found, and whether anything else is selected."""

    kind: GraphQLNamedType
    depth: int = 0
    lists: list[PagedList] = field(default_factory=list)
    has_more: bool = False


def paged(schema: GraphQLSchema, document: DocumentNode) -> PagedList:
    """The outermost list of a valid query. Raises InvalidValue for what cannot be run so."""
    operations = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
    if len(operations) != 1 or operations[0].operation is not OperationType.QUERY:
        raise InvalidValue("send one document with one query", "query")
    if operations[0].variable_definitions:
        raise InvalidValue("a bulk query has no variables: write their values into it", "query")
    assert schema.query_type is not None
    answer = _Thing(schema.query_type)
    rewriting = _Rewriting(schema, document)
    rewriting.selections(operations[0].selection_set, _Place(schema.query_type), answer)
    if len(answer.lists) != 1 or answer.has_more:
        why = "a bulk query selects one list, and nothing else beside it or on the way to it"
        raise InvalidValue(why, "query")
    if answer.lists[0].count > MAX_LISTS:
        raise InvalidValue(f"a bulk query selects at most {MAX_LISTS} lists", "query")
    return answer.lists[0]


class _Rewriting:
    """Puts fragments into their places, and the first page of every list."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode) -> None:
        self._schema = schema
        self._fragments = {
            each.name.value: each
            for each in document.definitions
            if isinstance(each, FragmentDefinitionNode)
        }

    def selections(self, selections: SelectionSetNode, place: _Place, thing: _Thing) -> str:
        """As GraphQL text; the lists are noted in `thing`."""
        texts = [self._selection(node, place, thing) for node in selections.selections]
        return f"{{ {' '.join(texts)} }}"

    def _selection(self, node: SelectionNode, place: _Place, thing: _Thing) -> str:
        if not isinstance(node, FieldNode):
            return self._fragment(node, place, thing)
        shown = _shown(place.kind, node)
        if shown is None or node.selection_set is None:
            thing.has_more = thing.has_more or shown is not None
            return print_ast(node)
        kind = get_named_type(shown.type)
        if _is_paged(shown, kind):
            return self._list(node, kind, place, thing)
        known, head = len(thing.lists), _head(node, node.arguments)
        inner = _Place(kind, (*place.heads, head), (*place.way, _key(node)))
        text = self.selections(node.selection_set, inner, thing)
        if len(thing.lists) > known and _is_list(shown):
            why = f"the lists within `{_key(node)}` cannot be paged, for it is no connection"
            raise InvalidValue(why, "query")
        return f"{head} {text}"

    def _fragment(self, node: SelectionNode, place: _Place, thing: _Thing) -> str:
        condition, selections = self._inlined(node)
        kind = self._schema.type_map[condition] if condition else place.kind
        on = f"... on {condition}" if condition else "..."
        head = f"{on}{_written(node.directives)}"
        inner = replace(place, kind=kind, heads=(*place.heads, head))
        return f"{head} {self.selections(selections, inner, thing)}"

    def _list(self, node: FieldNode, kind: GraphQLNamedType, place: _Place, thing: _Thing) -> str:
        assert node.selection_set is not None
        item = _Thing(get_named_type(_fields(kind)["nodes"].type), thing.depth + 1)
        if item.depth > MAX_DEPTH:
            why = f"at most {MAX_DEPTH} lists one within another are run in bulk"
            raise InvalidValue(why, "query")
        asked = SelectionSetNode(selections=tuple(self._items(node.selection_set)))
        if not asked.selections:
            raise InvalidValue(f"select `nodes` or `edges {{ node }}` of `{_key(node)}`", "query")
        items = self.selections(asked, _Place(item.kind), item)
        if item.lists:
            _check_can_own(item.kind, asked, node)
        height = max((each.height for each in item.lists), default=0)
        size, alone = PAGE_SIZES[item.depth][height], PAGE_SIZES[1][height]
        page = f"{{ nodes {items} pageInfo {{ hasNextPage endCursor }}"
        own = [each for each in node.arguments or () if each.name.value not in PAGING]
        further = f"{_head(node, own, f'first: {alone}', 'after: $after')} {page}"
        thing.lists.append(
            PagedList(
                way=(*place.way, _key(node)),
                further=_further(further, place, thing, counts="totalCount" in _fields(kind)),
                within=tuple(item.lists),
            )
        )
        return f"{_head(node, own, f'first: {size}')} {page} }}"

    def _items(self, selections: SelectionSetNode) -> Iterator[SelectionNode]:
        """What is selected of the things of a list, by `nodes` or by `edges`."""
        for node in selections.selections:
            if not isinstance(node, FieldNode):
                yield from self._items(self._inlined(node)[1])
            elif node.selection_set is None:
                continue
            elif node.name.value in ("nodes", "node"):
                yield from node.selection_set.selections
            elif node.name.value == "edges":
                yield from self._items(node.selection_set)

    def _inlined(self, node: SelectionNode) -> tuple[str | None, SelectionSetNode]:
        """What a fragment is on, and selects."""
        if isinstance(node, FragmentSpreadNode):
            named = self._fragments[node.name.value]
            return named.type_condition.name.value, named.selection_set
        assert isinstance(node, InlineFragmentNode)
        condition = node.type_condition
        return condition.name.value if condition else None, node.selection_set


# -- what a field is ------------------------------------------------------------------------------


def _fields(kind: GraphQLNamedType) -> dict[str, GraphQLField]:
    """None of a union or a scalar."""
    return getattr(kind, "fields", {})


def _shown(kind: GraphQLNamedType, node: FieldNode) -> GraphQLField | None:
    """None for `__typename`. Raises InvalidValue for introspection."""
    if node.name.value in INTROSPECTION:
        raise InvalidValue("introspection is not run in bulk", "query")
    return _fields(kind).get(node.name.value)


def _is_paged(shown: GraphQLField, kind: GraphQLNamedType) -> bool:
    return shown.args.keys() >= PAGING and {"nodes", "pageInfo"} <= _fields(kind).keys()


def _is_list(shown: GraphQLField) -> bool:
    kind = shown.type
    return isinstance(kind.of_type if isinstance(kind, GraphQLNonNull) else kind, GraphQLList)


def _check_can_own(kind: GraphQLNamedType, asked: SelectionSetNode, node: FieldNode) -> None:
    """Lines of a list within name what they belong to, and its further pages are asked of that."""
    known_as = {kind.name, *(each.name for each in getattr(kind, "interfaces", ()))}
    if "Node" not in known_as:
        why = f"the lists within `{_key(node)}` cannot be paged, for its things have no id"
        raise InvalidValue(why, "query")
    plain = [each for each in asked.selections if isinstance(each, FieldNode)]
    if not any(_key(each) == each.name.value == "id" for each in plain):
        why = f"select `id` in `{_key(node)}`: the lines of the lists within it name their parent"
        raise InvalidValue(why, "query")


# -- text -----------------------------------------------------------------------------------------


def _key(node: FieldNode) -> str:
    return (node.alias or node.name).value


def _head(node: FieldNode, own: Sequence[ArgumentNode] | None, *more: str) -> str:
    """The field before its selections."""
    alias = f"{node.alias.value}: " if node.alias else ""
    arguments = ", ".join([*map(print_ast, own or ()), *more])
    given = f"({arguments})" if arguments else ""
    return f"{alias}{node.name.value}{given}{_written(node.directives)}"


def _written(directives: Sequence[DirectiveNode] | None) -> str:
    return "".join(f" {print_ast(each)}" for each in directives or ())


def _further(page: str, place: _Place, thing: _Thing, *, counts: bool) -> DocumentNode:
    """The document of one page. `page` is the list's field, not yet closed."""
    if thing.depth == 0:
        count = " totalCount @include(if: $counted)" if counts else ""
        variables, begin, end = "$after: String, $counted: Boolean = false", "", ""
        page = f"{page}{count} }}"
    else:
        variables = "$id: ID!, $after: String"
        begin, end = f"node(id: $id) {{ ... on {thing.kind.name} {{ ", " } }"
        page = f"{page} }}"
    within = f"{' { '.join([*place.heads, page])}{' }' * len(place.heads)}"
    return parse(f"query({variables}) {{ {begin}{within}{end} }}", no_location=True)
