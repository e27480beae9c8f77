"""What a dry run tells is what would be done, and it does nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import Any

import pytest
from graphql import get_named_type

from schema.root import schema
from store import ids
from store.calls.calls import CallKind
from store.clock import now
from store.records.account import Session
from store.records.edit import RowEdit
from store.records.quality import Finding, FindingKind, Quality
from store.records.rows import RowPage, VersionRow
from store.store import Store
from tests.schema.conftest import Caller
from tests.schema.making import create, published, ready_version, trained
from tests.schema.test_clusters import mapped
from tests.schema.test_trash import delete, made
from tests.schema.test_trials import RESULT, tried
from tests.schema.world import sample

GRAPHQL = schema._schema
Case = tuple[Caller, dict[str, Any], str, Any]
"""Who asks, what, the field with the effect, and what it says."""
PUBLISHED = "effect { before { number } after { number } labelsAdded labelsRemoved answersLastDay }"
ROWS = "effect { rowsBefore rowsAfter counts { relabelled reworded dropped unchanged missing } }"
TEXTS = {0: ("one", "a"), 1: ("two", "b"), 3: ("four", None)}


@pytest.fixture
async def rows(store: Store) -> AsyncIterator[None]:
    """An inference worker with the rows of TEXTS."""

    async def answer() -> None:
        while True:
            for call in await store.calls.take(64, 0.05):
                assert call.kind is CallKind.ROWS
                wanted = call.arguments["filter"]["numbers"]
                found = [VersionRow(n, *TEXTS[n], None) for n in sorted(wanted) if n in TEXTS]
                await store.calls.answer(call, [RowPage(tuple(found), False)])

    async with serving(answer):
        yield


@asynccontextmanager
async def serving(answer: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    task = asyncio.ensure_future(answer())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def everything(store: Store) -> dict[str, Any]:
    """All that MongoDB has, all objects, and how much was told; but not who tried what."""
    database = store.mongo.database
    names = set(await database.list_collection_names()) - {"audit_log"}
    kept = {name: await database[name].find().sort("_id").to_list(None) for name in sorted(names)}
    told = await store.redis.xlen(f"{store.settings.redis_prefix}:events:all")
    return kept | {"objects": await store.objects.list(""), "told": told}


# -- one case for each mutation -------------------------------------------------------------------


async def delete_dataset(alice: Caller, admin: Caller) -> Case:
    version = await made(alice)
    effect, told = "effect { versions blockers { code } }", {"versions": 1, "blockers": []}
    return alice, {"id": version.dataset_id}, effect, told


async def delete_model(alice: Caller, admin: Caller) -> Case:
    version = await made(alice)
    return alice, {"id": version.model_id}, "effect { modelVersions }", {"modelVersions": 1}


async def purge(alice: Caller, admin: Caller) -> Case:
    version = await made(alice)
    await delete(alice, version.dataset_id)
    told = {"versions": 1, "objects": 1, "models": [{"name": "letters"}]}
    return alice, {"id": version.dataset_id}, "effect { versions objects models { name } }", told


async def publish_model(alice: Caller, admin: Caller) -> Case:
    _, version = await trained(alice)
    asked = {"modelId": version.model_id, "versionId": version.id}
    told = {
        "before": None, "after": {"number": 1}, "labelsAdded": ["a", "b"], "labelsRemoved": [],
        "answersLastDay": 0,
    }  # fmt: skip
    return alice, asked, PUBLISHED, told


async def roll_back_model(alice: Caller, admin: Caller) -> Case:
    first = await published(alice)
    _, second = await trained(alice)
    await alice.store.models.publish(first.model_id, second.id, alice.id)
    told = {
        "before": {"number": 2}, "after": {"number": 1}, "labelsAdded": [], "labelsRemoved": [],
        "answersLastDay": 0,
    }  # fmt: skip
    return alice, {"modelId": first.model_id}, PUBLISHED, told


async def withdraw_model(alice: Caller, admin: Caller) -> Case:
    version = await published(alice)
    told = {
        "before": {"number": 1}, "after": None, "labelsAdded": [], "labelsRemoved": ["a", "b"],
        "answersLastDay": 0,
    }  # fmt: skip
    return alice, {"modelId": version.model_id}, PUBLISHED, told


async def unpin_question(alice: Caller, admin: Caller) -> Case:
    _, version = await trained(alice)
    model = await alice.store.mongo.models.get(version.model_id)
    pinned = [
        await alice.store.golden.pin(model, by, text="one", label="a") for by in (alice.id, "usr_x")
    ]
    told = {"questions": 1, "blocking": 0}
    return alice, {"id": pinned[0].id}, "effect { questions blocking }", told


async def merge_clusters(alice: Caller, admin: Caller) -> Case:
    version = await mapped(alice, await published(alice))
    asked = {"versionId": version.id, "clusters": ["clu_a", "clu_b"]}
    told = {"rows": 3, "clustersBefore": 4, "clustersAfter": 3, "versions": 1}
    return alice, asked, "effect { rows clustersBefore clustersAfter versions }", told


def counts(**told: int) -> dict[str, int]:
    none = dict.fromkeys(("relabelled", "reworded", "dropped", "unchanged", "missing"), 0)
    return none | told


async def edit_dataset(alice: Caller, admin: Caller) -> Case:
    edits = [
        {"row": 0, "label": "b", "text": "eins"}, {"row": 1, "label": "b"},
        {"row": 2, "drop": True}, {"row": 3, "drop": True},
    ]  # fmt: skip
    asked = {"datasetVersionId": await ready_version(alice), "edits": edits}
    came_to = counts(relabelled=1, reworded=1, dropped=1, unchanged=1, missing=1)
    return alice, asked, ROWS, {"rowsBefore": 12, "rowsAfter": 11, "counts": came_to}


async def fix_findings(alice: Caller, admin: Caller) -> Case:
    version_id, mongo = await ready_version(alice), alice.store.mongo
    version = await mongo.dataset_versions.amend(
        version_id, lambda kept: kept.checked(Quality("job_x", now(), 0.5, None))
    )
    finding = sample(
        Finding, id=ids.new(ids.FINDING), owner_id=alice.id, dataset_id=version.dataset_id,
        dataset_version_id=version_id, job_id="job_x", kind=FindingKind.LABEL_ERROR,
        edits=(RowEdit(0, label="b"), RowEdit(3, drop=True)),
    )  # fmt: skip
    await mongo.findings.insert(finding)
    told = {"rowsBefore": 12, "rowsAfter": 11, "counts": counts(relabelled=1, dropped=1)}
    return alice, {"datasetVersionId": version_id, "ids": [finding.id]}, ROWS, told


async def apply_fixes(alice: Caller, admin: Caller) -> Case:
    _, version = await trained(alice)
    trial_id = (await tried(alice, version.id))["trial"]["id"]
    await alice.store.mongo.trials.amend(trial_id, lambda kept: kept.judged(RESULT))
    told = {"rowsBefore": 12, "rowsAfter": 11, "counts": counts(relabelled=1, dropped=1)}
    return alice, {"trialId": trial_id}, ROWS, told


async def cancel_job(alice: Caller, admin: Caller) -> Case:
    job_id = (await create(alice))["job"]["id"]
    told = {"status": "CANCELLED", "stagesKept": 0, "stagesLost": 0}
    return alice, {"id": job_id}, "effect { status stagesKept stagesLost }", told


async def drain_queue(alice: Caller, admin: Caller) -> Case:
    for name in ("one", "two"):
        await alice.store.jobs.claim((await create(alice, name))["job"]["id"], "worker-1")
    return admin, {"name": "INGEST", "reason": "a new disk"}, "handedBack", 2


async def disable_user(alice: Caller, admin: Caller) -> Case:
    await create(alice)
    return admin, {"userId": alice.id}, "effect { sessions apiKeys jobs }", {
        "sessions": 0, "apiKeys": 0, "jobs": 1,
    }  # fmt: skip


async def sign_out_everywhere(alice: Caller, admin: Caller) -> Case:
    session = sample(Session, id=ids.new(ids.SESSION), user_id=admin.id)
    await admin.store.mongo.sessions.insert(session)
    assert admin.viewer is not None
    caller = Caller(admin.store, replace(admin.viewer, session_id=session.id))
    told = {"sessions": 1, "apiKeys": 0, "jobs": 0}
    return caller, {}, "effect { sessions apiKeys jobs }", told


CASES = {
    "deleteDataset": delete_dataset, "deleteModel": delete_model, "purge": purge,
    "publishModel": publish_model, "rollBackModel": roll_back_model,
    "withdrawModel": withdraw_model, "unpinQuestion": unpin_question,
    "mergeClusters": merge_clusters, "editDataset": edit_dataset, "fixFindings": fix_findings,
    "applyFixes": apply_fixes, "cancelJob": cancel_job, "drainQueue": drain_queue,
    "disableUser": disable_user, "signOutEverywhere": sign_out_everywhere,
}  # fmt: skip
ELSEWHERE = {"deleteWebhook"}
"""Tried with all that a webhook leaves, in test_webhooks."""


def document(name: str, effect: str) -> str:
    taken = GRAPHQL.mutation_type.fields[name].args["input"].type
    has_token = "undoToken" in GRAPHQL.mutation_type.fields[name].type.of_type.fields
    return (
        f"mutation($input: {get_named_type(taken).name}!) {{ {name}(input: $input) {{ {effect} "
        f"{'undoToken' if has_token else ''} userErrors {{ code }} }} }}"
    )


def test_every_dry_run_is_tried() -> None:
    having = {
        name
        for name, field in GRAPHQL.mutation_type.fields.items()
        if "dryRun" in get_named_type(field.args["input"].type).fields
    }
    assert having == set(CASES) | ELSEWHERE


@pytest.mark.parametrize("name", CASES)
async def test_a_dry_run_tells_the_effect_and_changes_nothing(
    alice: Caller, admin: Caller, rows: None, name: str
) -> None:
    caller, asked, effect, told = await CASES[name](alice, admin)
    query, before = document(name, effect), await everything(alice.store)
    payload = (await caller(query, input=asked | {"dryRun": True}))[name]
    assert payload["userErrors"] == []
    assert payload[effect.split(" ")[0]] == told
    assert payload.get("undoToken") is None
    fields = get_named_type(GRAPHQL.mutation_type.fields[name].args["input"].type).fields
    if "expectedVersion" in fields:
        late = asked | {"dryRun": True, "expectedVersion": 99}
        refused = (await caller(query, input=late))[name]
        assert refused["userErrors"] == [{"code": "CONFLICT"}]
    if "idempotencyKey" in fields:
        keyed = asked | {"dryRun": True, "idempotencyKey": "k"}
        assert (await caller(query, input=keyed))[name] == payload
    assert await everything(alice.store) == before
    done = (await caller(query, input=asked))[name]
    assert done["userErrors"] == []
    assert await everything(alice.store) != before


async def test_what_would_be_refused_is_refused(alice: Caller, rows: None) -> None:
    first = await published(alice)
    refused: dict[str, dict[str, Any]] = {
        "publishModel": {"modelId": first.model_id, "versionId": first.id},
        "rollBackModel": {"modelId": first.model_id},
        "cancelJob": {"id": first.job_id},
    }
    for name, asked in refused.items():
        query = document(name, "__typename")
        payload = (await alice(query, input=asked | {"dryRun": True}))[name]
        assert payload["userErrors"] == [{"code": "ILLEGAL_MOVE"}], name
        assert payload == (await alice(query, input=asked))[name]
    edit = document("editDataset", "__typename")
    for given in (
        {"edits": [{"row": 99, "drop": True}]}, {"edits": []}, {"edits": [{"row": 0}]},
        {"uploadId": "upl_x"}, {},
    ):  # fmt: skip
        asked = {"datasetVersionId": first.dataset_version_id, "dryRun": True, **given}
        assert (await alice(edit, input=asked))["editDataset"]["userErrors"] == [
            {"code": "BAD_USER_INPUT"}
        ]
