"""What is backed up is restored, from any kind of object store to any other."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from store.backup import (
    BackupFailed,
    BadBackup,
    Key,
    NotEmpty,
    OtherKey,
    check_backup,
    read_manifest,
    restore_backup,
    take_backup,
)
from store.backup.records import digest_of
from store.clock import now
from store.datasets.inline_rows import Row
from store.errors import NewerData, RestoreUnfinished, Unavailable
from store.events import Feed, Gap
from store.mongo.copying import snapshot
from store.objects import keys
from store.records.event import Event, EventKind, Topic
from store.records.job import JobStatus
from store.settings import Settings
from store.store import Store, open_store
from tests.conftest import make_settings
from tests.operation.conftest import FILE, OWNER, Elsewhere, Filled, fill, uploaded

Open = Callable[[Settings], Awaitable[Store]]


@pytest.fixture(scope="module")
async def store(
    mongo_uri: str, redis_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Store]:
    """One for all: each test leaves it as whole as it was."""
    settings = make_settings(mongo_uri, redis_url, tmp_path_factory.mktemp("home"))
    async with open_store(settings) as opened:
        yield opened


@pytest.fixture(scope="module")
async def filled(store: Store) -> Filled:
    return await fill(store)


@pytest.fixture(scope="module")
async def backup(store: Store, filled: Filled, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of the platform as it was filled."""
    target = tmp_path_factory.mktemp("backups") / "backup"
    await take_backup(store, target)
    return target


async def test_all_of_it_comes_back(
    store: Store, filled: Filled, elsewhere: Elsewhere, opened: Open, backup: Path
) -> None:
    taken = read_manifest(backup)
    settings = elsewhere()
    assert await restore_backup(backup, settings) == taken
    there = await opened(settings)
    async with snapshot(there.mongo.database) as moment:
        for copied in taken.collections:
            told = (copied.documents, copied.content_sha256)
            assert await digest_of(moment, copied.name) == told, copied.name
            assert await moment.indexes(copied.name) == list(copied.indexes)
    assert await there.objects.get_bytes(keys.upload(filled.upload_id)) == FILE
    usage = await there.objects.usage()
    assert sum(each.objects for each in usage.values()) == taken.objects.count > 3
    page = await there.events.page(Feed.everything(), None, 100)
    assert (page.events, page.gap) == (filled.events, None)
    own = Feed.of(filled.ended.id)
    assert (await there.events.page(own, None, 100)).events == (
        (await store.events.page(own, None, 100)).events
    )
    verified = await there.audit.verify(0, 100)
    assert (verified.checked, verified.broken_at) == (3, None)
    assert await there.predictions.drain() == 1
    assert await there.mongo.predictions.get(filled.prediction.id)


async def test_a_job_that_was_at_work_is_taken_up_again(
    store: Store, filled: Filled, elsewhere: Elsewhere, opened: Open, backup: Path
) -> None:
    taken = read_manifest(backup)
    settings = elsewhere()
    await restore_backup(backup, settings)
    there = await opened(settings)
    lost = filled.running.id
    await there.mongo.database["jobs"].update_one(
        {"_id": lost}, {"$set": {"lease_until": taken.at}}
    )
    assert (await there.jobs.sweep()).requeued == 1
    job = await there.mongo.jobs.get(lost)
    assert job.status is JobStatus.QUEUED
    await there.mongo.database["jobs"].update_one({"_id": lost}, {"$set": {"not_before": None}})
    again = await there.jobs.claim(lost, "host:9")
    assert again.attempt == filled.running.attempt + 1


