"""What operations cost, told by their documents and by their results."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import parse

from schema.documents.documents import asked
from schema.pricing.price import Price
from schema.root import schema


def price(query: str) -> Price:
    found = asked(schema._schema, query, None)
    assert found is not None, query
    return found.price


def most(query: str, **variables: Any) -> int:
    return price(query).most(variables)


PAGES = "query($n: Int! = 7) { jobs(first: $n) { nodes { id dataset { id } } } }"
PREDICT = """
query($input: PredictInput!) {
  predict(input: $input) { predictions { id label scores { label } } modelVersion { id } }
}"""


def test_objects_with_an_id_cost_one_and_scalars_nothing() -> None:
    assert most("{ viewer { expiresAt } }") == 1  # the least that there is
    assert most("{ viewer { user { id email name } } }") == 1
    assert most('{ node(id: "x") { id } }') == 1
    assert most('{ a: node(id: "x") { id } b: node(id: "y") { id } }') == 2


def test_pages_multiply_what_is_in_them() -> None:
    assert most("{ jobs { nodes { id kind } } }") == 20
    assert most("{ jobs(first: 50) { nodes { id stages { name } } } }") == 50
    assert most("{ jobs(first: 50) { edges { cursor node { id } } } }") == 50
    assert most("{ jobs(first: 50) { nodes { dataset { id } } } }") == 100
    assert most("{ jobs(first: 50) { totalCount } }") == 1
    nested = "{ datasets(first: 10) { nodes { versions(first: 5) { nodes { id } } } } }"
    assert most(nested) == 10 * (1 + 5)


def test_a_page_size_may_be_a_variable() -> None:
    assert most(PAGES, n=3) == 6
    assert most(PAGES) == 14
    maybe = "query($n: Int) { jobs(first: $n) { nodes { id } } }"
    assert (most(maybe, n=30), most(maybe)) == (30, 20)


@pytest.mark.parametrize(
    ("given", "cost"),
    [(None, 14), ("x", 14), (3.5, 14), (True, 14), ({}, 14), (-5, 1), (101, 200), (10**9, 200)],
)
def test_a_page_size_that_will_be_refused_has_a_price_as_well(given: object, cost: int) -> None:
    assert most(PAGES, n=given) == cost


def test_texts_are_paid_for_one_by_one() -> None:
    asked = {"model": "m", "texts": ["a", "b", "c"]}
    assert most(PREDICT, input=asked) == 1 + 3 + 3 + 1
    inline = '{ predict(input: {model: "m", texts: ["a", "b"]}) { predictions { label } } }'
    assert most(inline) == 1 + 2 + 2
    single = '{ predict(input: {model: "m", texts: "a"}) { userErrors { code } } }'
    assert most(single) == 1 + 1
    part = 'query($t: [String!]!) { predict(input: {model: "m", texts: $t}) { __typename } }'
    assert most(part, t=["a"] * 9) == 1 + 9


def test_models_are_dearer_than_records() -> None:
    explain = 'query($t: [String!]!) { explain(input: {model: "m", texts: $t}) { __typename } }'
    assert most(explain, t=["a"] * 8) == 1 + 8 * 50
    train = "mutation($i: StartTrainingInput!) { startTraining(input: $i) { job { id } } }"
    assert most(train, i={}) == 101
    assert most("mutation { signOut { user { id } } }") == 11


def test_a_list_of_ids_says_how_many_come() -> None:
    query = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    assert most(query, ids=["a"] * 40) == 40
    assert most('{ nodes(ids: ["a", "b"]) { id } }') == 2


def test_fragments_cost_what_they_stand_for() -> None:
    one = "fragment f on Job { dataset { id } } "
    assert most("{ jobs(first: 3) { nodes { ...f } } }" + one) == 6
    assert most("{ jobs(first: 3) { nodes { ...f ...f dataset { name } } } }" + one) == 6
    assert most("{ jobs(first: 3) { nodes { ...f a: dataset { id } } } }" + one) == 9


def test_the_dearest_of_types_cannot_hide_behind_another() -> None:
    cheap = "... on Dataset { x: name }"
    dear = "... on ModelVersion { x: goldenResults { label } }"
    for both in (cheap + dear, dear + cheap):
        # the shapes differ, so such a document is not even valid: nothing is hidden
        assert asked(schema._schema, f'{{ node(id: "x") {{ {both} }} }}', None) is None
    jobs = "{ node(id: 1) { ... on Dataset { x: jobs(first: 1) { totalCount } } %s } }"
    assert most(jobs % "... on Dataset { y: jobs(first: 50) { nodes { id } } }") == 1 + 1 + 50


def test_introspection_costs_the_least() -> None:
    assert most("{ __schema { types { name fields { name } } } }") == 1


def test_what_came_is_what_it_cost() -> None:
    jobs = price("{ jobs(first: 50) { nodes { id dataset { id } } } }")
    assert jobs.most(None) == 100
    came = [{"id": "a", "dataset": {"id": "x"}}, {"id": "b", "dataset": None}]
    assert jobs.actual({"jobs": {"nodes": came}}, None) == 3
    assert jobs.actual({"jobs": {"nodes": []}}, None) == 1
    assert jobs.actual({"jobs": None}, None) == 1
    assert jobs.actual(None, None) == 1


def test_a_failed_call_costs_the_call() -> None:
    asked = {"model": "m", "texts": ["a"] * 30}
    predict = price(PREDICT)
    assert predict.actual({"predict": None}, {"input": asked}) == 1
    assert predict.actual(None, {"input": asked}) == 1
    empty: dict[str, Any] = {"predictions": [], "modelVersion": None}
    assert predict.actual({"predict": empty}, {"input": asked}) == 1 + 30


def test_nothing_costs_more_than_was_asked_for() -> None:
    listed = price("{ trash: datasets(first: 2) { nodes { id } } }")
    assert listed.actual({"trash": {"nodes": [{"id": "a"}] * 9}}, None) == 2


def test_skipped_fields_cost_nothing() -> None:
    jobs = price("query($s: Boolean!) { jobs(first: 9) @skip(if: $s) { nodes { id } } }")
    assert jobs.most({"s": True}) == 9
    assert jobs.actual({}, {"s": True}) == 1


def test_prices_are_worked_out_once_and_only_when_asked_for() -> None:
    many = " ".join(f"query q{n} {{ ...f }}" for n in range(600))
    fields = " ".join(f"a{n}: jobs {{ nodes {{ id }} }}" for n in range(15))
    text = many + f" fragment f on Query {{ {fields} }}"
    assert len(parse(text).definitions) == 601
    found = asked(schema._schema, text, "q7")
    assert found is not None and found.price.most(None) == 15 * 20
    again = asked(schema._schema, text, "q7")
    assert again is not None and again.price is found.price


def test_the_schema_tells_what_fields_cost() -> None:
    text = schema.as_str()
    assert 'texts: [String!]! @cost(weight: "50")' in text
    train = next(line for line in text.splitlines() if line.strip().startswith("startTraining("))
    assert "@cost(weight" in train or "startTraining(\n" in text
    page = '@listSize(slicingArguments: ["first"], sizedFields: ["nodes", "edges"], '
    assert text.count(page) > 20
    assert "directive @cost(weight: String!)" in text
