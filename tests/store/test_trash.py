"""Deleting goes by way of the trash: hidden, restored as it was, or purged by one job."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest

from store import ids
from store.clock import now
from store.datasets.inline_rows import Row
from store.errors import AlreadyExists, Conflict, IllegalMove, NotFound, Unavailable
from store.events import Feed
from store.objects import keys
from store.records.bulk import BulkSpec
from store.records.dataset import (
    Columns,
    DataKind,
    Dataset,
    DatasetVersion,
    Lengths,
    Profile,
    Shard,
)
from store.records.event import EventKind
from store.records.job import Failure, Job, JobKind, JobStatus
from store.records.model import BundleFile, Model, ModelVersion
from store.records.prediction import Prediction
from store.records.training import TrainingSpec
from store.store import Store
from store.trash import BlockerCode, Thing, place_of, purging
from store.trash.effect import Effects
from store.trash.purges import AGAIN_AFTER
from tests.store.sending import send
from tests.store.test_models import REPORT

OWNER, OTHER = "usr_owner", "usr_other"
ROWS = [Row(f"text {number}", "ab"[number % 2]) for number in range(12)]
AT = now()
PROFILE = Profile(
    rows=12, labelled_rows=12, labels=(), label_count=0, lengths=Lengths(), duplicate_rows=0,
    conflicting_rows=0, empty_rows=0,
)  # fmt: skip


async def read(store: Store, version: DatasetVersion) -> DatasetVersion:
    """Its job has ended well: there is one shard of 500 bytes."""
    job = await store.jobs.claim(version.job_id or "", "worker-1")
    key = keys.shard(version.dataset_id, version.id, 0)
    await store.objects.put_bytes(key, b"s" * 500)
    ready = await store.datasets.version_ready(
        version.id, source=version.source, columns=Columns("text", "label"),
        shards=(Shard(key, 12, 500, "0" * 64),), profile=PROFILE, problems=(), problem_count=0,
        rejected_rows=0,
    )  # fmt: skip
    await store.jobs.succeed(await store.jobs.commit(job))
    return ready


async def dataset_of(store: Store, name: str = "Letters") -> tuple[Dataset, DatasetVersion]:
    """A data set of one version that can be trained on."""
    made = await store.datasets.create_from_rows(OWNER, name, rows=ROWS)
    version = await read(store, made.version)
    return await store.mongo.datasets.get(made.dataset.id), version


async def uploaded(store: Store, data: bytes = b"text,label\nhello,a\n") -> str:
    upload, ticket = await store.uploads.create(OWNER, "letters.csv", len(data))
    await send(store.objects, ticket.parts[0], data)
    return upload.id


async def trained(
    store: Store, version: DatasetVersion, name: str = "letters", *contents: bytes
) -> tuple[Model, ModelVersion]:
    """A model's new version, whose bundle has one file of each of the contents."""
    job = await store.models.start_training(OWNER, version.id, TrainingSpec(), name)
    job = await store.jobs.claim(job.id, "worker-1")
    made = await bundle_of(store, job, *contents)
    await store.jobs.succeed(job)
    return await store.mongo.models.get(made.model_id), made


async def bundle_of(store: Store, job: Job, *contents: bytes) -> ModelVersion:
    files = []
    for content in contents or (b"weights", b"labels"):
        digest = sha256(content).hexdigest()
        await store.objects.put_bytes(keys.blob(digest), content)
        files.append(BundleFile(f"{digest[:8]}.npy", digest, len(content)))
    return await store.models.add_version(
        job, manifest_sha256="1" * 64, files=tuple(files), labels=("a", "b"), report=REPORT,
        kind=DataKind.TEXT,
    )  # fmt: skip


async def answered(store: Store, version: ModelVersion, count: int = 1) -> None:
    await store.mongo.predictions.insert_many_ignoring_known(
        Prediction(
            ids.new(ids.PREDICTION), version.model_id, version.id, OTHER, "a text", "a", 0.9,
            abstained=False, cluster=0, cached=False, latency_ms=1.0, at=now(),
        )
        for _ in range(count)
    )  # fmt: skip


