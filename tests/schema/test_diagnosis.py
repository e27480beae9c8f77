"""A failed job tells why, and its fixes are mutations that do what they say."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import parse, validate
from graphql.execution.values import get_variable_values

from schema.jobs.spec import as_variables
from schema.root import schema
from store.diagnosis.rules import RULES
from store.records.dataset import Problem
from store.records.job import Failure, Job, JobStatus
from store.records.training import (
    ClassifierSpec,
    ClustererKind,
    ClustererSpec,
    EmbedderKind,
    EmbedderSpec,
    LabelSpec,
    Precision,
    RareLabels,
    SplitSpec,
    TrainingSpec,
)
from store.store import Store
from tests.schema.conftest import Caller
from tests.schema.making import CREATE, create, ready_version

JOB = """
query($id: ID!) {
  job(id: $id) {
    status failure { code }
    diagnosis {
      cause evidence rows { reason text line row } fixes { id label mutation variables }
    }
    retryOf { id } retriedBy { id }
  }
}
"""
APPLY = """
mutation($input: ApplyFixInput!) {
  applyFix(input: $input) {
    job { id status kind spec { maxRows labels { rare minRows } } retryOf { id } }
    userErrors { code path message }
  }
}
"""
RETRY = """
mutation($input: RetryJobInput!) {
  retryJob(input: $input) {
    job { id status spec { seed classifier { sparseView } } retryOf { id } }
    userErrors { code path message }
  }
}
"""
REREAD = """
mutation($input: RereadDatasetInput!) {
  rereadDataset(input: $input) {
    version { id number status source { encoding delimiter format } columns { text } }
    job { id status retryOf { id } } userErrors { code path message }
  }
}
"""
EVERYTHING = TrainingSpec(
    EmbedderSpec(EmbedderKind.STATIC, "acme/tiny", Precision.EXACT, 99, 5),
    ClustererSpec(ClustererKind.HDBSCAN, 2.5, 7, 9),
    ClassifierSpec(3.0, False, 0.4),
    SplitSpec(0.3, False),
    seed=5,
    max_rows=500,
    labels=LabelSpec(RareLabels.MERGE, 4),
)
SHOWN = "\\xe3\\xe4\\xe5 \\xec\\xee\\xff \\xea\\xe0\\xf0\\xf2\\xe0"  # где моя карта in cp1251


async def failed(store: Store, job_id: str, code: str, *problems: Problem) -> Job:
    job = await store.jobs.claim(job_id, "worker-1")
    return await store.jobs.fail(job, Failure(code, "it broke", False, problems=problems))


async def failed_training(caller: Caller, code: str = "OUT_OF_MEMORY") -> Job:
    version_id = await ready_version(caller)
    spec = TrainingSpec(EmbedderSpec(EmbedderKind.TFIDF, dimensions=128))
    job = await caller.store.models.start_training(caller.id, version_id, spec, "letters")
    return await failed(caller.store, job.id, code)


async def rejected(caller: Caller, code: str = "NO_GOOD_ROWS") -> Job:
    made = await create(caller)
    problems = (Problem(code, "-", "-"), Problem("BAD_ENCODING", "-", "-", 2, "t", SHOWN))
    await caller.store.datasets.version_rejected(made["version"]["id"], problems, 2)
    return await failed(caller.store, made["job"]["id"], code)


def check(fix: dict[str, Any]) -> None:
    """The mutation is one of the schema's, and takes these variables."""
    document = parse(fix["mutation"])
    assert validate(schema._schema, document) == []
    (operation,) = document.definitions
    values = get_variable_values(
        schema._schema,
        operation.variable_definitions,  # type: ignore[union-attr]
        fix["variables"],
    )
    assert not isinstance(values, list), values


async def test_a_failed_training_is_diagnosed(alice: Caller) -> None:
    job = await failed_training(alice)
    data = (await alice(JOB, id=job.id))["job"]
    found = data.pop("diagnosis")
    assert data == {
        "status": "FAILED", "failure": {"code": "OUT_OF_MEMORY"}, "retryOf": None,
        "retriedBy": None,
    }  # fmt: skip
    assert "memory" in found["cause"]
    assert "The version has 12 rows." in found["evidence"]
    fixes = {fix["id"]: fix for fix in found["fixes"]}
    assert list(fixes) == ["shorter-vectors", "again"]
    assert fixes["again"]["variables"] == {"input": {"id": job.id}}
    spec = fixes["shorter-vectors"]["variables"]["input"]["spec"]
    assert spec["embedder"]["dimensions"] == 64
    for fix in found["fixes"]:
        check(fix)


