"""Ids of others, put wherever the API takes an id: as if nothing had them, and nothing happens."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import aclosing
from dataclasses import replace
from typing import Any

import pytest
from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_required_argument,
    is_required_input_field,
)

from schema.root import schema
from store import ids
from store.mongo import Collection
from tests.schema.conftest import Caller, admin, alice, bob, new_caller, nobody
from tests.schema.world import World, build

__all__ = ["admin", "alice", "bob", "new_caller", "nobody"]

GRAPHQL = schema._schema
ROOTS = {"Query": "query", "Mutation": "mutation", "Subscription": "subscription"}
SAMPLES = {"Int": 1, "BigInt": 1, "Float": 1.0, "Boolean": True, "JSON": {}, "ID": "x"}
Fields = dict[str, GraphQLArgument] | dict[str, GraphQLInputField]
Path = tuple[str, ...]
Place = tuple[str, str, Path]
OWN = {
    "after": ids.MODEL_VERSION, "before": ids.MODEL_VERSION, "versionId": ids.MODEL_VERSION,
    "modelVersionId": ids.MODEL_VERSION, "from": ids.MODEL_VERSION, "to": ids.MODEL_VERSION,
    "batchId": ids.LABELLING, "datasetId": ids.DATASET, "datasetVersionId": ids.DATASET_VERSION,
    "jobId": ids.JOB, "model": ids.MODEL_VERSION, "modelId": ids.MODEL, "trialId": ids.TRIAL,
    "uploadId": ids.UPLOAD,
    "predictionId": ids.PREDICTION, "predictionIds": ids.PREDICTION, "userId": ids.USER,
}  # fmt: skip
"""What is put into a place with such a name that has to be filled but is not what is tried."""


def given(fields: Fields, own: World) -> dict[str, Any]:
    """Some value of all that has to be given."""
    return {
        name: value_of(each.type, own, name) for name, each in fields.items() if is_required(each)
    }


def is_required(field: GraphQLArgument | GraphQLInputField) -> bool:
    is_argument = isinstance(field, GraphQLArgument)
    return is_required_argument(field) if is_argument else is_required_input_field(field)


def value_of(kind: GraphQLInputType, own: World, name: str) -> Any:
    if isinstance(kind, GraphQLNonNull):
        return value_of(kind.of_type, own, name)
    if isinstance(kind, GraphQLList):
        return [value_of(kind.of_type, own, name)]
    if isinstance(kind, GraphQLInputObjectType):
        return given(kind.fields, own)
    if name in OWN and kind.name in ("ID", "String"):
        return own.ids[OWN[name]]
    if isinstance(kind, GraphQLEnumType):
        return next(iter(kind.values))
    return SAMPLES.get(kind.name, "x")


def places(fields: Fields, above: Path = ()) -> Iterator[Path]:
    """The way to every id among these arguments."""
    for name, each in fields.items():
        kind = get_named_type(each.type)
        if isinstance(kind, GraphQLInputObjectType) and len(above) < 3:
            yield from places(kind.fields, (*above, name))
        elif kind.name == "ID" or (name == "model" and above == ("input",)):
            yield (*above, name)


def put(
    arguments: dict[str, Any], path: Path, fields: Fields, identifier: str, own: World
) -> dict[str, Any]:
    """The arguments with this id at that place."""
    name, *rest = path
    kind, value = get_nullable_type(fields[name].type), identifier
    if rest:
        inner = get_named_type(kind).fields
        value = put(given(inner, own), tuple(rest), inner, identifier, own)
    return arguments | {name: [value] if isinstance(kind, GraphQLList) else value}


MORE: dict[Place, dict[str, Any]] = {
    ("Mutation", "fixFindings", ("input", "datasetVersionId")): {"kind": "OUTLIER"},
    ("Mutation", "editDataset", ("input", "datasetVersionId")): {
        "edits": [{"row": 0, "drop": True}]
    },
    ("Mutation", "tryFixes", ("input", "modelVersionId")): {"fixes": [{"row": 0, "drop": True}]},
    ("Mutation", "predictInBulk", ("input", "model")): {"uploadId": "x"},
}
"""What else an input needs before anybody looks at its ids."""
FOR_ADMINS = {
    "auditLog", "disableUser", "enableUser", "exportAuditLog", "setQuota", "setUserRole",
}  # fmt: skip
UNREACHED = {
    "applyFix.fixId": "a word of the job's diagnosis",
    "bulkPredictions.ownerId": "overruled by the caller's own",
    "datasets.ownerId": "overruled by the caller's own",
    "fixFindings.ids": "looked for among the findings of the caller's own version",
    "jobs.ownerId": "overruled by the caller's own",
    "mergeClusters.clusters": "looked for on the map of the caller's own version",
    "predictionFeed.modelId": "a filter of the caller's own answers",
    "predictions.userId": "overruled by the caller's own",
    "renameCluster.cluster": "looked for on the map of the caller's own version",
    "runBulkMutation.uploadId": "its document is looked at first; tests/operations tries it",
    "skipLabellingItem.predictionId": "looked for in the caller's own batch",
    "splitCluster.cluster": "looked for on the map of the caller's own version",
    "undoClusterEdit.edit": "looked for in the log of the caller's own model",
}
"""Places whose id is not asked of the store, and why."""
PLACES = [
    (root, name, path)
    for root in ROOTS
    for name, field in GRAPHQL.type_map[root].fields.items()
    for path in places(field.args)
]


def document(root: str, name: str, used: Iterable[str]) -> str:
    field = GRAPHQL.type_map[root].fields[name]
    variables = ", ".join(f"${each}: {field.args[each].type}" for each in used)
    arguments = ", ".join(f"{each}: ${each}" for each in used)
    shown = get_named_type(field.type)
    inside = "" if is_leaf_type(shown) else "{ __typename }"
    if "userErrors" in getattr(shown, "fields", {}):
        inside = "{ __typename userErrors { __typename code message path } }"
    return f"{ROOTS[root]}({variables}) {{ {name}({arguments}) {inside} }}"


async def outcome(own: World, place: Place, identifier: str) -> str:
    """All that somebody is told for this id, their own ones in all other places."""
    root, name, path = place
    field, caller = GRAPHQL.type_map[root].fields[name], own.owner
    variables = put(given(field.args, own), path, field.args, identifier, own)
    if place in MORE:
        variables["input"] |= MORE[place]
    query = document(root, name, variables)
    if root == "Subscription":
        async with aclosing(caller.raw(query, **variables)) as results:
            result = await asyncio.wait_for(anext(results), 60)
    else:
        result = await schema.execute(query, variables, caller.context())
    told = str((result.data, [error.formatted for error in result.errors or []]))
    return told.replace(identifier, "ID")


NESTED = {
    (kind.name, name, path[0])
    for kind in GRAPHQL.type_map.values()
    if isinstance(kind, GraphQLObjectType) and kind.name not in {*ROOTS, "__Type"}
    for name, field in kind.fields.items()
    for path in places(field.args)
}
WAYS = {
    "ClusterHistoryEntry": (ids.MODEL, "Model", "clusterHistory { nodes { %s } }"),
    "ClusterMap": (ids.MODEL_VERSION, "ModelVersion", "clusterMap { %s }"),
    "DatasetVersion": (ids.DATASET_VERSION, "DatasetVersion", "%s"),
}
"""From a thing of one's own to the fields within that take an id."""


