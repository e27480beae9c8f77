"""Announced, sent, checked: on a volume and on S3."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from store.clock import now
from store.datasets.uploads import MAX_PARTS, MIN_PART_BYTES
from store.errors import BadUpload, IllegalMove, InvalidValue, NotFound
from store.objects import UploadTicket
from store.records.dataset import Upload, UploadStatus
from store.store import Store, open_store
from tests.conftest import S3_KEY, S3_SECRET, make_settings
from tests.store.sending import send

OWNER, STRANGER = "usr_owner", "usr_stranger"
DATA = b"text,label\nhello,greeting\n"
DIGEST = sha256(DATA).hexdigest()


@pytest.fixture(params=["volume", "s3"])
async def both(
    request: pytest.FixtureRequest, mongo_uri: str, redis_url: str, tmp_path: Path
) -> AsyncIterator[Store]:
    s3: dict[str, object] = {}
    if request.param == "s3":
        endpoint = request.getfixturevalue("s3_endpoint")
        s3 = {
            "MINIO_ENDPOINT": endpoint, "MINIO_ACCESS_KEY": S3_KEY, "MINIO_SECRET_KEY": S3_SECRET,
        }  # fmt: skip
    async with open_store(make_settings(mongo_uri, redis_url, tmp_path, **s3)) as opened:
        yield opened


async def announced(
    store: Store, data: bytes = DATA, digest: str | None = DIGEST
) -> tuple[Upload, UploadTicket]:
    return await store.uploads.create(OWNER, "rows.csv", len(data), digest)


async def send_all(store: Store, ticket: UploadTicket, data: bytes) -> None:
    for part in ticket.parts:
        await send(store.objects, part, data[part.offset : part.offset + part.size])


async def expire(store: Store, upload: Upload, ago: timedelta) -> None:
    documents = store.mongo.database["uploads"]
    await documents.update_one({"_id": upload.id}, {"$set": {"expires_at": now() - ago}})


async def test_an_upload_is_announced_sent_and_checked(both: Store) -> None:
    upload, ticket = await announced(both)
    assert (upload.status, upload.filename, upload.size) == (UploadStatus.OPEN, "rows.csv", 26)
    await send_all(both, ticket, DATA)
    done = await both.uploads.complete(upload.id, OWNER)
    assert (done.status, done.sha256) == (UploadStatus.COMPLETE, DIGEST)
    assert await both.mongo.uploads.get(upload.id) == done
    assert await both.objects.get_bytes(done.object_key) == DATA
    assert await both.uploads.complete(upload.id, OWNER) == done


async def test_without_a_digest_the_one_found_is_kept(both: Store) -> None:
    upload, ticket = await announced(both, digest=None)
    await send_all(both, ticket, DATA)
    assert (await both.uploads.complete(upload.id, OWNER)).sha256 == DIGEST


async def test_other_bytes_are_refused_and_may_be_sent_again(both: Store) -> None:
    upload, ticket = await announced(both)
    wrong = DATA.replace(b"hello", b"hallo")
    await send_all(both, ticket, wrong)
    with pytest.raises(BadUpload) as caught:
        await both.uploads.complete(upload.id, OWNER)
    assert sha256(wrong).hexdigest() in str(caught.value)
    assert DIGEST in str(caught.value)
    assert (await both.mongo.uploads.get(upload.id)).status is UploadStatus.OPEN
    assert await both.objects.stat(upload.object_key) is None
    await send_all(both, await both.uploads.ticket(upload.id, OWNER), DATA)
    assert (await both.uploads.complete(upload.id, OWNER)).status is UploadStatus.COMPLETE
    assert await both.objects.get_bytes(upload.object_key) == DATA


async def test_an_upload_without_its_bytes_stays_open(both: Store) -> None:
    upload, ticket = await announced(both)
    with pytest.raises(BadUpload, match="missing"):
        await both.uploads.complete(upload.id, OWNER)
    assert await both.mongo.uploads.get(upload.id) == upload
    await send_all(both, ticket, DATA)
    assert (await both.uploads.complete(upload.id, OWNER)).status is UploadStatus.COMPLETE


async def test_twins_complete_it_once(both: Store) -> None:
    upload, ticket = await announced(both)
    await send_all(both, ticket, DATA)
    done = await asyncio.gather(*(both.uploads.complete(upload.id, OWNER) for _ in range(4)))
    assert {each.status for each in done} == {UploadStatus.COMPLETE}
    assert (await both.mongo.uploads.get(upload.id)).revision == 1


async def test_it_belongs_to_who_announced_it(store: Store) -> None:
    upload, ticket = await announced(store)
    await send_all(store, ticket, DATA)
    for stolen in (
        store.uploads.complete(upload.id, STRANGER),
        store.uploads.ticket(upload.id, STRANGER),
    ):
        with pytest.raises(NotFound):
            await stolen
    with pytest.raises(NotFound):
        await store.uploads.complete("upl_none", OWNER)
    assert (await store.mongo.uploads.get(upload.id)).status is UploadStatus.OPEN


async def test_a_complete_upload_has_no_more_tickets(store: Store) -> None:
    upload, ticket = await announced(store)
    await send_all(store, ticket, DATA)
    await store.uploads.complete(upload.id, OWNER)
    with pytest.raises(IllegalMove):
        await store.uploads.ticket(upload.id, OWNER)


async def test_an_expired_upload_is_over(store: Store) -> None:
    upload, ticket = await announced(store)
    await send_all(store, ticket, DATA)
    await expire(store, upload, timedelta(seconds=1))
    with pytest.raises(IllegalMove, match="expired"):
        await store.uploads.complete(upload.id, OWNER)
    assert (await store.mongo.uploads.get(upload.id)).status is UploadStatus.OPEN


async def test_the_sweep_forgets_what_was_never_completed(both: Store) -> None:
    left, ticket = await announced(both)
    await send_all(both, ticket, DATA)
    done, ticket = await announced(both)
    await send_all(both, ticket, DATA)
    await both.uploads.complete(done.id, OWNER)
    fresh, _ = await announced(both)
    for upload in (left, done):
        await expire(both, upload, timedelta(days=2))
    assert await both.uploads.sweep() == 1
    assert await both.mongo.uploads.find(left.id) is None
    assert await both.mongo.uploads.find(fresh.id) == fresh
    assert await both.objects.get_bytes(done.object_key) == DATA
    assert await both.uploads.sweep() == 0


@pytest.mark.parametrize(
    ("size", "parts"),
    [(0, 1), (MIN_PART_BYTES, 1), (MIN_PART_BYTES + 1, 2), (20 * 2**30, MAX_PARTS)],
)
async def test_a_large_file_gets_larger_parts(store: Store, size: int, parts: int) -> None:
    upload, ticket = await store.uploads.create(OWNER, "big.csv", size)
    assert len(ticket.parts) == parts
    assert sum(part.size for part in ticket.parts) == size
    assert [part.number for part in ticket.parts] == list(range(1, parts + 1))
    assert upload.part_size % 2**20 == 0


@pytest.mark.parametrize(
    ("filename", "size", "digest", "field"),
    [
        ("a.csv", -1, None, "size"),
        ("a.csv", 20 * 2**30 + 1, None, "size"),
        ("a.csv", 1, "abc", "sha256"),
        ("a.csv", 1, "g" * 64, "sha256"),
        ("", 1, None, "filename"),
        ("folder/", 1, None, "filename"),
        ("x" * 256, 1, None, "filename"),
        ("a\nb.csv", 1, None, "filename"),
    ],
)
async def test_a_bad_announcement_is_refused(
    store: Store, filename: str, size: int, digest: str | None, field: str
) -> None:
    with pytest.raises(InvalidValue) as caught:
        await store.uploads.create(OWNER, filename, size, digest)
    assert caught.value.path == ["input", field]
    assert await store.mongo.uploads.count({}) == 0


async def test_folders_before_a_name_are_dropped(store: Store) -> None:
    upload, _ = await store.uploads.create(OWNER, r"C:\data\..\rows.csv", 1, DIGEST.upper())
    assert (upload.filename, upload.sha256) == ("rows.csv", DIGEST)