async def kinds(store: Store, subject_id: str) -> list[EventKind]:
    return [event.kind for event in (await store.events.page(Feed.of(subject_id), None, 50)).events]


async def purge_jobs(store: Store) -> list[Job]:
    return await store.mongo.jobs.all_by({"kind": JobKind.PURGE.value}, 50)


# -- the record's moves ---------------------------------------------------------------------------

IN_USE = Dataset("ds_a", OWNER, "A", "", DataKind.TEXT, AT, AT)
TRASHED = IN_USE.trashed("usr_a", AT)
ASKED = TRASHED.purge_asked("job_a", None)
PURGING = ASKED.purging("job_a", 7)
MOVES: dict[str, Callable[[Dataset], Dataset]] = {
    "trashed": lambda thing: thing.trashed("usr_b", AT),
    "restored": lambda thing: thing.restored(),
    "purge_asked": lambda thing: thing.purge_asked("job_b", None),
    "purging": lambda thing: thing.purging("job_a", 9),
}


@pytest.mark.parametrize(
    ("state", "allowed"),
    [
        (IN_USE, {"trashed"}),
        (TRASHED, {"restored", "purge_asked"}),
        (ASKED, {"restored", "purge_asked", "purging"}),
        (PURGING, {"purge_asked", "purging"}),
    ],
)
def test_every_move_is_legal_or_refused(state: Dataset, allowed: set[str]) -> None:
    for name, move in MOVES.items():
        if name in allowed:
            move(state)
        else:
            with pytest.raises(IllegalMove):
                move(state)


def test_a_restored_record_is_as_it_was() -> None:
    assert TRASHED.restored() == ASKED.restored() == IN_USE


def test_the_first_who_asks_for_a_purge_names_its_job() -> None:
    assert ASKED.purge_asked("job_b", None) == ASKED
    assert ASKED.purge_asked("job_b", "job_a").purge_job_id == "job_b"


def test_a_later_attempt_keeps_what_was_held_at_first() -> None:
    assert PURGING.purging("job_a", 3).purge_bytes == 7
    again = PURGING.purge_asked("job_b", "job_a")
    assert again.purging("job_b", 3).purge_bytes == 7
    with pytest.raises(IllegalMove):
        again.purging("job_a", 3)


def test_a_published_model_is_neither_deleted_nor_published_in_the_trash() -> None:
    model = Model("mdl_a", OWNER, "a", "", AT)
    with pytest.raises(IllegalMove, match="withdraw it first"):
        model.published("mdv_a", OWNER, AT).trashed(OWNER, AT)
    with pytest.raises(IllegalMove, match="in the trash"):
        model.trashed(OWNER, AT).published("mdv_a", OWNER, AT)


# -- the effect -----------------------------------------------------------------------------------


async def test_the_effect_on_a_data_set_counts_what_is_its_alone(store: Store) -> None:
    dataset, version = await dataset_of(store)
    other, _ = await dataset_of(store, "Other")
    model, _ = await trained(store, version)
    own, shared = await uploaded(store), await uploaded(store, b"text\nshared by two\n")
    for upload_id in (own, shared):
        made = await store.datasets.append_upload(dataset.id, OWNER, upload_id=upload_id)
        await read(store, made.version)
    await store.datasets.append_upload(other.id, OWNER, upload_id=shared)
    more = {
        keys.vectors("minilm", dataset.id) + "a.npz": 11,
        keys.artefacts(dataset.id, "0" * 32, "clean") + "rows.npy": 13,
        keys.vectors("minilm", other.id) + "a.npz": 17,
        keys.engine("minilm") + "model.onnx": 19,
    }
    for key, size in more.items():
        await store.objects.put_bytes(key, b"x" * size)

    effect = await store.trash.effect(await store.mongo.datasets.get(dataset.id))
    inline = version.source.bytes
    assert effect.bytes == inline + len(b"text,label\nhello,a\n") + 3 * 500 + 11 + 13
    assert effect.objects == 1 + 1 + 3 + 2
    assert (effect.versions, effect.jobs, effect.predictions) == (3, 4, 0)
    assert ([each.id for each in effect.models], effect.model_versions) == ([model.id], 1)
    assert effect.blockers == ()
    assert timedelta(days=6) < effect.purge_at - now() < timedelta(days=8)


