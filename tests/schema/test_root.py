"""The schema as a whole: ours, printed, closed to strangers."""

from __future__ import annotations

from pathlib import Path

import pytest
from graphql import get_introspection_query

import schema
from schema.root import schema as built
from tests.schema.conftest import Caller

ROOT = Path(__file__).parents[2]


def test_schema_is_ours() -> None:
    assert Path(schema.__file__) == ROOT / "schema" / "__init__.py"


def test_printed_schema_is_the_one_checked_in() -> None:
    kept = (ROOT / "schema" / "schema.graphql").read_text()
    assert kept == built.as_str() + "\n", "run: python -m schema > schema/schema.graphql"


async def test_introspection_is_for_callers_who_signed_in(alice: Caller, nobody: Caller) -> None:
    assert await nobody.codes(get_introspection_query()) == ["UNAUTHENTICATED"]
    assert await nobody.codes('{ __type(name: "User") { name } }') == ["UNAUTHENTICATED"]
    found = await alice(get_introspection_query())
    assert found["__schema"]["subscriptionType"] == {"kind": "OBJECT", "name": "Subscription"}


async def test_typename_is_no_introspection(nobody: Caller) -> None:
    assert await nobody("{ __typename }") == {"__typename": "Query"}


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("{ viewr { user { name } } }", "Cannot query field 'viewr' on type 'Query'."),
        (
            '{ dataset(idd: "x") { id } }',
            "Unknown argument 'idd' on field 'Query.dataset'.",
        ),
        (
            "query($f: DatasetFiltr) { datasets(filter: $f) { totalCount } }",
            "Unknown type 'DatasetFiltr'.",
        ),
    ],
)
async def test_mistakes_get_no_suggestions(alice: Caller, query: str, message: str) -> None:
    first, *_ = await alice.errors(query)
    assert first["message"] == message
    assert first["extensions"] == {"code": "BAD_REQUEST", "requestId": "req-1"}


async def test_wrong_variables_get_no_suggestions(alice: Caller) -> None:
    query = "query($f: DatasetFilter) { datasets(filter: $f) { totalCount } }"
    (error,) = await alice.errors(query, f={"nme": "x"})
    assert "Did you mean" not in error["message"]
    assert error["extensions"]["code"] == "BAD_REQUEST"


async def test_syntax_error_is_answered(alice: Caller) -> None:
    (error,) = await alice.errors("{ viewer ")
    assert error["message"] == "Syntax Error: Expected Name, found <EOF>."
    assert error["extensions"] == {"code": "BAD_REQUEST", "requestId": "req-1"}


async def test_syntax_error_ends_a_subscription_only(alice: Caller) -> None:
    results = [
        result async for result in await built.subscribe("subscription {", {}, alice.context())
    ]
    assert [error.message for error in results[0].errors or []] == [
        "Syntax Error: Expected Name, found <EOF>."
    ]
