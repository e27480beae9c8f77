"""What the rounds are judged by finds each fault that it is there for."""

from __future__ import annotations

from typing import Any

import pytest

from tests.faults import story
from tests.faults.findings import Kind

GOOD = [
    ("JOB_QUEUED", 0, None),
    ("JOB_STARTED", 1, None),
    ("STAGE_STARTED", 1, "read"),
    ("STAGE_PROGRESSED", 1, "read"),
    ("JOB_RETRIED", 1, None),
    ("JOB_STARTED", 2, None),
    ("STAGE_STARTED", 2, "read"),
    ("STAGE_DONE", 2, "read"),
    ("JOB_SUCCEEDED", 2, None),
    ("LATE_WRITE_REFUSED", 1, None),
]
Told = list[tuple[str, int, str | None]]


def events(told: Told) -> list[dict[str, Any]]:
    return [
        {"cursor": f"{n}-0", "at": n, "kind": kind, "attempt": attempt, "stage": stage,
         "done": None, "message": "", "subjectId": "job_1"}
        for n, (kind, attempt, stage) in enumerate(told, 1)
    ]  # fmt: skip


def kinds(found: Any) -> set[Kind]:
    return {finding.kind for finding in found}


def without(number: int) -> Told:
    return GOOD[:number] + GOOD[number + 1 :]


def twice(number: int) -> Told:
    return GOOD[: number + 1] + GOOD[number:]


def test_a_good_story_has_no_fault() -> None:
    assert list(story.coherent(events(GOOD), "SUCCEEDED")) == []
    assert list(story.stages_done(events(GOOD), ["read"])) == []


@pytest.mark.parametrize("number", [0, 1, 4, 6, 8])
def test_what_is_missing_is_noticed(number: int) -> None:
    assert Kind.LOST in kinds(story.coherent(events(without(number)), "SUCCEEDED"))


@pytest.mark.parametrize("number", [0, 1, 2, 4, 7, 8])
def test_what_is_doubled_is_noticed(number: int) -> None:
    assert Kind.DOUBLED in kinds(story.coherent(events(twice(number)), "SUCCEEDED"))


def test_a_success_after_the_cancel_is_noticed() -> None:
    told = [*GOOD[:-2], ("JOB_CANCELLED", 2, None), ("JOB_SUCCEEDED", 2, None)]
    assert Kind.DOUBLED in kinds(story.coherent(events(told), "CANCELLED"))
    assert Kind.WRONG in kinds(story.coherent(events(GOOD), "CANCELLED"))


def test_a_stage_whose_end_is_untold_is_noticed() -> None:
    assert kinds(story.stages_done(events(without(7)), ["read"])) == {Kind.LOST}


def test_subscriber_and_pages_are_compared_both_ways() -> None:
    kept = events(GOOD)
    assert list(story.told_alike(kept, kept, "he")) == []
    assert kinds(story.told_alike(kept[1:], kept, "he")) == {Kind.LOST}
    assert kinds(story.told_alike(kept, kept[1:], "he")) == {Kind.LOST}
    assert kinds(story.told_alike([*kept, kept[0]], kept, "he")) == {Kind.DOUBLED, Kind.WRONG}
    assert kinds(story.told_alike(kept[::-1], kept, "he")) == {Kind.WRONG}


def test_what_comes_after_the_end_need_not_be_seen_by_who_follows_the_job() -> None:
    kept = events(GOOD)
    assert list(story.told_to_the_end(kept, kept)) == []
    assert list(story.told_to_the_end(kept[:-1], kept)) == []
    assert kinds(story.told_to_the_end(kept[:-2], kept)) == {Kind.LOST}


def test_a_version_that_is_made_twice_is_noticed() -> None:
    made = events([("MODEL_VERSION_CREATED", 0, None)] * 2)
    assert kinds(story.made_once(made)) == {Kind.DOUBLED}