async def test_the_effect_on_a_model_leaves_out_files_that_others_have(store: Store) -> None:
    _, version = await dataset_of(store)
    model, first = await trained(store, version, "letters", b"weights", b"shared engine")
    await trained(store, version, "letters", b"newer weights", b"weights")
    await trained(store, version, "other", b"shared engine")
    await answered(store, first, 3)
    effect = await store.trash.effect(await store.mongo.models.get(model.id))
    assert (effect.bytes, effect.objects) == (len(b"weights") + len(b"newer weights"), 2)
    assert (effect.model_versions, effect.predictions, effect.jobs) == (2, 3, 2)
    assert (effect.versions, effect.models) == (0, ())


async def test_of_two_that_share_a_file_and_are_purged_either_deletes_it(store: Store) -> None:
    _, version = await dataset_of(store)
    one, _ = await trained(store, version, "one", b"shared")
    two, _ = await trained(store, version, "two", b"shared")
    for model in (one, two):
        await store.trash.put(model.id, OWNER)
    in_trash = await store.mongo.models.get(one.id)
    assert (await store.trash.effect(in_trash)).bytes == 0
    job = await store.trash.purge(two.id)
    await store.trash.begin(await store.mongo.models.get(two.id), job, 6)
    assert (await store.trash.effect(in_trash)).bytes == len(b"shared")


# -- into the trash -------------------------------------------------------------------------------


async def test_a_data_set_in_the_trash_is_not_there(store: Store) -> None:
    dataset, version = await dataset_of(store)
    trashed = await store.trash.put(dataset.id, "usr_admin")
    assert (trashed.trashed_by, trashed.is_trashed) == ("usr_admin", True)
    assert await store.live.datasets([dataset.id]) == {}
    assert await store.live.dataset_versions([version.id]) == {}
    jobs = await store.mongo.jobs.count({})
    with pytest.raises(NotFound):
        await store.models.start_training(OWNER, version.id, TrainingSpec(), "letters")
    with pytest.raises(NotFound):
        await store.datasets.append_rows(dataset.id, rows=ROWS)
    assert await store.mongo.jobs.count({}) == jobs
    assert await store.mongo.models.count({}) == 0
    assert (await kinds(store, dataset.id))[-1] is EventKind.DATASET_TRASHED


async def test_a_model_in_the_trash_is_not_there_and_keeps_its_name(store: Store) -> None:
    _, version = await dataset_of(store)
    model, made = await trained(store, version)
    assert await store.models.asked("letters") is not None
    await store.trash.put(model.id, OWNER)
    assert await store.models.asked("letters") is None
    assert await store.models.asked(model.id) is None
    assert await store.live.model_versions([made.id]) == {}
    with pytest.raises(AlreadyExists, match="in the trash"):
        await store.models.start_training(OWNER, version.id, TrainingSpec(), "letters")
    with pytest.raises(AlreadyExists, match="somebody else"):
        await store.models.start_training(OTHER, version.id, TrainingSpec(), "letters")
    with pytest.raises(IllegalMove):
        await store.models.publish(model.id, made.id, OWNER)
    assert (await kinds(store, model.id))[-1] is EventKind.MODEL_TRASHED


async def test_what_was_deleted_is_not_deleted_again(store: Store) -> None:
    dataset, _ = await dataset_of(store)
    await store.trash.put(dataset.id, OWNER)
    before = await store.mongo.datasets.get(dataset.id)
    with pytest.raises(IllegalMove):
        await store.trash.put(dataset.id, OWNER)
    for unknown in ("ds_none", "mdl_none", "job_none", ""):
        with pytest.raises(NotFound):
            await store.trash.put(unknown, OWNER)
    assert await store.mongo.datasets.get(dataset.id) == before


