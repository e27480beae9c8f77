"""Comparisons through the API; what they come to is for `tests/workers/test_compare.py`."""

from __future__ import annotations

from typing import Any

from store.records.comparison import Change, Exam, Replay
from store.records.trial import HeadQuality, Interval, TrialVerdict
from tests.schema.conftest import Caller
from tests.schema.making import trained

COMPARE = """
mutation($input: CompareVersionsInput!) {
  compareVersions(input: $input) {
    job { id kind status comparison { id exam { rows } replay { texts } } }
    userErrors { code path }
  }
}
"""
READ = """
query($id: ID!) {
  comparison(id: $id) {
    before { model { name } } after { model { name comparisons { totalCount } } }
    exam { verdict message gain { value low high } before { accuracy } classes { label } }
    replay { texts changes { before after times } turned { text } }
    job { kind } owner { name }
  }
  node(id: $id) { id }
}
"""
EXAM = Exam(
    verdict=TrialVerdict.BETTER, message="better", rows=10, learnt_rows=2,
    before=HeadQuality(0.5, 0.5, 1.0), after=HeadQuality(0.9, 0.9, 0.2),
    accuracy_before=Interval(0.5, 0.2, 0.8), accuracy_after=Interval(0.9, 0.7, 1.0),
    gain=Interval(0.4, 0.1, 0.7), p_value=0.03, resamples=2_000, level=0.95, became_right=4,
    became_wrong=0, other_answers=1, to_right=(), to_wrong=(), classes=(),
)  # fmt: skip
REPLAY = Replay(5, 9, 1, 3, 0, 0, (Change("a", "b", 1, 3),), (), 0, 0, 0)


async def compare(caller: Caller, before: str, after: str, **more: Any) -> Any:
    given = {"before": before, "after": after, **more}
    return (await caller(COMPARE, input=given))["compareVersions"]


async def test_a_comparison_from_its_request_to_its_end(alice: Caller, bob: Caller) -> None:
    (_, before), (_, after) = await trained(alice, "first"), await trained(alice, "second")
    payload = await compare(alice, before.id, after.id, idempotencyKey="k")
    job = payload["job"]
    assert (job["kind"], job["status"], payload["userErrors"]) == ("COMPARE", "QUEUED", [])
    assert (job["comparison"]["exam"], job["comparison"]["replay"]) == (None, None)
    assert await compare(alice, before.id, after.id, idempotencyKey="k") == payload
    store = alice.store
    await store.comparisons.compared(await store.mongo.jobs.get(job["id"]), EXAM, REPLAY)
    identifier = job["comparison"]["id"]
    shown = await alice(READ, id=identifier)
    assert shown["node"] == {"id": identifier}
    assert shown["comparison"] == {
        "before": {"model": {"name": "first"}},
        "after": {"model": {"name": "second", "comparisons": {"totalCount": 0}}},
        "exam": {
            "verdict": "BETTER", "message": "better",
            "gain": {"value": 0.4, "low": 0.1, "high": 0.7}, "before": {"accuracy": 0.5},
            "classes": [],
        },
        "replay": {
            "texts": 5, "changes": [{"before": "a", "after": "b", "times": 3}], "turned": [],
        },
        "job": {"kind": "COMPARE"}, "owner": {"name": "alice"},
    }  # fmt: skip
    assert await bob(READ, id=identifier) == {"comparison": None, "node": None}


async def test_versions_of_others_look_missing(alice: Caller, bob: Caller) -> None:
    (_, before), (_, after) = await trained(alice, "first"), await trained(alice, "second")
    assert (await compare(bob, before.id, after.id))["userErrors"] == [
        {"code": "NOT_FOUND", "path": ["input", "before"]}
    ]
    await alice.store.models.publish(before.model_id, before.id, alice.id)
    assert (await compare(bob, before.id, after.id))["userErrors"][0]["code"] == "DENIED"
    for more in ({"queries": -1}, {"queries": 10_001}):
        (error,) = (await compare(alice, before.id, after.id, **more))["userErrors"]
        assert error["path"] == ["input", "queries"]
    (error,) = (await compare(alice, before.id, before.id))["userErrors"]
    assert error["path"] == ["input", "after"]
