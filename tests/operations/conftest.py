"""A server's runner of bulk operations beside callers, and things in number for them to list."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

import orjson
import pytest

from schema.loaders import open_loaders
from server.bulk.runner import BulkRunner
from store import ids
from store.clock import now
from store.records.dataset import Columns, DataKind, Dataset, DatasetVersion, SourceFile
from store.records.job import Job
from store.records.operation import BulkOperation
from store.records.prediction import Prediction
from store.store import Store
from tests.schema.conftest import Caller, admin, alice, bob, new_caller, nobody

__all__ = ["admin", "alice", "bob", "new_caller", "nobody"]

QUERY = """
mutation($input: RunBulkQueryInput!) {
  runBulkQuery(input: $input) {
    operation { id type status objectCount url job { id } }
    job { id kind status stages { name } operation { id } }
    userErrors { __typename code message path }
  }
}
"""
MUTATION = """
mutation($input: RunBulkMutationInput!) {
  runBulkMutation(input: $input) {
    operation { id type } job { id } userErrors { code message path }
  }
}
"""
OPERATION = """
query($id: ID!) {
  node(id: $id) {
    ... on BulkOperation {
      type status document objectCount done total failed bytes sha256 url endedAt uploadId
      job { status failure { code message } } owner { id }
    }
  }
}
"""


@asynccontextmanager
async def running(store: Store) -> AsyncIterator[None]:
    """A server that takes operations up, until it stops in good order."""
    task = asyncio.create_task(BulkRunner(store, open_loaders(store)).serve())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@pytest.fixture
async def runner(store: Store) -> AsyncIterator[None]:
    async with running(store):
        yield


async def run_query(caller: Caller, query: str, **more: Any) -> str:
    """The id of the job that runs it."""
    payload = (await caller(QUERY, input={"query": query, **more}))["runBulkQuery"]
    assert payload["userErrors"] == []
    job_id: str = payload["job"]["id"]
    return job_id


async def run_mutation(caller: Caller, mutation: str, **more: Any) -> str:
    payload = (await caller(MUTATION, input={"mutation": mutation, **more}))["runBulkMutation"]
    assert payload["userErrors"] == []
    job_id: str = payload["job"]["id"]
    return job_id


async def ended(store: Store, job_id: str) -> Job:
    """The job, once it has come to its end and its operation with it."""
    async with asyncio.timeout(60):
        while True:
            job = await store.mongo.jobs.get(job_id)
            if job.status.is_terminal:
                operation = await store.operations.of(job)
                if operation.ended_at is not None:
                    return job
            await asyncio.sleep(0.05)


async def lines_of(store: Store, job_id: str) -> list[Any]:
    """What the operation of that job left."""
    operation = await operation_of(store, job_id)
    assert operation.object_key is not None
    data = await store.objects.get_bytes(operation.object_key)
    assert len(data) == operation.tally.bytes
    return [orjson.loads(line) for line in data.splitlines()]


async def operation_of(store: Store, job_id: str) -> BulkOperation:
    return await store.operations.of(await store.mongo.jobs.get(job_id))


async def predictions(caller: Caller, count: int) -> list[str]:
    """Their ids, oldest first."""
    at = now()
    made = [
        Prediction(
            id=ids.new(ids.PREDICTION), model_id="mdl_x", model_version_id="mdv_x",
            user_id=caller.id, text=f"text {number}", label="a", probability=0.5, abstained=False,
            cluster=0, cached=False, latency_ms=1.0, at=at + timedelta(seconds=number),
        )
        for number in range(count)
    ]  # fmt: skip
    await caller.store.mongo.predictions.insert_many_ignoring_known(made)
    return sorted(each.id for each in made)


async def datasets(caller: Caller, versions: list[int]) -> list[str]:
    """Data sets with so many versions each; their ids."""
    mongo, at, known = caller.store.mongo, now(), []
    for number, count in enumerate(versions):
        made = ids.new(ids.DATASET)
        dataset = Dataset(made, caller.id, f"set {number}", "", DataKind.TEXT, at, at)
        known.append(dataset.id)
        await mongo.datasets.insert(dataset)
        await mongo.dataset_versions.insert_many_ignoring_known(
            DatasetVersion(
                id=ids.new(ids.DATASET_VERSION), dataset_id=dataset.id, owner_id=caller.id,
                number=each + 1, kind=DataKind.TEXT, created_at=at, columns=Columns("t"),
                source=SourceFile("a.csv", "uploads/x/raw", 1, "0" * 64),
            )
            for each in range(count)
        )  # fmt: skip
    return known
