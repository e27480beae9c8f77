"""Checks as they are asked for, and what becomes of their findings."""

from __future__ import annotations

import pytest

from store import ids
from store.clock import now
from store.datasets.datasets import Row
from store.diagnosis import diagnose
from store.errors import IllegalMove, InvalidValue, NotFound, NotTrainable
from store.records.dataset import DatasetVersion
from store.records.edit import RowEdit
from store.records.job import Failure, JobKind, JobStatus
from store.records.quality import (
    CheckSpec,
    Finding,
    FindingKind,
    FindingStatus,
    KindCount,
    Quality,
)
from store.records.training import EmbedderKind, EmbedderSpec, TrainingSpec
from store.store import Store
from tests.store.test_edits import OWNER, read, ready

JOB = "job_01JDXXXXXXXXXXXXXXXXXXXXXX"


def finding(version: DatasetVersion, kind: FindingKind, rank: int, *edits: RowEdit) -> Finding:
    return Finding(
        ids.ranked(ids.FINDING, JOB, list(FindingKind).index(kind), rank), version.owner_id,
        version.dataset_id, version.id, JOB, kind, rank, 0.5, "something", (), 1, edits, f"{rank}",
    )  # fmt: skip


async def reported(
    store: Store, *findings: tuple[FindingKind, tuple[RowEdit, ...]]
) -> tuple[DatasetVersion, list[Finding]]:
    """A version whose check found these."""
    version = await ready(store)
    made = [finding(version, kind, rank, *edits) for rank, (kind, edits) in enumerate(findings)]
    await store.mongo.findings.insert_many_ignoring_known(made)
    counts = tuple(KindCount(kind, 1, 1, 1) for kind in FindingKind)
    quality = Quality(JOB, now(), 0.9, None, counts)
    version = await store.mongo.dataset_versions.amend(version.id, lambda v: v.checked(quality))
    return version, made


def test_ids_sort_by_kind_and_rank() -> None:
    ranks = [(kind, rank) for kind in range(3) for rank in (0, 9, 10, 999)]
    made = [ids.ranked(ids.FINDING, JOB, kind, rank) for kind, rank in ranks]
    assert made == sorted(made)
    assert {ids.prefix_of(each) for each in made} == {ids.FINDING}


async def test_one_row_gets_one_edit_and_the_worse_finding_is_heard(store: Store) -> None:
    version, found = await reported(
        store,
        (FindingKind.LABEL_ERROR, (RowEdit(1, label="x"),)),
        (FindingKind.LABEL_ERROR, (RowEdit(2, label="y"),)),
        (FindingKind.CONFLICT, (RowEdit(2, label="z"), RowEdit(3, label="z"))),
        (FindingKind.OUTLIER, (RowEdit(1, drop=True),)),
        (FindingKind.OUTLIER, ()),
    )
    made = await store.checks.fix(version, finding_ids=[each.id for each in found])
    assert await store.objects.get_bytes(made.version.source.object_key) == (
        b'{"row":1,"label":null,"text":null,"drop":true}\n'
        b'{"row":2,"label":"y","text":null,"drop":false}\n'
        b'{"row":3,"label":"z","text":null,"drop":false}\n'
    )
    assert made.version.edits is not None
    assert made.version.edits.note == "4 findings mended: conflict, label error, outlier"
    after = await store.mongo.findings.all_by({}, 10)
    assert [each.status for each in after] == [*[FindingStatus.FIXED] * 4, FindingStatus.OPEN]
    again = await store.checks.fix(version, finding_ids=[found[0].id], version_id=made.version.id)
    assert again.version.id == made.version.id