async def outcome_within(own: World, place: tuple[str, str, str], identifier: str) -> str:
    """All that a field of something of one's own tells for this id."""
    parent, name, argument = place
    prefix, kind, way = WAYS[parent]
    given = {"text": '"x"'} if name == "search" else {}
    arguments = ", ".join(f"{key}: {value}" for key, value in (given | {argument: "$id"}).items())
    within = way % f"{name}({arguments}) {{ __typename }}"
    query = f"query($own: ID!, $id: ID!) {{ node(id: $own) {{ ... on {kind} {{ {within} }} }} }}"
    variables = {"own": own.ids[prefix], "id": identifier}
    result = await schema.execute(query, variables, own.owner.context())
    told = str((result.data, [error.formatted for error in result.errors or []]))
    return told.replace(identifier, "ID")


async def test_ids_of_others_open_nothing_within_ones_own(alice: Caller, bob: Caller) -> None:
    theirs, own = await build(alice), await build(bob)
    assert {parent for parent, _, _ in NESTED} == set(WAYS)
    for place in sorted(NESTED):
        assert "BAD_REQUEST" not in await outcome_within(own, place, own.ids[ids.DATASET_VERSION])
        for kind, identifier in theirs.ids.items():
            told = await outcome_within(own, place, identifier)
            assert told == await outcome_within(own, place, theirs.unknown(kind)), (place, kind)


async def kept(world: World) -> list[str]:
    """All that MongoDB has of the world, but the log of who tried what."""
    database = world.owner.store.mongo.database
    names = sorted(set(await database.list_collection_names()) - {"audit_log"})
    found = [str(each) for name in names async for each in database[name].find().sort("_id")]
    return [each for each in found if any(known in each for known in world.ids.values())]


@pytest.fixture
def looked_up(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Whatever the store is asked for from now on, as text."""
    asked: list[str] = []

    def spied(method: Any) -> Any:
        def call(self: Any, *args: Any, **more: Any) -> Any:
            asked.append(repr((args, more)))
            return method(self, *args, **more)

        return call

    for name in ("find", "find_by", "get_many", "all_by", "page", "newest", "count"):
        monkeypatch.setattr(Collection, name, spied(getattr(Collection, name)))
    return asked


async def test_ids_of_others_open_nothing(alice: Caller, bob: Caller, looked_up: list[str]) -> None:
    theirs, own = await build(alice), await build(bob)
    assert bob.viewer is not None
    own = World(Caller(bob.store, replace(bob.viewer, session_id=own.ids[ids.SESSION])), own.ids)
    before, unreached = await kept(theirs), set()
    for place in PLACES:
        looked_up.clear()
        nothing = await outcome(own, place, theirs.unknown(ids.JOB))
        outcomes = await asyncio.gather(
            *(outcome(own, place, each) for each in theirs.ids.values())
        )
        for kind, told in zip(theirs.ids, outcomes, strict=True):
            if told != nothing:  # what is said may tell one kind of id from another
                assert told == await outcome(own, place, theirs.unknown(kind)), place
        if not any(each in asked for each in theirs.ids.values() for asked in looked_up):
            unreached.add(f"{place[1]}.{place[2][-1]}")
    assert await kept(theirs) == before
    assert {each for each in unreached if each.split(".")[0] not in FOR_ADMINS} == set(UNREACHED)
