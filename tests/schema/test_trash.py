"""The trash through the API: told before, hidden everywhere, restored, purged."""

from __future__ import annotations

from contextlib import aclosing
from typing import Any

import pytest
from graphql import GraphQLInterfaceType, GraphQLObjectType, get_named_type

from schema.root import schema
from store import ids
from store.clock import now
from store.records.job import Failure
from store.records.model import ModelVersion
from store.records.prediction import Prediction
from store.store import Store
from tests.schema.conftest import Caller
from tests.schema.making import create, trained

DELETE = """
mutation($input: Delete%sInput!) {
  delete%s(input: $input) {
    %s { id name revision }
    effect {
      bytes objects versions jobs models { name } modelVersions predictions purgeAt
      blockers { code message job { id } }
    }
    userErrors { __typename code path message ... on ConflictError { currentRevision } }
  }
}
"""
RESTORE = """
mutation($input: Restore%sInput!) {
  restore%s(input: $input) { %s { id name revision } userErrors { __typename code path message } }
}
"""
PURGE = """
mutation($input: PurgeInput!) {
  purge(input: $input) {
    job { id kind status purges freedBytes dataset { id } model { id } stages { name } }
    userErrors { __typename code path message }
  }
}
"""
TRASH = """
query($first: Int! = 20, $after: String) {
  trash(first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor }
    nodes {
      id kind name revision trashedAt purgeAt trashedBy { name } purgeJob { id status }
      effect { bytes objects models { name } }
    }
  }
}
"""
NOUNS = {"ds": ("Dataset", "dataset"), "mdl": ("Model", "model")}


async def idle(store: Store) -> None:
    """No job is under way: the ingest of what `making` makes has been cancelled."""
    for job in await store.mongo.jobs.all_by({"status": "QUEUED"}, 100):
        await store.jobs.request_cancel(job.id)


async def made(caller: Caller, name: str = "letters") -> ModelVersion:
    """A model's version and its data set, with no job under way."""
    _, version = await trained(caller, name)
    await idle(caller.store)
    return version


async def delete(caller: Caller, identifier: str, **more: Any) -> Any:
    noun, field = NOUNS[identifier.partition("_")[0]]
    data = await caller(DELETE % (noun, noun, field), input={"id": identifier, **more})
    return data[f"delete{noun}"]


async def restore(caller: Caller, identifier: str, **more: Any) -> Any:
    noun, field = NOUNS[identifier.partition("_")[0]]
    data = await caller(RESTORE % (noun, noun, field), input={"id": identifier, **more})
    return data[f"restore{noun}"]


async def purge(caller: Caller, identifier: str) -> Any:
    return (await caller(PURGE, input={"id": identifier}))["purge"]


async def everything(store: Store) -> Any:
    """All records that deleting could touch, and all objects."""
    mongo = store.mongo
    collections: tuple[Any, ...] = (
        mongo.datasets, mongo.dataset_versions, mongo.models, mongo.model_versions, mongo.jobs,
        mongo.uploads, mongo.predictions,
    )  # fmt: skip
    records = [await collection.all_by({}, 100) for collection in collections]
    return records, await store.objects.list("")


# -- deleting -------------------------------------------------------------------------------------


async def test_a_dry_run_tells_all_and_changes_nothing(alice: Caller) -> None:
    version = await made(alice)
    before = await everything(alice.store)
    told = await delete(alice, version.dataset_id, dryRun=True)
    effect = told["effect"]
    assert told["userErrors"] == []
    assert told["dataset"]["name"] == "Letters"
    assert effect.pop("purgeAt") > now().isoformat()
    source = (await alice.store.mongo.dataset_versions.get(version.dataset_version_id)).source
    assert effect == {
        "bytes": source.bytes, "objects": 1, "versions": 1, "jobs": 2,
        "models": [{"name": "letters"}], "modelVersions": 1, "predictions": 0, "blockers": [],
    }  # fmt: skip
    effect = (await delete(alice, version.model_id, dryRun=True))["effect"]
    assert (effect["versions"], effect["modelVersions"], effect["models"]) == (0, 1, [])
    assert await everything(alice.store) == before


