"""Queries over all pages: what comes out, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from store.records.job import JobStatus
from store.records.operation import OperationStatus
from tests.operations.conftest import (
    OPERATION,
    QUERY,
    datasets,
    ended,
    lines_of,
    operation_of,
    predictions,
    run_query,
)
from tests.schema.conftest import Caller

PREDICTIONS = "{ predictions { nodes { id text } } }"
NESTED = """
{
  datasets { edges { node { id called: name ...Versions } } }
}
fragment Versions on Dataset { versions { totalCount nodes { number } pageInfo { endCursor } } }
"""


async def refusal(caller: Caller, query: str) -> Any:
    (error,) = (await caller(QUERY, input={"query": query}))["runBulkQuery"]["userErrors"]
    return error


async def test_every_page_is_read_in_order(runner: None, alice: Caller, bob: Caller) -> None:
    made = await predictions(alice, 1_100)
    await predictions(bob, 3)
    job_id = await run_query(alice, PREDICTIONS)
    assert (await ended(alice.store, job_id)).status is JobStatus.SUCCEEDED
    lines = await lines_of(alice.store, job_id)
    assert [line["id"] for line in lines] == made[::-1]
    assert lines[-1] == {"id": made[0], "text": "text 0"}
    shown = (await alice(OPERATION, id=(await operation_of(alice.store, job_id)).id))["node"]
    assert shown["status"] == "READY" and shown["job"]["status"] == "SUCCEEDED"
    assert (shown["objectCount"], shown["done"], shown["total"]) == (1_100, 1_100, 1_100)
    assert shown["url"] and shown["bytes"] > 0 and len(shown["sha256"]) == 64
    parts = await alice.store.objects.list("operations/")
    assert [part.key.rpartition("/")[2] for part in parts] == ["result-1.jsonl"]


async def test_lists_within_follow_what_they_belong_to(runner: None, alice: Caller) -> None:
    first, second, third = await datasets(alice, [620, 0, 2])
    job_id = await run_query(alice, NESTED)
    assert (await ended(alice.store, job_id)).status is JobStatus.SUCCEEDED
    lines = await lines_of(alice.store, job_id)
    assert lines[:4] == [
        {"id": third, "called": "set 2"},
        {"number": 2, "__parentId": third},
        {"number": 1, "__parentId": third},
        {"id": second, "called": "set 1"},
    ]
    assert lines[4] == {"id": first, "called": "set 0"}
    assert [line["number"] for line in lines[5:]] == list(range(620, 0, -1))
    assert {line["__parentId"] for line in lines[5:]} == {first}


async def test_a_list_within_a_single_thing_is_read_to_its_end(runner: None, alice: Caller) -> None:
    (dataset_id,) = await datasets(alice, [530])
    versions = "... on Dataset { versions { nodes { number } } }"
    query = f'{{ node(id: "{dataset_id}") {{ {versions} }} }}'
    job_id = await run_query(alice, query)
    await ended(alice.store, job_id)
    lines = await lines_of(alice.store, job_id)
    assert [line["number"] for line in lines] == list(range(530, 0, -1))


async def test_what_others_own_is_an_empty_file(runner: None, alice: Caller, bob: Caller) -> None:
    (dataset_id,) = await datasets(alice, [2])
    query = f'{{ dataset(id: "{dataset_id}") {{ versions {{ nodes {{ number }} }} }} }}'
    job_id = await run_query(bob, query)
    assert (await ended(bob.store, job_id)).status is JobStatus.SUCCEEDED
    assert await lines_of(bob.store, job_id) == []


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("{ viewer { user { id } } }", "selects one list"),
        ("{ jobs { nodes { id } } datasets { nodes { id } } }", "selects one list"),
        ("{ viewer { user { id } apiKeys { nodes { id } } } }", "selects one list"),
        ("{ jobs { totalCount } }", "select `nodes`"),
        ("{ datasets { nodes { name versions { nodes { id } } } } }", "select `id` in `datasets`"),
        ("query($n: Int) { jobs(first: $n) { nodes { id } } }", "no variables"),
        ("query A { jobs { nodes { id } } } query B { jobs { nodes { id } } }", "one query"),
        ("mutation { signOut(input: {}) { done } }", ""),
        ("subscription { activity { __typename } }", "one query"),
        ("{ __schema { types { name } } }", "introspection"),
        ("{ jobs { nodes { id nonsense } } }", "nonsense"),
        ("{ jobs { nodes { id }", "Syntax Error"),
        ("", "Syntax Error"),
        ("{ " + "a: " * 6_000 + " }", ""),
    ],
)  # fmt: skip
async def test_what_is_no_bulk_query_is_refused(alice: Caller, query: str, says: str) -> None:
    error = await refusal(alice, query)
    assert error["code"] == "BAD_USER_INPUT" and error["path"] == ["input", "query"]
    assert says in error["message"]
    assert await alice.store.mongo.bulk_operations.count({}) == 0


async def test_too_many_and_too_deep_lists_are_refused(alice: Caller) -> None:
    versions = "versions { nodes { id } }"
    many = " ".join(f"a{number}: {versions}" for number in range(5))
    error = await refusal(alice, f"{{ datasets {{ nodes {{ id {many} }} }} }}")
    assert "at most 5 lists" in error["message"]
    deep = "{ datasets { nodes { id versions { nodes { id findings { nodes { id "
    deep += "dataset { versions { nodes { id } } } } } } } } } }"
    error = await refusal(alice, deep)
    assert "at most 3 lists" in error["message"] or "Cannot query" in error["message"]


async def test_one_at_a_time_for_each_caller(alice: Caller, bob: Caller) -> None:
    await run_query(alice, PREDICTIONS)
    error = await refusal(alice, PREDICTIONS)
    assert error["__typename"] == "QuotaError" and error["code"] == "THROTTLED"
    await run_query(bob, PREDICTIONS)


async def test_a_cancelled_one_makes_room(alice: Caller) -> None:
    job_id = await run_query(alice, PREDICTIONS)
    await alice.store.jobs.request_cancel(job_id)
    again = await run_query(alice, PREDICTIONS)
    first = await operation_of(alice.store, job_id)
    assert first.status is OperationStatus.PARTIAL and again != job_id
    assert await lines_of(alice.store, job_id) == []


async def test_a_key_makes_it_once(alice: Caller) -> None:
    first = await run_query(alice, PREDICTIONS, idempotencyKey="k")
    assert await run_query(alice, PREDICTIONS, idempotencyKey="k") == first
    data = await alice(QUERY, input={"query": NESTED, "idempotencyKey": "k"})
    (error,) = data["runBulkQuery"]["userErrors"]
    assert error["code"] == "IDEMPOTENCY_MISMATCH"


async def test_others_do_not_see_it(alice: Caller, bob: Caller, admin: Caller) -> None:
    operation = await operation_of(alice.store, await run_query(alice, PREDICTIONS))
    assert (await bob(OPERATION, id=operation.id))["node"] is None
    assert (await admin(OPERATION, id=operation.id))["node"]["owner"]["id"] == alice.id
    listed = "{ bulkOperations(filter: {type: QUERY}) { totalCount nodes { id } } }"
    assert (await alice(listed))["bulkOperations"]["nodes"] == [{"id": operation.id}]
    assert (await bob(listed))["bulkOperations"]["totalCount"] == 0


async def test_a_larger_page_is_for_bulk_operations_only(runner: None, alice: Caller) -> None:
    await ended(alice.store, await run_query(alice, PREDICTIONS))
    codes = await alice.codes("{ predictions(first: 101) { nodes { id } } }")
    assert codes == ["BAD_USER_INPUT"]
