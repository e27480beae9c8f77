"""Checks of a version's rows from the request to findings that mend it."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import pairwise

import pytest

from store.datasets.datasets import Row
from store.errors import InvalidValue
from store.records.dataset import DatasetVersion, VersionStatus
from store.records.edit import RowEdit
from store.records.job import JobStatus
from store.records.quality import CheckSpec, Finding, FindingKind, FindingStatus
from store.records.training import EmbedderKind, EmbedderSpec
from store.store import Store
from tests.workers.conftest import OWNER, TOPICS
from workers.pipeline_worker import PipelineWorker

FAST = EmbedderSpec(EmbedderKind.TFIDF, dimensions=32)
FLIPPED = 50


def sentences(rows: int, seed: int = 3) -> list[Row]:
    """Distinct sentences of four topics."""
    chance = random.Random(seed)
    found = []
    for number in range(rows):
        label = list(TOPICS)[number % len(TOPICS)]
        words = chance.choices(TOPICS[label], k=7)
        found.append(Row(f"{' '.join(words)} {number}", label))
    return found


async def read(store: Store, worker: PipelineWorker, rows: list[Row]) -> DatasetVersion:
    made = await store.datasets.create_from_rows(OWNER, "small", rows=rows)
    await worker.run_job({}, made.job.id)
    return await store.mongo.dataset_versions.get(made.version.id)


async def checked(
    store: Store, worker: PipelineWorker, version: DatasetVersion, *kinds: FindingKind
) -> DatasetVersion:
    spec = CheckSpec(kinds or tuple(FindingKind))
    job = await store.checks.start(version.id, spec, FAST)
    await worker.run_job({}, job.id)
    ended = await store.mongo.jobs.get(job.id)
    assert ended.status is JobStatus.SUCCEEDED, ended.failure
    return await store.mongo.dataset_versions.get(version.id)


async def findings(store: Store, version: DatasetVersion, kind: FindingKind) -> list[Finding]:
    """Of the report that is shown, in their order."""
    assert version.quality is not None
    where = {"job_id": version.quality.job_id, "kind": kind.value}
    return await store.mongo.findings.all_by(where, 2_000)


async def test_flipped_labels_are_found_and_mended(store: Store, worker: PipelineWorker) -> None:
    rows = sentences(1_000)
    right = [row.label for row in rows]
    flipped = random.Random(5).sample(range(1_000), FLIPPED)
    for place in flipped:
        others = [label for label in TOPICS if label != right[place]]
        rows[place] = replace(rows[place], label=random.Random(place).choice(others))
    version = await checked(store, worker, await read(store, worker, rows), FindingKind.LABEL_ERROR)

    found = await findings(store, version, FindingKind.LABEL_ERROR)
    suspected = {finding.evidence[0].row for finding in found}
    assert len(suspected & set(flipped)) >= 0.9 * FLIPPED
    assert len(suspected - set(flipped)) <= 0.1 * FLIPPED
    assert [finding.rank for finding in found] == list(range(len(found)))
    assert all(a.score >= b.score for a, b in pairwise(found))
    for finding in found:
        subject, *beside = finding.evidence
        [edit] = finding.edits
        assert subject.is_subject and not any(each.is_subject for each in beside)
        assert {each.label for each in beside} == {edit.label} != {subject.label}
    assert version.quality is not None
    assert version.quality.label_noise == pytest.approx(FLIPPED / 1_000, abs=0.01)

    made = await store.checks.fix(version, kind=FindingKind.LABEL_ERROR, first=1_000)
    await worker.run_job({}, made.job.id)
    mended = await store.mongo.dataset_versions.get(made.version.id)
    assert mended.edits is not None and mended.edits.counts is not None
    assert mended.edits.counts.relabelled == len(found)
    [first] = await store.mongo.findings.all_by({"_id": found[0].id}, 1)
    assert (first.status, first.fixed_in) == (FindingStatus.FIXED, mended.id)
    with pytest.raises(InvalidValue, match="no open finding"):
        await store.checks.fix(version, kind=FindingKind.LABEL_ERROR)


def untidy() -> list[Row]:
    """Sentences with one fault of each kind that is not about single labels."""
    rows = [replace(row, split="train") for row in sentences(120)]
    rows += [
        Row("the oven and the recipe for a stew", "kitchen", "train"),  # 120
        Row("The oven, and the recipe: for a stew!", "kitchen", "train"),
        Row("the OVEN and the recipe for a stew.", "kitchen", "test"),
        Row("an airport without a ticket or a map", "travel", "train"),  # 123
        Row("an airport without a ticket or a map", "travel", "train"),
        Row("an airport without a ticket or a map", "weather", "train"),
        Row("?", "weather", "train"),  # 126
    ]
    return rows


async def test_every_kind_of_fault_is_found(store: Store, worker: PipelineWorker) -> None:
    version = await checked(store, worker, await read(store, worker, untidy()))
    found = {kind: await findings(store, version, kind) for kind in FindingKind}

    [conflict] = found[FindingKind.CONFLICT]
    assert [each.row for each in conflict.evidence] == [123, 124, 125]
    assert conflict.edits == (RowEdit(125, label="travel"),)
    duplicates = {
        tuple(each.row for each in finding.evidence): finding.edits
        for finding in found[FindingKind.NEAR_DUPLICATE]
    }
    assert duplicates[120, 121, 122] == (RowEdit(121, drop=True),)
    assert duplicates[123, 124, 125] == (RowEdit(124, drop=True),)
    [leak] = found[FindingKind.LEAKAGE]
    assert [(each.row, each.split) for each in leak.evidence] == [
        (120, "train"), (121, "train"), (122, "test"),
    ]  # fmt: skip
    assert leak.edits == (RowEdit(120, drop=True), RowEdit(121, drop=True))
    [short] = found[FindingKind.TOO_SHORT]
    assert (short.evidence[0].row, short.score) == (126, 1.0)
    assert found[FindingKind.OUTLIER][0].evidence[0].row == 126

    assert version.quality is not None
    assert {each.kind: each.found for each in version.quality.counts} == {
        kind: len(each) for kind, each in found.items()
    }
    assert 0.8 < version.quality.score < 1


async def test_a_newer_version_is_mended_by_the_findings_of_an_older_one(
    store: Store, worker: PipelineWorker
) -> None:
    version = await checked(store, worker, await read(store, worker, untidy()))
    [leak] = await findings(store, version, FindingKind.LEAKAGE)
    made = await store.checks.fix(version, finding_ids=[leak.id])
    await worker.run_job({}, made.job.id)
    [conflict] = await findings(store, version, FindingKind.CONFLICT)
    duplicates = await findings(store, version, FindingKind.NEAR_DUPLICATE)
    ids = [conflict.id, *(finding.id for finding in duplicates)]
    again = await store.checks.fix(version, finding_ids=ids)
    await worker.run_job({}, again.job.id)
    last = await store.mongo.dataset_versions.get(again.version.id)
    assert last.status is VersionStatus.READY
    assert last.base_id == made.version.id
    assert last.edits is not None and last.edits.counts is not None
    assert (last.edits.counts.relabelled, last.edits.counts.missing) == (1, 1)
    assert last.rows == 127 - 2 - 1


async def test_a_dismissed_finding_stays_dismissed(store: Store, worker: PipelineWorker) -> None:
    version = await read(store, worker, untidy())
    version = await checked(store, worker, version, FindingKind.CONFLICT)
    await store.checks.dismiss(await findings(store, version, FindingKind.CONFLICT))
    again = await checked(store, worker, version, FindingKind.CONFLICT)
    [found] = await findings(store, again, FindingKind.CONFLICT)
    assert found.status is FindingStatus.DISMISSED
    assert await store.mongo.findings.count({}) == 1  # those of the first check are gone
    await store.checks.reopen([found])
    assert (await store.mongo.findings.get(found.id)).status is FindingStatus.OPEN


async def test_an_attempt_that_died_leaves_one_report(
    store: Store, worker: PipelineWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = await read(store, worker, untidy())
    job = await store.checks.start(version.id, CheckSpec(), FAST)
    held = await store.jobs.claim(job.id, "one that dies")
    stray = Finding(
        "fnd_x", OWNER, version.dataset_id, version.id, job.id, FindingKind.OUTLIER, 0, 1.0, "half",
        (), 1, (), "mark",
    )  # fmt: skip
    await store.checks.keep(held, [stray])
    assert (await store.mongo.dataset_versions.get(version.id)).quality is None
    await store.jobs.requeue(held, None)
    await worker.run_job({}, job.id)
    done = await store.mongo.jobs.get(job.id)
    assert (done.status, done.attempt) == (JobStatus.SUCCEEDED, 2)
    after = await store.mongo.dataset_versions.get(version.id)
    assert after.quality is not None
    assert await store.mongo.findings.count({}) == sum(each.kept for each in after.quality.counts)
    assert await store.mongo.findings.find("fnd_x") is None


async def test_a_purge_leaves_no_finding(store: Store, worker: PipelineWorker) -> None:
    version = await checked(store, worker, await read(store, worker, untidy()))
    edited = await store.checks.fix(version, kind=FindingKind.LEAKAGE)
    await worker.run_job({}, edited.job.id)
    assert await store.mongo.findings.count({}) > 0
    await store.trash.put(version.dataset_id, OWNER)
    job = await store.trash.purge(version.dataset_id)
    await worker.run_job({}, job.id)
    assert (await store.mongo.jobs.get(job.id)).status is JobStatus.SUCCEEDED
    assert await store.mongo.findings.count({}) == 0
    assert await store.objects.list("datasets/") == ()


async def test_a_version_without_labels_is_checked_for_the_rest(
    store: Store, worker: PipelineWorker
) -> None:
    rows = [Row(row.text) for row in sentences(60)] + [Row("rain again"), Row("Rain, again!")]
    version = await checked(store, worker, await read(store, worker, rows))
    assert version.quality is not None and version.quality.label_noise is None
    [pair] = await findings(store, version, FindingKind.NEAR_DUPLICATE)
    assert [each.row for each in pair.evidence] == [60, 61]