async def test_a_file_that_was_refused_is_diagnosed(alice: Caller) -> None:
    job = await rejected(alice)
    found = (await alice(JOB, id=job.id))["job"]["diagnosis"]
    assert found["rows"] == [{"reason": "-", "text": SHOWN, "line": 2, "row": None}]
    first = found["fixes"][0]
    assert first["id"] == "encoding-cp1251"
    assert "где моя карта" in first["label"]
    assert first["variables"]["input"]["encoding"] == "cp1251"
    check(first)


@pytest.mark.parametrize("code", list(RULES))
async def test_every_fix_of_every_rule_may_be_sent(alice: Caller, code: str) -> None:
    jobs = [await failed_training(alice, code)]
    if code not in ("LOST", "UNAVAILABLE"):  # files and trainings are told of alike
        jobs.append(await rejected(alice, code))
    for job in jobs:
        found = (await alice(JOB, id=job.id))["job"]["diagnosis"]
        for fix in found["fixes"]:
            check(fix)


async def test_a_job_that_did_not_fail_has_no_diagnosis(alice: Caller) -> None:
    made = await create(alice)
    assert (await alice(JOB, id=made["job"]["id"]))["job"]["diagnosis"] is None
    await alice.store.jobs.request_cancel(made["job"]["id"])
    assert (await alice(JOB, id=made["job"]["id"]))["job"]["diagnosis"] is None


async def test_a_fix_sent_as_its_mutation_does_what_apply_fix_does(alice: Caller) -> None:
    job = await failed_training(alice)
    fixes = (await alice(JOB, id=job.id))["job"]["diagnosis"]["fixes"]
    sent = (await alice(fixes[0]["mutation"], **fixes[0]["variables"]))["retryJob"]
    assert sent["userErrors"] == []
    asked = {"jobId": job.id, "fixId": fixes[0]["id"]}
    applied = (await alice(APPLY, input=asked))["applyFix"]["job"]
    both = [await alice.store.mongo.jobs.get(each["id"]) for each in (sent["job"], applied)]
    assert both[0].spec == both[1].spec
    assert {each.retry_of for each in both} == {job.id}
    data = (await alice(JOB, id=job.id))["job"]
    assert data["retriedBy"] == {"id": applied["id"]}


async def test_a_file_is_read_again_by_either_way(alice: Caller) -> None:
    job = await rejected(alice)
    fix = (await alice(JOB, id=job.id))["job"]["diagnosis"]["fixes"][0]
    sent = (await alice(fix["mutation"], **fix["variables"]))["rereadDataset"]
    assert sent["version"]["number"] == 2
    await alice.store.jobs.request_cancel(sent["job"]["id"])
    applied = (await alice(APPLY, input={"jobId": job.id, "fixId": fix["id"]}))["applyFix"]["job"]
    assert applied["kind"] == "INGEST"
    assert applied["retryOf"] == {"id": job.id}


async def test_a_key_makes_one_job_of_one_fix(alice: Caller) -> None:
    job = await rejected(alice)
    asked = {"jobId": job.id, "fixId": "encoding-cp1251", "idempotencyKey": "once"}
    first = (await alice(APPLY, input=asked))["applyFix"]
    assert first == (await alice(APPLY, input=asked))["applyFix"]
    assert await alice.store.mongo.jobs.count({"retry_of": job.id}) == 1
    mismatch = (await alice(APPLY, input=asked | {"fixId": "again"}))["applyFix"]
    assert [each["code"] for each in mismatch["userErrors"]] == ["IDEMPOTENCY_MISMATCH"]


async def test_a_fix_that_is_not_there(alice: Caller) -> None:
    job = await failed_training(alice)
    payload = (await alice(APPLY, input={"jobId": job.id, "fixId": "magic"}))["applyFix"]
    assert payload["job"] is None
    assert [(each["code"], each["path"]) for each in payload["userErrors"]] == [
        ("BAD_USER_INPUT", ["input", "fixId"])
    ]
    assert await alice.store.mongo.jobs.count({"retry_of": job.id}) == 0


