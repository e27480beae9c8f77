"""Data sets through the API."""

from __future__ import annotations

from hashlib import sha256

import pytest

from store import ids
from store.errors import IllegalMove
from tests.schema.conftest import Caller
from tests.schema.making import CREATE, create, make_ready, ready_version

DATASET = """
query($id: ID!) {
  dataset(id: $id) {
    id name description kind metadata versionCount revision owner { email }
    latestVersion {
      number status rows columns { text label reasons } problemCount
      problems { code reason fix line column value }
      profile { rows labels { label rows } lengths { median } language }
      source { filename bytes format compressed } job { kind status } dataset { id } base { id }
    }
    versions { totalCount nodes { number } }
    jobs { totalCount nodes { kind dataset { name } } }
  }
}
"""
LIST = "query($f: DatasetFilter) { datasets(filter: $f) { totalCount nodes { name } } }"
UPDATE = """
mutation($input: UpdateDatasetInput!) {
  updateDataset(input: $input) {
    dataset { name description revision }
    userErrors { __typename code path ... on ConflictError { currentRevision } }
  }
}
"""


async def test_create_from_rows_and_read(alice: Caller) -> None:
    made = await create(alice, description="of a bank", metadata={"from": "me"})
    assert made["job"] == {"id": made["job"]["id"], "kind": "INGEST", "status": "QUEUED"}
    await make_ready(alice.store, made["version"]["id"])

    data = (await alice(DATASET, id=made["dataset"]["id"]))["dataset"]
    latest = data.pop("latestVersion")
    assert data == {
        "id": made["dataset"]["id"],
        "name": "Letters",
        "description": "of a bank",
        "kind": "TEXT",
        "metadata": {"from": "me"},
        "versionCount": 1,
        "revision": 0,
        "owner": {"email": "alice@example.org"},
        "versions": {"totalCount": 1, "nodes": [{"number": 1}]},
        "jobs": {
            "totalCount": 1,
            "nodes": [{"kind": "INGEST", "dataset": {"name": "Letters"}}],
        },
    }
    assert latest == {
        "number": 1,
        "status": "READY",
        "rows": 12,
        "columns": {"text": "text", "label": "label", "reasons": ["it is called text"]},
        "problemCount": 1,
        "problems": [
            {
                "code": "EMPTY_ROW",
                "reason": "there is no text",
                "fix": "drop it",
                "line": 3,
                "column": None,
                "value": None,
            }
        ],
        "profile": {
            "rows": 12,
            "labels": [{"label": "a", "rows": 7}, {"label": "b", "rows": 5}],
            "lengths": {"median": 2},
            "language": "en",
        },
        "source": {
            "filename": "rows.jsonl",
            "bytes": latest["source"]["bytes"],
            "format": "JSONL",
            "compressed": False,
        },
        "job": {"kind": "INGEST", "status": "QUEUED"},
        "dataset": {"id": made["dataset"]["id"]},
        "base": None,
    }


async def test_upload_becomes_a_dataset(alice: Caller, bob: Caller) -> None:
    content = b"text,label\nhello,a\n"
    announced = await alice(
        "mutation($input: CreateUploadInput!) { createUpload(input: $input) {"
        " upload { id size status } userErrors { code }"
        " ticket { uploadId method parts { number offset size url } headers { name value } } } }",
        input={"filename": "letters.csv", "size": len(content)},
    )
    upload, ticket = (announced["createUpload"][name] for name in ("upload", "ticket"))
    assert upload == {"id": upload["id"], "size": len(content), "status": "OPEN"}
    assert ticket["uploadId"] == upload["id"]
    assert [part["size"] for part in ticket["parts"]] == [len(content)]
    complete = (
        "mutation($input: CompleteUploadInput!) { completeUpload(input: $input) {"
        " upload { status sha256 } userErrors { __typename code } } }"
    )
    early = await alice(complete, input={"uploadId": upload["id"]})
    assert early["completeUpload"] == {
        "upload": None,
        "userErrors": [{"__typename": "UploadError", "code": "BAD_UPLOAD"}],
    }
    await send(alice, ticket["parts"][0]["url"], content)
    strange = await bob(complete, input={"uploadId": upload["id"]})
    assert strange["completeUpload"]["userErrors"][0]["code"] == "NOT_FOUND"
    done = await alice(complete, input={"uploadId": upload["id"]})
    assert done["completeUpload"] == {
        "upload": {"status": "COMPLETE", "sha256": sha256(content).hexdigest()},
        "userErrors": [],
    }
    made = await alice(CREATE, input={"name": "Sent", "uploadId": upload["id"]})
    assert made["createDataset"]["dataset"]["name"] == "Sent"


async def send(caller: Caller, url: str, content: bytes) -> None:
    """What the server's upload route does with a part."""
    path, _, query = url.partition("?")
    *_, upload_id, number = path.split("/")
    signed = dict(each.split("=") for each in query.split("&"))

    async def chunks():  # type: ignore[no-untyped-def]  # one chunk
        yield content

    await caller.store.objects.receive_part(
        upload_id, int(number), int(signed["expires"]), signed["signature"], chunks()
    )


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"rows": None}, ("ValidationError", "BAD_USER_INPUT", ["input", "rows"])),
        ({"rows": []}, ("ValidationError", "BAD_USER_INPUT", ["input", "rows"])),
        ({"uploadId": "upl_x"}, ("ValidationError", "BAD_USER_INPUT", ["input", "rows"])),
        ({"name": "  "}, ("ValidationError", "BAD_USER_INPUT", ["input", "name"])),
        ({"rows": None, "uploadId": "upl_x"}, ("NotFoundError", "NOT_FOUND", ["input"])),
        (
            {"idempotencyKey": ""},
            ("ValidationError", "BAD_USER_INPUT", ["input", "idempotencyKey"]),
        ),
    ],
)
async def test_bad_input_makes_nothing(
    alice: Caller, more: dict[str, object], error: tuple[object, ...]
) -> None:
    given = {"name": "Letters", "rows": [{"text": "one"}]} | more
    payload = (await alice(CREATE, input=given))["createDataset"]
    assert [(e["__typename"], e["code"], e["path"]) for e in payload["userErrors"]] == [error]
    assert (payload["dataset"], payload["version"], payload["job"]) == (None, None, None)
    assert (await alice(LIST))["datasets"]["totalCount"] == 0