async def test_delete_tells_the_same_as_the_dry_run(alice: Caller) -> None:
    version = await made(alice)
    for identifier in (version.dataset_id, version.model_id):
        told = await delete(alice, identifier, dryRun=True)
        done = await delete(alice, identifier)
        assert done["userErrors"] == []
        for each in (told, done):
            each["effect"].pop("purgeAt")
        assert done["effect"] == told["effect"]


async def test_what_stands_against_it_is_named(alice: Caller) -> None:
    payload = await create(alice)
    dataset, job = payload["dataset"]["id"], payload["job"]["id"]
    message = f"ingest job {job} is queued; cancel it first"
    told = await delete(alice, dataset, dryRun=True)
    assert told["userErrors"] == []
    assert told["effect"]["blockers"] == [
        {"code": "JOB_UNDER_WAY", "message": message, "job": {"id": job}}
    ]
    before = await everything(alice.store)
    refused = await delete(alice, dataset)
    assert refused == {
        "dataset": None,
        "effect": None,
        "userErrors": [
            {
                "__typename": "IllegalStateError", "code": "ILLEGAL_MOVE", "path": ["input"],
                "message": message,
            }
        ],
    }  # fmt: skip
    assert await everything(alice.store) == before


async def test_a_published_model_is_withdrawn_first(alice: Caller) -> None:
    version = await made(alice)
    await alice.store.models.publish(version.model_id, version.id, alice.id)
    [blocker] = (await delete(alice, version.model_id, dryRun=True))["effect"]["blockers"]
    assert (blocker["code"], blocker["job"]) == ("PUBLISHED", None)
    [error] = (await delete(alice, version.model_id))["userErrors"]
    assert error["message"] == "a version of letters is published; withdraw it first"
    await alice.store.models.withdraw(version.model_id)
    assert (await delete(alice, version.model_id))["userErrors"] == []


async def test_the_expected_version_is_heeded(alice: Caller) -> None:
    version = await made(alice)
    [error] = (await delete(alice, version.dataset_id, expectedVersion=7))["userErrors"]
    assert (error["__typename"], error["currentRevision"]) == ("ConflictError", 0)
    done = await delete(alice, version.dataset_id, expectedVersion=0)
    assert done["dataset"]["revision"] == 1
    [error] = (await restore(alice, version.dataset_id, expectedVersion=0))["userErrors"]
    assert error["code"] == "CONFLICT"
    assert (await restore(alice, version.dataset_id, expectedVersion=1))["userErrors"] == []


# -- who may --------------------------------------------------------------------------------------


async def test_what_is_not_theirs_is_not_there(alice: Caller, bob: Caller, admin: Caller) -> None:
    version = await made(alice)
    before = await everything(alice.store)

    async def refusals(prefix: str, identifier: str) -> list[Any]:
        unknown = ids.new(prefix)
        asked = [(delete, {}), (delete, {"dryRun": True}), (restore, {}), (purge, {})]
        found = []
        for ask, more in asked:
            theirs = await ask(bob, identifier, **more)  # type: ignore[operator]
            nobodys = await ask(bob, unknown, **more)  # type: ignore[operator]
            [error] = theirs["userErrors"]
            assert theirs == {**nobodys, "userErrors": [error]}
            error["message"] = error["message"].replace(identifier, unknown)
            assert [error] == nobodys["userErrors"]
            found.append(error["code"])
        return found

    for identifier in (version.dataset_id, version.model_id):
        assert set(await refusals(identifier.partition("_")[0], identifier)) == {"NOT_FOUND"}
    assert await everything(alice.store) == before
    for identifier in (version.dataset_id, version.model_id):
        await delete(alice, identifier)
        assert set(await refusals(identifier.partition("_")[0], identifier)) == {"NOT_FOUND"}
    assert (await bob(TRASH))["trash"]["nodes"] == []
    assert (await restore(admin, version.dataset_id))["userErrors"] == []
    assert (await restore(admin, version.model_id))["userErrors"] == []


async def test_a_published_model_is_for_its_owner_to_delete(alice: Caller, bob: Caller) -> None:
    version = await made(alice)
    await alice.store.models.publish(version.model_id, version.id, alice.id)
    for dry_run in (True, False):
        refused = await delete(bob, version.model_id, dryRun=dry_run)
        assert refused["effect"] is None
        assert [error["code"] for error in refused["userErrors"]] == ["DENIED"]