async def test_events_behind_the_cut_are_a_gap(
    store: Store, filled: Filled, elsewhere: Elsewhere, opened: Open, backup: Path
) -> None:
    """Told to whoever saw one of them; whoever stands at the cut or before misses nothing."""
    lost = [await store.events.append(_event(n)) for n in range(3)]
    settings = elsewhere()
    await restore_backup(backup, settings)
    there = await opened(settings)
    for feed in (Feed.everything(), Feed.of("job_lost")):
        page = await there.events.page(feed, lost[1].cursor, 10)
        assert page.events == []
        assert page.gap is not None
    fresh = await there.events.append(_event(9))
    assert fresh.cursor > lost[-1].cursor
    page = await there.events.page(Feed.everything(), lost[-1].cursor, 10)
    assert (page.events, page.gap) == ([fresh], Gap(lost[-1].cursor, page.gap.to_cursor))  # type: ignore[union-attr]
    page = await there.events.page(Feed.everything(), filled.events[-1].cursor, 10)
    assert (page.events, page.gap) == ([fresh], None)


async def test_trimmed_history_stays_a_gap(
    store: Store, filled: Filled, elsewhere: Elsewhere, opened: Open, tmp_path: Path
) -> None:
    stream = f"{store.settings.redis_prefix}:events:all"
    await store.redis.xtrim(stream, maxlen=2, approximate=False)
    await take_backup(store, tmp_path / "backup")
    settings = elsewhere()
    await restore_backup(tmp_path / "backup", settings)
    there = await opened(settings)
    first = filled.events[0].cursor
    before, after = [
        await each.events.page(Feed.everything(), first, 50) for each in (store, there)
    ]
    assert after == before
    assert after.gap is not None