async def test_jobs_under_way_stand_against_it(store: Store) -> None:
    made = await store.datasets.create_from_rows(OWNER, "Letters", rows=ROWS)
    version = made.version
    with pytest.raises(IllegalMove, match=f"ingest job {made.job.id} is queued; cancel it first"):
        await store.trash.put(made.dataset.id, OWNER)
    await read(store, version)
    job = await store.models.start_training(OWNER, version.id, TrainingSpec(), "letters")
    job = await store.jobs.claim(job.id, "worker-1")
    for thing_id in (made.dataset.id, job.model_id or ""):
        with pytest.raises(IllegalMove, match=f"train job {job.id} is running"):
            await store.trash.put(thing_id, OWNER)
    await store.jobs.request_cancel(job.id)
    thing = await store.mongo.datasets.get(made.dataset.id)
    [blocker] = (await store.trash.effect(thing)).blockers
    assert (blocker.code, blocker.job_id) == (BlockerCode.JOB_UNDER_WAY, job.id)
    with pytest.raises(IllegalMove, match="is cancelling"):
        await store.trash.put(thing.id, OWNER)
    assert not (await store.mongo.datasets.get(thing.id)).is_trashed
    await store.jobs.acknowledge_cancel(job)
    await store.trash.put(thing.id, OWNER)


async def test_what_others_have_asked_in_bulk_ends_with_it(store: Store) -> None:
    _, version = await dataset_of(store)
    model, made = await trained(store, version)
    theirs, others, own = [
        await store.bulk.start(owner, made.id, BulkSpec(), dataset_version_id=version.id)
        for owner in (OTHER, OTHER, OWNER)
    ]
    await store.jobs.claim(theirs.id, "worker-1")
    effect = await store.trash.effect(model)
    assert effect.cancelled_jobs == 2
    assert [blocker.job_id for blocker in effect.blockers] == [own.id]
    with pytest.raises(IllegalMove, match=f"predict job {own.id} is queued; cancel it first"):
        await store.trash.put(model.id, OWNER)
    assert (await store.mongo.jobs.get(theirs.id)).status is JobStatus.RUNNING
    await store.jobs.request_cancel(own.id)
    await store.trash.put(model.id, OWNER)
    ended = [(await store.mongo.jobs.get(job.id)).status for job in (theirs, others)]
    assert ended == [JobStatus.CANCELLING, JobStatus.CANCELLED]


async def test_a_published_model_stands_against_it(store: Store) -> None:
    _, version = await dataset_of(store)
    model, made = await trained(store, version)
    model = await store.models.publish(model.id, made.id, OWNER)
    [blocker] = (await store.trash.effect(model)).blockers
    assert (blocker.code, blocker.job_id) == (BlockerCode.PUBLISHED, None)
    with pytest.raises(IllegalMove, match="letters is published; withdraw it first"):
        await store.trash.put(model.id, OWNER)
    assert await store.mongo.models.get(model.id) == model
    await store.models.withdraw(model.id)
    await store.trash.put(model.id, OWNER)