async def test_ids_of_another_kind_are_not_there(alice: Caller) -> None:
    version = await made(alice)
    for identifier in (version.dataset_id, version.model_id):
        await delete(alice, identifier)
    for noun, field, identifier in (
        ("Dataset", "dataset", version.model_id), ("Model", "model", version.dataset_id),
        ("Dataset", "dataset", version.id), ("Model", "model", version.job_id),
    ):  # fmt: skip
        for query in (DELETE, RESTORE):
            data = await alice(query % (noun, noun, field), input={"id": identifier})
            [payload] = data.values()
            assert [error["code"] for error in payload["userErrors"]] == ["NOT_FOUND"]
    assert [e["code"] for e in (await purge(alice, version.job_id))["userErrors"]] == ["NOT_FOUND"]


async def test_models_of_others_are_not_told_by_the_effect(alice: Caller, admin: Caller) -> None:
    version = await made(alice)
    job = await alice.store.models.start_training(
        admin.id, version.dataset_version_id, version.spec, "secret"
    )
    await alice.store.models.add_version(
        job, manifest_sha256="3" * 64, files=(), labels=(), report=version.report,
        kind=version.kind,
    )  # fmt: skip
    told = await delete(alice, version.dataset_id, dryRun=True)
    assert told["effect"]["models"] == [{"name": "letters"}]
    told = await delete(admin, version.dataset_id, dryRun=True)
    assert told["effect"]["models"] == [{"name": "letters"}, {"name": "secret"}]


# -- hidden ---------------------------------------------------------------------------------------

WAYS = {
    "Dataset": {
        "ActivityEvent.dataset", "DatasetConnection.nodes",
        "DatasetEdge.node", "DatasetSnapshot.dataset", "DatasetVersion.dataset",
        "DatasetVersionPayload.dataset", "DeleteDatasetPayload.dataset", "Job.dataset",
        "ModelVersion.dataset", "Query.dataset", "RestoreDatasetPayload.dataset",
        "UpdateDatasetPayload.dataset",
    },
    "DatasetVersion": {
        "ApplyFixesPayload.version", "BulkPrediction.datasetVersion", "Dataset.latestVersion",
        "Finding.datasetVersion", "Finding.fixedIn", "LearningRound.datasetVersion",
        "Trial.appliedVersion", "Trial.datasetVersion", "DatasetVersion.base",
        "DatasetVersionConnection.nodes",
        "DatasetVersionEdge.node", "DatasetVersionPayload.version", "Job.datasetVersion",
        "ModelVersion.datasetVersion", "SearchIndex.version",
    },
    "Model": {
        "ActivityEvent.model", "BulkPrediction.model", "DeleteModelPayload.model",
        "DeletionEffect.models", "Job.model", "LabellingBatch.model",
        "ModelConnection.nodes", "ModelEdge.node", "ModelPayload.model", "ModelSnapshot.model",
        "ModelVersion.model", "Prediction.model", "Query.model", "RestoreModelPayload.model",
    },
    "ModelVersion": {
        "ActivityEvent.modelVersion", "BulkPrediction.modelVersion",
        "ClusterHistoryEntry.previous", "ClusterHistoryEntry.version", "Comparison.after",
        "Comparison.before", "DriftReport.modelVersion", "ExplainChangePayload.modelVersionAfter",
        "ExplainChangePayload.modelVersionBefore", "ExplainPayload.modelVersion",
        "LearningRound.before", "PlaceTextsPayload.modelVersion", "Trial.modelVersion",
        "Job.modelVersion", "Model.publishedVersion",
        "ModelVersionConnection.nodes", "ModelVersionEdge.node", "PredictPayload.modelVersion",
        "Prediction.modelVersion", "Publication.version", "PublicationEffect.after",
        "PublicationEffect.before", "Query.modelVersion",
        "Worker.modelVersions",
    },
}  # fmt: skip
"""Every field of the schema that shows one of them; what is new here is to be tried below."""


@pytest.mark.parametrize("shown", WAYS)
def test_every_way_to_reach_a_thing_is_known(shown: str) -> None:
    found = {
        f"{name}.{field_name}"
        for name, kind in schema._schema.type_map.items()
        if isinstance(kind, (GraphQLObjectType, GraphQLInterfaceType))
        for field_name, field in kind.fields.items()
        if get_named_type(field.type).name == shown
    }
    assert found == WAYS[shown]


