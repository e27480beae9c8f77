"""Quotas through the API: shown, chosen, refused where something is made, free again after."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from store.clock import now
from store.errors import QuotaExceeded
from store.limits import quotas as rules
from store.records.audit import Change
from store.records.quota import HELD_FOR, Allowance, Hold, QuotaKind
from store.store import Store, open_store
from tests.schema.conftest import Caller, NewCaller
from tests.schema.making import CREATE, create, published, ready_version
from tests.store.test_predictions import Worker, running

QUOTAS = "{ viewer { quotas { kind limit isDefault used resetsAt } } }"
SET = """
mutation($input: SetQuotaInput!) {
  setQuota(input: $input) {
    quota { kind limit isDefault used } userErrors { __typename code path }
  }
}"""
REFUSED = """userErrors { __typename code message path
  ... on QuotaExceededError { quota limit used resetsAt } }"""
UPLOAD = "mutation($input: CreateUploadInput!) { createUpload(input: $input) { upload { id } %s } }"
TRAIN = "mutation($input: StartTrainingInput!) { startTraining(input: $input) { job { id } %s } }"
PREDICT = "query($input: PredictInput!) { predict(input: $input) { predictions { label } %s } }"
STREAM = """
subscription($input: PredictStreamInput!) {
  predictStream(input: $input) { __typename ... on StreamFailure { code retryable indexes } }
}"""
CREATE_ONE = "mutation($input: CreateDatasetInput!) { createDataset(input: $input) { %s } }"
BULK = "mutation($input: PredictInBulkInput!) { predictInBulk(input: $input) { job { id } %s } }"


async def limit(store: Store, caller: Caller, kind: QuotaKind, most: int) -> None:
    await store.quotas.limit(caller.id, kind, most)


async def used(caller: Caller, kind: QuotaKind) -> int:
    found = (await caller(QUOTAS))["viewer"]["quotas"]
    return next(int(each["used"]) for each in found if each["kind"] == kind)


async def upload(caller: Caller, size: int, **more: Any) -> Any:
    asked = {"filename": "rows.csv", "size": size, **more}
    return (await caller(UPLOAD % REFUSED, input=asked))["createUpload"]


def refusal(payload: Any) -> dict[str, Any]:
    (error,) = payload["userErrors"]
    assert (error["__typename"], error["code"]) == ("QuotaExceededError", "QUOTA_EXCEEDED")
    assert isinstance(error, dict)
    return error


# -- shown and chosen -----------------------------------------------------------------------------


async def test_everybody_sees_their_own(alice: Caller) -> None:
    found = {each["kind"]: each for each in (await alice(QUOTAS))["viewer"]["quotas"]}
    assert set(found) == set(QuotaKind)
    settings = alice.store.settings
    storage = found["STORAGE_BYTES"]
    assert (storage["limit"], storage["isDefault"]) == (settings.quota_storage_bytes, True)
    assert (storage["used"], storage["resetsAt"]) == (0, None)
    midnight = datetime.fromisoformat(found["JOBS_PER_DAY"]["resetsAt"])
    assert timedelta(0) < midnight - now() <= timedelta(days=1)
    assert (midnight.astimezone(UTC).hour, midnight.minute) == (0, 0)


async def test_others_quotas_are_for_admins(alice: Caller, bob: Caller, admin: Caller) -> None:
    query = "query($id: ID!) { node(id: $id) { ... on User { quotas { kind used } } } }"
    assert len((await admin(query, id=alice.id))["node"]["quotas"]) == 4
    assert len((await alice(query, id=alice.id))["node"]["quotas"]) == 4
    assert (await bob(query, id=alice.id))["node"] in (None, {"quotas": None})


async def test_an_admin_chooses_and_takes_it_back(alice: Caller, admin: Caller) -> None:
    chosen = {"userId": alice.id, "kind": "JOBS_AT_ONCE", "limit": 3}
    quota = (await admin(SET, input=chosen))["setQuota"]["quota"]
    assert quota == {"kind": "JOBS_AT_ONCE", "limit": 3, "isDefault": False, "used": 0}
    quota = (await admin(SET, input=chosen | {"limit": None}))["setQuota"]["quota"]
    assert quota["isDefault"]
    assert quota["limit"] == admin.store.settings.quota_jobs_at_once


async def test_only_admins_choose(alice: Caller, bob: Caller) -> None:
    chosen = {"userId": bob.id, "kind": "JOBS_AT_ONCE", "limit": 1}
    assert await alice.codes(SET, input=chosen) == ["FORBIDDEN"]
    assert await used(bob, QuotaKind.JOBS_AT_ONCE) == 0


@pytest.mark.parametrize("limit", [-1, -(2**40)])
async def test_a_bad_limit_is_refused(alice: Caller, admin: Caller, limit: int) -> None:
    chosen = {"userId": alice.id, "kind": "STORAGE_BYTES", "limit": limit}
    (error,) = (await admin(SET, input=chosen))["setQuota"]["userErrors"]
    assert (error["code"], error["path"]) == ("BAD_USER_INPUT", ["input", "limit"])


async def test_whoever_is_not_there_has_no_quota(admin: Caller) -> None:
    chosen = {"userId": "usr_01HZZZZZZZZZZZZZZZZZZZZZZZ", "kind": "STORAGE_BYTES", "limit": 1}
    (error,) = (await admin(SET, input=chosen))["setQuota"]["userErrors"]
    assert (error["code"], error["path"]) == ("NOT_FOUND", ["input", "userId"])
    assert await admin.store.mongo.allowances.count({}) == 0


# -- storage --------------------------------------------------------------------------------------


async def test_announced_bytes_count(store: Store, alice: Caller, bob: Caller) -> None:
    await limit(store, alice, QuotaKind.STORAGE_BYTES, 1_000)
    assert (await upload(alice, 600))["userErrors"] == []
    error = refusal(await upload(alice, 500))
    assert (error["quota"], error["limit"], error["used"]) == ("STORAGE_BYTES", 1_000, 600)
    assert error["resetsAt"] is None
    assert await store.mongo.uploads.count({}) == 1
    assert (await upload(alice, 400))["userErrors"] == []
    assert (await upload(bob, 5_000))["userErrors"] == []


async def test_the_same_upload_is_counted_once(store: Store, alice: Caller) -> None:
    await limit(store, alice, QuotaKind.STORAGE_BYTES, 1_000)
    for _ in range(3):
        assert (await upload(alice, 600, idempotencyKey="k"))["userErrors"] == []
    assert await used(alice, QuotaKind.STORAGE_BYTES) == 600


async def test_rows_in_the_request_count(store: Store, alice: Caller) -> None:
    await limit(store, alice, QuotaKind.STORAGE_BYTES, 300)
    asked = {"name": "Large", "rows": [{"text": "x" * 400}]}
    refusal((await alice(CREATE, input=asked))["createDataset"])
    assert await store.mongo.datasets.count({}) == 0
    await create(alice)
    assert 0 < await used(alice, QuotaKind.STORAGE_BYTES) < 300


async def test_purging_frees_storage(store: Store, alice: Caller) -> None:
    version_id = await ready_version(alice)
    version = await store.mongo.dataset_versions.get(version_id)
    held = await used(alice, QuotaKind.STORAGE_BYTES)
    assert held == version.source.bytes + 1_000
    await store.mongo.dataset_versions.delete(version_id)  # as a purge does in the end
    assert await used(alice, QuotaKind.STORAGE_BYTES) == 0


async def test_what_versions_share_counts_once(store: Store, alice: Caller) -> None:
    version = await published(alice)
    before = await used(alice, QuotaKind.STORAGE_BYTES)
    twin = replace(version, id="mdv_01HZZZZZZZZZZZZZZZZZZZZZZZ", number=2, job_id="job_x")
    await store.mongo.model_versions.insert(twin)
    assert await used(alice, QuotaKind.STORAGE_BYTES) == before


async def test_of_uploads_at_once_no_more_pass_than_fit(store: Store, alice: Caller) -> None:
    await limit(store, alice, QuotaKind.STORAGE_BYTES, 1_000)
    async with open_store(store.settings) as other:
        callers = [alice, Caller(other, alice.viewer)]
        payloads = await asyncio.gather(*(upload(callers[n % 2], 300) for n in range(12)))
    assert sum(payload["upload"] is not None for payload in payloads) == 3
    assert await store.mongo.uploads.count({}) == 3
    assert await used(alice, QuotaKind.STORAGE_BYTES) == 900


# -- jobs -----------------------------------------------------------------------------------------


async def test_jobs_at_once_are_free_again_when_they_end(store: Store, alice: Caller) -> None:
    await limit(store, alice, QuotaKind.JOBS_AT_ONCE, 1)
    payload = await create(alice, "One")
    asked = {"name": "Two", "rows": [{"text": "x"}]}
    error = refusal((await alice(CREATE_ONE % REFUSED, input=asked))["createDataset"])
    assert (error["quota"], error["limit"], error["used"]) == ("JOBS_AT_ONCE", 1, 1)
    assert await store.mongo.datasets.count({}) == 1
    await store.jobs.request_cancel(payload["job"]["id"])
    await create(alice, "Two")


async def test_jobs_of_the_day_do_not_come_back(store: Store, alice: Caller) -> None:
    version_id = await ready_version(alice)  # its job is the first
    await limit(store, alice, QuotaKind.JOBS_PER_DAY, 2)
    asked = {"datasetVersionId": version_id, "spec": {}}
    job = (await alice(TRAIN % REFUSED, input=asked))["startTraining"]["job"]
    await store.jobs.request_cancel(job["id"])
    error = refusal((await alice(TRAIN % REFUSED, input=asked))["startTraining"])
    assert (error["quota"], error["used"]) == ("JOBS_PER_DAY", 2)
    assert datetime.fromisoformat(error["resetsAt"]) == rules.resets_at(QuotaKind.JOBS_PER_DAY)


async def test_of_jobs_at_once_no_more_pass_than_may(store: Store, alice: Caller) -> None:
    version_id = await ready_version(alice)
    await limit(store, alice, QuotaKind.JOBS_AT_ONCE, 5)
    there = await used(alice, QuotaKind.JOBS_AT_ONCE)
    async with open_store(store.settings) as other:
        callers = [alice, Caller(other, alice.viewer)]
        asked = {"datasetVersionId": version_id, "spec": {}}
        payloads = await asyncio.gather(
            *(callers[n % 2](TRAIN % REFUSED, input=asked) for n in range(12))
        )
    jobs = [each["startTraining"]["job"] for each in payloads]
    assert sum(job is not None for job in jobs) == 5 - there
    assert await used(alice, QuotaKind.JOBS_AT_ONCE) == 5


async def test_a_failed_request_holds_nothing(store: Store, alice: Caller) -> None:
    await limit(store, alice, QuotaKind.JOBS_AT_ONCE, 1)
    for _ in range(3):
        asked = {"name": "", "rows": [{"text": "x"}]}
        payload = (await alice(CREATE, input=asked))["createDataset"]
        assert [each["code"] for each in payload["userErrors"]] == ["BAD_USER_INPUT"]
    assert (await store.mongo.allowances.get(alice.id)).holds == ()
    await create(alice)


async def test_what_a_dead_server_held_is_free_after_a_while(store: Store, alice: Caller) -> None:
    await limit(store, alice, QuotaKind.JOBS_AT_ONCE, 1)
    held = Hold("job_lost", now(), is_job=True)
    await store.mongo.allowances.amend(alice.id, lambda kept: kept.holding(held))
    with pytest.raises(QuotaExceeded):
        async with store.quotas.making_job(alice.id, "job_new"):
            pass
    long_ago = Hold("job_lost", now() - HELD_FOR, is_job=True)
    await store.mongo.allowances.amend(
        alice.id, lambda kept: Allowance(kept.id, kept.limits, (long_ago,), kept.revision)
    )
    async with store.quotas.making_job(alice.id, "job_new"):
        assert await used(alice, QuotaKind.JOBS_AT_ONCE) == 1


# -- predictions ----------------------------------------------------------------------------------


async def test_texts_of_the_day_are_counted(store: Store, alice: Caller) -> None:
    version = await published(alice)
    await limit(store, alice, QuotaKind.PREDICTIONS_PER_DAY, 5)
    asked = {"model": version.id, "texts": ["a", "b", "c"]}
    async with running(Worker(store)):
        assert (await alice(PREDICT % REFUSED, input=asked))["predict"]["userErrors"] == []
        error = refusal((await alice(PREDICT % REFUSED, input=asked))["predict"])
        assert (error["quota"], error["limit"], error["used"]) == ("PREDICTIONS_PER_DAY", 5, 3)
        assert datetime.fromisoformat(error["resetsAt"]) > now()
        two = asked | {"texts": ["a", "b"]}
        assert (await alice(PREDICT % REFUSED, input=two))["predict"]["userErrors"] == []
    assert await used(alice, QuotaKind.PREDICTIONS_PER_DAY) == 5


async def test_a_stream_ends_where_the_quota_does(store: Store, alice: Caller) -> None:
    version = await published(alice)
    await limit(store, alice, QuotaKind.PREDICTIONS_PER_DAY, 8)
    asked = {"model": version.id, "texts": [f"text {n}" for n in range(12)]}
    async with running(Worker(store)):
        items = [item async for item in alice.follow(STREAM, input=asked)]
    (failure,) = (item for item in items if item["__typename"] == "StreamFailure")
    assert (failure["code"], failure["retryable"]) == ("QUOTA_EXCEEDED", False)
    assert (
        sum(item["__typename"] == "StreamedAnswer" for item in items) + len(failure["indexes"])
        == 12
    )


async def test_answers_that_never_came_are_not_counted(store: Store, alice: Caller) -> None:
    version = await published(alice)

    class Refusing(Worker):
        async def serve(self) -> None:
            while True:
                for call in await store.calls.take(64, 0.2):
                    await store.calls.refuse(call, "BROKEN", "no")

    async with running(Refusing(store)):
        payload = (await alice(PREDICT % REFUSED, input={"model": version.id, "texts": ["a"]}))[
            "predict"
        ]
    assert [each["code"] for each in payload["userErrors"]] == ["BROKEN"]
    assert await used(alice, QuotaKind.PREDICTIONS_PER_DAY) == 0


async def test_rows_in_bulk_are_counted_once(store: Store, alice: Caller) -> None:
    version = await published(alice)
    rows = await store.mongo.dataset_versions.get(version.dataset_version_id)
    await limit(store, alice, QuotaKind.PREDICTIONS_PER_DAY, 20)
    asked = {"model": version.id, "datasetVersionId": rows.id}
    job = (await alice(BULK % REFUSED, input=asked))["predictInBulk"]["job"]
    assert await used(alice, QuotaKind.PREDICTIONS_PER_DAY) == rows.rows == 12
    kept = await store.mongo.jobs.get(job["id"])
    await store.bulk.count(kept, rows.rows)  # as the worker does
    await store.bulk.again(kept, "job_again")
    assert await used(alice, QuotaKind.PREDICTIONS_PER_DAY) == 12
    error = refusal((await alice(BULK % REFUSED, input=asked))["predictInBulk"])
    assert (error["quota"], error["used"]) == ("PREDICTIONS_PER_DAY", 12)


async def test_of_predictions_at_once_no_more_pass_than_may(
    store: Store, new_caller: NewCaller
) -> None:
    ann = await new_caller("ann")
    await limit(store, ann, QuotaKind.PREDICTIONS_PER_DAY, 25)
    counts = (store.quotas.predicting_in_bulk(ann.id, f"job_{n}", 10) for n in range(8))
    outcomes = await asyncio.gather(*counts, return_exceptions=True)
    assert outcomes.count(None) == 2
    assert await used(ann, QuotaKind.PREDICTIONS_PER_DAY) == 20


async def test_the_audit_log_tells_what_a_quota_was_before(alice: Caller, admin: Caller) -> None:
    for most in (3, 7):
        await admin(SET, input={"userId": alice.id, "kind": "JOBS_AT_ONCE", "limit": most})
    last = await admin.store.mongo.audit_log.last()
    assert last is not None
    assert last.action == "setQuota"
    assert Change(alice.id, "limit", "3", "7") in last.changes
