"""Drift and labelling through the API; what is found is for `tests/workers/test_drift.py`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from store import ids
from store.clock import now
from store.learning.drift import report_of
from store.learning.traffic import midnight
from store.records.drift import (
    DriftExample,
    DriftFigure,
    DriftFindings,
    DriftPeriod,
    DriftSign,
    DriftVerdict,
    HeldOut,
    Hole,
    HoleDay,
    LabelMove,
)
from store.records.event import EventKind
from store.records.model import ModelVersion
from store.records.prediction import Decision, Prediction
from tests.schema.conftest import Caller
from tests.schema.making import published, trained

MEASURE = """
mutation($input: MeasureDriftInput!) {
  measureDrift(input: $input) {
    job { id kind status modelVersion { id } driftReport { id findings { message } } }
    userErrors { code path }
  }
}
"""
READ = """
query($id: ID!) {
  driftReport(id: $id) {
    measuredAt texts owner { name } job { kind }
    modelVersion { id driftReports { totalCount } }
    findings {
      message heldOut { rows meanCosine }
      overall { verdict predictions }
      days {
        begins verdict message advice figures { sign value threshold drifted pValue stabilityIndex }
        moves { label share heldOutShare } examples { predictionId decision nearestLabel }
      }
      holes { number name keywords aDay nearestLabel days { predictions } examples { text } }
    }
  }
  node(id: $id) { id }
}
"""
DAYS = (
    "query($id: ID!, $days: Int! = 30) { modelVersion(id: $id) { drift(days: $days) { begins } } }"
)
CREATE = """
mutation($input: CreateLabellingBatchInput!) {
  createLabellingBatch(input: $input) { batch { id } userErrors { code path } }
}
"""
SKIP = """
mutation($input: SkipLabellingItemInput!) {
  skipLabellingItem(input: $input) {
    batch { progress { total labelled skipped open } } userErrors { code path }
  }
}
"""
BATCH = """
query($id: ID!, $status: LabellingStatus) {
  labellingBatch(id: $id) {
    holes progress { total labelled skipped open }
    items(status: $status) { status hole prediction { id text correction } }
    report { id } model { name labellingBatches { totalCount } } owner { name }
  }
  node(id: $id) { id }
}
"""
CORRECT = """
mutation($input: CorrectPredictionInput!) {
  correctPrediction(input: $input) { prediction { correction } userErrors { code } }
}
"""


async def asked(caller: Caller, version: ModelVersion, *texts: str) -> list[str]:
    """Ids of answers to the caller."""
    made = [
        Prediction(
            id=ids.new(ids.PREDICTION), model_id=version.model_id, model_version_id=version.id,
            user_id=caller.id, text=text, label="a", probability=0.5, abstained=False, cluster=0,
            cached=False, latency_ms=1.0, at=now(),
        )
        for text in texts
    ]  # fmt: skip
    await caller.store.mongo.predictions.insert_many_ignoring_known(made)
    return [each.id for each in made]


def period(verdict: DriftVerdict, days_ago: int, prediction: str) -> DriftPeriod:
    figure = DriftFigure(DriftSign.LABELS, 0.5, 0.2, 0.001, 1.5)
    example = DriftExample(prediction, "a text", "a", 0.5, Decision.ABSTAIN, 4.5, "a row", "b", 0.4)
    return DriftPeriod(
        begins=midnight(now()) - timedelta(days=days_ago), predictions=9, read=9, texts=8,
        learnt_texts=1, out_share=0.1, abstained_share=0.2, mean_confidence=0.7, verdict=verdict,
        message="It moved.", advice="Label.", figures=(figure,),
        moves=(LabelMove("a", 0.9, 0.4),), examples=(example,),
    )  # fmt: skip


def hole(number: int, *predictions: str) -> Hole:
    day = HoleDay(midnight(now()), 3)
    return Hole(
        number=number, name="crypto", keywords=("crypto",), texts=3, predictions=3, a_day=1.5,
        answered_share=1.0, nearest_label="b", nearest_share=1.0, mean_cosine=0.3, days=(day,),
        examples=(), candidates=predictions,
    )  # fmt: skip


def findings(first: list[str], second: list[str], strange: list[str]) -> DriftFindings:
    quiet = period(DriftVerdict.QUIET, 2, first[0])
    drifted = period(DriftVerdict.DRIFTED, 1, first[0])
    return DriftFindings(
        HeldOut(40, 0.0, 0.1, 0.9, 0.8), drifted, (quiet, drifted),
        (hole(0, *first), hole(1, *second)), tuple(strange), "1 of 2 days drifted.",
    )  # fmt: skip


async def measure(caller: Caller, version: ModelVersion, **more: Any) -> Any:
    given = {"modelVersionId": version.id, **more}
    return (await caller(MEASURE, input=given))["measureDrift"]


async def measured(caller: Caller, version: ModelVersion, *found: list[str]) -> str:
    """The id of a report that tells of these predictions."""
    payload = await measure(caller, version)
    job = await caller.store.mongo.jobs.get(payload["job"]["id"])
    await caller.store.drift.measured(job, findings(*found))
    return report_of(job.id)


async def test_a_report_from_its_request_to_its_end(alice: Caller, bob: Caller) -> None:
    _, version = await trained(alice)
    payload = await measure(alice, version, days=7, texts=500, idempotencyKey="k")
    job = payload["job"]
    assert (job["kind"], job["status"], payload["userErrors"]) == ("DRIFT", "QUEUED", [])
    assert (job["modelVersion"], job["driftReport"]["findings"]) == ({"id": version.id}, None)
    assert await measure(alice, version, days=7, texts=500, idempotencyKey="k") == payload
    store, identifier = alice.store, job["driftReport"]["id"]
    assert (await store.mongo.drift_reports.get(identifier)).asked_by == alice.id
    await store.drift.measured(
        await store.mongo.jobs.get(job["id"]), findings(["prd_1"], ["prd_2"], [])
    )
    shown = await alice(READ, id=identifier)
    assert shown["node"] == {"id": identifier}
    report = shown["driftReport"]
    assert report["measuredAt"]
    assert (report["texts"], report["owner"]) == (500, {"name": "alice"})
    assert report["modelVersion"] == {"id": version.id, "driftReports": {"totalCount": 1}}
    found = report["findings"]
    assert found["heldOut"] == {"rows": 40, "meanCosine": 0.8}
    assert [day["verdict"] for day in found["days"]] == ["QUIET", "DRIFTED"]
    assert found["days"][1]["figures"] == [
        {
            "sign": "LABELS", "value": 0.5, "threshold": 0.2, "drifted": True, "pValue": 0.001,
            "stabilityIndex": 1.5,
        }
    ]  # fmt: skip
    assert found["days"][1]["examples"] == [
        {"predictionId": "prd_1", "decision": "ABSTAIN", "nearestLabel": "b"}
    ]
    assert [each["number"] for each in found["holes"]] == [0, 1]
    assert (found["holes"][0]["aDay"], found["holes"][0]["keywords"]) == (1.5, ["crypto"])
    begins = [day["begins"] for day in found["days"]]
    drift = (await alice(DAYS, id=version.id))["modelVersion"]["drift"]
    assert [day["begins"] for day in drift] == begins
    assert len((await alice(DAYS, id=version.id, days=2))["modelVersion"]["drift"]) == 1
    assert await alice.codes(DAYS, id=version.id, days=91) == ["BAD_USER_INPUT"]
    assert await bob(READ, id=identifier) == {"driftReport": None, "node": None}
    events = await alice(
        "query($id: ID!) { events(subjectId: $id) { nodes { kind message } } }", id=version.model_id
    )
    told = [each for each in events["events"]["nodes"] if each["kind"] == EventKind.MODEL_DRIFTED]
    assert [each["message"] for each in told] == [f"{begins[1][:10]} drifted (labels)"]


async def test_versions_of_others_are_not_measured(alice: Caller, bob: Caller) -> None:
    _, version = await trained(alice)
    (error,) = (await measure(bob, version))["userErrors"]
    assert error == {"code": "NOT_FOUND", "path": ["input", "modelVersionId"]}
    await alice.store.models.publish(version.model_id, version.id, alice.id)
    (error,) = (await measure(bob, version))["userErrors"]
    assert error["code"] == "DENIED"
    for more in ({"days": 0}, {"days": 91}, {"texts": 99}, {"texts": 20_001}):
        (error,) = (await measure(alice, version, **more))["userErrors"]
        assert error["path"] == ["input", next(iter(more))]
    assert await alice.store.mongo.drift_reports.count({}) == 0


async def test_from_a_hole_to_labels(alice: Caller, bob: Caller) -> None:
    version = await published(alice)
    found = await asked(alice, version, *"abcdef")
    report = await measured(alice, version, found[:3], found[3:5], found[5:])
    await alice.store.predictions.correct(found[1], "known already", alice.id)
    given = {"driftReportId": report, "size": 4, "idempotencyKey": "k"}
    payload = (await alice(CREATE, input=given))["createLabellingBatch"]
    assert payload["userErrors"] == []
    assert (await alice(CREATE, input=given))["createLabellingBatch"] == payload
    batch = payload["batch"]["id"]
    shown = (await alice(BATCH, id=batch))["labellingBatch"]
    assert [(item["prediction"]["text"], item["hole"]) for item in shown["items"]] == [
        ("a", 0), ("d", 1), ("e", 1), ("c", 0)
    ]  # fmt: skip
    assert shown["progress"] == {"total": 4, "labelled": 0, "skipped": 0, "open": 4}
    assert shown["model"] == {"name": "letters", "labellingBatches": {"totalCount": 1}}
    assert (shown["report"], shown["owner"], shown["holes"]) == (
        {"id": report}, {"name": "alice"}, None
    )  # fmt: skip
    correct = {"id": found[0], "label": "a label that nobody knew"}
    corrected = (await alice(CORRECT, input=correct))["correctPrediction"]
    assert corrected["prediction"] == {"correction": "a label that nobody knew"}
    skip = {"batchId": batch, "predictionId": found[3]}
    skipped = (await alice(SKIP, input=skip))["skipLabellingItem"]
    assert skipped["batch"]["progress"] == {"total": 4, "labelled": 1, "skipped": 1, "open": 2}
    waiting = (await alice(BATCH, id=batch, status="OPEN"))["labellingBatch"]["items"]
    assert [item["prediction"]["text"] for item in waiting] == ["e", "c"]
    await alice(CORRECT, input={"id": found[3], "label": "b"})  # a label counts after a skip, too
    progress = (await alice(BATCH, id=batch))["labellingBatch"]["progress"]
    assert progress == {"total": 4, "labelled": 2, "skipped": 0, "open": 2}
    rest = (await alice(CREATE, input={"driftReportId": report}))["createLabellingBatch"]
    items = (await alice(BATCH, id=rest["batch"]["id"]))["labellingBatch"]["items"]
    assert [(item["prediction"]["text"], item["hole"]) for item in items] == [("f", None)]
    assert await bob(BATCH, id=batch) == {"labellingBatch": None, "node": None}
    (error,) = (await bob(SKIP, input=skip))["skipLabellingItem"]["userErrors"]
    assert error == {"code": "NOT_FOUND", "path": ["input", "batchId"]}


async def test_bad_requests_for_batches_change_nothing(alice: Caller, bob: Caller) -> None:
    version = await published(alice)
    found = await asked(alice, version, *"abc")
    report = await measured(alice, version, found[:1], found[1:2], found[2:])
    for caller, more, code, path in (
        (bob, {}, "NOT_FOUND", ["input", "driftReportId"]),
        (alice, {"size": 0}, "BAD_USER_INPUT", ["input", "size"]),
        (alice, {"size": 101}, "BAD_USER_INPUT", ["input", "size"]),
        (alice, {"holes": []}, "BAD_USER_INPUT", ["input", "holes"]),
        (alice, {"holes": [1, 2]}, "BAD_USER_INPUT", ["input", "holes", "1"]),
        (alice, {"holes": [-1]}, "BAD_USER_INPUT", ["input", "holes", "0"]),
    ):
        payload = await caller(CREATE, input={"driftReportId": report, **more})
        assert payload["createLabellingBatch"]["userErrors"] == [{"code": code, "path": path}]
    assert await alice.store.mongo.labelling_batches.count({}) == 0
    made = await alice(CREATE, input={"driftReportId": report, "holes": [1, 1]})
    batch = made["createLabellingBatch"]["batch"]["id"]
    assert len((await alice(BATCH, id=batch))["labellingBatch"]["items"]) == 1
    again = await alice(CREATE, input={"driftReportId": report, "holes": [1]})
    assert again["createLabellingBatch"]["userErrors"] == [
        {"code": "ILLEGAL_MOVE", "path": ["input"]}
    ]
    skip = {"batchId": batch, "predictionId": found[0]}
    (error,) = (await alice(SKIP, input=skip))["skipLabellingItem"]["userErrors"]
    assert error == {"code": "NOT_FOUND", "path": ["input", "predictionId"]}


async def test_with_its_data_set_in_the_trash_nothing_of_it_is_shown(alice: Caller) -> None:
    _, version = await trained(alice)
    found = await asked(alice, version, *"abc")
    report = await measured(alice, version, found[:1], found[1:2], found[2:])
    made = await alice(CREATE, input={"driftReportId": report})
    batch = made["createLabellingBatch"]["batch"]["id"]
    store = alice.store
    for job in await store.mongo.jobs.all_by({"status": "QUEUED"}, 100):
        await store.jobs.request_cancel(job.id)
    await store.trash.put(version.dataset_id, alice.id)
    for query, identifier in ((READ, report), (BATCH, batch)):
        assert set((await alice(query, id=identifier)).values()) == {None}
    assert (await alice(DAYS, id=version.id))["modelVersion"]["drift"] == []
    (error,) = (await measure(alice, version))["userErrors"]
    assert error["code"] == "NOT_FOUND"
