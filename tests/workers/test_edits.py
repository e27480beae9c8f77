"""Edits of rows up to the next version: shards are shared, numbers kept, rows compared."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest

from store.datasets.datasets import Made, Row
from store.errors import IllegalMove
from store.records.dataset import DataKind, DatasetVersion, Reading, VersionStatus
from store.records.edit import EditCounts, RowEdit
from store.records.job import JobStatus
from store.records.rows import ChangeCounts, ChangeKind, RowFilter, VersionRow
from store.store import Store
from tests.store.sending import send
from tests.workers.conftest import FAST, OWNER, ingested
from workers.inference_worker import InferenceWorker
from workers.pipeline_worker import PipelineWorker

TEXTS = ["zero", "one", "two", "three", "four", "five", "six", "seven"]
ODD = "odd"


@pytest.fixture
async def reader(store: Store) -> AsyncIterator[None]:
    """An inference worker, which reads rows."""
    serving = asyncio.create_task(InferenceWorker(store).serve())
    yield
    serving.cancel()
    await asyncio.wait({serving})


async def done(store: Store, worker: PipelineWorker, made: Made) -> DatasetVersion:
    await worker.run_job({}, made.job.id)
    return await store.mongo.dataset_versions.get(made.version.id)


async def numbers(store: Store, worker: PipelineWorker) -> DatasetVersion:
    """Eight rows in one shard."""
    rows = [Row(text, ODD if place % 2 else "even") for place, text in enumerate(TEXTS)]
    return await done(
        store, worker, await store.datasets.create_from_rows(OWNER, "numbers", rows=rows)
    )


async def edited(
    store: Store, worker: PipelineWorker, base: DatasetVersion, *edits: RowEdit
) -> DatasetVersion:
    made = await store.datasets.edit(base.id, OWNER, edits=edits, note="by hand")
    return await done(store, worker, made)


async def more(
    store: Store, worker: PipelineWorker, dataset_id: str, texts: Sequence[str]
) -> DatasetVersion:
    rows = [Row(text, "more") for text in texts]
    return await done(store, worker, await store.datasets.append_rows(dataset_id, rows=rows))


async def listed(store: Store, version: DatasetVersion, **wanted: object) -> list[VersionRow]:
    page = await store.rows.page(version, RowFilter(**wanted), first=100)  # type: ignore[arg-type]
    assert not page.has_next
    return list(page.rows)


async def test_rows_are_relabelled_reworded_and_dropped(
    store: Store, worker: PipelineWorker, reader: None
) -> None:
    base = await numbers(store, worker)
    edits = [RowEdit(1, label="unit"), RowEdit(2, text=" a pair "), RowEdit(7, drop=True)]
    edits += [RowEdit(3, label=ODD), RowEdit(4, label="")]
    told = await store.rows.edited(base, edits)
    made = await edited(store, worker, base, *edits)

    assert made.status is VersionStatus.READY
    assert (made.base_id, made.rows, made.next_row) == (base.id, 7, 8)
    assert made.edits is not None
    assert (made.edits.note, made.edits.counts) == ("by hand", EditCounts(2, 1, 1, 1, 0))
    assert told == made.edits.counts
    assert made.columns == base.columns
    assert made.profile is not None
    assert (made.profile.rows, made.profile.labelled_rows) == (7, 6)
    rows = await listed(store, made)
    assert [(row.row, row.text, row.label) for row in rows] == [
        (0, "zero", "even"), (1, "one", "unit"), (2, "a pair", "even"), (3, "three", ODD),
        (4, "four", None), (5, "five", ODD), (6, "six", "even"),
    ]  # fmt: skip
    assert [row.text for row in await listed(store, base)] == TEXTS


async def test_appended_rows_get_numbers_above_all_before(
    store: Store, worker: PipelineWorker, reader: None
) -> None:
    base = await numbers(store, worker)
    shorter = await edited(store, worker, base, RowEdit(0, drop=True), RowEdit(7, drop=True))
    longer = await more(store, worker, base.dataset_id, ["eight", "nine"])
    assert [row.row for row in await listed(store, longer)] == [1, 2, 3, 4, 5, 6, 8, 9]
    assert longer.next_row == 10
    assert longer.shards[0].object_key == shorter.shards[0].object_key
    last = await edited(store, worker, longer, RowEdit(9, label="nine"), RowEdit(1, drop=True))
    assert [row.row for row in await listed(store, last)] == [2, 3, 4, 5, 6, 8, 9]
    assert [row.row for row in await listed(store, last, label="nine")] == [9]


async def test_only_shards_with_an_edited_row_are_written(
    store: Store, worker: PipelineWorker, reader: None
) -> None:
    base = await numbers(store, worker)
    await more(store, worker, base.dataset_id, ["eight", "nine"])
    grown = await more(store, worker, base.dataset_id, ["ten"])
    made = await edited(store, worker, grown, RowEdit(8, label="x"), RowEdit(10, drop=True))
    keys = [shard.object_key for shard in made.shards]
    assert len(keys) == 2  # the last one's only row is gone
    assert keys[0] == grown.shards[0].object_key
    assert keys[1] != grown.shards[1].object_key
    assert [(shard.first_row, shard.last_row) for shard in made.shards] == [(0, 7), (8, 9)]


async def test_versions_are_compared_over_several_steps(
    store: Store, worker: PipelineWorker, reader: None
) -> None:
    base = await numbers(store, worker)
    await edited(store, worker, base, RowEdit(1, label="x"), RowEdit(2, drop=True))
    await more(store, worker, base.dataset_id, ["eight"])
    version = (
        await store.mongo.dataset_versions.page({"dataset_id": base.dataset_id}, first=1)
    ).items[0]
    last = await edited(store, worker, version, RowEdit(1, label="y"), RowEdit(3, text="3"))

    page = await store.rows.changes(last, base, first=3)
    assert page.counts == ChangeCounts(4, added=1, dropped=1, relabelled=1, reworded=1)
    assert page.has_next
    assert [(each.row, each.kinds) for each in page.changes] == [
        (1, (ChangeKind.RELABELLED,)), (2, (ChangeKind.DROPPED,)), (3, (ChangeKind.REWORDED,)),
    ]  # fmt: skip
    relabelled, dropped, _ = page.changes
    assert (relabelled.before and relabelled.before.label) == ODD
    assert (relabelled.after and relabelled.after.label) == "y"
    assert dropped.after is None and dropped.before is not None
    rest = await store.rows.changes(last, base, first=3, after=3)
    assert [(each.row, each.kinds, each.before) for each in rest.changes] == [
        (8, (ChangeKind.ADDED,), None)
    ]
    back = await store.rows.changes(base, last, ChangeKind.DROPPED, first=3)
    assert [each.row for each in back.changes] == [8]


async def test_rows_are_found_by_label_text_and_number(
    store: Store, worker: PipelineWorker, reader: None
) -> None:
    version = await numbers(store, worker)
    assert [row.row for row in await listed(store, version, contains="E")] == [0, 1, 3, 5, 7]
    assert [row.row for row in await listed(store, version, label=ODD, contains="E")] == [
        1,
        3,
        5,
        7,
    ]
    assert [row.text for row in await listed(store, version, numbers=(7, 2, 99))] == [
        "two",
        "seven",
    ]
    assert await store.rows.count(version, RowFilter(label=ODD)) == 4
    page = await store.rows.page(version, RowFilter(label=ODD), first=2, after=1)
    assert ([row.row for row in page.rows], page.has_next) == ([3, 5], True)


async def test_a_row_that_is_gone_rejects_the_version(store: Store, worker: PipelineWorker) -> None:
    base = await edited(store, worker, await numbers(store, worker), RowEdit(3, drop=True))
    made = await edited(store, worker, base, RowEdit(3, label="x"), RowEdit(5, label="y"))
    assert made.status is VersionStatus.REJECTED
    assert [(each.code, each.value) for each in made.problems] == [("UNKNOWN_ROW", "3")]
    lenient = await store.datasets.edit(
        base.id, OWNER, edits=[RowEdit(3, label="x"), RowEdit(5, label="y")], is_lenient=True
    )
    passed = await done(store, worker, lenient)
    assert passed.edits is not None
    assert passed.edits.counts == EditCounts(relabelled=1, missing=1)


async def test_only_the_newest_version_is_edited(store: Store, worker: PipelineWorker) -> None:
    base = await numbers(store, worker)
    newer = await edited(store, worker, base, RowEdit(3, drop=True))
    with pytest.raises(IllegalMove, match="version 1 is not the newest"):
        await store.datasets.edit(base.id, OWNER, edits=[RowEdit(1, label="x")])
    with pytest.raises(IllegalMove, match="made by edits"):
        await store.datasets.reread(newer.id, Reading())


async def test_sequences_are_checked_against_their_alphabet(
    store: Store, worker: PipelineWorker, reader: None
) -> None:
    rows = [Row("ACGTACGTAC" + "ACGT"[n], "family") for n in range(4)]
    first = await store.datasets.create_from_rows(OWNER, "genes", rows=rows, kind=DataKind.SEQUENCE)
    base = await done(store, worker, first)
    wrong = await edited(store, worker, base, RowEdit(0, text="ACGT!"))
    assert [(each.code, each.value) for each in wrong.problems] == [("INVALID_LETTERS", "!")]
    made = await edited(store, worker, base, RowEdit(0, text="acg-tn"), RowEdit(1, label="other"))
    assert made.status is VersionStatus.READY, made.problems
    found = await listed(store, made)
    assert [(row.text, row.label) for row in found[:2]] == [
        ("ACGTN", "family"), ("ACGTACGTACC", "other"),
    ]  # fmt: skip


async def test_a_long_list_comes_as_a_file(
    store: Store, worker: PipelineWorker, reader: None
) -> None:
    async def sent(base: DatasetVersion, name: str, data: bytes) -> DatasetVersion:
        upload, ticket = await store.uploads.create(OWNER, name, len(data))
        await send(store.objects, ticket.parts[0], data)
        made = await store.datasets.edit(base.id, OWNER, upload_id=upload.id)
        return await done(store, worker, made)

    base = await numbers(store, worker)
    bad = await sent(base, "fix.csv", b"row,label,drop\n1,unit,\nx,unit,\n1,,true\n2,a,perhaps\n")
    assert bad.status is VersionStatus.REJECTED
    assert [(each.code, each.line) for each in bad.problems] == [
        ("BAD_EDIT", 3), ("BAD_EDIT", 4), ("BAD_EDIT", 5),
    ]  # fmt: skip
    csv = await sent(base, "fix.csv", b"row,label,drop\n1,unit,\n7,,true\n")
    rows = await listed(store, csv)
    assert [row.label for row in rows] == ["even", "unit", "even", ODD, "even", ODD, "even"]
    json = await sent(csv, "fix.jsonl", b'{"row": 1, "label": ""}\n{"row": 0, "drop": true}\n')
    rows = await listed(store, json)
    assert [row.label for row in rows] == [None, "even", ODD, "even", ODD, "even"]


async def test_a_version_with_gaps_is_trained_on(store: Store, worker: PipelineWorker) -> None:
    base = await ingested(store, worker)
    drops = [RowEdit(row, drop=True) for row in (0, 41, 159)]
    version = await edited(store, worker, base, *drops, RowEdit(80, text="rain and snow and fog"))
    job = await store.models.start_training(OWNER, version.id, FAST, "small")
    await worker.run_job({}, job.id)
    trained = await store.mongo.jobs.get(job.id)
    assert trained.status is JobStatus.SUCCEEDED, trained.failure
    assert trained.stage("clean").done == 157
