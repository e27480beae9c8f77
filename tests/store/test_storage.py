"""What is stored is measured by one of many, now and then; a foreign volume is refused."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from store.errors import StoreError, WrongVolume
from store.objects import Usage
from store.settings import Settings
from store.store import Store, open_store
from tests.conftest import S3_KEY, S3_SECRET, make_settings

KEYS = {"uploads/a/raw": 10, "datasets/d/v/shard-0": 4, "datasets/d/v/shard-1": 5}
USAGE = {"uploads": Usage(10, 1), "datasets": Usage(9, 2)}


async def fill(store: Store) -> None:
    for key, size in KEYS.items():
        await store.objects.put_bytes(key, b"x" * size)


async def forget_the_minute(store: Store) -> None:
    await store.redis.delete(f"{store.settings.redis_prefix}:storage:lock")


async def test_a_volume_is_measured_by_kind(store: Store) -> None:
    assert await store.storage.measured() is None
    await fill(store)
    await store.storage.measure()
    measured = await store.storage.measured()
    assert measured is not None
    assert measured.kinds == USAGE
    assert (measured.bytes, measured.objects) == (19, 3)


async def test_so_is_a_bucket(
    s3_endpoint: str, mongo_uri: str, redis_url: str, tmp_path: Path
) -> None:
    settings = make_settings(
        mongo_uri, redis_url, tmp_path, MINIO_ENDPOINT=s3_endpoint, MINIO_ACCESS_KEY=S3_KEY,
        MINIO_SECRET_KEY=S3_SECRET, bucket="measured",
    )  # fmt: skip
    async with open_store(settings) as store:
        assert await store.objects.usage() == {}
        await fill(store)
        assert await store.objects.usage() == USAGE


async def test_of_many_workers_one_measures_once_a_minute(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = 0
    usage = store.objects.usage

    async def counted() -> dict[str, Usage]:
        nonlocal looks
        looks += 1
        return await usage()

    monkeypatch.setattr(store.objects, "usage", counted)
    await asyncio.gather(*(store.storage.measure() for _ in range(10)))
    assert looks == 1
    lock = f"{store.settings.redis_prefix}:storage:lock"
    assert 0 < await store.redis.ttl(lock) <= 60
    await forget_the_minute(store)
    await store.storage.measure()
    assert looks == 2


async def test_a_failed_measurement_leaves_the_last_one(store: Store) -> None:
    await fill(store)
    await store.storage.measure()
    before = await store.storage.measured()
    await forget_the_minute(store)
    folder = store.settings.data / "objects"
    folder.rename(store.settings.data / "gone")
    with pytest.raises(StoreError):
        await store.storage.measure()
    assert await store.storage.measured() == before


async def test_another_folder_on_another_host_is_refused(store: Store, tmp_path: Path) -> None:
    elsewhere = store.settings.model_copy(update={"data": tmp_path / "elsewhere"})
    with pytest.raises(WrongVolume, match=r"MINIO_ENDPOINT.*SHOAL_DATA.*:volume"):
        async with open_store(elsewhere):
            pass
    async with open_store(store.settings) as again:
        assert (await again.health())["objects"].ok


async def test_a_folder_that_was_moved_is_the_same_one(store: Store, tmp_path: Path) -> None:
    moved = tmp_path / "moved"
    store.settings.data.rename(moved)
    async with open_store(store.settings.model_copy(update={"data": moved})):
        pass


async def test_many_that_start_at_once_agree_on_their_folder(settings: Settings) -> None:
    async def start() -> None:
        async with open_store(settings):
            pass

    await asyncio.gather(*(start() for _ in range(8)))


async def test_a_folder_that_was_replaced_is_taken_when_told_so(
    store: Store, tmp_path: Path
) -> None:
    await store.redis.delete(f"{store.settings.redis_prefix}:volume")
    async with open_store(store.settings.model_copy(update={"data": tmp_path / "new"})):
        pass
    with pytest.raises(WrongVolume):
        async with open_store(store.settings):
            pass
