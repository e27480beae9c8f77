"""What models promise of their answers, through the API."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from store import ids
from store.clock import now
from store.records.model import ModelVersion
from store.records.prediction import Answer, Decision, Prediction
from store.records.promise import ClassPromise, Promise, Risk, RiskPoint, Verdict
from tests.schema.conftest import Caller
from tests.schema.making import REPORT, published, ready_version
from tests.schema.test_inference import PREDICT, worker

PROMISE = Promise(
    asked_risk=0.02, promised_risk=0.02, confidence=0.95, chosen_on=2_500, threshold=0.9,
    risk=Risk.seen(2_000, 30, 0.95), answered_share=0.85, verdict=Verdict.KEPT,
    classes=(ClassPromise("a", 0.8, 900, Risk.seen(800, 4, 0.95)),),
    curve=(RiskPoint(0.99, 0.5, 0.001), RiskPoint(0.2, 0.99, 0.06)),
    asked_coverage=0.95, coverage=0.96, set_size=1.1,
    out_threshold=4.5, asked_out_share=0.01, out_share=0.009,
)  # fmt: skip
SHOWN = """
query($id: ID!) {
  modelVersion(id: $id) {
    report { promise {
      askedRisk promisedRisk confidence chosenOn threshold verdict answeredShare
      risk { answered wrong share low high }
      classes { label threshold testRows risk { answered } } curve { threshold answeredShare risk }
      askedCoverage coverage setSize outThreshold askedOutShare outShare
    } }
    livePromise { promisedRisk answered confirmed leastRisk verdict risk { answered wrong share } }
  }
}
"""
START = """
mutation($input: StartTrainingInput!) {
  startTraining(input: $input) {
    job { spec { promise { maxRisk confidence coverage outShare } } }
    userErrors { code message path }
  }
}
"""
LIST = """
query($f: PredictionFilter) {
  predictions(filter: $f) { nodes { text abstained decision } }
}
"""
CORRECT = """
mutation($input: CorrectPredictionInput!) {
  correctPrediction(input: $input) { userErrors { code } }
}
"""


async def promising(caller: Caller, promise: Promise | None = PROMISE) -> ModelVersion:
    """A published version whose report tells of the promise."""
    version = await published(caller)
    report = replace(REPORT, promise=promise)
    return await caller.store.mongo.model_versions.amend(
        version.id, lambda known: replace(known, report=report)
    )


async def log(caller: Caller, version: ModelVersion, count: int, **told: Any) -> list[str]:
    """Answers of the version, as they are kept; their ids."""
    known: dict[str, Any] = {"label": "a", "abstained": False, "decision": Decision.ANSWER}
    made = [
        Prediction(
            id=ids.new(ids.PREDICTION), model_id=version.model_id, model_version_id=version.id,
            user_id=caller.id, text=f"{told or 'plain'}", probability=0.9, cluster=0, cached=False,
            latency_ms=1.0, at=now(), **known | told,
        )
        for _ in range(count)
    ]  # fmt: skip
    await caller.store.mongo.predictions.insert_many_ignoring_known(made)
    return [each.id for each in made]


async def test_a_report_tells_what_is_promised(alice: Caller) -> None:
    version = await promising(alice)
    shown = (await alice(SHOWN, id=version.id))["modelVersion"]["report"]["promise"]
    assert shown["risk"] == {
        "answered": 2_000,
        "wrong": 30,
        "share": 0.015,
        "low": pytest.approx(0.0101, abs=1e-4),
        "high": pytest.approx(0.0213, abs=1e-4),
    }
    assert (shown["promisedRisk"], shown["verdict"], shown["outThreshold"]) == (0.02, "KEPT", 4.5)
    assert shown["classes"] == [
        {"label": "a", "threshold": 0.8, "testRows": 900, "risk": {"answered": 800}}
    ]
    assert [point["answeredShare"] for point in shown["curve"]] == [0.5, 0.99]


async def test_a_report_from_before_has_none(alice: Caller) -> None:
    version = await promising(alice, None)
    shown = (await alice(SHOWN, id=version.id))["modelVersion"]
    assert shown["report"]["promise"] is None
    assert shown["livePromise"]["verdict"] is None


async def test_corrections_are_held_against_the_promise(alice: Caller) -> None:
    version = await promising(alice)
    given = await log(alice, version, 200)
    await log(alice, version, 3, abstained=True, decision=Decision.ABSTAIN)
    for identifier in given[:9]:
        await alice(CORRECT, input={"id": identifier, "label": "a"})
    live = (await alice(SHOWN, id=version.id))["modelVersion"]["livePromise"]
    assert (live["answered"], live["confirmed"], live["verdict"]) == (200, 9, "TOO_FEW")
    assert live["risk"] == {"answered": 9, "wrong": 0, "share": 0.0}
    for identifier in given[9:12]:
        await alice(CORRECT, input={"id": identifier, "label": "b"})
    live = (await alice(SHOWN, id=version.id))["modelVersion"]["livePromise"]
    assert (live["confirmed"], live["risk"]["wrong"], live["leastRisk"]) == (9, 3, 0.015)
    assert live["verdict"] == "BROKEN"


async def test_a_right_label_for_an_unanswered_text_breaks_no_promise(alice: Caller) -> None:
    version = await promising(alice)
    (abstained,) = await log(alice, version, 1, abstained=True, decision=Decision.ABSTAIN)
    await alice(CORRECT, input={"id": abstained, "label": "b"})
    live = (await alice(SHOWN, id=version.id))["modelVersion"]["livePromise"]
    assert (live["answered"], live["risk"]["answered"], live["leastRisk"]) == (0, 0, None)


async def test_what_everybody_asked_is_not_counted_for_strangers(
    alice: Caller, bob: Caller, admin: Caller
) -> None:
    version = await promising(alice)
    assert (await bob(SHOWN, id=version.id))["modelVersion"]["livePromise"] is None
    assert (await admin(SHOWN, id=version.id))["modelVersion"]["livePromise"]["answered"] == 0


async def test_answers_are_listed_by_decision(alice: Caller) -> None:
    version = await promising(alice)
    await log(alice, version, 1)
    await log(alice, version, 1, abstained=True, decision=Decision.ABSTAIN)
    await log(alice, version, 1, abstained=True, decision=Decision.OUT_OF_DISTRIBUTION)
    await log(alice, version, 1, decision=None)  # from before decisions were told
    await log(alice, version, 1, abstained=True, decision=None)
    counts = {"ANSWER": 2, "ABSTAIN": 2, "OUT_OF_DISTRIBUTION": 1}
    for decision, count in counts.items():
        nodes = (await alice(LIST, f={"decision": decision}))["predictions"]["nodes"]
        assert [node["decision"] for node in nodes] == [decision] * count
        assert {node["abstained"] for node in nodes} == {decision != "ANSWER"}


async def test_an_answer_says_what_was_decided(
    alice: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    strange = Answer(
        "a", 0.5, abstained=True, scores=(), cluster=-1, cluster_name="",
        decision=Decision.OUT_OF_DISTRIBUTION, prediction_set=("a", "b"), ood_score=7.25,
        ood_threshold=4.5,
    )  # fmt: skip
    monkeypatch.setattr("tests.schema.test_inference.answer", lambda call, text: strange)
    await promising(alice)
    asked = PREDICT.replace("id text", "decision predictionSet oodScore oodThreshold text")
    async with worker(alice.store):
        told = (await alice(asked, input={"model": "letters", "texts": ["x"]}))["predict"]
    (shown,) = told["predictions"]
    assert (shown["decision"], shown["abstained"]) == ("OUT_OF_DISTRIBUTION", True)
    assert shown["predictionSet"] == ["a", "b"]
    assert (shown["oodScore"], shown["oodThreshold"]) == (7.25, 4.5)
    await alice.store.predictions.drain()
    (node,) = (await alice(LIST))["predictions"]["nodes"]
    assert node["decision"] == "OUT_OF_DISTRIBUTION"


async def test_a_training_is_asked_for_a_promise(alice: Caller) -> None:
    version_id = await ready_version(alice)
    asked = {"maxRisk": 0.02, "confidence": 0.9, "coverage": 0.99, "outShare": 0.02}
    payload = await start(alice, version_id, asked)
    assert payload["userErrors"] == []
    assert payload["job"]["spec"]["promise"] == asked


@pytest.mark.parametrize(
    ("promise", "field"),
    [
        ({"maxRisk": 0}, "maxRisk"),
        ({"maxRisk": 1}, "maxRisk"),
        ({"confidence": 1}, "confidence"),
        ({"coverage": 0.2}, "coverage"),
        ({"outShare": -0.01}, "outShare"),
    ],
)
async def test_what_cannot_be_promised_is_refused(
    alice: Caller, promise: dict[str, float], field: str
) -> None:
    payload = await start(alice, await ready_version(alice), promise)
    assert payload["job"] is None
    assert [each["path"] for each in payload["userErrors"]] == [["input", "spec", "promise", field]]


async def start(caller: Caller, version_id: str, promise: dict[str, float]) -> Any:
    spec = {"embedder": {"kind": "TFIDF"}, "promise": promise}
    asked = {"datasetVersionId": version_id, "modelName": "letters", "spec": spec}
    return (await caller(START, input=asked))["startTraining"]