async def test_what_cannot_be_mended_is_told(store: Store) -> None:
    version, [no_edit, mended, dismissed] = await reported(
        store,
        (FindingKind.OUTLIER, ()),
        (FindingKind.OUTLIER, (RowEdit(1, drop=True),)),
        (FindingKind.OUTLIER, (RowEdit(2, drop=True),)),
    )
    await store.checks.dismiss([dismissed])
    for asked in (no_edit, dismissed):
        with pytest.raises(InvalidValue, match="no open finding"):
            await store.checks.fix(version, finding_ids=[asked.id])
    with pytest.raises(InvalidValue, match="no open finding"):
        await store.checks.fix(version, kind=FindingKind.CONFLICT)
    with pytest.raises(InvalidValue, match="first must be"):
        await store.checks.fix(version, kind=FindingKind.OUTLIER, first=0)
    made = await store.checks.fix(version, kind=FindingKind.OUTLIER)
    [fixed] = await store.mongo.findings.all_by({"status": "FIXED"}, 10)
    assert (fixed.id, fixed.fixed_in) == (mended.id, made.version.id)
    with pytest.raises(IllegalMove, match="is fixed in"):
        await store.checks.reopen([fixed])
    await store.checks.dismiss([fixed])
    assert (await store.mongo.findings.get(fixed.id)).status is FindingStatus.FIXED


async def test_findings_are_open_again_when_their_version_is_rejected(store: Store) -> None:
    base = await ready(store)
    made = await store.datasets.edit(base.id, OWNER, edits=[RowEdit(1, label="x")])
    kept = finding(base, FindingKind.OUTLIER, 0)
    await store.mongo.findings.insert(kept.fixed(made.version.id))
    await store.datasets.version_rejected(made.version.id, (), 0)
    found = await store.mongo.findings.get(kept.id)
    assert (found.status, found.fixed_in) == (FindingStatus.OPEN, None)


async def test_a_version_that_was_not_checked_has_nothing_to_mend(store: Store) -> None:
    with pytest.raises(IllegalMove, match="was not checked"):
        await store.checks.fix(await ready(store), kind=FindingKind.OUTLIER)


async def test_one_check_at_a_time(store: Store) -> None:
    version = await ready(store)
    job = await store.checks.start(version.id, CheckSpec())
    assert (job.kind, job.spec.embedder) == (JobKind.CHECK, EmbedderSpec())
    with pytest.raises(IllegalMove, match=job.id):
        await store.checks.start(version.id, CheckSpec())
    assert (await store.checks.start(version.id, CheckSpec(), job_id=job.id)).id == job.id
    await store.jobs.request_cancel(job.id)
    retried = await store.mending.retry(job.id)
    assert (retried.check, retried.retry_of, retried.status) == (
        CheckSpec(), job.id, JobStatus.QUEUED,
    )  # fmt: skip


async def test_bad_checks_are_refused(store: Store) -> None:
    version = await ready(store)
    with pytest.raises(InvalidValue, match="nearCosine"):
        await store.checks.start(version.id, CheckSpec(near_cosine=0.2))
    with pytest.raises(InvalidValue, match="at least one kind"):
        await store.checks.start(version.id, CheckSpec(()))
    with pytest.raises(NotTrainable, match="needs the embedder"):
        await store.checks.start(version.id, CheckSpec(), EmbedderSpec(EmbedderKind.KMER))
    with pytest.raises(NotFound):
        await store.checks.start("dsv_none", CheckSpec())
    unread = await store.datasets.append_rows(version.dataset_id, rows=[Row("one more")])
    with pytest.raises(NotTrainable, match="UPLOADED"):
        await store.checks.start(unread.version.id, CheckSpec())
    assert await store.mongo.jobs.count({"kind": "CHECK"}) == 0


async def test_the_last_training_says_which_embedder(store: Store) -> None:
    rows = [Row(str(number), "ab"[number % 2]) for number in range(20)]
    made = await store.datasets.create_from_rows(OWNER, "twenty", rows=rows)
    version = await read(store, made, rows=20)
    spec = TrainingSpec(embedder=EmbedderSpec(EmbedderKind.TFIDF, dimensions=16))
    job = await store.models.start_training(OWNER, version.id, spec, "small")
    await store.jobs.succeed(await store.jobs.claim(job.id, "worker"))
    check = await store.checks.start(version.id, CheckSpec())
    assert check.spec.embedder == spec.embedder


async def test_a_check_is_not_told_to_run_with_another_spec(store: Store) -> None:
    version = await ready(store)
    job = await store.checks.start(version.id, CheckSpec())
    failure = Failure("MODEL_NOT_FOUND", "It is not here.", retryable=False, stage="embed")
    job = await store.jobs.fail(await store.jobs.claim(job.id, "worker"), failure)
    found = diagnose(job, version)
    assert found is not None
    assert [fix.id for fix in found.fixes] == ["again"]
