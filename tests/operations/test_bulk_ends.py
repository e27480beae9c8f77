"""Every way in which a bulk operation ends, and that another server goes on where one died."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from schema.loaders import open_loaders
from server.bulk.run import BulkRun
from server.bulk.runner import BulkRunner
from server.bulk.sheet import Sheet
from store import ids
from store.clock import now
from store.errors import StaleAttempt
from store.records.account import Scope
from store.records.job import JobStatus
from store.records.operation import OperationStatus, Tally
from store.records.viewer import Viewer
from store.settings import Settings
from store.store import Store, open_store
from tests.operations.conftest import (
    ended,
    lines_of,
    operation_of,
    predictions,
    run_mutation,
    run_query,
    running,
)
from tests.schema.conftest import Caller, NewCaller
from tests.schema.making import ready_version

PREDICTIONS = "{ predictions { nodes { id } } }"
RETRY = """
mutation($input: RetryJobInput!) {
  retryJob(input: $input) { job { id } userErrors { code message } }
}
"""
WAITING = "query($id: ID!) { job(id: $id) { waitingFor { code message position } } }"


async def half_done(caller: Caller, count: int) -> tuple[str, list[str]]:
    """A job whose first 100 things were kept by a server that died then; the ids of all things."""
    made = await predictions(caller, count)
    store, job_id = caller.store, await run_query(caller, PREDICTIONS)
    job = await store.jobs.claim(job_id, "server that dies")
    await store.operations.take_up(job)
    first = await caller("{ predictions(first: 100) { nodes { id } pageInfo { endCursor } } }")
    page = first["predictions"]
    data = b"".join(b'{"id":"%s"}\n' % node["id"].encode() for node in page["nodes"])
    part = await store.operations.put_part(job, 1, data)
    tally = Tally(page["pageInfo"]["endCursor"], done=100, objects=100, bytes=len(data))
    await store.operations.advance(job, tally, [part])
    return job_id, made[::-1]


async def test_another_server_goes_on_after_the_last_kept_page(alice: Caller) -> None:
    store = alice.store
    job_id, every = await half_done(alice, 130)
    await store.mongo.jobs.amend(job_id, lambda job: replace(job, lease_until=now()))
    runner = BulkRunner(store, open_loaders(store))
    async with asyncio.timeout(60):
        task = asyncio.create_task(runner.serve())
        job = await ended(store, job_id)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    assert job.status is JobStatus.SUCCEEDED and job.attempt == 2
    assert [line["id"] for line in await lines_of(store, job_id)] == every
    operation = await store.operations.of(job)
    assert (operation.tally.done, operation.tally.objects) == (130, 130)


async def test_a_server_that_lost_its_lease_writes_no_more(alice: Caller) -> None:
    store, job_id = alice.store, await run_query(alice, PREDICTIONS)
    lost = await store.jobs.claim(job_id, "one that stalls")
    await store.operations.take_up(lost)
    await store.jobs.requeue(lost, None)
    held = await store.jobs.claim(job_id, "one that goes on")
    await store.operations.take_up(held)
    with pytest.raises(StaleAttempt):
        await store.operations.advance(lost, Tally(objects=1), ["part"])
    with pytest.raises(StaleAttempt):
        await store.operations.take_up(lost)
    assert (await store.operations.of(held)).parts == ()


async def test_a_server_that_stops_hands_its_work_back(alice: Caller) -> None:
    await predictions(alice, 300)
    store, job_id = alice.store, await run_query(alice, PREDICTIONS)
    job = await store.jobs.claim(job_id, "one that stops")
    task = asyncio.create_task(BulkRun(store, open_loaders(store), job).run())
    while not (await store.mongo.jobs.get(job_id)).stage("run").started_at:
        await asyncio.sleep(0.01)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert (await store.mongo.jobs.get(job_id)).status in (JobStatus.QUEUED, JobStatus.SUCCEEDED)
    async with running(store):
        assert (await ended(store, job_id)).status is JobStatus.SUCCEEDED
    assert len(await lines_of(store, job_id)) == 300


async def test_a_cancelled_one_leaves_what_was_done(alice: Caller) -> None:
    store = alice.store
    job_id, every = await half_done(alice, 130)
    job = await store.mongo.jobs.get(job_id)
    await store.jobs.request_cancel(job_id)
    await store.jobs.acknowledge_cancel(job)
    await store.operations.sweep()
    operation = await operation_of(store, job_id)
    assert operation.status is OperationStatus.PARTIAL and operation.parts == ()
    assert [line["id"] for line in await lines_of(store, job_id)] == every[:100]


async def test_a_retry_goes_on_with_what_was_done(alice: Caller) -> None:
    store = alice.store
    job_id, every = await half_done(alice, 130)
    job = await store.mongo.jobs.get(job_id)
    await store.jobs.request_cancel(job_id)
    await store.jobs.acknowledge_cancel(job)
    payload = (await alice(RETRY, input={"id": job_id}))["retryJob"]
    assert payload["userErrors"] == []
    again = payload["job"]["id"]
    async with running(store):
        assert (await ended(store, again)).status is JobStatus.SUCCEEDED
    assert [line["id"] for line in await lines_of(store, again)] == every
    assert len(await lines_of(store, job_id)) == 100


async def test_a_running_one_is_cancelled(alice: Caller) -> None:
    store = alice.store
    lines = "\n".join('{"input": {"id": "job_x"}}' for _ in range(5_000))
    cancel = (
        "mutation($input: CancelJobInput!) { cancelJob(input: $input) { userErrors { code } } }"
    )
    job_id = await run_mutation(alice, cancel, lines=lines)
    async with running(store):
        while not (await store.mongo.jobs.get(job_id)).stage("run").started_at:
            await asyncio.sleep(0.02)
        await store.jobs.request_cancel(job_id)
        assert (await ended(store, job_id)).status is JobStatus.CANCELLED
    operation = await operation_of(store, job_id)
    assert operation.status is OperationStatus.PARTIAL and operation.tally.done < 5_000


async def test_an_end_keeps_whole_pages_only(store: Store, alice: Caller) -> None:
    """What was written behind the last place to go on from is written again by whoever goes on."""
    job = await store.jobs.claim(await run_query(alice, PREDICTIONS), "server")
    sheet = Sheet(store.operations, job, await store.operations.take_up(job))

    async def page(number: int, lines: int) -> None:
        for line in range(lines):
            sheet.write({"page": number, "line": line})
            await sheet.spill()
        sheet.tally = replace(sheet.tally, cursor=str(number), done=number)

    await page(1, 2)
    assert not await sheet.keep()
    await page(2, 3)  # and no keep: the page was cut off
    await sheet.rescue()
    await sheet.rescue()
    kept = await store.operations.of(job)
    assert (kept.tally.cursor, kept.tally.done, kept.tally.objects) == ("1", 1, 2)
    (part,) = kept.parts
    data = await store.objects.get_bytes(part)
    assert data.count(b"\n") == 2 and len(data) == kept.tally.bytes


async def test_a_long_page_is_put_away_in_portions(
    store: Store, alice: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.bulk.sheet.PART_BYTES", 100)
    job = await store.jobs.claim(await run_query(alice, PREDICTIONS), "server")
    sheet = Sheet(store.operations, job, await store.operations.take_up(job))
    sheet.write({"page": 1})
    assert not await sheet.keep()
    for line in range(30):
        sheet.write({"page": 2, "line": line})
        await sheet.spill()
    kept = await store.operations.of(job)
    assert kept.tally.objects == 1 and len(kept.parts) == 1
    await sheet.rescue()
    assert await store.operations.of(job) == kept
    await sheet.keep(at_once=True)
    whole = await store.operations.of(job)
    assert whole.tally.objects == 31 and len(whole.parts) > 2
    key, _ = await store.operations.assemble(whole)
    data = await store.objects.get_bytes(key)
    assert data.count(b"\n") == 31 and len(data) == whole.tally.bytes


async def keyed(caller: Caller) -> tuple[Caller, str]:
    """The same caller by an API key, and the key's id."""
    key, _ = await caller.store.accounts.create_api_key(caller.id, "a key", [Scope.READ])
    assert caller.viewer is not None
    viewer = Viewer(caller.viewer.user, frozenset({Scope.READ}), api_key_id=key.id)
    return Caller(caller.store, viewer), key.id


