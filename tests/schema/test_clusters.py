"""Cluster maps through the API: shown, edited, followed over versions."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import httpx
import orjson
import pytest

from store.calls.calls import Call, CallKind
from store.clock import now
from store.objects import keys
from store.records.cluster_map import (
    COARSE,
    FINE,
    Bounds,
    ClusterMap,
    Division,
    Lineage,
    LineageKind,
    MappedCluster,
    Placement,
    Tile,
)
from store.records.model import ModelVersion
from store.records.prediction import Answer
from store.store import Store
from tests.schema.conftest import Caller
from tests.schema.making import published, trained

BOX = Bounds(0.0, 0.0, 8.0, 4.0)
MAP = """
query($id: ID!) {
  modelVersion(id: $id) {
    clusterMap {
      pointCount zooms bounds { minX minY maxX maxY }
      clusters { id level name size keywords cohesion numbers parent { id name } children { id } }
      groups: clusters(level: 1) { id name size cohesion parent { id } children { id name } }
      tiles { zoom x y count bytes }
      events { kind level before after overlap }
      edits { id kind clusters name parts undoes applies reason by { name } }
    }
  }
}
"""
POINTS = """
query($id: ID!, $tile: TileInput, $zoom: Int!, $first: Int!) {
  modelVersion(id: $id) { clusterMap { points(tile: $tile, zoom: $zoom) {
    count bytes url textsUrl
    points(first: $first) { row x y text label isTest isWrong cluster { id name } }
  } } }
}
"""
HISTORY = """
query($name: String!, $cluster: ID) {
  model(name: $name) { clusterHistory {
    totalCount
    nodes { at version { number } previous { number } events(cluster: $cluster) { kind after } }
  } }
}
"""
EDIT = """
mutation($input: %sInput!) {
  %s(input: $input) {
    edit { id kind applies by { name } parts }
    clusterMap { clusters { id name size rowsUrls } }
    userErrors { __typename code message path }
  }
}
"""
RENAME = EDIT % ("RenameCluster", "renameCluster")
MERGE = EDIT % ("MergeClusters", "mergeClusters")
SPLIT = EDIT % ("SplitCluster", "splitCluster")
UNDO = EDIT % ("UndoClusterEdit", "undoClusterEdit")
PREDICT = """
query($input: PredictInput!) {
  predict(input: $input) { predictions { cluster { number name } } userErrors { code } }
}
"""
PLACE = """
query($input: PlaceTextsInput!) {
  placeTexts(input: $input) {
    places { text x y cosine rows truncated cluster { id name } }
    modelVersion { number } userErrors { __typename code path }
  }
}
"""


def cluster(id: str, size: int, number: int | None, parent: str | None = "clu_g") -> MappedCluster:
    level = COARSE if number is None else FINE
    return MappedCluster(
        id, level, f"name of {id}", size, (f"word {id}",), (f"text {id}",),
        0.5 if level == FINE else None, 1.0, 2.0, BOX, parent,
        () if number is None else (number,),
    )  # fmt: skip


CLUSTERS = (
    cluster("clu_a", 2, 0), cluster("clu_b", 1, 1), cluster("clu_c", 1, 2),
    cluster("clu_g", 4, None, None),
)  # fmt: skip


def tile() -> bytes:
    """Five points, one of them noise, as the form says that they are written."""
    head = struct.pack("<4sHHIIIfff", b"SHMT", 1, 0, 0, 0, 5, 0.0, 0.0, 8.0)
    columns = struct.pack("<5I5i5i", 9, 3, 4, 1, 7, 0, 0, 1, 2, -1, 0, 1, -1, 0, 1)
    places = struct.pack("<5H5H5B", 0, 32768, 65535, 0, 0, 0, 0, 32767, 0, 0, 0, 5, 1, 0, 2)
    return head + columns + places


async def mapped(caller: Caller, version: ModelVersion, **more: Any) -> ModelVersion:
    """The version with a map of five points."""
    store, content = caller.store, tile()
    fitted = ClusterMap(
        version.id, version.model_id, version.owner_id, version.dataset_id, 5, BOX,
        (Tile(0, 0, 0, 5, len(content)),), CLUSTERS, now(),
    )  # fmt: skip
    await store.clusters.keep(replace(fitted, **more))
    prefix = keys.cluster_map(version.model_id, version.id)
    await store.objects.put_bytes(f"{prefix}0-0-0.bin", content)
    texts = orjson.dumps([f"text {n}" for n in range(5)])
    await store.objects.put_bytes(f"{prefix}0-0-0.json", texts)
    return version


@pytest.fixture
async def version(alice: Caller) -> ModelVersion:
    return await mapped(alice, await published(alice))


@asynccontextmanager
async def worker(store: Store) -> AsyncIterator[None]:
    """Places texts beside each other, splits a cluster's two rows, answers with two clusters."""

    async def reply(call: Call) -> list[object]:
        if call.kind is CallKind.PLACE:
            return [Placement(n, 2.0, 0, 0.75, (9, 3)) for n, _ in enumerate(call.texts)]
        if call.kind is CallKind.PREDICT:
            return [Answer("a", 0.5, False, (), n, f"fitted {n}") for n in (1, 3)]
        fitted = await store.mongo.cluster_maps.get(call.subject)
        for part, row in zip(call.arguments["parts"], (9, 3), strict=True):
            key = keys.cluster_map(fitted.model_id, fitted.id) + f"parts/{part}.bin"
            await store.objects.put_bytes(key, struct.pack("<I", row))
        parts = tuple(
            replace(cluster(part, 1, 0), name=part[-1], numbers=(), parts=(part,))
            for part in call.arguments["parts"]
        )
        return [Division(call.arguments["edit_id"], (0,), (), parts)]

    async def serve() -> None:
        while True:
            for call in await store.calls.take(64, block_s=0.2):
                await store.calls.answer(call, await reply(call))

    task = asyncio.create_task(serve())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def edited(caller: Caller, document: str, **input: Any) -> Any:
    """The payload of an edit that must go well."""
    (payload,) = (await caller(document, input=input)).values()
    assert payload["userErrors"] == []
    return payload


