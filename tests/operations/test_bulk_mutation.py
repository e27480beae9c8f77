"""A mutation for each line: outcomes in order, faults of single lines, nothing done twice."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import orjson
import pytest

from server.bulk.calls import Fault
from server.bulk.mutation import MAX_LINE_BYTES, split
from store.clock import now
from store.records.account import Scope
from store.records.job import JobStatus
from tests.operations.conftest import (
    MUTATION,
    OPERATION,
    ended,
    lines_of,
    operation_of,
    run_mutation,
    running,
)
from tests.schema.conftest import Caller
from tests.store.sending import send

CREATE = """
mutation($input: CreateDatasetInput!) {
  createDataset(input: $input) { made: dataset { id name } userErrors { code path } }
}
"""
RETRY = """
mutation($input: RetryJobInput!) { retryJob(input: $input) { job { id } userErrors { code } } }
"""
CANCEL = """
mutation($input: CancelJobInput!) {
  cancelJob(input: $input) { job { id } userErrors { code } }
}
"""


def jsonl(*lines: object) -> str:
    return "\n".join(orjson.dumps(line).decode() for line in lines)


def new(name: str, **more: object) -> dict[str, dict[str, object]]:
    return {"input": {"name": name, "rows": [{"text": "one", "label": "a"}], **more}}


async def test_each_line_is_carried_out_and_told_in_order(runner: None, alice: Caller) -> None:
    store = alice.store
    text = "\n".join([
        jsonl(new("first")), "", "{oops", "[1]", jsonl(new("")), jsonl({"input": {"name": 1}}),
        jsonl(new("last")) + "\n",
    ])  # fmt: skip
    job_id = await run_mutation(alice, CREATE, lines=text)
    assert (await ended(store, job_id)).status is JobStatus.SUCCEEDED
    first, broken, no_object, refused, invalid, last = await lines_of(store, job_id)
    assert [each["line"] for each in (first, broken, no_object, refused, invalid, last)] == [
        1, 3, 4, 5, 6, 7
    ]  # fmt: skip
    assert first["data"]["createDataset"]["made"]["name"] == "first"
    assert first["data"]["createDataset"]["userErrors"] == [] and "errors" not in first
    assert [each["errors"][0]["extensions"]["code"] for each in (broken, no_object)] == [
        "BAD_LINE", "BAD_LINE"
    ]  # fmt: skip
    assert refused["data"]["createDataset"]["made"] is None
    assert refused["data"]["createDataset"]["userErrors"][0]["path"] == ["input", "name"]
    assert invalid["data"] is None and "String cannot represent" in invalid["errors"][0]["message"]
    assert last["data"]["createDataset"]["made"]["name"] == "last"
    operation = await operation_of(store, job_id)
    shown = (await alice(OPERATION, id=operation.id))["node"]
    assert (shown["type"], shown["done"], shown["total"], shown["failed"]) == ("MUTATION", 7, 7, 4)
    assert await store.mongo.datasets.count({}) == 2


async def test_lines_come_in_a_file_as_well(runner: None, alice: Caller) -> None:
    store, data = alice.store, jsonl(*(new(f"set {n}") for n in range(3))).encode()
    upload, ticket = await store.uploads.create(alice.id, "lines.jsonl", len(data))
    await send(store.objects, ticket.parts[0], data)
    job_id = await run_mutation(alice, CREATE, uploadId=upload.id)
    await ended(store, job_id)
    names = [
        line["data"]["createDataset"]["made"]["name"] for line in await lines_of(store, job_id)
    ]
    assert names == ["set 0", "set 1", "set 2"]
    operation = await operation_of(store, job_id)
    await store.mongo.bulk_operations.amend(
        operation.id, lambda kept: replace(kept, expires_at=now() - timedelta(seconds=1))
    )
    await store.operations.sweep()
    assert await store.objects.list("operations/") == ()
    assert await store.mongo.uploads.find(upload.id) is None


async def test_nobody_runs_the_file_of_another(alice: Caller, bob: Caller) -> None:
    upload, _ = await alice.store.uploads.create(alice.id, "lines.jsonl", 2)
    data = await bob(MUTATION, input={"mutation": CREATE, "uploadId": upload.id})
    (error,) = data["runBulkMutation"]["userErrors"]
    assert error["code"] == "NOT_FOUND"
    assert await alice.store.mongo.bulk_operations.count({}) == 0


async def test_what_was_done_is_not_done_again_after_a_crash(alice: Caller) -> None:
    """A server carried the first line out, and died before it had kept so."""
    store = alice.store
    job_id = await run_mutation(alice, CREATE, lines=jsonl(*(new(f"set {n}") for n in range(4))))
    key = f"{(await operation_of(store, job_id)).root_id}:1"
    done = await alice(CREATE, input={**new("set 0")["input"], "idempotencyKey": key})
    async with running(store):
        assert (await ended(store, job_id)).status is JobStatus.SUCCEEDED
    first, *_ = await lines_of(store, job_id)
    assert first["data"] == done
    assert await store.mongo.datasets.count({}) == 4


@pytest.mark.parametrize(
    ("mutation", "says"),
    [
        ("mutation($input: SignInInput!) { signIn(input: $input) { accessToken } }", "secret"),
        ("mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) "
         "{ userErrors { code } } }", "secret"),
        ("mutation($input: RunBulkQueryInput!) { runBulkQuery(input: $input) "
         "{ userErrors { code } } }", "starts such a run"),
        ('mutation { createDataset(input: {name: "a"}) { dataset { id } } }', "one variable"),
        ("mutation($input: CancelJobInput!) { a: cancelJob(input: $input) { job { id } } "
         "b: cancelJob(input: $input) { job { id } } }", "one field"),
        ("query { viewer { user { id } } }", "one mutation"),
        ("mutation($input: Nonsense!) { cancelJob(input: $input) { job { id } } }", "Nonsense"),
    ],
)  # fmt: skip
async def test_what_is_no_bulk_mutation_is_refused(alice: Caller, mutation: str, says: str) -> None:
    data = await alice(MUTATION, input={"mutation": mutation, "lines": "{}"})
    (error,) = data["runBulkMutation"]["userErrors"]
    assert error["code"] == "BAD_USER_INPUT" and says in error["message"]
    assert await alice.store.mongo.bulk_operations.count({}) == 0


@pytest.mark.parametrize("lines", [{}, {"lines": "{}", "uploadId": "upl_x"}])
async def test_lines_come_one_way(alice: Caller, lines: dict[str, Any]) -> None:
    data = await alice(MUTATION, input={"mutation": CANCEL, **lines})
    assert data["runBulkMutation"]["userErrors"][0]["code"] == "BAD_USER_INPUT"


async def test_too_many_lines_are_to_be_uploaded(alice: Caller) -> None:
    lines = "x" * (alice.store.settings.max_inline_bytes + 1)
    data = await alice(MUTATION, input={"mutation": CANCEL, "lines": lines})
    assert "upload a file" in data["runBulkMutation"]["userErrors"][0]["message"]


async def test_a_reader_may_query_in_bulk_and_change_nothing(new_caller: Any) -> None:
    reader = await new_caller("reader", scopes={Scope.READ})
    codes = await reader.codes(MUTATION, input={"mutation": CANCEL, "lines": "{}"})
    assert codes == ["FORBIDDEN"]


async def test_lines_are_split_wherever_chunks_end() -> None:
    async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
        for part in parts:
            yield part

    async def lines(*parts: bytes) -> list[bytes]:
        return [line async for line in split(chunks(*parts))]

    assert await lines(b"a\nb", b"c\n", b"\nd") == [b"a", b"bc", b"", b"d"]
    assert await lines(b"", b"") == []
    with pytest.raises(Fault, match="a line has more"):
        await lines(b"x" * (MAX_LINE_BYTES + 1))


async def test_a_retry_goes_on_with_the_lines_that_are_left(alice: Caller) -> None:
    store = alice.store
    job_id = await run_mutation(alice, CREATE, lines=jsonl(*(new(f"set {n}") for n in range(3))))
    await store.jobs.request_cancel(job_id)
    again = (await alice(RETRY, input={"id": job_id}))["retryJob"]["job"]["id"]
    assert (await operation_of(store, again)).root_id == (await operation_of(store, job_id)).id
    async with running(store):
        assert (await ended(store, again)).status is JobStatus.SUCCEEDED
    assert [line["line"] for line in await lines_of(store, again)] == [1, 2, 3]


async def test_a_refused_start_leaves_no_file(alice: Caller) -> None:
    await run_mutation(alice, CANCEL, lines="{}")
    before = await alice.store.objects.list("operations/")
    data = await alice(MUTATION, input={"mutation": CANCEL, "lines": "{}"})
    assert data["runBulkMutation"]["userErrors"][0]["code"] == "THROTTLED"
    assert await alice.store.objects.list("operations/") == before
