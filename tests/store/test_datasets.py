"""Data sets grow by immutable versions, each read by one job."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest

from store.clock import now
from store.datasets.datasets import Made
from store.datasets.drafts import kind_of
from store.datasets.inline_rows import Row
from store.errors import BadUpload, Conflict, IllegalMove, InvalidValue, NotFound
from store.events import Feed
from store.records.dataset import (
    Columns,
    DataFormat,
    DataKind,
    DatasetVersion,
    Lengths,
    Problem,
    Profile,
    Reading,
    Shard,
    VersionStatus,
)
from store.records.event import EventKind
from store.records.job import JobKind, JobStatus
from store.store import Store
from tests.store.sending import send

OWNER = "usr_owner"
ROWS = [Row("hello", "greeting"), Row("bye", "farewell")]
DATA = b">seq1\nACGT\n"


async def uploaded(store: Store, data: bytes = DATA, filename: str = "genes.fna.gz") -> str:
    upload, ticket = await store.uploads.create(OWNER, filename, len(data))
    await send(store.objects, ticket.parts[0], data)
    return upload.id


async def made(store: Store, name: str = "Greetings") -> Made:
    return await store.datasets.create_from_rows(OWNER, name, rows=ROWS)


def found(version: DatasetVersion, rows: int = 2) -> dict[str, Any]:
    """What ingest tells of a version that it could read."""
    profile = Profile(
        rows=rows, labelled_rows=rows, labels=(), label_count=0, lengths=Lengths(),
        duplicate_rows=0, conflicting_rows=0, empty_rows=0,
    )  # fmt: skip
    return {
        "source": replace(version.source, encoding="utf-8"), "columns": version.columns,
        "shards": (Shard("key", rows, 100, "abc"),), "profile": profile, "problems": (),
        "problem_count": 0, "rejected_rows": 0,
    }  # fmt: skip


async def kinds(store: Store, subject_id: str) -> list[EventKind]:
    return [event.kind for event in (await store.events.page(Feed.of(subject_id), None, 50)).events]


async def count_all(store: Store) -> tuple[int, ...]:
    mongo = store.mongo
    collections = (mongo.datasets, mongo.dataset_versions, mongo.jobs)
    return tuple([await collection.count({}) for collection in collections])


# -- new ------------------------------------------------------------------------------------------


async def test_rows_become_a_data_set_and_a_job_that_reads_it(store: Store) -> None:
    dataset, version, job = await store.datasets.create_from_rows(
        OWNER, "  Greetings ", rows=ROWS, description="short", metadata={"from": "test", "a.b": "$"}
    )
    assert (dataset.name, dataset.kind, dataset.version_count) == ("Greetings", DataKind.TEXT, 1)
    assert (version.number, version.status) == (1, VersionStatus.UPLOADED)
    assert version.columns == Columns(text="text", label="label", split=None)
    data = b'{"text":"hello","label":"greeting","split":null}\n' \
        b'{"text":"bye","label":"farewell","split":null}\n'  # fmt: skip
    assert await store.objects.get_bytes(version.source.object_key) == data
    assert version.source.format is DataFormat.JSONL
    assert (version.source.bytes, version.source.sha256) == (len(data), sha256(data).hexdigest())
    assert (job.kind, job.status, job.id) == (JobKind.INGEST, JobStatus.QUEUED, version.job_id)
    assert (job.dataset_id, job.dataset_version_id) == (dataset.id, version.id)
    assert await store.mongo.datasets.get(dataset.id) == dataset
    assert await store.mongo.dataset_versions.get(version.id) == version
    assert await store.mongo.jobs.get(job.id) == job
    assert await kinds(store, dataset.id) == [EventKind.DATASET_CREATED, EventKind.VERSION_CREATED]


async def test_an_open_upload_is_completed_on_the_way(store: Store) -> None:
    upload_id = await uploaded(store)
    dataset, version, _ = await store.datasets.create_from_upload(
        OWNER, "Genes", upload_id=upload_id, columns=Columns(label="genus")
    )
    assert dataset.kind is version.kind is DataKind.SEQUENCE
    assert version.columns == Columns(label="genus")
    assert version.source.filename == "genes.fna.gz"
    assert version.source.sha256 == sha256(DATA).hexdigest()
    assert await store.objects.get_bytes(version.source.object_key) == DATA


async def test_two_data_sets_may_share_an_upload(store: Store) -> None:
    upload_id = await uploaded(store)
    first = await store.datasets.create_from_upload(OWNER, "A", upload_id=upload_id)
    second = await store.datasets.create_from_upload(
        OWNER, "B", upload_id=upload_id, kind=DataKind.TEXT, reading=Reading(DataFormat.TEXT)
    )
    assert first.version.source.object_key == second.version.source.object_key
    assert second.dataset.kind is DataKind.TEXT


@pytest.mark.parametrize(
    ("filename", "format", "kind"),
    [
        ("a.csv", None, DataKind.TEXT),
        ("A.FASTA", None, DataKind.SEQUENCE),
        ("reads.fastq.gz", None, DataKind.SEQUENCE),
        ("notes.txt", DataFormat.FASTA, DataKind.SEQUENCE),
        ("genes.fa", DataFormat.CSV, DataKind.TEXT),
        ("fa", None, DataKind.TEXT),
    ],
)
def test_the_kind_follows_the_format_or_the_ending(
    filename: str, format: DataFormat | None, kind: DataKind
) -> None:
    assert kind_of(filename, format) is kind


async def test_a_foreign_or_unfinished_upload_makes_no_data_set(store: Store) -> None:
    foreign, _ = await store.uploads.create("usr_other", "a.csv", 3)
    empty, _ = await store.uploads.create(OWNER, "a.csv", 3)
    with pytest.raises(NotFound):
        await store.datasets.create_from_upload(OWNER, "A", upload_id=foreign.id)
    with pytest.raises(BadUpload):
        await store.datasets.create_from_upload(OWNER, "A", upload_id=empty.id)
    assert await count_all(store) == (0, 0, 0)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": "   "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "a\tb"}, "name"),
        ({"description": "x" * 5_001}, "description"),
        ({"metadata": {"k": "x" * 1_001}}, "metadata"),
        ({"metadata": {"": "x"}}, "metadata"),
        ({"metadata": {f"k{n}": "" for n in range(51)}}, "metadata"),
        ({"rows": []}, "rows"),
        ({"rows": [Row("x" * 2**20)]}, "rows"),
    ],
)
async def test_bad_values_are_named_and_nothing_is_made(
    store: Store, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidValue) as caught:
        await store.datasets.create_from_rows(
            **{"owner_id": OWNER, "name": "A", "rows": ROWS} | values
        )
    assert caught.value.path == ["input", field]
    assert await count_all(store) == (0, 0, 0)
    assert await store.objects.list("") == ()


# -- more -----------------------------------------------------------------------------------------


async def test_appended_rows_make_the_next_version_over_the_last(store: Store) -> None:
    dataset, first, _ = await made(store)
    await store.datasets.version_ready(first.id, **found(first))
    changed, second, job = await store.datasets.append_rows(
        dataset.id, rows=[Row("hi", split="test")]
    )
    assert (second.number, second.base_id, second.dataset_id) == (2, first.id, dataset.id)
    assert second.columns == Columns(text="text", label=None, split="split")
    assert changed.version_count == 2
    assert job.dataset_version_id == second.id
    assert (await store.mongo.dataset_versions.get(first.id)).number == 1
    await store.datasets.version_ready(second.id, **found(second, rows=3))
    upload_id = await uploaded(store, b"text\nhi\n", "more.csv")
    third = await store.datasets.append_upload(dataset.id, OWNER, upload_id=upload_id)
    assert (third.version.number, third.version.base_id) == (3, second.id)


async def test_nothing_is_appended_while_a_version_is_read(store: Store) -> None:
    dataset, _, _ = await made(store)
    with pytest.raises(IllegalMove, match="version 1 is still being read"):
        await store.datasets.append_rows(dataset.id, rows=ROWS)
    assert await count_all(store) == (1, 1, 1)


async def test_a_rejected_version_is_passed_over(store: Store) -> None:
    dataset, first, _ = await made(store)
    await store.datasets.version_ready(first.id, **found(first))
    _, second, _ = await store.datasets.append_rows(dataset.id, rows=ROWS)
    await store.datasets.version_rejected(second.id, (), 0)
    _, third, _ = await store.datasets.append_rows(dataset.id, rows=ROWS)
    assert (third.number, third.base_id) == (3, first.id)


async def test_a_version_whose_job_ended_without_a_word_is_passed_over(store: Store) -> None:
    dataset, _, job = await made(store)
    await store.jobs.request_cancel(job.id)
    _, second, _ = await store.datasets.append_rows(dataset.id, rows=ROWS)
    assert (second.number, second.base_id) == (2, None)


async def test_a_version_whose_maker_died_before_its_job_is_read_still(store: Store) -> None:
    dataset, first, _ = await made(store)
    await store.datasets.version_ready(first.id, **found(first))
    orphan = replace(first, id="dsv_orphan", number=2, job_id="job_orphan")
    await store.mongo.dataset_versions.insert(orphan)
    await store.mongo.datasets.amend(dataset.id, lambda known: known.versioned(2, now()))
    with pytest.raises(IllegalMove, match="version 2 is still being read"):
        await store.datasets.append_rows(dataset.id, rows=ROWS)
    assert (await store.mongo.jobs.get("job_orphan")).dataset_version_id == "dsv_orphan"


async def test_of_concurrent_appends_one_wins_and_none_is_lost(store: Store) -> None:
    dataset, first, _ = await made(store)
    await store.datasets.version_ready(first.id, **found(first))
    results = await asyncio.gather(
        *(store.datasets.append_rows(dataset.id, rows=[Row(f"row {n}")]) for n in range(5)),
        return_exceptions=True,
    )
    won = [result for result in results if isinstance(result, Made)]
    lost = [result for result in results if isinstance(result, (Conflict, IllegalMove))]
    assert (len(won), len(lost)) == (1, 4)
    assert won[0].version.base_id == first.id
    assert (await store.mongo.datasets.get(dataset.id)).version_count == 2
    assert await store.mongo.dataset_versions.count({"dataset_id": dataset.id}) == 2


async def test_a_count_left_behind_by_a_dead_writer_is_mended(store: Store) -> None:
    dataset, first, _ = await made(store)
    await store.datasets.version_ready(first.id, **found(first))
    orphan = replace(first, id="dsv_orphan", number=2, status=VersionStatus.REJECTED)
    await store.mongo.dataset_versions.insert(orphan)
    with pytest.raises(Conflict):
        await store.datasets.append_rows(dataset.id, rows=ROWS)
    assert (await store.mongo.datasets.get(dataset.id)).version_count == 2
    assert (await store.datasets.append_rows(dataset.id, rows=ROWS)).version.number == 3


async def test_appending_to_nothing_is_refused(store: Store) -> None:
    with pytest.raises(NotFound):
        await store.datasets.append_rows("ds_none", rows=ROWS)
    with pytest.raises(NotFound):
        await store.datasets.append_upload("ds_none", OWNER, upload_id=await uploaded(store))
    assert await count_all(store) == (0, 0, 0)


async def test_a_name_changes_for_who_saw_the_last_one(store: Store) -> None:
    dataset, _, _ = await made(store)
    renamed = await store.datasets.rename(dataset.id, "Hello", "new", expected_revision=0)
    assert (renamed.name, renamed.description, renamed.revision) == ("Hello", "new", 1)
    with pytest.raises(Conflict):
        await store.datasets.rename(dataset.id, "Late", "", expected_revision=0)
    with pytest.raises(InvalidValue):
        await store.datasets.rename(dataset.id, "", "")
    assert await store.mongo.datasets.get(dataset.id) == renamed
    assert (await kinds(store, dataset.id))[-1] is EventKind.DATASET_CHANGED


# -- ingest ---------------------------------------------------------------------------------------


async def test_a_version_is_ready_once(store: Store) -> None:
    dataset, version, _ = await made(store)
    ready = await store.datasets.version_ready(version.id, **found(version))
    assert (ready.status, ready.rows, ready.source.encoding) == (VersionStatus.READY, 2, "utf-8")
    again = await store.datasets.version_ready(version.id, **found(version, rows=99))
    assert again == ready == await store.mongo.dataset_versions.get(version.id)
    with pytest.raises(IllegalMove):
        await store.datasets.version_rejected(version.id, (), 0)
    page = await store.events.page(Feed.of(dataset.id), None, 10)
    assert page.events[-1].kind is EventKind.VERSION_READY
    assert page.events[-1].related == {"dataset_version": version.id}
    assert page.events[-1].message == "version 1 has 2 rows"


async def test_a_version_is_rejected_with_its_problems(store: Store) -> None:
    dataset, version, _ = await made(store)
    problem = Problem("EMPTY_FILE", "the file is empty", "send one with rows", line=1)
    rejected = await store.datasets.version_rejected(version.id, (problem,), 7)
    assert (rejected.status, rejected.problems) == (VersionStatus.REJECTED, (problem,))
    assert rejected.problem_count == 7
    assert rejected.ended_at is not None
    assert rejected.ended_at <= now()
    assert await store.datasets.version_rejected(version.id, (), 0) == rejected
    with pytest.raises(IllegalMove):
        await store.datasets.version_ready(version.id, **found(version))
    event = (await store.events.page(Feed.of(dataset.id), None, 10)).events[-1]
    assert event.message == "version 1 was rejected: the file is empty"
