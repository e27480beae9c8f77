"""Every change that can be taken back, taken back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from store.codec import to_plain
from store.datasets.datasets import Datasets
from store.records.card import CardSection
from store.records.undo import UndoKind
from tests.schema.conftest import Caller
from tests.schema.making import published, trained
from tests.schema.test_clusters import mapped, worker
from tests.schema.test_trash import made

UNDO = """
mutation($token: String!) {
  undo(input: {token: $token}) {
    undone subject { id }
    userErrors {
      code path
      ... on ConflictError { current { __typename ... on ModelVersion { id } } }
    }
  }
}
"""
Thing = tuple[str, str]
"""The name of a collection, and an id in it."""
Change = tuple[str, dict[str, Any], Thing]


async def change(caller: Caller, name: str, asked: dict[str, Any]) -> Any:
    query = (
        f"mutation($input: {name[0].upper()}{name[1:]}Input!) {{ {name}(input: $input) "
        "{ undoToken userErrors { code message } } }"
    )
    payload = (await caller(query, input=asked))[name]
    assert payload["userErrors"] == []
    return payload["undoToken"]


async def undo(caller: Caller, token: str) -> Any:
    return (await caller(UNDO, token=token))["undo"]


async def as_it_is(caller: Caller, thing: Thing) -> Any:
    """The record, but for what tells how often and when it was written."""
    name, identifier = thing
    found = await getattr(caller.store.mongo, name).find(identifier)
    plain = to_plain(found) if found else {}
    for each in ("revision", "updated_at", "publications", "edited_at", "edited_by"):
        plain.pop(each, None)
    return plain


# -- one change of every kind ---------------------------------------------------------------------


async def dataset_deleted(alice: Caller) -> Change:
    version = await made(alice)
    return "deleteDataset", {"id": version.dataset_id}, ("datasets", version.dataset_id)


async def model_deleted(alice: Caller) -> Change:
    version = await made(alice)
    return "deleteModel", {"id": version.model_id}, ("models", version.model_id)


async def dataset_updated(alice: Caller) -> Change:
    version = await made(alice)
    asked = {"id": version.dataset_id, "name": "Other", "description": "of us"}
    return "updateDataset", asked, ("datasets", version.dataset_id)


async def model_updated(alice: Caller) -> Change:
    version = await made(alice)
    asked = {"id": version.model_id, "description": "of us"}
    return "updateModel", asked, ("models", version.model_id)


async def card_edited(alice: Caller) -> Change:
    version = await made(alice)
    model = await alice.store.mongo.models.get(version.model_id)
    await alice.store.cards.write(model, {CardSection.FACTORS: "before"}, alice.id)
    sections = [
        {"section": "FACTORS", "text": "after"}, {"section": "CAVEATS", "text": "new"},
    ]  # fmt: skip
    return "editModelCard", {"modelId": model.id, "sections": sections}, ("cards", model.id)


async def first_published(alice: Caller) -> Change:
    version = await made(alice)
    asked = {"modelId": version.model_id, "versionId": version.id}
    return "publishModel", asked, ("models", version.model_id)


async def second_published(alice: Caller) -> Change:
    await published(alice)
    _, version = await trained(alice)
    asked = {"modelId": version.model_id, "versionId": version.id}
    return "publishModel", asked, ("models", version.model_id)


async def rolled_back(alice: Caller) -> Change:
    _, asked, thing = await second_published(alice)
    await alice.store.models.publish(asked["modelId"], asked["versionId"], alice.id)
    return "rollBackModel", {"modelId": asked["modelId"]}, thing


async def withdrawn(alice: Caller) -> Change:
    version = await published(alice)
    return "withdrawModel", {"modelId": version.model_id}, ("models", version.model_id)


async def unpinned(alice: Caller) -> Change:
    version = await made(alice)
    model = await alice.store.mongo.models.get(version.model_id)
    pinned = await alice.store.golden.pin(model, alice.id, text="one", label="a", note="of law")
    return "unpinQuestion", {"id": pinned.id}, ("golden_questions", pinned.id)


KINDS: dict[Callable[[Caller], Awaitable[Change]], UndoKind] = {
    dataset_deleted: UndoKind.DELETED,
    model_deleted: UndoKind.DELETED,
    dataset_updated: UndoKind.DATASET_UPDATED,
    model_updated: UndoKind.MODEL_UPDATED,
    card_edited: UndoKind.CARD_EDITED,
    first_published: UndoKind.ALIAS_MOVED,
    second_published: UndoKind.ALIAS_MOVED,
    rolled_back: UndoKind.ALIAS_MOVED,
    withdrawn: UndoKind.ALIAS_MOVED,
    unpinned: UndoKind.QUESTION_UNPINNED,
}


def test_every_kind_is_tried() -> None:
    assert {*KINDS.values(), UndoKind.CLUSTERS_EDITED} == set(UndoKind)


@pytest.mark.parametrize("make", KINDS)
async def test_it_is_as_it_was(alice: Caller, make: Callable[[Caller], Awaitable[Change]]) -> None:
    name, asked, thing = await make(alice)
    before = await as_it_is(alice, thing)
    token = await change(alice, name, asked)
    assert await as_it_is(alice, thing) != before
    told = await undo(alice, token)
    assert told["userErrors"] == []
    assert told["undone"] == KINDS[make]
    assert told["subject"]["id"] in {thing[1], before.get("model_id")}
    assert await as_it_is(alice, thing) == before
    assert (await undo(alice, token)) == told
    assert await as_it_is(alice, thing) == before


@pytest.mark.parametrize("make", [each for each in KINDS if each is not unpinned])
async def test_what_changed_since_stays(
    alice: Caller, make: Callable[[Caller], Awaitable[Change]]
) -> None:
    name, asked, (collection, identifier) = await make(alice)
    token = await change(alice, name, asked)
    records = getattr(alice.store.mongo, collection)
    touched = await records.amend(identifier, lambda kept: replace(kept, revision=-1))
    [error] = (await undo(alice, token))["userErrors"]
    shown = "Dataset" if identifier.startswith("ds_") else "Model"
    assert (error["code"], error["current"]["__typename"]) == ("CONFLICT", shown)
    assert await records.get(identifier) == touched


async def test_a_question_that_is_pinned_is_not_pinned_twice(alice: Caller) -> None:
    _, asked, (_, identifier) = await unpinned(alice)
    question = await alice.store.mongo.golden_questions.get(identifier)
    token = await change(alice, "unpinQuestion", asked)
    await alice.store.golden.put_back(question)
    [error] = (await undo(alice, token))["userErrors"]
    assert (error["code"], error["current"]) == ("CONFLICT", {"__typename": "GoldenQuestion"})


async def test_who_pinned_a_question_takes_their_unpinning_back(alice: Caller, bob: Caller) -> None:
    version = await published(alice)
    model = await alice.store.mongo.models.get(version.model_id)
    pinned = await alice.store.golden.pin(model, bob.id, text="one", label="a")
    token = await change(bob, "unpinQuestion", {"id": pinned.id})
    assert (await undo(bob, token))["undone"] == "QUESTION_UNPINNED"
    assert await alice.store.mongo.golden_questions.get(pinned.id) == pinned
    token = await change(bob, "unpinQuestion", {"id": pinned.id})
    await alice.store.models.withdraw(model.id)
    [error] = (await undo(bob, token))["userErrors"]
    assert (error["code"], error["path"]) == ("NOT_FOUND", ["input", "token"])


# -- clusters -------------------------------------------------------------------------------------


async def clusters(caller: Caller, version_id: str) -> dict[str, tuple[str, int]]:
    view = await caller.store.clusters.must_view(version_id)
    return {each.id: (each.name, each.size) for each in view.clusters}


async def test_edits_of_clusters_are_taken_back(alice: Caller) -> None:
    version = await mapped(alice, await published(alice))
    edits: dict[str, dict[str, Any]] = {
        "renameCluster": {"cluster": "clu_a", "name": "Other"},
        "mergeClusters": {"clusters": ["clu_a", "clu_b"]},
        "splitCluster": {"cluster": "clu_a"},
    }
    before = await clusters(alice, version.id)
    async with worker(alice.store):
        for name, asked in edits.items():
            token = await change(alice, name, {"versionId": version.id, **asked})
            assert await clusters(alice, version.id) != before
            told = await undo(alice, token)
            assert (told["undone"], told["subject"]) == (
                "CLUSTERS_EDITED",
                {"id": version.model_id},
            )
            assert await undo(alice, token) == told
            assert await clusters(alice, version.id) == before
    assert len((await alice.store.clusters.must_view(version.id)).steps) == 6


async def test_an_edit_of_the_same_clusters_stands_in_the_way_of_undoing(alice: Caller) -> None:
    version = await mapped(alice, await published(alice))
    on = {"versionId": version.id}
    first = await change(alice, "renameCluster", {**on, "cluster": "clu_a", "name": "One"})
    other = await change(alice, "renameCluster", {**on, "cluster": "clu_b", "name": "Two"})
    merged = await change(alice, "mergeClusters", {**on, "clusters": ["clu_a", "clu_c"]})
    [error] = (await undo(alice, first))["userErrors"]
    assert error == {
        "code": "CONFLICT", "path": ["input"],
        "current": {"__typename": "Model"},
    }  # fmt: skip
    for token in (other, merged, first):
        assert (await undo(alice, token))["undone"] == "CLUSTERS_EDITED"


async def test_of_two_who_saw_the_same_clusters_one_edits_them(alice: Caller) -> None:
    version = await mapped(alice, await published(alice))
    query = """
    mutation($name: String!, $id: ID!, $seen: Int!) {
      renameCluster(input: {
        versionId: $id, cluster: "clu_a", name: $name, expectedVersion: $seen
      }) {
        clusterMap { revision }
        userErrors {
          code ... on ConflictError {
            currentRevision
            current {
              ... on ModelVersion { clusterMap { revision cluster(id: "clu_a") { name } } }
            }
          }
        }
      }
    }
    """
    asked = {"id": version.id, "seen": 0}
    first = (await alice(query, name="One", **asked))["renameCluster"]
    assert first == {"clusterMap": {"revision": 1}, "userErrors": []}
    second = (await alice(query, name="Two", **asked))["renameCluster"]
    current = {"clusterMap": {"revision": 1, "cluster": {"name": "One"}}}
    assert second == {
        "clusterMap": None,
        "userErrors": [{"code": "CONFLICT", "currentRevision": 1, "current": current}],
    }


# -- tokens ---------------------------------------------------------------------------------------


async def test_there_is_no_token_where_somebody_else_wrote_in_between(
    alice: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was there before the change is not what the caller saw then."""

    async def late(self: Datasets, identifier: str, *args: Any, **more: Any) -> Any:
        await rename(self, identifier, "Third", None)
        return await rename(self, identifier, *args, **more)

    rename = Datasets.rename
    _, asked, _ = await dataset_updated(alice)
    monkeypatch.setattr(Datasets, "rename", late)
    assert await change(alice, "updateDataset", asked) is None


async def test_a_purge_forgets_what_could_be_taken_back(alice: Caller) -> None:
    _, asked, (_, identifier) = await dataset_updated(alice)
    await change(alice, "updateDataset", asked)
    steps = alice.store.mongo.undo_steps
    assert await steps.count({"subject_id": identifier}) == 1
    await alice.store.trash.put(identifier, alice.id)
    job = await alice.store.trash.purge(identifier)
    await alice.store.trash.forget(await alice.store.mongo.datasets.get(identifier), job)
    assert await steps.count({}) == 0
