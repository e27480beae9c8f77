"""Records to plain values and back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone

import orjson
import pytest

from store import ids
from store.codec import from_plain, to_plain
from store.records.account import ApiKey, Role, Scope, User
from store.records.event import Event, EventKind, Topic
from store.records.job import Failure, Job, JobKind, JobStatus, new_stages
from store.records.stage import Stage, StageStatus
from store.records.training import EmbedderKind, EmbedderSpec, TrainingSpec

AT = datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)


@dataclass(frozen=True)
class Nest:
    names: frozenset[str]
    shares: dict[str, float]
    stage: Stage | None = None


def full_job() -> Job:
    """Every kind of field set."""
    stages = (
        Stage("clean", StageStatus.DONE, 5, 5, AT, AT, 1, "five rows", ("a", "b")),
        *new_stages(JobKind.TRAIN)[1:],
    )
    return Job(
        id=ids.new(ids.JOB),
        kind=JobKind.TRAIN,
        owner_id="usr_a",
        dataset_id="ds_a",
        dataset_version_id="dsv_a",
        created_at=AT,
        stages=stages,
        status=JobStatus.FAILED,
        spec=TrainingSpec(embedder=EmbedderSpec(kind=EmbedderKind.TFIDF), max_rows=7),
        failure=Failure("LOST", "gone", retryable=True),
    )


@pytest.mark.parametrize(
    "record",
    [
        full_job(),
        User("usr_a", "a@b.c", "A", Role.ADMIN, "hash", AT),
        ApiKey("key_a", "usr_a", "ci", (Scope.READ, Scope.PREDICT), "hash", AT),
        Event(Topic.JOB, EventKind.JOB_QUEUED, "job_a", "usr_a", AT, related={"model": "mdl_a"}),
        Nest(frozenset({"a", "b"}), {"x": 0.5}, Stage("clean")),
    ],
    ids=lambda record: type(record).__name__,
)
def test_what_goes_out_comes_back(record: object) -> None:
    plain = to_plain(record)
    assert from_plain(type(record), plain) == record
    assert from_plain(type(record), orjson.loads(orjson.dumps(plain))) == record


def test_enums_travel_as_their_values_and_times_as_times() -> None:
    plain = to_plain(full_job())
    assert (plain["kind"], plain["created_at"]) == ("TRAIN", AT)
    assert plain["spec"]["embedder"]["kind"] == "TFIDF"
    assert type(plain["kind"]) is str


def test_a_field_of_a_newer_version_is_passed_over() -> None:
    plain = to_plain(full_job())
    plain["stages"][0]["colour"] = "red"
    assert from_plain(Job, plain | {"colour": 3}) == from_plain(Job, plain)


def test_a_field_that_an_older_version_lacks_takes_its_default() -> None:
    job = full_job()
    plain = to_plain(job)
    del plain["failure"], plain["spec"]["max_rows"]
    spec = replace(job.spec, max_rows=None)
    assert from_plain(Job, plain) == replace(job, failure=None, spec=spec)


def test_a_missing_required_field_is_refused() -> None:
    plain = to_plain(full_job())
    del plain["owner_id"]
    with pytest.raises(TypeError, match="owner_id"):
        from_plain(Job, plain)


def test_an_unknown_enum_value_is_refused() -> None:
    with pytest.raises(ValueError, match="DANCING"):
        from_plain(Job, to_plain(full_job()) | {"status": "DANCING"})


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-01-02T03:04:05.678Z", AT),
        ("2026-01-02T05:04:05.678+02:00", AT),
        (AT.replace(tzinfo=None), AT),
        (AT.astimezone(timezone(timedelta(hours=5))), AT),
    ],
)
def test_times_are_aware_however_they_come(value: object, expected: datetime) -> None:
    user = from_plain(
        User, to_plain(User("u", "e", "n", Role.USER, "h", AT)) | {"created_at": value}
    )
    assert user.created_at == expected
    assert user.created_at.tzinfo is not None


def test_whole_numbers_become_floats_where_floats_are_meant() -> None:
    nest = from_plain(Nest, {"names": ["a"], "shares": {"x": 1}})
    assert isinstance(nest.shares["x"], float)