async def test_same_key_makes_one_dataset(alice: Caller) -> None:
    first = await create(alice, idempotencyKey="k")
    again = await create(alice, idempotencyKey="k")
    assert again["version"]["id"] == first["version"]["id"]
    other = await alice(CREATE, input={"name": "X", "rows": [{"text": "y"}], "idempotencyKey": "k"})
    (error,) = other["createDataset"]["userErrors"]
    assert error["__typename"] == "IdempotencyMismatchError"
    assert (await alice(LIST))["datasets"] == {"totalCount": 1, "nodes": [{"name": "Letters"}]}


async def test_list_by_kind_and_part_of_the_name(alice: Caller) -> None:
    await create(alice, "Letters (2026)")
    await create(alice, "Reads", kind="SEQUENCE")

    async def names(**asked: str) -> list[str]:
        return [each["name"] for each in (await alice(LIST, f=asked))["datasets"]["nodes"]]

    assert await names(nameContains="letters (") == ["Letters (2026)"]
    assert await names(nameContains="r.*s") == []
    assert await names(nameContains="e") == ["Reads", "Letters (2026)"]
    assert await names(nameContains="e", kind="SEQUENCE") == ["Reads"]
    assert await names(nameContains="lett", name="Reads") == []


async def test_append_makes_the_next_version(alice: Caller, bob: Caller) -> None:
    append = (
        "mutation($input: AppendToDatasetInput!) { appendToDataset(input: $input) {"
        " version { number status base { number } } job { status } userErrors { code path } } }"
    )
    version_id = await ready_version(alice)
    dataset_id = (await alice.store.mongo.dataset_versions.get(version_id)).dataset_id
    more = {"datasetId": dataset_id, "rows": [{"text": "three", "label": "a"}]}
    assert (await bob(append, input=more))["appendToDataset"] == {
        "version": None,
        "job": None,
        "userErrors": [{"code": "NOT_FOUND", "path": ["input", "datasetId"]}],
    }
    assert (await alice(append, input=more))["appendToDataset"] == {
        "version": {"number": 2, "status": "UPLOADED", "base": {"number": 1}},
        "job": {"status": "QUEUED"},
        "userErrors": [],
    }
    early = (await alice(append, input=more))["appendToDataset"]["userErrors"]
    assert [error["code"] for error in early] == [IllegalMove.code]


async def test_update_is_refused_after_another_change(alice: Caller) -> None:
    dataset = (await create(alice))["dataset"]
    change = {"id": dataset["id"], "name": "New", "expectedVersion": dataset["revision"]}
    payload = (await alice(UPDATE, input=change))["updateDataset"]
    assert payload["dataset"] == {"name": "New", "description": "", "revision": 1}
    change["name"] = "Newer"
    payload = (await alice(UPDATE, input=change))["updateDataset"]
    assert payload == {
        "dataset": None,
        "userErrors": [
            {
                "__typename": "ConflictError",
                "code": "CONFLICT",
                "path": ["input"],
                "currentRevision": 1,
            }
        ],
    }
    assert (await alice.store.mongo.datasets.get(dataset["id"])).name == "New"


async def test_others_see_nothing(alice: Caller, bob: Caller, admin: Caller) -> None:
    made = await create(alice)
    dataset_id, version_id = made["dataset"]["id"], made["version"]["id"]
    assert (await bob(DATASET, id=dataset_id))["dataset"] is None
    assert (await bob(LIST))["datasets"] == {"totalCount": 0, "nodes": []}
    assert (await bob(LIST, f={"ownerId": alice.id}))["datasets"]["totalCount"] == 0
    nodes = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"
    asked = [dataset_id, version_id, made["job"]["id"], ids.new(ids.DATASET), "nonsense"]
    assert (await bob(nodes, ids=asked))["nodes"] == [None] * 5
    assert [each and each["__typename"] for each in (await alice(nodes, ids=asked))["nodes"]] == [
        "Dataset", "DatasetVersion", "Job", None, None,
    ]  # fmt: skip
    refused = (await bob(UPDATE, input={"id": dataset_id, "name": "Mine"}))["updateDataset"]
    assert refused["userErrors"][0]["code"] == "NOT_FOUND"
    assert (await alice.store.mongo.datasets.get(dataset_id)).name == "Letters"
    assert (await admin(DATASET, id=dataset_id))["dataset"]["owner"] == {
        "email": "alice@example.org"
    }
    assert (await admin(LIST, f={"ownerId": alice.id}))["datasets"]["totalCount"] == 1


async def test_raw_file_can_be_fetched(alice: Caller) -> None:
    made = await create(alice)
    query = "query($id: ID!) { node(id: $id) { ... on DatasetVersion { downloadUrl } } }"
    url = (await alice(query, id=made["version"]["id"]))["node"]["downloadUrl"]
    assert url.startswith(alice.store.settings.public_url)