async def test_a_job_is_done_again(alice: Caller) -> None:
    job = await failed_training(alice)
    payload = (await alice(RETRY, input={"id": job.id}))["retryJob"]
    assert payload["userErrors"] == []
    assert payload["job"]["retryOf"] == {"id": job.id}
    assert payload["job"]["status"] == "QUEUED"
    spec = {"seed": 3, "embedder": {"kind": "TFIDF"}, "classifier": {"sparseView": False}}
    other = (await alice(RETRY, input={"id": job.id, "spec": spec}))["retryJob"]["job"]
    assert other["spec"] == {"seed": 3, "classifier": {"sparseView": False}}


async def test_what_goes_on_or_went_well_is_not_done_again(alice: Caller) -> None:
    made = await create(alice)
    payload = (await alice(RETRY, input={"id": made["job"]["id"]}))["retryJob"]
    assert [each["code"] for each in payload["userErrors"]] == ["ILLEGAL_MOVE"]


@pytest.mark.parametrize("operation", ["apply", "retry", "reread"])
async def test_others_jobs_are_not_there(
    alice: Caller, bob: Caller, admin: Caller, operation: str
) -> None:
    job = await rejected(alice)
    asked: dict[str, tuple[str, str, dict[str, str]]] = {
        "apply": (APPLY, "applyFix", {"jobId": job.id, "fixId": "encoding-cp1251"}),
        "retry": (RETRY, "retryJob", {"id": job.id}),
        "reread": (REREAD, "rereadDataset", {"versionId": job.dataset_version_id}),
    }
    document, field, given = asked[operation]
    payload = (await bob(document, input=given))[field]
    assert [each["code"] for each in payload["userErrors"]] == ["NOT_FOUND"]
    assert (await alice.store.mongo.datasets.get(job.dataset_id)).version_count == 1
    for_admin = (await admin(document, input=given))[field]
    codes = [each["code"] for each in for_admin["userErrors"]]
    assert codes == (["ILLEGAL_MOVE"] if operation == "retry" else [])  # the version is final


async def test_a_version_is_read_again_as_it_is_told(alice: Caller) -> None:
    job = await rejected(alice)
    given = {
        "versionId": job.dataset_version_id, "encoding": "Shift_JIS", "delimiter": ";",
        "format": "CSV", "columns": {"text": "t"}, "idempotencyKey": "k",
    }  # fmt: skip
    payload = (await alice(REREAD, input=given))["rereadDataset"]
    assert payload["userErrors"] == []
    assert payload["version"]["source"] == {"encoding": "cp932", "delimiter": ";", "format": "CSV"}
    assert payload["version"]["columns"] == {"text": "t"}
    assert payload["job"]["retryOf"] == {"id": job.id}
    assert (await alice(REREAD, input=given))["rereadDataset"] == payload


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"encoding": "klingon"}, ["input", "encoding"]),
        ({"delimiter": ""}, ["input", "delimiter"]),
        ({"delimiter": "ab"}, ["input", "delimiter"]),
    ],
)
async def test_a_choice_that_cannot_be_followed(
    alice: Caller, wrong: dict[str, str], path: list[str]
) -> None:
    job = await rejected(alice)
    given = {"versionId": job.dataset_version_id} | wrong
    payload = (await alice(REREAD, input=given))["rereadDataset"]
    assert [(each["code"], each["path"]) for each in payload["userErrors"]] == [
        ("BAD_USER_INPUT", path)
    ]
    assert (await alice.store.mongo.datasets.get(job.dataset_id)).version_count == 1


async def test_the_encoding_of_an_upload_may_be_told_at_once(alice: Caller) -> None:
    upload, _ = await alice.store.uploads.create(alice.id, "rows.csv", 0)
    given = {"name": "Russian", "uploadId": upload.id, "encoding": "klingon"}
    payload = (await alice(CREATE, input=given))["createDataset"]
    assert [(each["code"], each["path"]) for each in payload["userErrors"]] == [
        ("BAD_USER_INPUT", ["input", "encoding"])
    ]


async def test_the_spec_of_a_fix_comes_back_as_it_was(alice: Caller) -> None:
    version_id = await ready_version(alice)
    job = await alice.store.models.start_training(alice.id, version_id, EVERYTHING, "all")
    await failed(alice.store, job.id, "OUT_OF_MEMORY")
    fixes = (await alice(JOB, id=job.id))["job"]["diagnosis"]["fixes"]
    again = next(fix for fix in fixes if fix["id"] == "again")
    spec = as_variables(EVERYTHING)
    sent = await alice(again["mutation"], input={"id": job.id, "spec": spec})
    made = await alice.store.mongo.jobs.get(sent["retryJob"]["job"]["id"])
    assert made.spec == EVERYTHING
    assert made.status is JobStatus.QUEUED
