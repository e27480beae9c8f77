"""Every GraphQL document that the project itself sends is valid against the schema."""

from __future__ import annotations

from pathlib import Path

import pytest
from graphql import OperationDefinitionNode, build_schema, get_operation_ast, parse, validate

from shoal.demo import documents
from tests.examples import FOLDER, MANIFEST, NEWEST, Example, examples

ROOT = Path(__file__).resolve().parent.parent
SCHEMA = build_schema((ROOT / "schema" / "schema.graphql").read_text())
DEMO = {name: text for name, text in vars(documents).items() if name.isupper()}
EXAMPLES = examples()


@pytest.mark.parametrize("name", DEMO)
def test_the_demo_sends_what_the_schema_allows(name: str) -> None:
    assert validate(SCHEMA, parse(DEMO[name])) == []


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.name)
def test_the_examples_in_graphiql_are_valid(example: Example) -> None:
    document = parse(example.document)
    assert validate(SCHEMA, document) == []
    operation = _operation(example)
    assert operation.name is not None
    assert operation.name.value == example.name
    declared = {each.variable.name.value for each in operation.variable_definitions or ()}
    assert declared == set(example.variables)
    assert example.document.startswith("# "), "the panel shows what it is for"


def test_the_examples_are_all_there() -> None:
    names = [each.name for each in EXAMPLES]
    assert sorted(names) == sorted(path.stem for path in FOLDER.glob("*.graphql"))
    assert set(MANIFEST["first"]) <= set(names)
    assert {_operation(each).operation.value for each in EXAMPLES} == {
        "query", "mutation", "subscription",
    }  # fmt: skip


def test_where_ids_come_from_is_valid() -> None:
    assert validate(SCHEMA, parse(NEWEST)) == []


def _operation(example: Example) -> OperationDefinitionNode:
    operation = get_operation_ast(parse(example.document))
    assert operation is not None
    return operation
