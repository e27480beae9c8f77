"""Models through the API: read, published, followed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.schema.conftest import Caller
from tests.schema.making import published, trained

MODEL = """
query($id: ID, $name: String) {
  model(id: $id, name: $name) {
    id name description versionCount revision owner { name }
    publishedVersion { number isPublished }
    publications { version { number } }
    versions { totalCount nodes { number isPublished } }
  }
}
"""
VERSION = """
query($id: ID!) {
  modelVersion(id: $id) {
    number kind labels bytes files { name bytes } manifestSha256 isPublished
    spec { embedder { kind } } model { name } job { status } dataset { name }
    datasetVersion { number }
    report { accuracy ece nmi silhouette clusters { name keywords exemplars parent } bins { rows } }
  }
}
"""
MOVE = """
mutation($input: %sInput!) {
  %s(input: $input) {
    model { description publishedVersion { number } revision }
    userErrors { __typename code path ... on ConflictError { currentRevision } }
  }
}
"""
LIST = "query($f: ModelFilter) { models(filter: $f) { totalCount nodes { name } } }"
FOLLOW = """
subscription($id: ID!) {
  modelEvents(id: $id) {
    __typename
    ... on ModelSnapshot { model { name } cursor }
    ... on ActivityEvent { kind model { name } modelVersion { number } user { name } }
  }
}
"""


async def move(caller: Caller, name: str, **given: Any) -> Any:
    query = MOVE % (name[0].upper() + name[1:], name)
    return (await caller(query, input=given))[name]


async def test_model_and_version(alice: Caller) -> None:
    version = await published(alice)
    expected = {
        "id": version.model_id,
        "name": "letters",
        "description": "",
        "versionCount": 1,
        "revision": 2,
        "owner": {"name": "alice"},
        "publishedVersion": {"number": 1, "isPublished": True},
        "publications": [{"version": {"number": 1}}],
        "versions": {"totalCount": 1, "nodes": [{"number": 1, "isPublished": True}]},
    }
    assert (await alice(MODEL, id=version.model_id))["model"] == expected
    assert (await alice(MODEL, name="letters"))["model"] == expected
    assert (await alice(VERSION, id=version.id))["modelVersion"] == {
        "number": 1,
        "kind": "TEXT",
        "labels": ["a", "b"],
        "bytes": 10,
        "files": [{"name": "labels.json", "bytes": 10}],
        "manifestSha256": "1" * 64,
        "isPublished": True,
        "spec": {"embedder": {"kind": "TFIDF"}},
        "model": {"name": "letters"},
        "job": {"status": "SUCCEEDED"},
        "dataset": {"name": "Letters"},
        "datasetVersion": {"number": 1},
        "report": {
            "accuracy": 0.9,
            "ece": 0.01,
            "nmi": 0.7,
            "silhouette": None,
            "clusters": [
                {
                    "name": "fees",
                    "keywords": ["fee", "card"],
                    "exemplars": ["a fee"],
                    "parent": None,
                }
            ],
            "bins": [],
        },
    }


async def test_published_models_are_for_everybody(
    alice: Caller, bob: Caller, admin: Caller
) -> None:
    _, hidden = await trained(alice, "hidden")
    shown = await published(alice, "shown")
    assert (await bob(LIST))["models"] == {"totalCount": 1, "nodes": [{"name": "shown"}]}
    assert (await alice(LIST))["models"]["totalCount"] == 2
    assert (await admin(LIST, f={"published": False}))["models"]["nodes"] == [{"name": "hidden"}]
    assert (await bob(LIST, f={"published": False}))["models"]["totalCount"] == 0
    assert (await bob(MODEL, id=hidden.model_id))["model"] is None
    assert (await bob(MODEL, name="hidden"))["model"] is None
    assert (await bob(VERSION, id=hidden.id))["modelVersion"] is None
    seen = (await bob(VERSION, id=shown.id))["modelVersion"]
    assert (seen["job"], seen["dataset"], seen["datasetVersion"]) == (None, None, None)
    model = (await bob(MODEL, name="shown"))["model"]
    assert (model["owner"], model["versions"]["totalCount"]) == (None, 1)


async def test_others_see_the_published_version_only(alice: Caller, bob: Caller) -> None:
    shown = await published(alice)
    _, newer = await trained(alice)
    model = (await bob(MODEL, id=shown.model_id))["model"]
    assert model["versions"] == {"totalCount": 1, "nodes": [{"number": 1, "isPublished": True}]}
    assert (await bob(VERSION, id=newer.id))["modelVersion"] is None
    own = (await alice(MODEL, id=shown.model_id))["model"]["versions"]
    assert own["nodes"] == [
        {"number": 2, "isPublished": False},
        {"number": 1, "isPublished": True},
    ]


@pytest.mark.parametrize("given", [{}, {"id": "mdl_x", "name": "letters"}])
async def test_model_takes_an_id_or_a_name(alice: Caller, given: dict[str, str]) -> None:
    assert await alice.codes(MODEL, **given) == ["BAD_USER_INPUT"]


async def test_publish_roll_back_withdraw(alice: Caller) -> None:
    _, first = await trained(alice)
    _, second = await trained(alice)
    model_id = first.model_id
    for version, number in ((first, 1), (second, 2)):
        payload = await move(alice, "publishModel", modelId=model_id, versionId=version.id)
        assert payload["userErrors"] == []
        assert payload["model"]["publishedVersion"] == {"number": number}
    payload = await move(alice, "rollBackModel", modelId=model_id)
    assert payload["model"]["publishedVersion"] == {"number": 1}
    payload = await move(alice, "withdrawModel", modelId=model_id)
    assert payload["model"]["publishedVersion"] is None
    payload = await move(alice, "withdrawModel", modelId=model_id)
    assert [error["__typename"] for error in payload["userErrors"]] == ["IllegalStateError"]


async def test_publish_an_unexpected_revision(alice: Caller) -> None:
    _, version = await trained(alice)
    payload = await move(
        alice,
        "publishModel",
        modelId=version.model_id,
        versionId=version.id,
        expectedVersion=99,
    )
    assert payload["userErrors"] == [
        {
            "__typename": "ConflictError",
            "code": "CONFLICT",
            "path": ["input"],
            "currentRevision": 1,
        }
    ]
    model = await alice.store.mongo.models.get(version.model_id)
    assert model.published_version_id is None


async def test_strangers_change_nothing(alice: Caller, bob: Caller) -> None:
    _, hidden = await trained(alice, "hidden")
    payload = await move(bob, "publishModel", modelId=hidden.model_id, versionId=hidden.id)
    assert [(e["code"], e["path"]) for e in payload["userErrors"]] == [
        ("NOT_FOUND", ["input", "modelId"])
    ]
    shown = await published(alice, "shown")
    for name in ("withdrawModel", "rollBackModel"):
        payload = await move(bob, name, modelId=shown.model_id)
        assert [error["__typename"] for error in payload["userErrors"]] == ["DeniedError"]
    model = await alice.store.mongo.models.get(shown.model_id)
    assert model.published_version_id == shown.id


async def test_describe(alice: Caller) -> None:
    _, version = await trained(alice)
    payload = await move(alice, "updateModel", id=version.model_id, description="Sorts letters")
    assert payload["model"]["description"] == "Sorts letters"


async def test_follow_a_model(alice: Caller, bob: Caller) -> None:
    version = await published(alice)
    own = alice.follow(FOLLOW, id=version.model_id)
    items = [await anext(own) for _ in range(5)]
    await own.aclose()
    assert [item.get("kind", item["__typename"]) for item in items] == [
        "ModelSnapshot", "MODEL_CREATED", "MODEL_VERSION_CREATED", "MODEL_PUBLISHED", "CaughtUp",
    ]  # fmt: skip
    assert items[3] == {
        "__typename": "ActivityEvent",
        "kind": "MODEL_PUBLISHED",
        "model": {"name": "letters"},
        "modelVersion": {"number": 1},
        "user": {"name": "alice"},
    }
    seen = bob.follow(FOLLOW, id=version.model_id)
    items = [await anext(seen) for _ in range(3)]
    await seen.aclose()
    assert [item.get("kind", item["__typename"]) for item in items] == [
        "ModelSnapshot", "MODEL_PUBLISHED", "CaughtUp",
    ]  # fmt: skip
    assert items[1]["user"] is None
