"""Rows edited, compared and checked through the API, by real workers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.schema.conftest import Caller
from tests.schema.making import CREATE, create, ready_version
from tests.workers.conftest import small_rows, worker_with
from workers.children.isolation import Nursery
from workers.inference_worker import InferenceWorker
from workers.pipeline_worker import PipelineWorker

EDIT = """
mutation($input: EditDatasetInput!) {
  editDataset(input: $input) {
    version { id number } job { id kind }
    userErrors { __typename code message path }
  }
}
"""
ROWS = """
query($id: ID!, $filter: RowFilter, $first: Int = 20, $after: String) {
  node(id: $id) { ... on DatasetVersion {
    rows edits { note counts { relabelled reworded dropped unchanged missing } }
    rowList(filter: $filter, first: $first, after: $after) {
      totalCount nodes { row text label split isCut } pageInfo { hasNextPage endCursor }
    }
  } }
}
"""
DIFF = """
query($id: ID!, $from: ID!, $kind: ChangeKind, $first: Int = 20, $after: String) {
  node(id: $id) { ... on DatasetVersion { diff(from: $from) {
    added dropped relabelled reworded
    changes(kind: $kind, first: $first, after: $after) {
      totalCount pageInfo { hasNextPage endCursor }
      nodes { row kinds before { text label } after { text label } }
    }
  } } }
}
"""
CHECK = """
mutation($input: CheckDatasetInput!) {
  checkDataset(input: $input) { job { id kind } userErrors { code path message } }
}
"""
REPORT = """
query($id: ID!, $kind: FindingKind, $first: Int = 20, $after: String) {
  node(id: $id) { ... on DatasetVersion {
    quality {
      score labelNoise counts { kind found kept open rows }
      job { id status check { nearCosine embedder { kind dimensions } } }
    }
    findings(kind: $kind, first: $first, after: $after) {
      totalCount pageInfo { hasNextPage endCursor }
      nodes {
        id kind status rank score message rowCount edits { row label drop }
        evidence { row text label isSubject cosine }
        datasetVersion { id } fixedIn { id }
      }
    }
  } }
}
"""
FIX = """
mutation($input: FixFindingsInput!) {
  fixFindings(input: $input) { version { id } job { id } userErrors { code path message } }
}
"""
DISMISS = """
mutation($input: DismissFindingsInput!) {
  dismissFindings(input: $input) {
    findings { id status } userErrors { __typename code path }
  }
}
"""
TFIDF = {"kind": "TFIDF", "dimensions": 16}


@pytest.fixture
async def pipeline(alice: Caller, nursery: Nursery) -> AsyncIterator[PipelineWorker]:
    """Both kinds of workers."""
    serving = asyncio.create_task(InferenceWorker(alice.store).serve())
    yield worker_with(alice.store, nursery)
    serving.cancel()
    await asyncio.wait({serving})


async def read(caller: Caller, pipeline: PipelineWorker, rows: list[dict[str, str]]) -> str:
    """The id of a version of these rows."""
    made = (await caller(CREATE, input={"name": "Small", "rows": rows}))["createDataset"]
    await pipeline.run_job({}, made["job"]["id"])
    return str(made["version"]["id"])


async def edited(
    caller: Caller, pipeline: PipelineWorker, version: str, *edits: dict[str, Any], note: str = ""
) -> str:
    asked = {"datasetVersionId": version, "edits": list(edits), "note": note}
    made = (await caller(EDIT, input=asked))["editDataset"]
    assert made["userErrors"] == []
    await pipeline.run_job({}, made["job"]["id"])
    return str(made["version"]["id"])


async def test_rows_are_edited_listed_and_compared(
    alice: Caller, bob: Caller, pipeline: PipelineWorker
) -> None:
    rows = [{"text": f"text {n}", "label": "ab"[n % 2]} for n in range(6)]
    first = await read(alice, pipeline, rows)
    second = await edited(
        alice, pipeline, first, {"row": 0, "label": "b"}, {"row": 4, "drop": True}, note="tidied"
    )
    third = await edited(alice, pipeline, second, {"row": 1, "text": "new", "label": "c"})

    page = (await alice(ROWS, id=third, first=3))["node"]
    assert page["edits"] == {
        "note": "",
        "counts": {"relabelled": 1, "reworded": 1, "dropped": 0, "unchanged": 0, "missing": 0},
    }
    listed = page["rowList"]
    assert (page["rows"], listed["totalCount"]) == (5, 5)
    assert listed["nodes"][:2] == [
        {"row": 0, "text": "text 0", "label": "b", "split": None, "isCut": False},
        {"row": 1, "text": "new", "label": "c", "split": None, "isCut": False},
    ]
    after = listed["pageInfo"]["endCursor"]
    rest = (await alice(ROWS, id=third, first=3, after=after))["node"]["rowList"]
    assert ([row["row"] for row in rest["nodes"]], rest["pageInfo"]["hasNextPage"]) == (
        [3, 5],
        False,
    )
    few = (await alice(ROWS, id=third, filter={"label": "b"}))["node"]["rowList"]
    assert (few["totalCount"], [row["row"] for row in few["nodes"]]) == (3, [0, 3, 5])

    asked = {"id": third, "from": first}
    diff = (await alice(DIFF, **asked, first=1))["node"]["diff"]
    changes = diff.pop("changes")
    assert diff == {"added": 0, "dropped": 1, "relabelled": 2, "reworded": 1}
    assert changes["totalCount"] == 3
    assert changes["nodes"] == [
        {
            "row": 0,
            "kinds": ["RELABELLED"],
            "before": {"text": "text 0", "label": "a"},
            "after": {"text": "text 0", "label": "b"},
        }
    ]
    after = changes["pageInfo"]["endCursor"]
    changes = (await alice(DIFF, **asked, after=after))["node"]["diff"]["changes"]
    assert [(each["row"], each["kinds"]) for each in changes["nodes"]] == [
        (1, ["RELABELLED", "REWORDED"]), (4, ["DROPPED"]),
    ]  # fmt: skip
    dropped = (await alice(DIFF, **asked, kind="DROPPED"))["node"]["diff"]["changes"]
    assert (dropped["totalCount"], dropped["nodes"][0]["after"]) == (1, None)

    assert (await bob(ROWS, id=third))["node"] is None
    theirs = {"datasetVersionId": third, "edits": [{"row": 0, "drop": True}]}
    refused = (await bob(EDIT, input=theirs))["editDataset"]["userErrors"]
    assert [(each["code"], each["path"]) for each in refused] == [
        ("NOT_FOUND", ["input", "datasetVersionId"])
    ]
    others = await read(bob, pipeline, rows)
    assert await alice.codes(DIFF, id=third, **{"from": others}) == ["NOT_FOUND"]


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({}, ["edits"]),
        ({"edits": [{"row": 1, "drop": True}], "uploadId": "upl_x"}, ["edits"]),
        ({"edits": [{"row": 12, "drop": True}]}, ["edits", "0", "row"]),
        ({"edits": [{"row": 1, "label": "x" * 300}]}, ["edits", "0", "label"]),
    ],
)
async def test_bad_edits_are_refused_by_name(
    alice: Caller, more: dict[str, Any], path: list[str]
) -> None:
    version = await ready_version(alice)
    job = (await alice.store.mongo.dataset_versions.get(version)).job_id or ""
    await alice.store.jobs.succeed(await alice.store.jobs.claim(job, "worker"))
    refused = (await alice(EDIT, input={"datasetVersionId": version, **more}))["editDataset"]
    assert refused["version"] is None
    assert [(each["code"], each["path"]) for each in refused["userErrors"]] == [
        ("BAD_USER_INPUT", ["input", *path])
    ]


async def test_a_key_makes_one_version(alice: Caller) -> None:
    version = await ready_version(alice)
    job = (await alice.store.mongo.dataset_versions.get(version)).job_id or ""
    await alice.store.jobs.succeed(await alice.store.jobs.claim(job, "worker"))
    asked = {
        "datasetVersionId": version, "edits": [{"row": 1, "drop": True}], "idempotencyKey": "k",
    }  # fmt: skip
    first = (await alice(EDIT, input=asked))["editDataset"]
    assert (await alice(EDIT, input=asked))["editDataset"] == first
    again = (await alice(EDIT, input=asked | {"idempotencyKey": "other"}))["editDataset"]
    assert [each["code"] for each in again["userErrors"]] == ["ILLEGAL_MOVE"]


async def test_a_version_is_checked_and_mended(
    alice: Caller, bob: Caller, pipeline: PipelineWorker
) -> None:
    rows = [{"text": text, "label": label} for text, label in small_rows(20)]
    rows[3]["label"], rows[50]["label"] = "finance", "weather"
    rows += [rows[7], {"text": rows[8]["text"].upper() + "!", "label": rows[8]["label"]}]
    version = await read(alice, pipeline, rows)
    assert (await alice(REPORT, id=version))["node"] == {
        "quality": None,
        "findings": {
            "totalCount": 0,
            "pageInfo": {"hasNextPage": False, "endCursor": None},
            "nodes": [],
        },
    }
    spec = {"embedder": TFIDF, "nearCosine": 0.9999}
    asked = {"datasetVersionId": version, "spec": spec}
    job = (await alice(CHECK, input=asked))["checkDataset"]["job"]
    await pipeline.run_job({}, job["id"])

    report = (await alice(REPORT, id=version))["node"]
    quality = report["quality"]
    assert quality["job"] == {
        "id": job["id"],
        "status": "SUCCEEDED",
        "check": {"nearCosine": 0.9999, "embedder": TFIDF},
    }
    counts = {each["kind"]: each for each in quality["counts"]}
    assert set(counts) == {
        "LABEL_ERROR", "CONFLICT", "NEAR_DUPLICATE", "LEAKAGE", "OUTLIER", "TOO_SHORT",
    }  # fmt: skip
    assert (counts["NEAR_DUPLICATE"]["found"], counts["NEAR_DUPLICATE"]["rows"]) == (2, 4)
    wrong = (await alice(REPORT, id=version, kind="LABEL_ERROR", first=2))["node"]["findings"]
    assert {each["evidence"][0]["row"] for each in wrong["nodes"]} == {3, 50}
    assert [each["rank"] for each in wrong["nodes"]] == [0, 1]
    of_row = {each["evidence"][0]["row"]: each for each in wrong["nodes"]}
    assert of_row[3]["edits"] == [{"row": 3, "label": "weather", "drop": False}]
    assert "it reads like 'weather'" in of_row[3]["message"]

    duplicates = (await alice(REPORT, id=version, kind="NEAR_DUPLICATE"))["node"]["findings"]
    ids = [each["id"] for each in duplicates["nodes"]]
    assert (await bob(REPORT, id=version))["node"] is None
    assert (await bob("query($id: ID!) { node(id: $id) { id } }", id=ids[0]))["node"] is None
    refused = (await bob(DISMISS, input={"ids": ids}))["dismissFindings"]
    assert refused["findings"] is None
    assert [each["path"] for each in refused["userErrors"]] == [["input", "ids"]]
    one = (await alice(DISMISS, input={"ids": ids[:1]}))["dismissFindings"]
    assert one["findings"] == [{"id": ids[0], "status": "DISMISSED"}]

    mend = {"datasetVersionId": version, "ids": [each["id"] for each in wrong["nodes"]] + ids}
    made = (await alice(FIX, input=mend))["fixFindings"]
    assert made["userErrors"] == []
    await pipeline.run_job({}, made["job"]["id"])
    diff = (await alice(DIFF, id=made["version"]["id"], **{"from": version}))["node"]["diff"]
    assert (diff["relabelled"], diff["dropped"]) == (2, 1)
    after = (await alice(REPORT, id=version, kind="NEAR_DUPLICATE"))["node"]
    assert [each["status"] for each in after["findings"]["nodes"]] == ["DISMISSED", "FIXED"]
    assert after["findings"]["nodes"][1]["fixedIn"] == {"id": made["version"]["id"]}
    open_now = {each["kind"]: each["open"] for each in after["quality"]["counts"]}
    assert open_now["NEAR_DUPLICATE"] == 0

    await alice.store.trash.put((await dataset_of(alice, version)), alice.id)
    assert (await alice("query($id: ID!) { node(id: $id) { id } }", id=ids[0]))["node"] is None


async def dataset_of(caller: Caller, version: str) -> str:
    return (await caller.store.mongo.dataset_versions.get(version)).dataset_id


@pytest.mark.parametrize(
    ("mutation", "more", "path"),
    [
        (FIX, {}, ["ids"]),
        (FIX, {"ids": ["fnd_1"], "kind": "OUTLIER"}, ["ids"]),
        (FIX, {"ids": []}, ["ids"]),
        (CHECK, {"spec": {"nearCosine": 1.5}}, ["nearCosine"]),
        (CHECK, {"spec": {"kinds": []}}, ["kinds"]),
    ],
)
async def test_bad_requests_are_refused_by_name(
    alice: Caller, mutation: str, more: dict[str, Any], path: list[str]
) -> None:
    version = await ready_version(alice)
    data = await alice(mutation, input={"datasetVersionId": version, **more})
    [payload] = data.values()
    assert [each["path"] for each in payload["userErrors"]] == [["input", *path]]


async def test_nobody_checks_what_is_not_theirs(alice: Caller, bob: Caller) -> None:
    version = await ready_version(alice)
    for mutation, more in ((CHECK, {}), (FIX, {"kind": "OUTLIER"})):
        data = await bob(mutation, input={"datasetVersionId": version, **more})
        [payload] = data.values()
        assert [each["code"] for each in payload["userErrors"]] == ["NOT_FOUND"]
    assert await alice.store.mongo.jobs.count({"kind": "CHECK"}) == 0
    assert (await create(bob))["version"]["number"] == 1
