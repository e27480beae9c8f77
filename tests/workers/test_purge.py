"""A purge frees the bytes that it says, on the volume and on S3, wherever it dies in between."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any

import orjson
import pytest

from store import joblogs
from store.datasets.datasets import Row
from store.errors import NotFound
from store.events import Feed
from store.ids import JOB, new
from store.jobs import Jobs
from store.objects import keys
from store.objects.volume import Volume
from store.records.card import CardSection
from store.records.event import Event, EventKind, LogLevel
from store.records.job import Job, JobStatus
from store.records.model import ModelVersion
from store.records.stage import StageStatus
from store.settings import Settings
from store.store import Store, open_store
from store.trash import Thing, Trash, purging
from store.trash.belongings import Belongings, Objects
from tests.conftest import S3_KEY, S3_SECRET, make_settings
from tests.store.test_trash import AT, OWNER, answered, bundle_of, dataset_of, read, uploaded
from tests.store.test_trash import trained as version_of
from tests.workers.conftest import FAST, trained, worker_with
from workers.attempts.folders import keep_blobs, push_blobs
from workers.children.isolation import Nursery
from workers.inference.served import Served
from workers.pipeline_worker import PipelineWorker


@dataclass(frozen=True)
class Platform:
    store: Store
    worker: PipelineWorker

    async def held(self) -> int:
        """Bytes that the object store holds, seen from outside where that can be."""
        if isinstance(self.store.objects, Volume):
            return disk_bytes(self.store.settings.data / "objects")
        return sum(each.size for each in await self.store.objects.list(""))

    async def purge(self, thing_id: str) -> Job:
        """The purge, run to whatever end it has."""
        job = await self.store.trash.purge(thing_id)
        await self.worker.run_job({})
        return await self.store.mongo.jobs.get(job.id)

    async def told(self, thing_id: str) -> list[Event]:
        return (await self.store.events.page(Feed.of(thing_id), None, 100)).events


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purging, "LOOK_AGAIN_S", 0.0)
    monkeypatch.setattr(import_module("workers.tasks.purge"), "OBJECTS_AT_ONCE", 2)
    monkeypatch.setattr(purging, "RECORDS_AT_ONCE", 2)


@pytest.fixture(params=["volume", "s3"])
async def platform(
    request: pytest.FixtureRequest, mongo_uri: str, redis_url: str, tmp_path: Path,
    nursery: Nursery,
) -> AsyncIterator[Platform]:  # fmt: skip
    settings = settings_for(request, mongo_uri, redis_url, tmp_path)
    async with open_store(settings) as store:
        yield Platform(store, worker_with(store, nursery))
        for each in await store.objects.list(""):  # other tests have the same bucket
            await store.objects.delete(each.key)


@pytest.fixture
def on_volume(store: Store, worker: PipelineWorker) -> Platform:
    return Platform(store, worker)


def settings_for(
    request: pytest.FixtureRequest, mongo_uri: str, redis_url: str, folder: Path
) -> Settings:
    if request.param == "volume":
        return make_settings(mongo_uri, redis_url, folder)
    return make_settings(
        mongo_uri, redis_url, folder, MINIO_ENDPOINT=request.getfixturevalue("s3_endpoint"),
        MINIO_ACCESS_KEY=S3_KEY, MINIO_SECRET_KEY=S3_SECRET, bucket="workers",
    )  # fmt: skip


def disk_bytes(folder: Path) -> int:
    """Bytes of all files beneath; one that has several names counts once."""
    found = [path.stat() for path in folder.rglob("*") if path.is_file()]
    return sum({each.st_ino: each.st_size for each in found}.values())


async def furnished(store: Store, name: str = "Letters") -> Thing:
    """A data set with objects of every kind, in the trash."""
    dataset, _ = await dataset_of(store, name)
    made = await store.datasets.append_upload(
        dataset.id, OWNER, upload_id=await uploaded(store, b"text\nuploaded\n")
    )
    await read(store, made.version)
    for key in (
        keys.vectors("minilm", dataset.id) + "a.npz",
        keys.vectors("static", dataset.id) + "a.npz",
        keys.artefacts(dataset.id, "0" * 32, "clean") + f"{new(JOB)}-1/rows.npy",
        keys.job_log(new(JOB), dataset.id),
    ):
        await store.objects.put_bytes(key, b"x" * 1_000)
    return await store.trash.put(dataset.id, OWNER)


async def answering(store: Store, name: str = "letters", *contents: bytes) -> Thing:
    """A model of two versions that has answered, in the trash."""
    _, version = await dataset_of(store, f"of {name}")
    model, first = await version_of(store, version, name, *(contents or (b"weights", b"labels")))
    _, second = await version_of(store, version, name, b"newer weights", b"one", b"two", b"three")
    await answered(store, first, 3)
    await answered(store, second, 2)
    return await store.trash.put(model.id, OWNER)


MAKERS: dict[str, Callable[[Store], Awaitable[Thing]]] = {"ds": furnished, "mdl": answering}


# -- what goes and what stays ---------------------------------------------------------------------


async def test_a_purged_data_set_frees_what_was_told(platform: Platform) -> None:
    store = platform.store
    shared = await uploaded(store, b"text\nshared by two\n")
    other, other_version = await dataset_of(store, "Other")
    appended = await store.datasets.append_upload(other.id, OWNER, upload_id=shared)
    await store.jobs.request_cancel(appended.job.id)
    kept_vectors = keys.vectors("minilm", other.id) + "a.npz"
    await store.objects.put_bytes(kept_vectors, b"kept")
    model, model_version = await version_of(store, other_version, "kept", b"weights")
    empty = await platform.held()

    twin = await store.datasets.create_from_upload(OWNER, "Twin", upload_id=shared)
    await read(store, twin.version)
    await store.trash.put(twin.dataset.id, OWNER)
    thing = await furnished(store)
    full, effect = await platform.held(), await store.trash.effect(thing)
    assert effect.bytes > 4_000

    job = await platform.purge(thing.id)
    assert (job.status, job.failure) == (JobStatus.SUCCEEDED, None)
    assert job.freed_bytes == effect.bytes == full - await platform.held()
    assert [stage.status for stage in job.stages] == [StageStatus.DONE] * 3
    assert await store.mongo.datasets.find(thing.id) is None
    assert await store.mongo.dataset_versions.count({"dataset_id": thing.id}) == 0
    assert await store.mongo.uploads.count({}) == 1
    assert await store.mongo.jobs.count({"dataset_id": thing.id}) == effect.jobs
    told = (await platform.told(thing.id))[-1]
    assert (told.kind, told.related) == (EventKind.DATASET_PURGED, {"job": job.id})
    assert told.message == f"Letters was purged: {effect.bytes:,} bytes are free"

    twin_job = await platform.purge(twin.dataset.id)
    assert twin_job.freed_bytes == 500
    assert await platform.held() == empty
    assert await store.objects.get_bytes(kept_vectors) == b"kept"
    raw = appended.version.source.object_key
    assert await store.objects.get_bytes(raw) == b"text\nshared by two\n"
    assert await store.live.model_versions([model_version.id]) == {model_version.id: model_version}
    assert (await store.trash.effect(model)).bytes == len(b"weights")


async def test_a_purged_model_frees_what_no_other_has(platform: Platform) -> None:
    store = platform.store
    _, version = await dataset_of(store, "stays")
    _, sharing = await version_of(store, version, "sharing", b"shared engine", b"its labels")
    thing = await answering(store, "letters", b"weights", b"shared engine")
    await answered(store, sharing, 1)
    await store.cards.write(thing, {CardSection.CAVEATS: "It is small."}, OWNER)
    full, effect = await platform.held(), await store.trash.effect(thing)
    assert (effect.predictions, effect.model_versions) == (5, 2)

    job = await platform.purge(thing.id)
    assert job.status is JobStatus.SUCCEEDED
    assert job.freed_bytes == effect.bytes == full - await platform.held() > 0
    for file in sharing.files:
        assert await store.objects.stat(keys.blob(file.sha256)) is not None
    assert await store.mongo.models.find(thing.id) is None
    assert await store.mongo.cards.find(thing.id) is None
    assert await store.mongo.model_versions.all_by({}, 10) == [sharing]
    assert await store.mongo.predictions.count({}) == 1
    assert (await platform.told(thing.id))[-1].kind is EventKind.MODEL_PURGED
    again = await store.models.start_training(OWNER, version.id, FAST, "letters")
    assert again.model_id != thing.id


async def test_an_answer_that_is_still_in_the_log_goes_as_well(on_volume: Platform) -> None:
    store = on_volume.store
    thing = await answering(store)
    [answer] = await store.mongo.predictions.all_by({"model_id": thing.id}, 1)
    await store.mongo.predictions.delete(answer.id)
    log = f"{store.settings.redis_prefix}:predictions:log"
    await store.redis.xadd(log, {"p": orjson.dumps([answer])})
    assert (await on_volume.purge(thing.id)).status is JobStatus.SUCCEEDED
    await store.predictions.drain()
    assert await store.mongo.predictions.count({}) == 0


async def test_nothing_is_left_of_a_real_training(on_volume: Platform) -> None:
    store, data = on_volume.store, on_volume.store.settings.data
    job = await trained(store, on_volume.worker)
    assert job.status is JobStatus.SUCCEEDED
    served, version = Served(store), job.model_version_id or ""
    await served.get(version)
    held = disk_bytes(data)

    await store.trash.put(job.dataset_id, OWNER)
    freed = (await on_volume.purge(job.dataset_id)).freed_bytes or 0
    assert disk_bytes(data) == held - freed < held
    bundle = await Served(store).get(version)  # the model is whole by itself
    assert bundle.answer(["snow and wind"], 1, 0)[0].label == "weather"

    await store.trash.put(job.model_id or "", OWNER)
    await served.tidy()
    freed += (await on_volume.purge(job.model_id or "")).freed_bytes or 0
    assert disk_bytes(data) == held - freed
    assert disk_bytes(data / "objects") == 0
    assert all(path.name.startswith(".") for path in (data / "objects").iterdir())
    assert served.held() == ()
    with pytest.raises(NotFound):
        await served.get(version)


# -- deaths ---------------------------------------------------------------------------------------


class Died(BaseException):
    """As SIGKILL: nobody catches it, and nothing is written any more."""


DEATHS: dict[str, tuple[type, str, int]] = {
    "before it is claimed": (Jobs, "commit", 0),
    "once it is claimed": (Trash, "begin", 1),
    "before the first object": (Trash, "delete_objects", 0),
    "among the objects": (Trash, "delete_objects", 1),
    "before the proof": (Trash, "prove", 0),
    "after the proof": (Trash, "prove", 1),
    "when the proof is kept": (Jobs, "freed", 1),
    "before the records": (Trash, "forget", 0),
    "before the last record": (Trash, "_tell", 1),
    "after the last record": (Trash, "forget", 1),
    "before the end": (Jobs, "succeed", 0),
}


@pytest.mark.parametrize("prefix", ["ds", "mdl"])
@pytest.mark.parametrize("moment", DEATHS)
async def test_a_purge_that_dies_goes_on(
    on_volume: Platform, monkeypatch: pytest.MonkeyPatch, prefix: str, moment: str
) -> None:
    store = on_volume.store
    thing = await MAKERS[prefix](store)
    full, effect = await on_volume.held(), await store.trash.effect(thing)
    job = await store.trash.purge(thing.id)
    with monkeypatch.context() as patched:
        die(patched, *DEATHS[moment])
        with pytest.raises(Died):
            await on_volume.worker.run_job({})
    await store.jobs.requeue(await store.mongo.jobs.get(job.id), None)  # as the sweeper does
    await on_volume.worker.run_job({})

    ended = await store.mongo.jobs.get(job.id)
    assert (ended.status, ended.attempt, ended.failure) == (JobStatus.SUCCEEDED, 2, None)
    assert ended.freed_bytes == effect.bytes == full - await on_volume.held()
    told = [event.kind.name.endswith("_PURGED") for event in await on_volume.told(thing.id)]
    assert (told.count(True), told[-1]) == (1, True)
    for collection in (store.mongo.datasets, store.mongo.models):
        assert await collection.find(thing.id) is None
    assert await store.mongo.predictions.count({"model_id": thing.id}) == 0
    assert await store.mongo.dataset_versions.count({"dataset_id": thing.id}) == 0
    assert await store.mongo.model_versions.count({"model_id": thing.id}) == 0


def die(patched: pytest.MonkeyPatch, owner: type, name: str, done: int) -> None:
    """Die at the next call, `done` says whether it is still made."""
    call = getattr(owner, name)

    async def dying(self: Any, *arguments: Any, **more: Any) -> None:
        if done:
            await call(self, *arguments, **more)
        raise Died

    patched.setattr(owner, name, dying)


async def test_a_zombie_deletes_no_further(
    on_volume: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = on_volume.store
    thing = await furnished(store)
    job = await store.trash.purge(thing.id)
    delete, batches = Trash.delete_objects, []

    async def lose_the_job(self: Trash, *arguments: Any) -> None:
        batches.append(arguments)
        await delete(self, *arguments)
        await store.mongo.jobs.amend(job.id, lambda held: held.requeued(held.attempt))
        await store.jobs.claim(job.id, "another")

    monkeypatch.setattr(Trash, "delete_objects", lose_the_job)
    await on_volume.worker.run_job({})
    assert len(batches) == 1
    held = await store.mongo.jobs.get(job.id)
    assert (held.status, held.attempt, held.worker) == (JobStatus.RUNNING, 2, "another")
    assert len((await store.trash.found(thing)).own) > 2


# -- races ----------------------------------------------------------------------------------------


async def test_restored_before_it_begins_nothing_is_lost(
    on_volume: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = on_volume.store
    thing = await furnished(store)
    full = await on_volume.held()
    commit = Jobs.commit

    async def restore_at_the_last_moment(self: Jobs, *arguments: Any) -> Job:
        committed = await commit(self, *arguments)
        await store.trash.restore(thing.id)
        return committed

    monkeypatch.setattr(Jobs, "commit", restore_at_the_last_moment)
    job = await on_volume.purge(thing.id)
    assert job.status is JobStatus.FAILED
    assert job.failure is not None
    assert (job.failure.code, job.failure.stage) == ("ILLEGAL_MOVE", "find")
    assert job.freed_bytes is None
    assert await on_volume.held() == full
    restored = await store.live.dataset(thing.id)
    assert (restored.is_trashed, restored.purge_job_id) == (False, None)


async def test_a_job_that_finds_its_data_set_in_the_trash_ends(on_volume: Platform) -> None:
    store = on_volume.store
    made = await store.datasets.create_from_rows(OWNER, "Letters", rows=[Row("a", "b")])
    await store.mongo.datasets.amend(
        made.dataset.id, lambda kept: kept.trashed(OWNER, made.dataset.created_at)
    )
    await on_volume.worker.run_job({})
    job = await store.mongo.jobs.get(made.job.id)
    assert job.status is JobStatus.FAILED
    assert job.failure is not None
    assert job.failure.code == "NOT_FOUND"


async def test_a_file_that_is_needed_meanwhile_stays_and_is_not_counted(
    on_volume: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = on_volume.store
    _, version = await dataset_of(store, "stays")
    thing = await answering(store, "letters", b"weights", b"shared engine")
    full, effect = await on_volume.held(), await store.trash.effect(thing)
    begin, added = Trash.begin, []

    async def add_a_version(self: Trash, *arguments: Any) -> Thing:
        begun = await begin(self, *arguments)
        added.append(await version_of(store, version, "new", b"shared engine"))
        return begun

    monkeypatch.setattr(Trash, "begin", add_a_version)
    job = await on_volume.purge(thing.id)
    assert job.status is JobStatus.SUCCEEDED
    assert job.freed_bytes == effect.bytes - len(b"shared engine") == full - await on_volume.held()
    [(_, made)] = added
    assert await store.objects.get_bytes(keys.blob(made.files[0].sha256)) == b"shared engine"


async def test_a_bundle_is_whole_though_a_purge_took_a_file_that_was_there(
    on_volume: Platform, tmp_path: Path
) -> None:
    store = on_volume.store
    old = await answering(store, "old", b"shared engine")
    _, version = await dataset_of(store, "stays")
    job = await store.models.start_training(OWNER, version.id, FAST, "new")
    job = await store.jobs.claim(job.id, "worker-1")
    folder = tmp_path / "bundle"
    folder.mkdir()
    (folder / "engine.onnx").write_bytes(b"shared engine")
    files = await push_blobs(store.objects, folder)
    blob = keys.blob(sha256(b"shared engine").hexdigest())
    assert [keys.blob(file.sha256) for file in files] == [blob]

    assert (await on_volume.purge(old.id)).status is JobStatus.SUCCEEDED
    assert await store.objects.stat(blob) is None
    made: ModelVersion = await bundle_of(store, job, b"its own")
    await keep_blobs(store, (*made.files, *files), folder)
    assert await store.objects.get_bytes(blob) == b"shared engine"


# -- a purge that cannot be proved ----------------------------------------------------------------


async def test_what_is_left_fails_the_purge_and_can_be_purged_again(
    on_volume: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = on_volume.store
    thing = await furnished(store)
    full, effect = await on_volume.held(), await store.trash.effect(thing)
    delete = Volume.delete

    async def keep_logs(self: Volume, key: str) -> None:
        if "/logs/" not in key:
            await delete(self, key)

    with monkeypatch.context() as patched:
        patched.setattr(Volume, "delete", keep_logs)
        failed = await on_volume.purge(thing.id)
    assert failed.status is JobStatus.FAILED
    assert failed.failure is not None
    assert (failed.failure.code, failed.failure.stage) == ("NOT_FREED", "verify")
    assert failed.failure.message.startswith(
        "1 objects of Letters with 1,000 bytes are still there"
    )
    assert failed.freed_bytes is None
    assert await store.trash.find(thing.id) is not None
    assert await store.live.datasets([thing.id]) == {}

    job = await on_volume.purge(thing.id)
    assert job.id != failed.id
    assert job.status is JobStatus.SUCCEEDED
    assert job.freed_bytes == effect.bytes == full - await on_volume.held()


async def test_what_comes_while_it_looks_is_waited_for(
    on_volume: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    thing = await furnished(on_volume.store)
    key, objects, looks = keys.job_log(new(JOB), thing.id), on_volume.store.objects, []
    belongings = Belongings.of

    async def come_and_go(self: Belongings, looked_at: Thing) -> Objects:
        looks.append(looked_at)
        if len(looks) == 3:  # the first look of the proof
            await objects.put_bytes(key, b"a late log")
        found = await belongings(self, looked_at)
        await objects.delete(key)
        return found

    monkeypatch.setattr(Belongings, "of", come_and_go)
    assert (await on_volume.purge(thing.id)).status is JobStatus.SUCCEEDED
    assert len(looks) == 4


async def test_a_log_that_comes_after_the_purge_is_deleted(on_volume: Platform) -> None:
    store = on_volume.store
    dataset, version = await dataset_of(store)
    line = joblogs.line(await store.mongo.jobs.get(version.job_id or ""), LogLevel.INFO, "a", AT)
    await store.trash.put(dataset.id, OWNER)
    assert (await on_volume.purge(dataset.id)).status is JobStatus.SUCCEEDED
    job = await store.mongo.jobs.get(version.job_id or "")
    await store.job_logs.append(job, [line], maybe_there=False)
    await store.job_logs._archive(job.id)
    assert await store.objects.list("") == ()


async def test_a_purge_of_nothing_says_so(on_volume: Platform) -> None:
    thing = await furnished(on_volume.store)
    job = await on_volume.store.trash.purge(thing.id)
    await on_volume.store.mongo.datasets.delete(thing.id)
    await on_volume.worker.run_job({})
    ended = await on_volume.store.mongo.jobs.get(job.id)
    assert ended.status is JobStatus.FAILED
    assert ended.failure is not None
    assert ended.failure.code == "NOT_FOUND"