def names(payload: Any) -> dict[str, str]:
    return {each["id"]: each["name"] for each in payload["clusterMap"]["clusters"]}


async def test_a_map_is_shown_with_both_levels(alice: Caller, version: ModelVersion) -> None:
    shown = (await alice(MAP, id=version.id))["modelVersion"]["clusterMap"]
    assert (shown["pointCount"], shown["zooms"], shown["edits"]) == (5, 1, [])
    assert shown["bounds"] == {"minX": 0, "minY": 0, "maxX": 8, "maxY": 4}
    assert shown["clusters"][0] == {
        "id": "clu_a", "level": 0, "name": "name of clu_a", "size": 2, "keywords": ["word clu_a"],
        "cohesion": 0.5, "numbers": [0], "parent": {"id": "clu_g", "name": "name of clu_g"},
        "children": [],
    }  # fmt: skip
    (group,) = shown["groups"]
    assert (group["size"], group["cohesion"], group["parent"]) == (4, None, None)
    assert [each["id"] for each in group["children"]] == ["clu_a", "clu_b", "clu_c"]
    assert shown["tiles"] == [{"zoom": 0, "x": 0, "y": 0, "count": 5, "bytes": 117}]


async def test_points_come_by_url_and_inline(alice: Caller, version: ModelVersion) -> None:
    asked = {"id": version.id, "zoom": 0, "first": 3}
    shown = (await alice(POINTS, **asked))["modelVersion"]["clusterMap"]["points"]
    assert (shown["count"], shown["bytes"]) == (5, 117)
    for name, end in (("url", "0-0-0.bin"), ("textsUrl", "0-0-0.json")):
        assert httpx.URL(shown[name]).params["filename"] == end
    first, second, third = shown["points"]
    assert first == {
        "row": 9, "x": pytest.approx(0, abs=1e-3), "y": pytest.approx(0, abs=1e-3),
        "text": "text 0", "label": "a", "isTest": False, "isWrong": False,
        "cluster": {"id": "clu_a", "name": "name of clu_a"},
    }  # fmt: skip
    assert (second["isTest"], second["isWrong"]) == (True, True)
    assert second["x"] == pytest.approx(4.0, abs=1e-3)
    assert (third["x"], third["y"]) == (pytest.approx(8.0, abs=1e-3), pytest.approx(4.0, abs=1e-3))
    assert (third["label"], third["isTest"], third["isWrong"]) == (None, True, False)
    all_five = (await alice(POINTS, **asked | {"first": 5}))["modelVersion"]["clusterMap"]
    assert all_five["points"]["points"][4]["cluster"] is None
    elsewhere = await alice(POINTS, **asked, tile={"x": 1, "y": 0})
    assert elsewhere["modelVersion"]["clusterMap"]["points"] is None


@pytest.mark.parametrize("first", [0, -1, 2_001])
async def test_points_are_bounded(alice: Caller, version: ModelVersion, first: int) -> None:
    assert await alice.codes(POINTS, id=version.id, zoom=0, first=first) == ["BAD_USER_INPUT"]


