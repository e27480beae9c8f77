"""Threats to what people ask: drift reports and labelling batches show texts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from store import ids
from store.clock import now
from store.learning.drift import SETTLED, report_of
from store.learning.traffic import DAY, midnight
from store.records.drift import DriftReport
from store.records.model import ModelVersion
from store.records.prediction import Prediction
from store.store import Store
from tests.schema.conftest import Caller
from tests.schema.making import published
from tests.schema.test_drift import BATCH, CREATE, READ, measure, measured

SECRET = "my account is 4711"
OWN = [f"a text of my own, the {number}th" for number in range(30)]


async def ask(caller: Caller, version: ModelVersion, at: datetime, *texts: str) -> list[str]:
    """Ids of answers to the caller, given at that time."""
    made = [
        Prediction(
            id=ids.derived(ids.PREDICTION, at, caller.id, text), model_id=version.model_id,
            model_version_id=version.id, user_id=caller.id, text=text, label="a", probability=0.5,
            abstained=False, cluster=0, cached=False, latency_ms=1.0, at=at,
        )
        for text in texts
    ]  # fmt: skip
    await caller.store.mongo.predictions.insert_many_ignoring_known(made)
    return [each.id for each in made]


async def read_by(store: Store, report: DriftReport) -> set[str]:
    days = await store.drift.traffic(report)
    return {each.text for day in days for each in day.read}


async def test_an_owner_of_a_model_reads_what_others_asked_it(
    alice: Caller, bob: Caller, admin: Caller
) -> None:
    version, store = await published(alice), alice.store
    await ask(bob, version, now(), SECRET)
    await ask(alice, version, now(), *OWN)
    found = {}
    for caller in (alice, admin):
        job = (await measure(caller, version))["job"]
        report = await store.mongo.drift_reports.get(report_of(job["id"]))
        found[caller.id] = await read_by(store, report)
    assert found == {alice.id: set(OWN), admin.id: {SECRET, *OWN}}


async def test_what_is_measured_by_itself_shows_an_owner_what_others_asked(
    alice: Caller, bob: Caller
) -> None:
    version, store = await published(alice), alice.store
    yesterday = midnight(now() - SETTLED) - DAY
    await ask(bob, version, yesterday, SECRET)
    await ask(alice, version, yesterday, *OWN)
    assert await store.drift.sweep() == 1
    (report,) = await store.mongo.drift_reports.all_by({}, 2)
    assert (report.owner_id, report.asked_by) == (alice.id, alice.id)
    assert await read_by(store, report) == set(OWN)


async def test_who_is_an_admin_no_more_reads_on_what_everybody_asked(
    alice: Caller, bob: Caller, admin: Caller
) -> None:
    version, store = await published(alice), alice.store
    asked = await ask(bob, version, now(), SECRET, "another")
    report = await measured(admin, version, asked[:1], asked[1:], [])
    made = await admin(CREATE, input={"driftReportId": report})
    batch = made["createLabellingBatch"]["batch"]["id"]
    # as a report of one's own from then would be
    await store.mongo.drift_reports.amend(report, lambda kept: replace(kept, owner_id=alice.id))
    await store.mongo.labelling_batches.amend(batch, lambda kept: replace(kept, owner_id=alice.id))
    lists = """query($id: ID!) { modelVersion(id: $id) {
      drift { begins } driftReports { totalCount } model { labellingBatches { totalCount } } } }"""
    for query, identifier in ((READ, report), (BATCH, batch)):
        assert set((await alice(query, id=identifier)).values()) == {None}
        assert None not in (await admin(query, id=identifier)).values()
    refused = await alice(CREATE, input={"driftReportId": report})
    assert [each["code"] for each in refused["createLabellingBatch"]["userErrors"]] == ["NOT_FOUND"]
    none = {"totalCount": 0}
    assert (await alice(lists, id=version.id))["modelVersion"] == {
        "drift": [], "driftReports": none, "model": {"labellingBatches": none}
    }  # fmt: skip