ROOTS = {
    "dataset": ("query($id: ID!) { dataset(id: $id) { id } }", "dataset"),
    "datasets": ("{ datasets { totalCount nodes { id } edges { node { id } } } }", None),
    "named": ('{ datasets(filter: { name: "Letters" }) { totalCount nodes { id } } }', None),
    "models": ("{ models { totalCount nodes { id } edges { node { id } } } }", None),
    "all models": ("{ models(filter: { published: false }) { totalCount nodes { id } } }", None),
    "model": ("query($id: ID!) { model(id: $id) { id } }", "model"),
    "model by name": ('{ model(name: "letters") { id } }', None),
    "model version": ("query($id: ID!) { modelVersion(id: $id) { id } }", "model_version"),
}


async def test_nothing_in_the_trash_is_seen(alice: Caller, admin: Caller) -> None:
    version = await made(alice)
    store, of = alice.store, _ids(version)
    await store.mongo.predictions.insert(_answer(version, alice.id))
    await delete(alice, of["dataset"])
    await delete(alice, of["model"])
    for caller in (alice, admin):
        for query, kind in ROOTS.values():
            variables = {"id": of[kind]} if kind else {}
            [found] = (await caller(query, **variables)).values()
            assert found is None or (found["totalCount"], found["nodes"]) == (0, [])
        nodes = await caller("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=[*of.values()])
        assert nodes["nodes"] == [None] * 4
        for identifier in of.values():
            assert (await caller("query($id: ID!) { node(id: $id) { id } }", id=identifier)) == {
                "node": None
            }


async def test_nothing_in_the_trash_is_reached_from_what_stays(alice: Caller) -> None:
    version = await made(alice)
    of = _ids(version)
    await alice.store.mongo.predictions.insert(_answer(version, alice.id))
    await delete(alice, of["dataset"])
    shown = await alice(
        "query($id: ID!) { modelVersion(id: $id) { dataset { id } datasetVersion { id }"
        " model { name } job { dataset { id } datasetVersion { id } model { name } } } }",
        id=version.id,
    )
    model = {"name": "letters"}
    job = {"dataset": None, "datasetVersion": None, "model": model}
    assert shown["modelVersion"] == {
        "dataset": None, "datasetVersion": None, "model": model, "job": job,
    }  # fmt: skip
    await delete(alice, of["model"])
    listed = await alice(
        "{ jobs { nodes { dataset { id } datasetVersion { id } model { id } modelVersion { id } } }"
        " predictions { nodes { model { id } modelVersion { id } } } }"
    )
    assert len(listed["jobs"]["nodes"]) == 2
    for node in (*listed["jobs"]["nodes"], *listed["predictions"]["nodes"]):
        assert set(node.values()) == {None}


async def test_events_tell_of_what_is_in_the_trash_without_showing_it(
    alice: Caller, admin: Caller
) -> None:
    version = await made(alice)
    of = _ids(version)
    for name in ("dataset", "model"):
        await delete(alice, of[name])
        query = "query($id: ID!) { events(subjectId: $id) { nodes { kind } } }"
        for caller in (alice, admin):
            assert await caller.codes(query, id=of[name]) == ["NOT_FOUND"]
            feed = f"subscription($id: ID!) {{ {name}Events(id: $id) {{ __typename }} }}"
            async with aclosing(caller.raw(feed, id=of[name])) as results:
                refused = [result.errors[0].extensions["code"] async for result in results]
            assert refused == ["NOT_FOUND"]
    data = await admin(
        "{ events(first: 100) { nodes { kind dataset { id } model { id } modelVersion { id }"
        " job { dataset { id } datasetVersion { id } model { id } modelVersion { id } } } } }"
    )
    assert {"DATASET_TRASHED", "MODEL_TRASHED"} <= {n["kind"] for n in data["events"]["nodes"]}
    for node in data["events"]["nodes"]:
        assert node.pop("kind")
        job = node.pop("job") or {}
        assert set(node.values()) | set(job.values()) == {None}


async def test_nothing_is_done_with_what_is_in_the_trash(alice: Caller) -> None:
    version = await made(alice)
    of = _ids(version)
    for name in ("dataset", "model"):
        await delete(alice, of[name])
    before = await everything(alice.store)
    refused = {
        "startTraining": {"datasetVersionId": of["dataset_version"], "modelName": "new"},
        "indexDataset": {"datasetVersionId": of["dataset_version"]},
        "appendToDataset": {"datasetId": of["dataset"], "rows": [{"text": "three"}]},
        "updateDataset": {"id": of["dataset"], "name": "Other"},
        "updateModel": {"id": of["model"], "description": "other"},
        "publishModel": {"modelId": of["model"], "versionId": of["model_version"]},
        "rollBackModel": {"modelId": of["model"]},
        "withdrawModel": {"modelId": of["model"]},
        "deleteDataset": {"id": of["dataset"]},
        "deleteModel": {"id": of["model"]},
    }
    for name, given in refused.items():
        query = (
            f"mutation($input: {name[0].upper()}{name[1:]}Input!)"
            f" {{ {name}(input: $input) {{ userErrors {{ code }} }} }}"
        )
        assert (await alice(query, input=given))[name]["userErrors"] == [{"code": "NOT_FOUND"}]
    ask = "query($input: PredictInput!) { predict(input: $input) { userErrors { code } } }"
    for model in ("letters", of["model"], of["model_version"]):
        data = await alice(ask, input={"model": model, "texts": ["a"]})
        assert data["predict"]["userErrors"] == [{"code": "NOT_FOUND"}]
    estimate = "query($id: ID!) { estimateTraining(datasetVersionId: $id) { rowsToEmbed } }"
    assert await alice.codes(estimate, id=of["dataset_version"]) == ["NOT_FOUND"]
    assert await everything(alice.store) == before


async def test_a_name_in_the_trash_stays_taken(alice: Caller, bob: Caller) -> None:
    version = await made(alice)
    await delete(alice, version.model_id)
    start = (
        "mutation($input: StartTrainingInput!) { startTraining(input: $input) {"
        " job { model { name } } userErrors { __typename message } } }"
    )
    asked = {"datasetVersionId": version.dataset_version_id, "modelName": "letters"}
    spec = {"embedder": {"kind": "TFIDF"}}
    [error] = (await alice(start, input={**asked, "spec": spec}))["startTraining"]["userErrors"]
    assert error == {
        "__typename": "AlreadyExistsError",
        "message": "the model letters is in the trash; restore or purge it first",
    }
    theirs = await made(bob, "bobs")
    asked["datasetVersionId"] = theirs.dataset_version_id
    [error] = (await bob(start, input={**asked, "spec": spec}))["startTraining"]["userErrors"]
    assert error["message"] == "the model name letters belongs to somebody else"
    asked["modelName"] = None  # type: ignore[assignment]  # named after the data set
    done = (await bob(start, input={**asked, "spec": spec}))["startTraining"]
    assert done["job"]["model"] == {"name": "letters-2"}


async def test_a_request_that_made_what_is_in_the_trash_shows_it_no_more(alice: Caller) -> None:
    made_by = {"name": "Letters", "rows": [{"text": "one"}], "idempotencyKey": "k"}
    query = (
        "mutation($input: CreateDatasetInput!) { createDataset(input: $input) {"
        " dataset { id } version { id } userErrors { code } } }"
    )
    dataset = (await alice(query, input=made_by))["createDataset"]["dataset"]
    await idle(alice.store)
    await delete(alice, dataset["id"])
    assert (await alice(query, input=made_by))["createDataset"] == {
        "dataset": None, "version": None, "userErrors": [{"code": "NOT_FOUND"}],
    }  # fmt: skip
    assert await alice.store.mongo.datasets.count({}) == 1


# -- back -----------------------------------------------------------------------------------------

SHOWN = """
query($dataset: ID!, $model: ID!, $version: ID!) {
  dataset(id: $dataset) {
    name description metadata latestVersion { id rows } versions { totalCount }
    jobs { totalCount } owner { name }
  }
  datasets { totalCount }
  model(id: $model) { name description versions { totalCount nodes { id } } owner { name } }
  modelVersion(id: $version) { number dataset { name } datasetVersion { rows } files { sha256 } }
  jobs { nodes { id dataset { id } model { id } modelVersion { id } } }
}
"""


async def test_restore_brings_everything_back(alice: Caller) -> None:
    version = await made(alice)
    asked = {"dataset": version.dataset_id, "model": version.model_id, "version": version.id}
    before = await alice(SHOWN, **asked)
    for identifier in (version.dataset_id, version.model_id):
        await delete(alice, identifier)
    assert await alice(SHOWN, **asked) != before
    for identifier in (version.dataset_id, version.model_id):
        restored = await restore(alice, identifier)
        assert restored["userErrors"] == []
        [error] = (await restore(alice, identifier))["userErrors"]
        assert error["code"] == "NOT_FOUND"
    assert await alice(SHOWN, **asked) == before
    assert (await alice(TRASH))["trash"]["totalCount"] == 0


# -- the list -------------------------------------------------------------------------------------


async def test_the_trash_is_listed_for_its_owner_and_admins(
    alice: Caller, bob: Caller, admin: Caller
) -> None:
    version = await made(alice)
    theirs = (await create(bob, "Bobs"))["dataset"]["id"]
    await idle(alice.store)
    await delete(bob, theirs)
    await delete(alice, version.dataset_id)
    await delete(admin, version.model_id)
    [model, dataset] = (await alice(TRASH))["trash"]["nodes"]
    assert (model["id"], model["kind"], model["name"]) == (version.model_id, "MODEL", "letters")
    assert model["trashedBy"] is None
    assert dataset == {
        "id": version.dataset_id, "kind": "DATASET", "name": "Letters", "revision": 1,
        "trashedAt": dataset["trashedAt"], "purgeAt": dataset["purgeAt"],
        "trashedBy": {"name": "alice"}, "purgeJob": None,
        "effect": {"bytes": dataset["effect"]["bytes"], "objects": 1, "models": []},
    }  # fmt: skip
    assert dataset["effect"]["bytes"] > 0
    assert dataset["purgeAt"] > dataset["trashedAt"]
    everybodys = (await admin(TRASH))["trash"]
    assert [node["id"] for node in everybodys["nodes"]] == [
        version.model_id, version.dataset_id, theirs,
    ]  # fmt: skip
    assert everybodys["totalCount"] == 3
    assert [node["id"] for node in (await bob(TRASH))["trash"]["nodes"]] == [theirs]


async def test_the_trash_is_listed_page_by_page(alice: Caller, bob: Caller) -> None:
    made_ids = [(await create(alice, f"d{number}"))["dataset"]["id"] for number in range(3)]
    await idle(alice.store)
    for identifier in made_ids:
        await delete(alice, identifier)
    page = (await alice(TRASH, first=2))["trash"]
    assert [node["id"] for node in page["nodes"]] == made_ids[:0:-1]
    assert page["pageInfo"]["hasNextPage"] is True
    rest = (await alice(TRASH, first=2, after=page["pageInfo"]["endCursor"]))["trash"]
    assert [node["id"] for node in rest["nodes"]] == made_ids[:1]
    assert rest["pageInfo"]["hasNextPage"] is False
    for bad in ({"first": 0}, {"first": 101}, {"after": "x"}):
        assert await alice.codes(TRASH, **bad) == ["BAD_USER_INPUT"]
    other = (await alice("{ jobs { pageInfo { endCursor } } }"))["jobs"]["pageInfo"]["endCursor"]
    assert await alice.codes(TRASH, after=other) == ["BAD_USER_INPUT"]


# -- purging --------------------------------------------------------------------------------------


async def test_purge_gives_one_job(alice: Caller) -> None:
    version = await made(alice)
    await delete(alice, version.dataset_id)
    first, again = await purge(alice, version.dataset_id), await purge(alice, version.dataset_id)
    assert first == again
    assert first["userErrors"] == []
    assert first["job"] == {
        "id": first["job"]["id"], "kind": "PURGE", "status": "QUEUED",
        "purges": version.dataset_id, "freedBytes": None, "dataset": None, "model": None,
        "stages": [{"name": "find"}, {"name": "delete"}, {"name": "verify"}],
    }  # fmt: skip
    [node] = (await alice(TRASH))["trash"]["nodes"]
    assert node["purgeJob"] == {"id": first["job"]["id"], "status": "QUEUED"}
    restored = await restore(alice, version.dataset_id)
    assert restored["userErrors"] == []
    job = await alice("query($id: ID!) { job(id: $id) { status } }", id=first["job"]["id"])
    assert job == {"job": {"status": "CANCELLED"}}


async def test_what_is_not_in_the_trash_is_not_purged(alice: Caller) -> None:
    version = await made(alice)
    for identifier in (version.dataset_id, version.model_id):
        [error] = (await purge(alice, identifier))["userErrors"]
        assert (error["code"], error["path"]) == ("NOT_FOUND", ["input", "id"])
    assert await alice.store.mongo.jobs.count({"kind": "PURGE"}) == 0


async def test_what_is_being_purged_is_not_restored(alice: Caller) -> None:
    version = await made(alice)
    await delete(alice, version.dataset_id)
    job = (await purge(alice, version.dataset_id))["job"]
    thing = await alice.store.trash.find(version.dataset_id)
    assert thing is not None
    await alice.store.trash.begin(thing, await alice.store.mongo.jobs.get(job["id"]), 1)
    [error] = (await restore(alice, version.dataset_id))["userErrors"]
    assert error["code"] == "ILLEGAL_MOVE"
    assert error["message"] == "it is being purged; there is no way back"


async def test_everything_survives_a_purged_data_set(alice: Caller) -> None:
    version = await made(alice)
    store = alice.store
    await delete(alice, version.dataset_id)
    asked = await purge(alice, version.dataset_id)
    job = await store.jobs.claim(asked["job"]["id"], "worker-1")
    thing = await store.trash.find(version.dataset_id)
    assert thing is not None
    thing = await store.trash.begin(thing, job, 100)
    await store.trash.delete_objects(thing, (await store.trash.found(thing)).own)
    job = await store.jobs.freed(job, await store.trash.prove(thing))
    await store.trash.forget(thing, job)
    await store.jobs.succeed(await store.jobs.commit(job), job.freed_bytes)

    shown = await alice(
        "query($model: ID!, $version: ID!, $job: ID!) {"
        " model(id: $model) { versions { nodes { number dataset { id } datasetVersion { id } } } }"
        " modelVersion(id: $version) { labels report { accuracy } job { id dataset { id } } }"
        " jobs { nodes { kind dataset { id } datasetVersion { id } model { name } spec { seed }"
        "   estimate { p50 } remaining { p50 } } }"
        " job(id: $job) { status freedBytes purges }"
        " datasets { totalCount } }",
        model=version.model_id, version=version.id, job=job.id,
    )  # fmt: skip
    [number] = shown["model"]["versions"]["nodes"]
    assert number == {"number": 1, "dataset": None, "datasetVersion": None}
    assert shown["modelVersion"]["job"]["dataset"] is None
    assert [node["kind"] for node in shown["jobs"]["nodes"]] == ["PURGE", "TRAIN", "INGEST"]
    assert shown["job"] == {
        "status": "SUCCEEDED", "freedBytes": 100, "purges": version.dataset_id,
    }  # fmt: skip
    assert shown["datasets"]["totalCount"] == 0
    assert (await alice(TRASH))["trash"]["nodes"] == []


async def test_a_failed_purge_is_shown_and_can_be_asked_again(alice: Caller) -> None:
    version = await made(alice)
    await delete(alice, version.model_id)
    first = (await purge(alice, version.model_id))["job"]["id"]
    job = await alice.store.jobs.claim(first, "worker-1")
    await alice.store.jobs.fail(job, Failure("NOT_FREED", "2 objects are left", retryable=False))
    [node] = (await alice(TRASH))["trash"]["nodes"]
    assert node["purgeJob"] == {"id": first, "status": "FAILED"}
    assert (await purge(alice, version.model_id))["job"]["id"] != first


def _ids(version: ModelVersion) -> dict[str, str]:
    return {
        "dataset": version.dataset_id, "dataset_version": version.dataset_version_id,
        "model": version.model_id, "model_version": version.id,
    }  # fmt: skip


def _answer(version: ModelVersion, user_id: str) -> Prediction:
    return Prediction(
        ids.new(ids.PREDICTION), version.model_id, version.id, user_id, "a text", "a", 0.9,
        abstained=False, cluster=0, cached=False, latency_ms=1.0, at=now(),
    )  # fmt: skip
