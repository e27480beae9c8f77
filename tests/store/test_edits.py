"""Edits as they are asked for: what is wrong with them is told at once, by the way to it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from store.clock import now
from store.datasets.datasets import Made, Row
from store.datasets.edits import MAX_LABEL
from store.diagnosis import diagnose
from store.errors import IllegalMove, InvalidValue, NotFound
from store.records.dataset import (
    Columns,
    DataKind,
    DatasetVersion,
    Lengths,
    Problem,
    Profile,
    Shard,
    SourceFile,
    VersionStatus,
)
from store.records.edit import RowEdit
from store.records.job import Failure, JobKind
from store.store import Store
from workers.pipeline.rows import MAX_LABEL as MAX_LABEL_OF_A_FILE

OWNER = "usr_owner"
PROFILE = Profile(
    rows=8, labelled_rows=0, labels=(), label_count=0, lengths=Lengths(), duplicate_rows=0,
    conflicting_rows=0, empty_rows=0,
)  # fmt: skip


async def read(store: Store, made: Made, rows: int = 8) -> DatasetVersion:
    """The version, as a worker would leave it; whoever read it is done."""
    job = await store.jobs.claim(made.job.id, "worker")
    version = await store.datasets.version_ready(
        made.version.id, source=made.version.source, columns=made.version.columns,
        shards=(Shard("key", rows, 100, "abc"),), profile=PROFILE, problems=(), problem_count=0,
        rejected_rows=0,
    )  # fmt: skip
    await store.jobs.succeed(job)
    return version


async def ready(store: Store) -> DatasetVersion:
    rows = [Row(str(number)) for number in range(8)]
    return await read(store, await store.datasets.create_from_rows(OWNER, "numbers", rows=rows))


@pytest.mark.parametrize(
    ("edits", "path"),
    [
        ([], ["edits"]),
        ([RowEdit(8, drop=True)], ["edits", "0", "row"]),
        ([RowEdit(-1, drop=True)], ["edits", "0", "row"]),
        ([RowEdit(1, label="x"), RowEdit(1, drop=True)], ["edits", "1", "row"]),
        ([RowEdit(1)], ["edits", "0"]),
        ([RowEdit(1, label="x", drop=True)], ["edits", "0", "drop"]),
        ([RowEdit(1, text="  ")], ["edits", "0", "text"]),
        ([RowEdit(1, label="x" * 257)], ["edits", "0", "label"]),
        ([RowEdit(n, drop=True) for n in range(10_001)], ["edits"]),
    ],
)
async def test_bad_edits_are_refused_by_name(
    store: Store, edits: list[RowEdit], path: list[str]
) -> None:
    base = await ready(store)
    with pytest.raises(InvalidValue) as refused:
        await store.datasets.edit(base.id, OWNER, edits=edits)
    assert refused.value.path == ["input", *path]
    assert (await store.mongo.datasets.get(base.dataset_id)).version_count == 1


async def test_an_edit_makes_a_version_that_a_job_reads(store: Store) -> None:
    base = await ready(store)
    made = await store.datasets.edit(base.id, OWNER, edits=[RowEdit(1, label="x")], note=" why ")
    assert (made.version.number, made.version.base_id) == (2, base.id)
    assert made.version.edits is not None
    assert (made.version.edits.note, made.version.edits.counts) == ("why", None)
    assert (made.job.kind, made.job.estimate) == (JobKind.INGEST, None)
    kept = await store.objects.get_bytes(made.version.source.object_key)
    assert kept == b'{"row":1,"label":"x","text":null,"drop":false}\n'
    asked = (base.id, OWNER)
    again = await store.datasets.edit(*asked, edits=[], version_id=made.version.id)
    assert again.version == made.version
    with pytest.raises(IllegalMove, match="version 2 is still being read"):
        await store.datasets.edit(*asked, edits=[RowEdit(2, label="x")])


async def test_a_version_in_the_trash_is_not_edited(store: Store) -> None:
    base = await ready(store)
    await store.trash.put(base.dataset_id, OWNER)
    with pytest.raises(NotFound):
        await store.datasets.edit(base.id, OWNER, edits=[RowEdit(1, label="x")])


def test_numbers_of_older_versions_are_their_places() -> None:
    shards = (Shard("a", 3, 1, ""), Shard("b", 2, 1, ""))
    spans = [(each.first_row, each.last_row) for each in _version(shards).numbered_shards]
    assert spans == [(0, 2), (3, 4)]
    assert _version(shards).next_row == 5
    spans = [(0, 9), (12, 13)]
    kept = tuple(
        replace(shard, first_row=first, last_row=last)
        for shard, (first, last) in zip(shards, spans, strict=True)
    )
    assert _version(kept).numbered_shards == kept
    assert replace(_version(kept), row_numbers=20).next_row == 20


def _version(shards: tuple[Shard, ...]) -> DatasetVersion:
    return DatasetVersion(
        "dsv_1", "ds_1", OWNER, 1, DataKind.TEXT, SourceFile("k", "f", 1, ""), Columns(), now(),
        status=VersionStatus.READY, shards=shards,
    )  # fmt: skip


def test_labels_are_as_long_as_in_a_file() -> None:
    assert MAX_LABEL == MAX_LABEL_OF_A_FILE


async def test_a_refused_list_is_not_to_be_read_again(store: Store) -> None:
    base = await ready(store)
    made = await store.datasets.edit(base.id, OWNER, edits=[RowEdit(1, label="x")])
    problem = Problem("UNKNOWN_ROW", "There is no row 1.", "Leave it out.", line=1)
    await store.datasets.version_rejected(made.version.id, (problem,), 1)
    job = await store.jobs.claim(made.job.id, "worker")
    failure = Failure("UNKNOWN_ROW", "There is no row 1.", retryable=False, stage="read")
    job = await store.jobs.fail(job, failure)
    found = diagnose(job, await store.mongo.dataset_versions.get(made.version.id))
    assert found is not None
    assert [each.line for each in found.rows] == [1]
    assert found.fixes == ()
    assert "nothing was changed" in found.cause
