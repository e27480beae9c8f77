"""What an operator is told when the object store refuses, or has no room."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from store import disk
from store.errors import DiskFull, StorageRefused, Unavailable
from store.objects import open_object_store
from store.objects.files import file_errors
from store.objects.s3 import S3, open_s3
from store.objects.s3_errors import s3_errors
from store.objects.volume import Volume
from tests.store.sending import s3_settings, settings_on


@pytest.mark.parametrize(
    ("wrong", "code", "setting"),
    [
        ({"MINIO_ACCESS_KEY": "nobody"}, "STORAGE_KEY_REFUSED", "MINIO_ACCESS_KEY"),
        ({"MINIO_SECRET_KEY": "not it"}, "STORAGE_SECRET_REFUSED", "MINIO_SECRET_KEY"),
    ],
)
async def test_a_wrong_credential_is_named_at_the_start(
    tmp_path: Path, s3_endpoint: str, wrong: dict[str, str], code: str, setting: str
) -> None:
    settings = s3_settings(tmp_path, s3_endpoint, **wrong)
    with pytest.raises(StorageRefused, match=setting) as caught:
        async with open_object_store(settings):
            pass
    assert caught.value.code == code


async def test_a_bucket_that_went_away_is_named(tmp_path: Path, s3_endpoint: str) -> None:
    settings = s3_settings(tmp_path, s3_endpoint, bucket="gone-tomorrow")
    async with open_s3(settings) as objects:
        await objects._client.delete_bucket(Bucket="gone-tomorrow")
        with pytest.raises(StorageRefused, match="SHOAL_BUCKET") as caught:
            await objects.get_bytes("blobs/a")
    assert caught.value.code == "STORAGE_BUCKET_MISSING"


@pytest.mark.parametrize(
    ("said", "kind", "code"),
    [
        ("AccessDenied", StorageRefused, "STORAGE_ACCESS_DENIED"),
        ("403", StorageRefused, "STORAGE_ACCESS_DENIED"),
        ("RequestTimeTooSkewed", StorageRefused, "STORAGE_CLOCK_WRONG"),
        ("XMinioStorageFull", DiskFull, "DISK_FULL"),
        ("QuotaExceeded", DiskFull, "DISK_FULL"),
        ("SlowDown", Unavailable, "UNAVAILABLE"),
        ("InternalError", Unavailable, "UNAVAILABLE"),
    ],
)
def test_refusals_are_told_from_outages(said: str, kind: type[Unavailable], code: str) -> None:
    with pytest.raises(Unavailable) as caught, s3_errors("blobs/a"):
        raise ClientError({"Error": {"Code": said, "Message": "-"}}, "PutObject")
    assert type(caught.value) is kind
    assert caught.value.code == code


async def test_a_volume_without_room_names_its_folder_and_setting(tmp_path: Path) -> None:
    volume = Volume(settings_on(tmp_path))
    with pytest.raises(DiskFull, match="SHOAL_DATA") as caught:
        await volume._put("blobs/a", lambda out: Path("/dev/full").write_bytes(b"a"))
    assert str(tmp_path) in str(caught.value)
    assert await volume.stat("blobs/a") is None
    assert list((tmp_path / "data" / "objects" / ".scratch").iterdir()) == []


async def test_no_room_for_what_is_fetched_is_a_full_disk(
    tmp_path: Path, s3_endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = s3_settings(tmp_path, s3_endpoint)
    async with open_s3(settings) as objects:
        await objects.put_bytes("blobs/a", b"a" * 100_000)
        full = tmp_path / "full"
        full.symlink_to("/dev/full")
        monkeypatch.setattr(Path, "with_name", lambda self, name: full)
        with pytest.raises(DiskFull, match="SHOAL_DATA"):
            await S3.fetch(objects, "blobs/a", tmp_path / "a")


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS])
def test_a_folder_that_may_not_be_written_to(tmp_path: Path, number: int) -> None:
    refused = pytest.raises(StorageRefused, match="SHOAL_DATA")
    with refused as caught, file_errors("there is no object a", tmp_path):
        raise OSError(number, os.strerror(number))
    assert caught.value.code == "STORAGE_FOLDER_REFUSED"


def test_short_writes_without_a_number_ask_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = OSError("1024 requested and 512 written")
    assert not disk.is_full(short, tmp_path)
    monkeypatch.setattr(disk, "TOO_LITTLE_BYTES", 2**60)
    assert disk.is_full(short, tmp_path)
    assert not disk.is_full(TimeoutError(), tmp_path)
    assert not disk.is_full(OSError(errno.EIO, "broken"), tmp_path)
    assert not disk.is_full(short, tmp_path / "gone" / "gone")