async def test_from_a_volume_to_s3_and_back(
    store: Store, filled: Filled, elsewhere: Elsewhere, opened: Open, tmp_path: Path,
    in_s3: dict[str, object], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("store.objects.s3.MOST_AT_ONCE", 8)  # all but the smallest in parts
    await take_backup(store, tmp_path / "one")
    settings = elsewhere(**in_s3, bucket=f"backup-{filled.upload_id[-8:].lower()}")
    await restore_backup(tmp_path / "one", settings)
    in_bucket = await opened(settings)
    assert await in_bucket.objects.usage() == await store.objects.usage()
    again = await take_backup(in_bucket, tmp_path / "two")
    assert again.objects.bytes == read_manifest(tmp_path / "one").objects.bytes
    lists = [(tmp_path / name / "objects.jsonl.gz").read_bytes() for name in ("one", "two")]
    assert lists[0] == lists[1]


async def test_what_is_made_while_it_is_taken_is_whole_or_not_there(
    store: Store, filled: Filled, elsewhere: Elsewhere, opened: Open, tmp_path: Path
) -> None:
    """What is made later has all that was made before it: rows, version, data set, job."""
    stop = asyncio.Event()

    async def go_on() -> int:
        number = 0
        while not stop.is_set():
            await fill_one(store, number)
            number += 1
        return number

    busy = asyncio.create_task(go_on())
    manifests = [await take_backup(store, tmp_path / name) for name in ("one", "two")]
    stop.set()
    assert await busy > 0
    assert not any(each.missing or each.damaged for each in manifests)
    settings = elsewhere()
    await restore_backup(tmp_path / "two", settings)
    there = await opened(settings)
    versions = await there.mongo.dataset_versions.all_by({}, 1_000)
    datasets = await there.mongo.datasets.all_by({}, 1_000)
    for version in versions:
        assert await there.objects.stat(version.source.object_key), version
    assert {each.id for each in datasets} <= {each.dataset_id for each in versions}
    for job in await there.mongo.jobs.all_by({}, 1_000):
        assert job.dataset_version_id in {each.id for each in versions}
        assert job.dataset_id in {each.id for each in datasets}


async def fill_one(store: Store, number: int) -> None:
    await store.datasets.create_from_rows(OWNER, f"More {number}", rows=[Row("a", "b")])


async def test_what_a_purge_takes_away_meanwhile_is_not_named(
    store: Store, filled: Filled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another round makes records and objects agree again."""
    upload_id, usage, calls = await uploaded(store), store.objects.usage, 0
    key = keys.upload(upload_id)

    async def purging() -> object:
        nonlocal calls
        calls += 1
        if calls == 1:
            await store.mongo.uploads.delete(upload_id)
            await store.objects.delete(key)
        return await usage()

    monkeypatch.setattr(store.objects, "usage", purging)
    taken = await take_backup(store, tmp_path / "backup")
    assert calls == 2
    assert taken.missing == ()
    assert not (tmp_path / "backup" / "objects" / key).exists()


async def test_an_object_that_was_lost_before_is_told(
    store: Store, filled: Filled, tmp_path: Path
) -> None:
    upload_id = await uploaded(store)
    key = keys.upload(upload_id)
    await store.objects.delete(key)
    assert (await take_backup(store, tmp_path / "backup")).missing == (key,)
    await store.objects.put_bytes(key, b"other bytes")
    assert (await take_backup(store, tmp_path / "again")).damaged == (key,)
    await store.mongo.uploads.delete(upload_id)
    await store.objects.delete(key)


async def test_an_interrupted_backup_is_none_and_goes_on(
    store: Store, filled: Filled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(step: str, done: int, total: int | None) -> None:
        if step == "objects" and done == total:
            raise KeyboardInterrupt

    target = tmp_path / "backup"
    with pytest.raises(KeyboardInterrupt):
        await take_backup(store, target, tell=interrupt)
    assert not target.exists()
    with pytest.raises(BadBackup):
        read_manifest(target.with_name("backup.part"))

    async def refused(key: str) -> None:
        raise AssertionError(f"{key} was copied already")

    monkeypatch.setattr(store.objects, "stream", refused)
    taken = await take_backup(store, target)
    assert check_backup(target) == taken
    note = await store.mongo.platform.backup()
    assert note is not None
    assert (note.id, note.bytes, note.place) == (taken.id, taken.bytes, str(target))
    with pytest.raises(BackupFailed, match="is there already"):
        await take_backup(store, target)


async def test_objects_of_an_earlier_backup_are_linked(
    store: Store, filled: Filled, tmp_path: Path
) -> None:
    await take_backup(store, tmp_path / "one")
    await take_backup(store, tmp_path / "two", base=tmp_path / "one")
    key = keys.upload(filled.upload_id)
    one, two = (tmp_path / name / "objects" / key for name in ("one", "two"))
    assert one.samefile(two)
    shutil.rmtree(tmp_path / "one")
    check_backup(tmp_path / "two")


@pytest.mark.parametrize("harm", ["change", "remove", "lose", "manifest", "unfinished"])
async def test_a_backup_that_is_not_what_it_was_is_refused(
    backup: Path, filled: Filled, tmp_path: Path, harm: str
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(backup, copy)
    victim = copy / "objects" / keys.upload(filled.upload_id)
    if harm == "change":
        victim.write_bytes(FILE[:-2] + b"X\n")
    elif harm == "remove":
        (copy / "records" / "users.bson.gz").unlink()
    elif harm == "lose":
        victim.unlink()
    elif harm == "manifest":
        (copy / "manifest.json").write_text("{}")
    else:
        (copy / "manifest.json.sha256").unlink()
    with pytest.raises(BadBackup):
        check_backup(copy)


async def test_of_a_backup_that_is_not_whole_nothing_is_restored(
    backup: Path, elsewhere: Elsewhere, opened: Open, tmp_path: Path
) -> None:
    shutil.copytree(backup, tmp_path / "copy")
    (tmp_path / "copy" / "redis.jsonl.gz").write_bytes(b"")
    settings = elsewhere()
    with pytest.raises(BadBackup, match=r"redis\.jsonl\.gz"):
        await restore_backup(tmp_path / "copy", settings)
    there = await opened(settings)
    assert await there.mongo.users.count({}) == 0
    assert await there.objects.usage() == {}


async def test_nothing_is_restored_over_what_is_there(
    store: Store, filled: Filled, elsewhere: Elsewhere, opened: Open, backup: Path
) -> None:
    with pytest.raises(NotEmpty, match="has records"):
        await restore_backup(backup, store.settings)
    settings = elsewhere()
    there = await opened(settings)
    await there.objects.put_bytes("uploads/upl_x/raw", b"x")
    with pytest.raises(NotEmpty, match="uploads"):
        await restore_backup(backup, settings)
    await there.objects.delete("uploads/upl_x/raw")
    await there.events.append(_event(1))
    with pytest.raises(NotEmpty, match="Redis"):
        await restore_backup(backup, settings)
    assert await there.mongo.users.count({}) == 0
    data = await there.mongo.platform.data()
    assert data is not None
    assert data.restoring is None


@pytest.mark.parametrize("step", ["objects", "events"])
async def test_an_interrupted_restore_lets_nobody_in_and_is_done_again(
    store: Store, backup: Path, filled: Filled, elsewhere: Elsewhere, opened: Open,
    tmp_path: Path, step: str,
) -> None:  # fmt: skip
    taken = read_manifest(backup)

    def interrupt(at: str, done: int, total: int | None) -> None:
        if at == step:
            raise Unavailable("mongodb", "it went away")

    settings = elsewhere()
    with pytest.raises(Unavailable):
        await restore_backup(backup, settings, tell=interrupt)
    with pytest.raises(RestoreUnfinished, match=taken.id):
        async with open_store(settings):
            pass
    await take_backup(store, tmp_path / "other")
    with pytest.raises(NotEmpty, match="another backup"):
        await restore_backup(tmp_path / "other", settings)
    await restore_backup(backup, settings)
    there = await opened(settings)
    assert (await there.events.page(Feed.everything(), None, 100)).events == filled.events
    assert await there.mongo.users.count({}) == 1


async def test_another_secret_key_is_refused_unless_it_is_meant(
    store: Store, filled: Filled, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    backup, other = tmp_path / "backup", "another-secret-that-is-long-enough-too"
    await take_backup(store, backup, has_key=True)
    key = (backup / "secret_key").read_text().strip()
    assert key == store.settings.secret_key.get_secret_value()
    assert (backup / "secret_key").stat().st_mode & 0o077 == 0
    assert key not in (backup / "manifest.json").read_text()
    settings = elsewhere(SECRET_KEY=other)
    with pytest.raises(OtherKey, match="webhooks"):
        await restore_backup(backup, settings)
    await restore_backup(backup, settings, key=Key.ANY)
    before = elsewhere(SECRET_KEY=other, SECRET_KEY_PREVIOUS=key, data=tmp_path / "apart")
    await restore_backup(backup, before)


async def test_a_backup_of_a_newer_version_is_refused(
    store: Store, filled: Filled, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    await store.mongo.database["platform"].update_one(
        {"_id": "data"},
        {"$push": {"applied": {"number": 9999, "name": "x", "at": now(), "version": "9"}}},
    )
    await take_backup(store, tmp_path / "backup")
    await store.mongo.database["platform"].update_one(
        {"_id": "data"}, {"$pull": {"applied": {"number": 9999}}}
    )
    with pytest.raises(NewerData):
        await restore_backup(tmp_path / "backup", elsewhere())


async def test_caches_can_be_left_out(store: Store, filled: Filled, tmp_path: Path) -> None:
    known = (await store.mongo.datasets.all_by({}, 1))[0]
    await store.objects.put_bytes(f"vectors/{known.id}/minilm/00000.npz", b"x")
    await store.objects.put_bytes("vectors/ds_unknown/minilm/00000.npz", b"x")
    whole = await take_backup(store, tmp_path / "whole")
    less = await take_backup(store, tmp_path / "less", has_caches=False)
    assert whole.objects.count == less.objects.count + 1


def _event(number: int) -> Event:
    return Event(
        Topic.JOB, EventKind.JOB_QUEUED, "job_lost", OWNER, now(), f"lost {number}", done=number
    )