async def test_a_revoked_key_ends_what_it_began(alice: Caller) -> None:
    store = alice.store
    by_key, key_id = await keyed(alice)
    job_id = await run_query(by_key, PREDICTIONS)
    await store.accounts.revoke_api_key(key_id)
    async with running(store):
        job = await ended(store, job_id)
    assert job.status is JobStatus.FAILED and job.failure is not None
    assert job.failure.code == "DENIED"
    assert (await store.operations.of(job)).status is OperationStatus.PARTIAL


async def test_a_page_that_fails_fails_the_job(runner: None, alice: Caller) -> None:
    """Only admins list users: found out by the field's own rule, at the first page."""
    job_id = await run_query(alice, "{ users { nodes { id } } }")
    job = await ended(alice.store, job_id)
    assert job.failure is not None and job.failure.code == "FORBIDDEN"
    assert await lines_of(alice.store, job_id) == []


async def test_what_a_service_did_is_tried_again_later(
    settings: Settings, new_caller: NewCaller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No inference worker runs, so rows cannot be read."""
    monkeypatch.setattr("server.bulk.calls.TRIES", 2)
    hasty = settings.model_copy(update={"predict_timeout_s": 0.1})
    async with open_store(hasty) as store:
        alice = Caller(store, (await new_caller("alice")).viewer)
        version_id = await ready_version(alice)
        rows = "... on DatasetVersion { rowList { nodes { row } } }"
        query = f'{{ node(id: "{version_id}") {{ {rows} }} }}'
        job = await store.jobs.claim(await run_query(alice, query), "server")
        await BulkRun(store, open_loaders(store), job).run()
        kept = await store.mongo.jobs.get(job.id)
    assert kept.status is JobStatus.QUEUED and kept.failure is not None
    assert kept.failure.retryable and kept.not_before is not None


async def test_old_results_are_deleted(runner: None, alice: Caller) -> None:
    store, job_id = alice.store, await run_query(alice, PREDICTIONS)
    await ended(store, job_id)
    operation = await operation_of(store, job_id)
    await store.mongo.bulk_operations.amend(
        operation.id, lambda kept: replace(kept, expires_at=now() - timedelta(seconds=1))
    )
    await store.operations.sweep()
    assert (await operation_of(store, job_id)).status is OperationStatus.EXPIRED
    assert await store.objects.list("operations/") == ()


async def test_why_one_waits_is_told(alice: Caller) -> None:
    job_id = await run_query(alice, PREDICTIONS)
    waiting = (await alice(WAITING, id=job_id))["job"]["waitingFor"]
    assert waiting["code"] == "STARTING" and waiting["position"] == 1
    assert await alice.store.jobs.claim_next("pipeline worker") is None


async def test_an_abandoned_start_frees_its_place(alice: Caller) -> None:
    """A server died after it had kept the operation and before its job."""
    store, job_id = alice.store, await run_query(alice, PREDICTIONS)
    await store.mongo.jobs.delete(job_id)
    await store.mongo.bulk_operations.amend(
        ids.sibling(ids.OPERATION, job_id),
        lambda kept: replace(kept, created_at=now() - timedelta(minutes=5)),
    )
    assert await run_query(alice, PREDICTIONS) != job_id