async def test_a_version_without_a_map_has_none(alice: Caller) -> None:
    _, version = await trained(alice)
    assert (await alice(MAP, id=version.id))["modelVersion"]["clusterMap"] is None
    data = await alice(RENAME, input={"versionId": version.id, "cluster": "clu_a", "name": "x"})
    (error,) = data["renameCluster"]["userErrors"]
    assert (error["code"], data["renameCluster"]["edit"]) == ("NOT_FOUND", None)


async def test_edits_are_logged_replayed_and_undone(alice: Caller, version: ModelVersion) -> None:
    at = {"versionId": version.id}
    renamed = await edited(alice, RENAME, **at, cluster="clu_a", name=" Fees ")
    assert (renamed["edit"]["kind"], renamed["edit"]["by"]) == ("RENAMED", {"name": "alice"})
    assert names(renamed) == {"clu_a": "Fees", "clu_b": "name of clu_b", "clu_c": "name of clu_c"}
    merged = await edited(alice, MERGE, **at, clusters=["clu_c", "clu_a"])
    assert names(merged) == {"clu_b": "name of clu_b", "clu_c": "name of clu_c"}
    assert [each["size"] for each in merged["clusterMap"]["clusters"]] == [1, 3]
    undone = await edited(alice, UNDO, **at, edit=merged["edit"]["id"])
    assert names(undone) == names(renamed)
    log = (await alice(MAP, id=version.id))["modelVersion"]["clusterMap"]["edits"]
    assert [(each["kind"], each["applies"], each["reason"]) for each in log] == [
        ("UNDONE", True, None), ("MERGED", False, "it was undone"), ("RENAMED", True, None),
    ]  # fmt: skip
    assert log[0]["undoes"] == merged["edit"]["id"]


async def test_a_split_shows_parts_with_their_rows(alice: Caller, version: ModelVersion) -> None:
    async with worker(alice.store):
        made = await edited(alice, SPLIT, versionId=version.id, cluster="clu_a", into=2)
    parts = made["edit"]["parts"]
    shown = {each["id"]: each for each in made["clusterMap"]["clusters"]}
    assert list(shown) == [*parts, "clu_b", "clu_c"]
    assert [len(shown[part]["rowsUrls"]) for part in parts] == [1, 1]
    found = await alice(POINTS, id=version.id, zoom=0, first=3)
    points = found["modelVersion"]["clusterMap"]["points"]["points"]
    assert [each["cluster"]["id"] for each in points] == [*parts, "clu_b"]


async def test_the_same_key_edits_once(alice: Caller, version: ModelVersion) -> None:
    input = {"versionId": version.id, "cluster": "clu_a", "name": "A", "idempotencyKey": "k"}
    first, again = [await edited(alice, RENAME, **input) for _ in range(2)]
    assert first["edit"] == again["edit"]
    assert await alice.store.mongo.cluster_edits.count({}) == 1
    data = await alice(RENAME, input=input | {"name": "B"})
    assert data["renameCluster"]["userErrors"][0]["code"] == "IDEMPOTENCY_MISMATCH"


@pytest.mark.parametrize(
    ("document", "input", "path"),
    [
        (RENAME, {"cluster": "clu_x", "name": "a"}, ["input", "cluster"]),
        (RENAME, {"cluster": "clu_a", "name": "x" * 201}, ["input", "name"]),
        (MERGE, {"clusters": ["clu_a"]}, ["input", "clusters"]),
        (MERGE, {"clusters": ["clu_a", "clu_g"]}, ["input", "clusters"]),
        (SPLIT, {"cluster": "clu_a", "into": 13}, ["input", "into"]),
        (SPLIT, {"cluster": "clu_g"}, ["input", "cluster"]),
        (UNDO, {"edit": "ced_x"}, ["input"]),
    ],
)
async def test_a_bad_edit_is_refused(
    alice: Caller, version: ModelVersion, document: str, input: dict[str, Any], path: list[str]
) -> None:
    (payload,) = (await alice(document, input={"versionId": version.id, **input})).values()
    assert [each["path"] for each in payload["userErrors"]] == [path]
    assert (payload["edit"], payload["clusterMap"]) == (None, None)
    assert await alice.store.mongo.cluster_edits.count({}) == 0


