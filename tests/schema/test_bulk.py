"""Bulk predictions through the API: asked for, read, listed, kept from others."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from store.answers.bulk import of_job
from store.records.bulk import BulkStatus
from store.records.dataset import LabelCount, Problem
from store.store import Store
from tests.schema.conftest import Caller
from tests.schema.making import published, ready_version, trained
from tests.store.sending import send

START = """
mutation($input: PredictInBulkInput!) {
  predictInBulk(input: $input) {
    job {
      id kind status stages { name } model { name } modelVersion { number } spec { seed }
      dataset { id } estimate { p50 } bulkResult { id status url rows expiresAt }
    }
    userErrors { __typename code message path }
  }
}
"""
RESULT = """
query($id: ID!) {
  job(id: $id) {
    bulkResult {
      id status format rows abstained outOfDistribution bytes sha256 url problemsUrl
      problemCount rejectedRows
      labelCounts { label rows } problems { row code } owner { id } model { name }
      modelVersion { id } datasetVersion { id } job { id } uploadId
    }
  }
}
"""
LIST = """
query($filter: BulkPredictionFilter) {
  bulkPredictions(filter: $filter) { totalCount nodes { id } }
}
"""
NODE = "query($id: ID!) { node(id: $id) { id ... on BulkPrediction { status } } }"
RETRY = """
mutation($input: RetryJobInput!) {
  retryJob(input: $input) { job { id retryOf { id } } userErrors { code } }
}
"""


async def start(caller: Caller, model: str, **more: Any) -> Any:
    return (await caller(START, input={"model": model, **more}))["predictInBulk"]


async def uploaded(caller: Caller, data: bytes = b"one\ntwo\n") -> str:
    store = caller.store
    upload, ticket = await store.uploads.create(caller.id, "rows.txt", len(data))
    for part in ticket.parts:
        await send(store.objects, part, data)
    return upload.id


async def finished(store: Store, job_id: str) -> None:
    """A worker is done with the job."""
    job = await store.jobs.claim(job_id, "worker-1")
    key = f"models/{job.model_id}/bulk/{job.model_id}/{job.id}/result-1.csv"
    await store.objects.put_bytes(key, b"row,label\n0,a\n")
    await store.jobs.commit(job)
    await store.bulk.finish(
        job, rows=1, abstained=1, out_of_distribution=1, bytes=14, sha256="0" * 64,
        label_counts=(LabelCount("a", 1),), object_key=key,
        problems=(Problem("EMPTY_TEXT", "no text", "fill it in", row=1),),
        problem_count=1, rejected_rows=1, problems_key=key,
    )  # fmt: skip
    await store.jobs.succeed(job)


async def test_rows_of_a_version_are_asked_and_the_file_is_read(alice: Caller, bob: Caller) -> None:
    version, rows = await published(alice), await ready_version(bob, "Bob's")
    payload = await start(bob, "letters", datasetVersionId=rows, format="CSV", topK=2)
    assert payload["userErrors"] == []
    job = payload["job"]
    assert (job["kind"], job["status"], job["spec"]) == ("PREDICT", "QUEUED", None)
    assert [each["name"] for each in job["stages"]] == ["prepare", "predict", "write"]
    assert (job["model"], job["modelVersion"]) == ({"name": "letters"}, {"number": 1})
    assert job["estimate"]["p50"] > 0
    assert job["bulkResult"] | {"id": "", "expiresAt": ""} == {
        "id": "", "status": "PENDING", "url": None, "rows": 0, "expiresAt": "",
    }  # fmt: skip
    await finished(bob.store, job["id"])
    read = (await bob(RESULT, id=job["id"]))["job"]["bulkResult"]
    url, problems = read.pop("url"), read.pop("problemsUrl")
    assert "Bob-s-letters-1.csv" in url
    assert "Bob-s-letters-1.problems.jsonl" in problems
    assert read == {
        "id": of_job(job["id"]), "status": "READY", "format": "CSV", "rows": 1, "abstained": 1,
        "outOfDistribution": 1,
        "bytes": 14, "sha256": "0" * 64, "problemCount": 1, "rejectedRows": 1,
        "labelCounts": [{"label": "a", "rows": 1}], "problems": [{"row": 1, "code": "EMPTY_TEXT"}],
        "owner": {"id": bob.id}, "model": {"name": "letters"}, "modelVersion": {"id": version.id},
        "datasetVersion": {"id": rows}, "job": {"id": job["id"]}, "uploadId": None,
    }  # fmt: skip


async def test_a_key_sent_twice_asks_once_and_keeps_the_version(alice: Caller) -> None:
    version, upload = await published(alice), await uploaded(alice)
    asked = {"uploadId": upload, "idempotencyKey": "k", "reading": {"keep": []}}
    first = await start(alice, "letters", **asked)
    _, newer = await trained(alice)
    await alice.store.models.publish(newer.model_id, newer.id, alice.id)
    again = await start(alice, "letters", **asked)
    assert again["job"]["id"] == first["job"]["id"]
    assert again["job"]["modelVersion"] == {"number": version.number}
    assert again["job"]["dataset"] is None
    assert (await alice(LIST))["bulkPredictions"]["totalCount"] == 1


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({}, ["input", "uploadId"]),
        ({"uploadId": "upl_1", "datasetVersionId": "dsv_1"}, ["input", "uploadId"]),
        ({"uploadId": "upl_1", "topK": 0}, ["input", "topK"]),
        ({"uploadId": "upl_1", "topK": 101}, ["input", "topK"]),
        ({"uploadId": "upl_1", "include": {"neighbours": 21}}, ["input", "include", "neighbours"]),
        ({"uploadId": "upl_1", "reading": {"keep": ["a", "a"]}}, ["input", "reading", "keep"]),
        ({"uploadId": "upl_1", "reading": {"encoding": "latin-99"}}, ["input", "encoding"]),
        ({"datasetVersionId": "dsv_1", "reading": {"format": "CSV"}}, ["input", "reading"]),
    ],
)
async def test_what_cannot_be_asked_names_the_field(
    alice: Caller, more: dict[str, Any], path: list[str]
) -> None:
    await published(alice)
    payload = await start(alice, "letters", **more)
    assert payload["job"] is None
    assert [(each["code"], each["path"]) for each in payload["userErrors"]] == [
        ("BAD_USER_INPUT", path)
    ]
    assert await alice.store.mongo.bulk_predictions.count({}) == 0


async def test_what_is_anothers_looks_missing(alice: Caller, bob: Caller, admin: Caller) -> None:
    await published(alice)
    _, unpublished = await trained(alice, "drafts")
    foreign, rows = await uploaded(alice), await ready_version(alice, "Mine")
    own = await uploaded(bob)
    for model, more in [
        ("letters", {"uploadId": foreign}),
        ("letters", {"uploadId": "upl_none"}),
        ("letters", {"datasetVersionId": rows}),
        ("drafts", {"uploadId": own}),
        (unpublished.id, {"uploadId": own}),
        ("none", {"uploadId": own}),
    ]:
        payload = await start(bob, model, **more)
        assert [each["code"] for each in payload["userErrors"]] == ["NOT_FOUND"], (model, more)
    refused = await start(alice, "drafts", uploadId=foreign)
    assert [each["code"] for each in refused["userErrors"]] == ["ILLEGAL_MOVE"]
    job = (await start(alice, unpublished.id, uploadId=foreign))["job"]
    made = job["bulkResult"]["id"]
    assert (await bob(NODE, id=made))["node"] is None
    assert (await bob(RESULT, id=job["id"]))["job"] is None
    assert (await bob(LIST))["bulkPredictions"]["nodes"] == []
    assert (await bob(LIST, filter={"ownerId": alice.id}))["bulkPredictions"]["nodes"] == []
    for caller in (alice, admin):
        assert (await caller(NODE, id=made))["node"] == {"id": made, "status": "PENDING"}
        assert (await caller(LIST))["bulkPredictions"]["nodes"] == [{"id": made}]


async def test_the_list_is_filtered(alice: Caller) -> None:
    version, rows, upload = (
        await published(alice),
        await ready_version(alice),
        await uploaded(alice),
    )
    one = (await start(alice, "letters", datasetVersionId=rows))["job"]["bulkResult"]["id"]
    job = (await start(alice, "letters", uploadId=upload))["job"]
    await finished(alice.store, job["id"])
    two = job["bulkResult"]["id"]
    dataset = (await alice.store.mongo.dataset_versions.get(rows)).dataset_id
    for filter, found in [
        ({"status": "PENDING"}, [one]),
        ({"status": "READY"}, [two]),
        ({"datasetId": dataset}, [one]),
        ({"modelId": version.model_id, "modelVersionId": version.id}, [two, one]),
        ({"modelId": "mdl_none"}, []),
    ]:
        nodes = (await alice(LIST, filter=filter))["bulkPredictions"]["nodes"]
        assert [each["id"] for each in nodes] == found, filter


async def test_there_is_no_url_once_it_is_over_or_its_model_in_the_trash(alice: Caller) -> None:
    version, upload = await published(alice), await uploaded(alice)
    store = alice.store
    job = (await start(alice, "letters", uploadId=upload))["job"]
    await finished(store, job["id"])

    async def url() -> Any:
        return (await alice(RESULT, id=job["id"]))["job"]["bulkResult"]["url"]

    assert await url()
    await store.models.withdraw(version.model_id)
    await store.trash.put(version.model_id, alice.id)
    assert await url() is None
    await store.trash.restore(version.model_id)
    assert await url()
    await store.mongo.bulk_predictions.amend(
        job["bulkResult"]["id"], lambda kept: replace(kept, status=BulkStatus.EXPIRED)
    )
    assert await url() is None


async def test_a_cancelled_one_is_done_again_with_what_it_was_asked(alice: Caller) -> None:
    await published(alice)
    upload, store = await uploaded(alice), alice.store
    job = (await start(alice, "letters", uploadId=upload, format="JSONL", topK=7))["job"]
    await store.jobs.request_cancel(job["id"])
    payload = (await alice(RETRY, input={"id": job["id"]}))["retryJob"]
    assert (payload["userErrors"], payload["job"]["retryOf"]) == ([], {"id": job["id"]})
    before, after = [await store.mongo.jobs.get(i) for i in (job["id"], payload["job"]["id"])]
    assert after.bulk == before.bulk
    assert after.model_version_id == before.model_version_id