async def test_a_job_that_comes_at_the_same_moment_is_noticed(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset, version = await dataset_of(store)
    blockers, jobs = Effects.blockers, []

    async def start_one_after_looking(self: Effects, thing: Thing) -> Any:
        found = await blockers(self, thing)
        if not jobs:
            jobs.append(
                await store.models.start_training(OWNER, version.id, TrainingSpec(), "letters")
            )
        return found

    monkeypatch.setattr(Effects, "blockers", start_one_after_looking)
    with pytest.raises(IllegalMove, match=r"train job \w+ is queued"):
        await store.trash.put(dataset.id, OWNER)
    assert not (await store.mongo.datasets.get(dataset.id)).is_trashed
    assert EventKind.DATASET_TRASHED not in await kinds(store, dataset.id)
    await store.live.check(jobs[0])


async def test_a_job_finds_out_that_its_data_set_or_model_was_deleted(store: Store) -> None:
    dataset, version = await dataset_of(store)
    model, made = await trained(store, version)
    job = await store.mongo.jobs.get(made.job_id)
    await store.live.check(job)
    await store.trash.put(model.id, OWNER)
    with pytest.raises(NotFound, match=model.id):
        await store.live.check(job)
    await store.trash.restore(model.id)
    await store.trash.put(dataset.id, OWNER)
    with pytest.raises(NotFound, match=dataset.id):
        await store.live.check(job)


async def test_the_expected_revision_is_heeded(store: Store) -> None:
    dataset, _ = await dataset_of(store)
    with pytest.raises(Conflict):
        await store.trash.put(dataset.id, OWNER, expected_revision=dataset.revision + 1)
    assert await store.mongo.datasets.get(dataset.id) == dataset
    trashed = await store.trash.put(dataset.id, OWNER, expected_revision=dataset.revision)
    with pytest.raises(Conflict):
        await store.trash.restore(dataset.id, expected_revision=dataset.revision)
    await store.trash.restore(dataset.id, expected_revision=trashed.revision)


# -- and out --------------------------------------------------------------------------------------


async def test_restored_is_as_it_was(store: Store) -> None:
    dataset, version = await dataset_of(store)
    model, made = await trained(store, version)
    for thing in (dataset, model):
        kept = await store.objects.list("")
        trashed = await store.trash.put(thing.id, OWNER)
        restored = await store.trash.restore(thing.id)
        assert replace(restored, revision=thing.revision) == thing
        assert restored.revision == trashed.revision + 1
        assert await store.objects.list("") == kept
    assert await store.live.model_versions([made.id]) == {made.id: made}
    assert await store.live.dataset_versions([version.id]) == {version.id: version}
    assert await store.models.asked("letters") is not None
    assert (await kinds(store, dataset.id))[-1] is EventKind.DATASET_RESTORED
    assert (await kinds(store, model.id))[-1] is EventKind.MODEL_RESTORED
    await trained(store, version)


async def test_only_what_is_in_the_trash_is_restored(store: Store) -> None:
    dataset, _ = await dataset_of(store)
    with pytest.raises(IllegalMove):
        await store.trash.restore(dataset.id)
    with pytest.raises(NotFound):
        await store.trash.restore("ds_none")
    assert await store.mongo.datasets.get(dataset.id) == dataset


# -- looking into it ------------------------------------------------------------------------------


async def test_the_trash_is_listed_last_deleted_first(store: Store) -> None:
    _, version = await dataset_of(store, "kept")
    things: list[Thing] = []
    for number in range(3):
        things.append((await dataset_of(store, f"d{number}"))[0])
        things.append((await trained(store, version, f"m{number}"))[0])
    for thing in things:
        await store.trash.put(thing.id, OWNER)
    expected = [thing.name for thing in reversed(things)]
    mine, found, after = {"owner_id": OWNER}, [], None
    while True:
        page = await store.trash.page(mine, 2, after)
        found += [thing.name for thing in page.items]
        if not page.has_next:
            break
        after = place_of(page.items[-1])
    assert found == expected
    assert await store.trash.count(mine) == 6
    assert (await store.trash.page({"owner_id": OTHER}, 2, None)).items == []
    assert await store.trash.find(version.dataset_id) is None
    assert (await store.trash.find(things[0].id)) is not None


async def test_things_deleted_in_the_same_moment_are_all_listed(store: Store) -> None:
    for number in range(5):
        dataset = replace(IN_USE, id=f"ds_{number}").trashed(OWNER, AT)
        await store.mongo.datasets.insert(dataset)
        model = Model(f"mdl_{number}", OWNER, f"m{number}", "", AT).trashed(OWNER, AT)
        await store.mongo.models.insert(model)
    found, after = [], None
    while len(found) < 20:
        page = await store.trash.page({}, 3, after)
        found += [thing.id for thing in page.items]
        if not page.has_next:
            break
        after = place_of(page.items[-1])
    assert found == [f"{kind}_{number}" for kind in ("mdl", "ds") for number in range(4, -1, -1)]


# -- purges ---------------------------------------------------------------------------------------


async def test_however_many_ask_there_is_one_purge(store: Store) -> None:
    dataset, _ = await dataset_of(store)
    await store.trash.put(dataset.id, OWNER)
    asked = await asyncio.gather(*(store.trash.purge(dataset.id) for _ in range(5)))
    [job] = await purge_jobs(store)
    assert {each.id for each in asked} == {job.id}
    assert (job.status, job.purges, job.owner_id) == (JobStatus.QUEUED, dataset.id, OWNER)
    assert (job.dataset_id, job.dataset_version_id, job.model_id) == ("", "", None)
    assert [stage.name for stage in job.stages] == ["find", "delete", "verify"]


async def test_only_what_is_in_the_trash_is_purged(store: Store) -> None:
    dataset, _ = await dataset_of(store)
    with pytest.raises(IllegalMove):
        await store.trash.purge(dataset.id)
    with pytest.raises(NotFound):
        await store.trash.purge("ds_none")
    assert await purge_jobs(store) == []
    assert await store.mongo.datasets.get(dataset.id) == dataset


async def test_sweeps_begin_one_purge_when_the_time_has_come(store: Store) -> None:
    dataset, version = await dataset_of(store)
    model, _ = await trained(store, version)
    for thing in (dataset, model):
        await store.trash.put(thing.id, OWNER)
    assert await store.trash.sweep() == []
    week = timedelta(seconds=store.settings.trash_ttl_s)
    await store.mongo.datasets.amend(
        dataset.id, lambda kept: replace(kept, trashed_at=now() - week - timedelta(seconds=1))
    )
    await asyncio.gather(*(store.trash.sweep() for _ in range(4)))
    assert [job.purges for job in await purge_jobs(store)] == [dataset.id]
    assert await store.trash.sweep() == []


async def test_who_dies_between_the_record_and_the_job_leaves_it_to_the_sweep(
    store: Store,
) -> None:
    dataset, _ = await dataset_of(store)
    await store.trash.put(dataset.id, OWNER)
    await store.mongo.datasets.amend(dataset.id, lambda kept: kept.purge_asked("job_x", None))
    assert [job.id for job in await store.trash.sweep()] == ["job_x"]
    assert [job.id for job in await purge_jobs(store)] == ["job_x"]


async def test_a_purge_that_failed_is_begun_again_when_asked_and_after_a_rest(
    store: Store,
) -> None:
    dataset, _ = await dataset_of(store)
    await store.trash.put(dataset.id, OWNER)
    week = timedelta(seconds=store.settings.trash_ttl_s + 1)
    await store.mongo.datasets.amend(
        dataset.id, lambda kept: replace(kept, trashed_at=now() - week)
    )
    [job] = await store.trash.sweep()
    job = await store.jobs.claim(job.id, "worker-1")
    await store.jobs.fail(job, Failure("NOT_FREED", "something is left", retryable=False))
    assert await store.trash.sweep() == []
    await store.mongo.jobs.amend(
        job.id, lambda kept: replace(kept, ended_at=now() - AGAIN_AFTER - timedelta(seconds=1))
    )
    [second] = await store.trash.sweep()
    await store.jobs.request_cancel(second.id)
    third = await store.trash.purge(dataset.id)
    assert len({job.id, second.id, third.id}) == 3
    assert (await store.mongo.datasets.get(dataset.id)).purge_job_id == third.id


async def test_a_cancelled_purge_of_what_is_not_due_is_left_alone(store: Store) -> None:
    dataset, _ = await dataset_of(store)
    await store.trash.put(dataset.id, OWNER)
    job = await store.trash.purge(dataset.id)
    await store.jobs.request_cancel(job.id)
    await store.mongo.jobs.amend(
        job.id, lambda kept: replace(kept, ended_at=now() - 2 * AGAIN_AFTER)
    )
    assert await store.trash.sweep() == []
    restored = await store.trash.restore(dataset.id)
    assert replace(restored, revision=dataset.revision) == dataset


async def test_who_restores_first_wins_and_the_purge_is_cancelled(store: Store) -> None:
    dataset, _ = await dataset_of(store)
    trashed = await store.trash.put(dataset.id, OWNER)
    job = await store.trash.purge(dataset.id)
    await store.trash.restore(dataset.id)
    assert (await store.mongo.jobs.get(job.id)).status is JobStatus.CANCELLED
    with pytest.raises(IllegalMove, match="restored"):
        await store.trash.begin(trashed, job, 7)
    assert not (await store.mongo.datasets.get(dataset.id)).is_trashed


async def test_who_purges_first_wins_and_there_is_no_way_back(store: Store) -> None:
    dataset, _ = await dataset_of(store)
    await store.trash.put(dataset.id, OWNER)
    job = await store.trash.purge(dataset.id)
    await store.trash.begin(await store.mongo.datasets.get(dataset.id), job, 7)
    before = await store.mongo.datasets.get(dataset.id)
    with pytest.raises(IllegalMove, match="no way back"):
        await store.trash.restore(dataset.id)
    assert await store.mongo.datasets.get(dataset.id) == before
    assert (await store.mongo.jobs.get(job.id)).status is JobStatus.QUEUED


async def test_a_purge_does_not_begin_under_a_running_job(store: Store) -> None:
    dataset, version = await dataset_of(store)
    job = await store.models.start_training(OWNER, version.id, TrainingSpec(), "letters")
    await store.mongo.datasets.amend(dataset.id, lambda kept: kept.trashed(OWNER, now()))
    purge = await store.trash.purge(dataset.id)
    thing = await store.mongo.datasets.get(dataset.id)
    with pytest.raises(IllegalMove, match=job.id):
        await store.trash.begin(thing, purge, 7)
    assert await store.mongo.datasets.get(dataset.id) == thing


# -- a training and a purge that share a file -----------------------------------------------------


async def test_whoever_adds_a_version_waits_for_purges_of_its_files(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, version = await dataset_of(store)
    old, made = await trained(store, version, "old", b"shared")
    await store.trash.put(old.id, OWNER)
    purge = await store.trash.purge(old.id)
    await store.trash.settled(made.files)  # nothing is deleted as yet
    purge = await store.jobs.claim(purge.id, "worker-1")
    await store.trash.begin(await store.mongo.models.get(old.id), purge, 6)
    with monkeypatch.context() as patched:
        patched.setattr(purging, "PATIENCE_S", 0.0)
        with pytest.raises(Unavailable, match="the same files"):
            await store.trash.settled(made.files)
    await store.trash.settled([BundleFile("other.npy", "9" * 64, 1)])
    waiting = asyncio.create_task(store.trash.settled(made.files))
    await asyncio.sleep(0)
    assert not waiting.done()
    await store.jobs.fail(purge, Failure("NOT_FREED", "something is left", retryable=False))
    await waiting


async def test_a_file_that_a_new_version_lists_is_left_by_the_purge(store: Store) -> None:
    _, version = await dataset_of(store)
    old, _ = await trained(store, version, "old", b"shared", b"its own")
    await store.trash.put(old.id, OWNER)
    thing = await store.mongo.models.get(old.id)
    found = await store.trash.found(thing)
    assert len(found.own) == 2
    await trained(store, version, "new", b"shared")
    await store.trash.delete_objects(thing, found.own)
    left = [each.key for each in await store.objects.list("blobs/")]
    assert left == [keys.blob(sha256(b"shared").hexdigest())]