async def test_strangers_see_the_published_map_and_edit_nothing(
    alice: Caller, bob: Caller, admin: Caller, version: ModelVersion
) -> None:
    seen = (await bob(MAP, id=version.id))["modelVersion"]["clusterMap"]
    assert len(seen["clusters"]) == 3
    input = {"versionId": version.id, "cluster": "clu_a", "name": "mine"}
    denied = (await bob(RENAME, input=input))["renameCluster"]
    assert [each["code"] for each in denied["userErrors"]] == ["DENIED"]
    _, hidden = await trained(alice)
    await mapped(alice, hidden)
    missing = (await bob(RENAME, input=input | {"versionId": hidden.id}))["renameCluster"]
    assert [each["code"] for each in missing["userErrors"]] == ["NOT_FOUND"]
    assert (await bob(MAP, id=hidden.id))["modelVersion"] is None
    assert await alice.store.mongo.cluster_edits.count({}) == 0
    by_admin = await edited(admin, RENAME, **input)
    assert names(by_admin)["clu_a"] == "mine"
    log = (await bob(MAP, id=version.id))["modelVersion"]["clusterMap"]["edits"]
    assert [each["by"] for each in log] == [None]


async def test_history_tells_versions_apart(
    alice: Caller, bob: Caller, version: ModelVersion
) -> None:
    _, newer = await trained(alice)
    events = (
        Lineage(LineageKind.CONTINUED, FINE, ("clu_a",), ("clu_a",), 0.9),
        Lineage(LineageKind.SPLIT, FINE, ("clu_b",), ("clu_b", "clu_d"), 1.0),
    )
    await mapped(alice, newer, previous_id=version.id, lineage=events)
    history = (await alice(HISTORY, name="letters"))["model"]["clusterHistory"]
    assert history["totalCount"] == 2
    first, second = history["nodes"]
    assert (first["version"], first["previous"]) == ({"number": 2}, {"number": 1})
    assert (second["version"], second["previous"]) == ({"number": 1}, None)
    assert [each["kind"] for each in first["events"]] == ["CONTINUED", "SPLIT"]
    of_one = (await alice(HISTORY, name="letters", cluster="clu_d"))["model"]["clusterHistory"]
    assert [each["events"] for each in of_one["nodes"]] == [
        [{"kind": "SPLIT", "after": ["clu_b", "clu_d"]}], [],
    ]  # fmt: skip
    shown = (await alice(MAP, id=newer.id))["modelVersion"]["clusterMap"]["events"]
    assert shown[0] == {
        "kind": "CONTINUED", "level": 0, "before": ["clu_a"], "after": ["clu_a"], "overlap": 0.9,
    }  # fmt: skip
    theirs = (await bob(HISTORY, name="letters"))["model"]["clusterHistory"]
    assert [each["version"] for each in theirs["nodes"]] == [{"number": 1}]


async def test_texts_are_placed_in_the_clusters_of_now(
    alice: Caller, bob: Caller, version: ModelVersion
) -> None:
    asked = {"model": "letters", "texts": ["one", "two"]}
    async with worker(alice.store):
        found = (await bob(PLACE, input=asked))["placeTexts"]
        assert found["places"] == [
            {"text": text, "x": x, "y": 2, "cosine": 0.75, "rows": [9, 3], "truncated": False,
             "cluster": {"id": "clu_a", "name": "name of clu_a"}}
            for x, text in enumerate(asked["texts"])
        ]  # fmt: skip
        assert (found["modelVersion"], found["userErrors"]) == ({"number": 1}, [])
        made = await edited(alice, SPLIT, versionId=version.id, cluster="clu_a")
        again = (await bob(PLACE, input=asked))["placeTexts"]["places"]
    assert {each["cluster"]["id"] for each in again} == {made["edit"]["parts"][0]}


async def test_answers_call_clusters_what_they_are_called_now(
    alice: Caller, version: ModelVersion
) -> None:
    await edited(alice, RENAME, versionId=version.id, cluster="clu_b", name="Bees")
    async with worker(alice.store):
        data = await alice(PREDICT, input={"model": "letters", "texts": ["one", "two"]})
    clusters = [each["cluster"] for each in data["predict"]["predictions"]]
    assert clusters == [{"number": 1, "name": "Bees"}, {"number": 3, "name": "fitted 3"}]


@pytest.mark.parametrize("texts", [[], ["a"] * 65, ["a" * 10_001]])
async def test_texts_to_place_are_bounded(
    alice: Caller, version: ModelVersion, texts: list[str]
) -> None:
    found = (await alice(PLACE, input={"model": "letters", "texts": texts}))["placeTexts"]
    assert [each["code"] for each in found["userErrors"]] == ["BAD_USER_INPUT"]
    nobodys = (await alice(PLACE, input={"model": "none", "texts": ["a"]}))["placeTexts"]
    assert [each["code"] for each in nobodys["userErrors"]] == ["NOT_FOUND"]
