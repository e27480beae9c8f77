"""Every GraphQL document that the project itself sends is valid against the schema."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from graphql import build_schema, get_operation_ast, parse, validate

from shoal.demo import documents

ROOT = Path(__file__).resolve().parent.parent
SCHEMA = build_schema((ROOT / "schema" / "schema.graphql").read_text())
DEMO = {name: text for name, text in vars(documents).items() if name.isupper()}
EXAMPLES = dict(
    re.findall(
        r"^const ([A-Z_]+) = `([^`]*)`;$",
        (ROOT / "client/src/pages/graphiql/examples.ts").read_text(),
        re.M,
    )
)


@pytest.mark.parametrize("name", DEMO)
def test_the_demo_sends_what_the_schema_allows(name: str) -> None:
    assert validate(SCHEMA, parse(DEMO[name])) == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_in_graphiql_are_valid(name: str) -> None:
    assert validate(SCHEMA, parse(EXAMPLES[name])) == []


def test_there_are_examples_of_every_operation() -> None:
    asked = {get_operation_ast(parse(text)) for text in EXAMPLES.values()}
    assert {each.operation.value for each in asked if each} == {"query", "mutation", "subscription"}
