"""From a document to prices: every selected field that costs something, with what it holds."""

from __future__ import annotations

from collections.abc import Mapping

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
)

from schema.cost import DEFAULT_LIST
from schema.paging import MAX_FIRST
from schema.pricing.amounts import Amount, Path, amount_in, count
from schema.pricing.price import Charge, Price
from schema.pricing.tariff import Fee, fees


def price(
    schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode
) -> Price:
    """Of an operation of this document, which is valid and within limits."""
    return Price(lambda: Pricing(schema, document, operation).root())


class Pricing:
    def __init__(
        self, schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode
    ) -> None:
        self._schema = schema
        self._operation = operation
        self._fees = fees(schema)
        self._fragments = {
            node.name.value: node
            for node in document.definitions
            if isinstance(node, FragmentDefinitionNode)
        }
        self._defaults = {
            node.variable.name.value: node.default_value
            for node in operation.variable_definitions or ()
        }

    def root(self) -> Charge:
        root = Charge("", call=0, inputs=[], object=0, items=1)
        type_ = self._schema.get_root_type(self._operation.operation)
        assert type_ is not None
        self._add(type_, self._operation.selection_set, root, {})
        return root

    def _add(
        self, type_: GraphQLNamedType, selections: SelectionSetNode, to: Charge,
        sized: Mapping[str, Amount],
    ) -> None:  # fmt: skip
        """`sized` are the fields of `type_` of which the field above tells how long they are."""
        for node in selections.selections:
            if isinstance(node, FieldNode):
                self._field(type_, node, to, sized)
            elif isinstance(node, FragmentSpreadNode):
                fragment = self._fragments[node.name.value]
                inner = self._schema.type_map[fragment.type_condition.name.value]
                self._add(inner, fragment.selection_set, to, sized)
            elif isinstance(node, InlineFragmentNode):
                condition = node.type_condition
                inner = self._schema.type_map[condition.name.value] if condition else type_
                self._add(inner, node.selection_set, to, sized)

    def _field(
        self, type_: GraphQLNamedType, node: FieldNode, to: Charge, sized: Mapping[str, Amount]
    ) -> None:
        name, key = node.name.value, (node.alias or node.name).value
        if name.startswith("__"):
            return
        assert isinstance(type_, (GraphQLObjectType, GraphQLInterfaceType))
        fee, definition = self._fees[type_.name, name], type_.fields[name]
        length = self._amount(node, definition, fee.sized_by, MAX_FIRST) if fee.sized_by else None
        charge = to.within.get((key, id(fee)))
        if charge is None:
            charge = self._charge(key, node, definition, fee)
            if name in sized:  # an item of a page is paid for, whatever it is
                charge.items, charge.object = sized[name], max(1, charge.object)
            elif length is not None and not fee.sized_fields:
                charge.items = length
        if node.selection_set:
            inner = dict.fromkeys(fee.sized_fields, length or 0)
            self._add(get_named_type(definition.type), node.selection_set, charge, inner)
        if charge.call or charge.inputs or charge.object or charge.within:
            to.within[key, id(fee)] = charge

    def _charge(self, key: str, node: FieldNode, definition: GraphQLField, fee: Fee) -> Charge:
        # a value that is no list is taken for a list of one
        inputs = [(self._amount(node, definition, path, 1), weight) for path, weight in fee.inputs]
        return Charge(key, fee.call, inputs, fee.object, DEFAULT_LIST if fee.is_list else 1)

    def _amount(
        self, node: FieldNode, definition: GraphQLField, path: Path, unknown: int
    ) -> Amount:
        """How many the argument at `path` asks for; `unknown` where nothing tells."""
        argument, *inner = path
        unknown = count(definition.args[argument].default_value, unknown)
        for given in node.arguments or ():
            if given.name.value == argument:
                return amount_in(given.value, tuple(inner), self._defaults, unknown)
        return unknown
