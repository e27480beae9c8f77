"""Both object stores keep the same promises: one set of tests, run on a volume and on S3."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from shoal.ports import free_port
from store import ids
from store.clock import now
from store.errors import BadUpload, Denied, NotFound, Unavailable
from store.objects import ObjectStore, UploadTicket, keys, open_object_store
from store.objects.volume import Volume
from store.records.dataset import Upload
from tests.store.sending import put_to_volume, s3_settings, send, settings_on

MIB = 2**20
PART = 5 * MIB  # the least that S3 takes for any part but the last


@pytest.fixture(params=["volume", "s3"])
async def objects(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[ObjectStore]:
    if request.param == "volume":
        settings = settings_on(tmp_path)
    else:
        settings = s3_settings(tmp_path, request.getfixturevalue("s3_endpoint"))
    async with open_object_store(settings) as opened:
        yield opened
        for each in await opened.list(""):
            await opened.delete(each.key)


def upload_of(data: bytes, part_size: int = PART) -> Upload:
    identifier, at = ids.new(ids.UPLOAD), now()
    return Upload(
        id=identifier, owner_id="usr_a", filename="rows.csv", size=len(data), sha256=None,
        object_key=keys.upload(identifier), part_size=part_size, created_at=at,
        expires_at=at + timedelta(hours=1),
    )  # fmt: skip


async def opened(objects: ObjectStore, upload: Upload) -> tuple[Upload, UploadTicket]:
    ticket = await objects.open_upload(upload)
    return replace(upload, multipart_id=ticket.multipart_id), ticket


def bytes_of(size: int, seed: str = "a") -> bytes:
    return (hashlib.sha256(seed.encode()).digest() * (size // 32 + 1))[:size]


# -- whole objects ------------------------------------------------------------------------------


async def test_bytes_come_back_as_they_went(objects: ObjectStore) -> None:
    await objects.put_bytes("engines/abc/model.onnx", b"weights")
    assert await objects.get_bytes("engines/abc/model.onnx") == b"weights"
    found = await objects.stat("engines/abc/model.onnx")
    assert found is not None
    assert (found.key, found.size) == ("engines/abc/model.onnx", 7)


async def test_an_object_may_be_empty(objects: ObjectStore) -> None:
    await objects.put_bytes("blobs/empty", b"")
    assert await objects.get_bytes("blobs/empty") == b""


async def test_a_second_write_replaces_the_first(objects: ObjectStore) -> None:
    await objects.put_bytes("blobs/a", b"first")
    await objects.put_bytes("blobs/a", b"second")
    assert await objects.get_bytes("blobs/a") == b"second"


async def test_a_large_file_goes_and_comes_back(objects: ObjectStore, tmp_path: Path) -> None:
    source, back = tmp_path / "source", tmp_path / "deep" / "back"
    source.write_bytes(bytes_of(20 * MIB + 7))
    await objects.put_file("blobs/large", source, content_type="application/octet-stream")
    await objects.fetch("blobs/large", back)
    assert back.read_bytes() == source.read_bytes()
    digest = hashlib.sha256()
    async for chunk in objects.stream("blobs/large"):
        digest.update(chunk)
    assert digest.digest() == hashlib.sha256(source.read_bytes()).digest()


async def test_a_fetch_replaces_what_was_there(objects: ObjectStore, tmp_path: Path) -> None:
    await objects.put_bytes("blobs/a", b"new")
    target = tmp_path / "target"
    target.write_bytes(b"old and longer")
    await objects.fetch("blobs/a", target)
    await objects.fetch("blobs/a", target)
    assert target.read_bytes() == b"new"


async def test_a_changed_source_file_does_not_change_the_object(
    objects: ObjectStore, tmp_path: Path
) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"before")
    await objects.put_file("blobs/a", source)
    source.write_bytes(b"after")
    assert await objects.get_bytes("blobs/a") == b"before"


async def test_what_is_not_there_is_named(objects: ObjectStore, tmp_path: Path) -> None:
    assert await objects.stat("blobs/none") is None
    with pytest.raises(NotFound):
        await objects.get_bytes("blobs/none")
    with pytest.raises(NotFound):
        await objects.fetch("blobs/none", tmp_path / "folder" / "none")
    assert not any((tmp_path / "folder").iterdir())
    with pytest.raises(NotFound):
        async for _ in objects.stream("blobs/none"):
            pass
    await objects.delete("blobs/none")


async def test_a_prefix_of_a_key_is_no_object(objects: ObjectStore) -> None:
    await objects.put_bytes("artefacts/job_a/x", b"x")
    assert await objects.stat("artefacts/job_a") is None
    with pytest.raises(NotFound):
        await objects.get_bytes("artefacts/job_a")


async def test_a_listing_beside_deletions_is_whole(objects: ObjectStore) -> None:
    names = [f"artefacts/job_a/{n:02}" for n in range(40)]
    for name in (*names, "artefacts/job_a/kept"):
        await objects.put_bytes(name, b"x")
    deleting = asyncio.gather(*(objects.delete(name) for name in names))
    listings = [await objects.list("artefacts/job_a/") for _ in range(5)]
    await deleting
    assert all(listing[-1].key == "artefacts/job_a/kept" for listing in listings)


async def test_deleted_is_gone(objects: ObjectStore) -> None:
    await objects.put_bytes("blobs/a", b"a")
    await objects.delete("blobs/a")
    assert await objects.stat("blobs/a") is None


async def test_a_listing_holds_all_keys_of_a_prefix_in_order(objects: ObjectStore) -> None:
    for key in ("artefacts/job_b/x", "artefacts/job_a/2", "artefacts/job_a/1/deep", "other/a"):
        await objects.put_bytes(key, key.encode())
    found = await objects.list("artefacts/job_a/")
    assert [(each.key, each.size) for each in found] == [
        ("artefacts/job_a/1/deep", 22),
        ("artefacts/job_a/2", 17),
    ]
    assert [each.key for each in await objects.list("artefacts/job")] == [
        "artefacts/job_a/1/deep", "artefacts/job_a/2", "artefacts/job_b/x",
    ]  # fmt: skip
    assert await objects.list("nothing/") == ()
    assert len(await objects.list("")) == 4


@pytest.mark.parametrize(
    "key",
    ["", "/etc/passwd", "../outside", "a/../../b", "a//b", "a/", ".scratch/a", "a\\b", "a\0b"],
)
async def test_a_key_cannot_leave_the_store(objects: ObjectStore, key: str, tmp_path: Path) -> None:
    for refused in (
        objects.put_bytes(key, b"x"), objects.get_bytes(key), objects.delete(key),
        objects.fetch(key, tmp_path / "x"), objects.download_url(key, "x"),
    ):  # fmt: skip
        with pytest.raises(NotFound):
            await refused
    assert await objects.stat(key) is None
    assert await objects.list("") == ()


async def test_concurrent_writes_leave_one_whole_object(objects: ObjectStore) -> None:
    versions = [bytes_of(MIB, seed=str(n)) for n in range(6)]
    await asyncio.gather(*(objects.put_bytes("blobs/a", data) for data in versions))
    assert await objects.get_bytes("blobs/a") in versions


async def test_it_is_healthy(objects: ObjectStore) -> None:
    await objects.health()


# -- uploads ------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [0, 1, PART - 1, PART, PART + 1, 2 * PART + 7])
async def test_parts_become_one_object(objects: ObjectStore, size: int) -> None:
    data = bytes_of(size)
    upload, ticket = await opened(objects, upload_of(data))
    assert (ticket.upload_id, ticket.method, ticket.headers) == (upload.id, "PUT", {})
    assert sum(part.size for part in ticket.parts) == size
    for part in reversed(ticket.parts):
        await send(objects, part, data[part.offset : part.offset + part.size])
    assert await objects.stat(upload.object_key) is None
    await objects.finish_upload(upload)
    assert await objects.get_bytes(upload.object_key) == data
    await objects.finish_upload(upload)
    assert await objects.get_bytes(upload.object_key) == data


async def test_a_part_may_be_sent_again(objects: ObjectStore) -> None:
    upload, ticket = await opened(objects, upload_of(b"right"))
    for _ in range(3):
        await send(objects, ticket.parts[0], b"right")
    await objects.finish_upload(upload)
    assert await objects.get_bytes(upload.object_key) == b"right"


async def test_a_fresh_ticket_keeps_the_parts_that_came(objects: ObjectStore) -> None:
    data = bytes_of(PART + 3)
    upload, ticket = await opened(objects, upload_of(data))
    await send(objects, ticket.parts[0], data[:PART])
    fresh = await objects.open_upload(upload)
    await send(objects, fresh.parts[1], data[PART:])
    await objects.finish_upload(upload)
    assert await objects.get_bytes(upload.object_key) == data


async def test_a_missing_part_is_named_and_can_still_come(objects: ObjectStore) -> None:
    data = bytes_of(2 * PART + 1)
    upload, ticket = await opened(objects, upload_of(data))
    await send(objects, ticket.parts[1], data[PART : 2 * PART])
    with pytest.raises(BadUpload, match="of 3 parts these are missing or of the wrong size: 1, 3"):
        await objects.finish_upload(upload)
    assert await objects.stat(upload.object_key) is None
    for part in (ticket.parts[0], ticket.parts[2]):
        await send(objects, part, data[part.offset : part.offset + part.size])
    await objects.finish_upload(upload)
    assert await objects.get_bytes(upload.object_key) == data


@pytest.mark.parametrize("sent", [b"four!", b"abc"])
async def test_a_part_of_another_size_than_announced_is_refused(
    objects: ObjectStore, sent: bytes
) -> None:
    upload, ticket = await opened(objects, upload_of(b"four"))
    with pytest.raises(BadUpload):
        # a volume refuses it on its way, S3 takes it and we refuse it then
        await send(objects, ticket.parts[0], sent)
        await objects.finish_upload(upload)
    assert await objects.list("") == ()
    await send(objects, ticket.parts[0], b"four")
    await objects.finish_upload(upload)
    assert await objects.get_bytes(upload.object_key) == b"four"


async def test_twins_may_finish_at_the_same_time(objects: ObjectStore) -> None:
    data = bytes_of(PART + 1)
    upload, ticket = await opened(objects, upload_of(data))
    for part in ticket.parts:
        await send(objects, part, data[part.offset : part.offset + part.size])
    await asyncio.gather(*(objects.finish_upload(upload) for _ in range(4)))
    assert await objects.get_bytes(upload.object_key) == data


async def test_a_finished_upload_cannot_be_changed_by_its_ticket(objects: ObjectStore) -> None:
    upload, ticket = await opened(objects, upload_of(b"checked"))
    await send(objects, ticket.parts[0], b"checked")
    await objects.finish_upload(upload)
    with pytest.raises((NotFound, httpx.HTTPStatusError)):
        await send(objects, ticket.parts[0], b"changed")
    await objects.finish_upload(upload)
    assert await objects.get_bytes(upload.object_key) == b"checked"


async def test_an_aborted_upload_is_over(objects: ObjectStore) -> None:
    upload, ticket = await opened(objects, upload_of(b"gone"))
    await send(objects, ticket.parts[0], b"gone")
    await objects.abort_upload(upload)
    await objects.abort_upload(upload)
    with pytest.raises((NotFound, BadUpload)):
        await objects.finish_upload(upload)
    assert await objects.list("") == ()


# -- the volume's own URLs ------------------------------------------------------------------------


async def test_a_volume_serves_what_a_signed_url_names(tmp_path: Path) -> None:
    settings = settings_on(tmp_path, public_url="https://shoal.example/")
    volume = Volume(settings)
    await volume.put_bytes("blobs/a", b"data")
    url = urlsplit(await volume.download_url("blobs/a", "Übersicht 1.csv"))
    query = parse_qs(url.query)
    assert (url.netloc, url.path) == ("shoal.example", "/downloads/blobs/a")
    assert query["filename"] == ["Übersicht 1.csv"]
    expires, signature = int(query["expires"][0]), query["signature"][0]
    assert (await volume.serve("blobs/a", expires, signature)).read_bytes() == b"data"
    await volume.put_bytes("blobs/b", b"secret")
    for key, end, signed in (
        ("blobs/b", expires, signature), ("blobs/a", expires + 1, signature),
        ("blobs/a", expires, signature[:-1] + "x"), ("blobs/a", expires, "é"),
    ):  # fmt: skip
        with pytest.raises(Denied):
            await volume.serve(key, end, signed)
    await volume.delete("blobs/a")
    with pytest.raises(NotFound):
        await volume.serve("blobs/a", expires, signature)


async def test_a_signed_url_ends(tmp_path: Path) -> None:
    volume = Volume(settings_on(tmp_path, download_ttl_s=-1, upload_ttl_s=-1))
    await volume.put_bytes("blobs/a", b"data")
    query = parse_qs(urlsplit(await volume.download_url("blobs/a", "a")).query)
    with pytest.raises(Denied, match="expired"):
        await volume.serve("blobs/a", int(query["expires"][0]), query["signature"][0])
    _, ticket = await opened(volume, upload_of(b"late"))
    with pytest.raises(Denied, match="expired"):
        await send(volume, ticket.parts[0], b"late")


async def test_a_part_url_is_good_for_its_part_only(tmp_path: Path) -> None:
    volume = Volume(settings_on(tmp_path))
    upload, ticket = await opened(volume, upload_of(b"12345678", part_size=4))
    first = ticket.parts[0].url
    for url in (
        first.replace("/1?", "/2?"), first.replace(upload.id, ids.new(ids.UPLOAD)),
        first.replace("signature=", "signature=0"),
    ):  # fmt: skip
        with pytest.raises(Denied):
            await put_to_volume(volume, url, b"1234")
    with pytest.raises(BadUpload, match="wrong size: 1, 2"):
        await volume.finish_upload(upload)


async def test_a_cut_off_part_leaves_nothing(tmp_path: Path) -> None:
    volume = Volume(settings_on(tmp_path))
    _, ticket = await opened(volume, upload_of(b"12345678"))

    async def broken() -> AsyncIterator[bytes]:
        yield b"1234"
        raise ConnectionResetError

    query = parse_qs(urlsplit(ticket.parts[0].url).query)
    with pytest.raises(Unavailable):
        await volume.receive_part(
            ticket.upload_id, 1, int(query["expires"][0]), query["signature"][0], broken()
        )
    assert list((tmp_path / "data/objects/.scratch").iterdir()) == []


async def test_what_a_dead_process_had_begun_to_write_goes_after_a_while(tmp_path: Path) -> None:
    volume = Volume(settings_on(tmp_path))
    await volume.put_bytes("blobs/a", b"whole")
    folder = tmp_path / "data" / "objects" / ".scratch"
    left, underway = folder / "left", folder / "underway"
    for path in (left, underway):
        path.write_bytes(b"half")
    os.utime(left, (0, 0))
    await volume.tidy()
    assert list(folder.iterdir()) == [underway]
    assert await volume.get_bytes("blobs/a") == b"whole"


async def test_the_last_object_takes_its_folders_along(tmp_path: Path) -> None:
    async with open_object_store(settings_on(tmp_path)) as volume:
        for key in ("artefacts/a/b/1", "artefacts/a/b/2", "artefacts/c/1"):
            await volume.put_bytes(key, b"kept")
        await volume.fetch("artefacts/a/b/1", tmp_path / "link")
        await volume.delete("artefacts/a/b/1")
        top = tmp_path / "data/objects"
        assert (top / "artefacts/a/b/2").is_file()
        await volume.delete("artefacts/a/b/2")
        assert not (top / "artefacts/a").exists()
        assert (top / "artefacts/c/1").is_file()
        await volume.delete("artefacts/c/1")
        await volume.delete("artefacts/c/1")
        assert sorted(path.name for path in top.iterdir()) == [".scratch"]
    assert (tmp_path / "link").read_bytes() == b"kept"


async def test_an_object_comes_whole_while_its_folder_is_emptied(tmp_path: Path) -> None:
    async def come_and_go(name: str) -> None:
        for _ in range(50):
            await volume.put_bytes(f"artefacts/a/b/{name}", b"kept")
            assert await volume.get_bytes(f"artefacts/a/b/{name}") == b"kept"
            await volume.delete(f"artefacts/a/b/{name}")

    async with open_object_store(settings_on(tmp_path)) as volume:
        await asyncio.gather(*(come_and_go(str(number)) for number in range(8)))
        assert await volume.list("") == ()


# -- S3 alone -------------------------------------------------------------------------------------


async def test_a_plain_curl_can_upload_and_a_browser_download(
    tmp_path: Path, s3_endpoint: str
) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"sent by curl")
    async with open_object_store(s3_settings(tmp_path, s3_endpoint)) as s3:
        upload, ticket = await opened(s3, upload_of(b"sent by curl"))
        curl = await asyncio.create_subprocess_exec(
            "curl", "--fail", "--silent", "-T", str(source), ticket.parts[0].url
        )
        assert await curl.wait() == 0
        await s3.finish_upload(upload)
        url = await s3.download_url(upload.object_key, "Übersicht, 1.csv")
        async with httpx.AsyncClient() as client:
            response = await client.get(url)
            stranger = await client.get(url.split("?", maxsplit=1)[0])
    assert response.content == b"sent by curl"
    shown = response.headers["content-disposition"]
    assert shown == "attachment; filename*=UTF-8''%C3%9Cbersicht%2C%201.csv"
    assert stranger.status_code == 403


async def test_urls_for_clients_name_the_public_endpoint(tmp_path: Path, s3_endpoint: str) -> None:
    public = s3_endpoint.replace("127.0.0.1", "localhost")
    settings = s3_settings(tmp_path, s3_endpoint, minio_public_endpoint=public)
    async with open_object_store(settings) as s3:
        upload, ticket = await opened(s3, upload_of(b"public"))
        assert urlsplit(ticket.parts[0].url).netloc == public
        await send(s3, ticket.parts[0], b"public")
        await s3.finish_upload(upload)
        async with httpx.AsyncClient() as client:
            response = await client.get(await s3.download_url(upload.object_key, "a"))
    assert response.content == b"public"


async def test_a_bucket_is_made_once_and_found_again(tmp_path: Path, s3_endpoint: str) -> None:
    settings = s3_settings(tmp_path, s3_endpoint, bucket="made-once")
    async with open_object_store(settings) as first:
        await first.put_bytes("blobs/a", b"kept")
    async with open_object_store(settings) as second:
        assert await second.get_bytes("blobs/a") == b"kept"


async def test_browsers_of_any_origin_may_send_parts(tmp_path: Path, s3_endpoint: str) -> None:
    async with open_object_store(s3_settings(tmp_path, s3_endpoint)) as s3:
        _, ticket = await opened(s3, upload_of(b"cors"))
        asked = {"Origin": "https://shoal.example", "Access-Control-Request-Method": "PUT"}
        async with httpx.AsyncClient() as client:
            response = await client.options(ticket.parts[0].url, headers=asked)
    assert response.status_code == 200
    assert "PUT" in response.headers["access-control-allow-methods"]


async def test_an_s3_that_does_not_answer_is_named(tmp_path: Path) -> None:
    settings = s3_settings(tmp_path, f"127.0.0.1:{free_port()}", service_timeout_s=0.5)
    with pytest.raises(Unavailable, match="objects is unavailable"):
        async with open_object_store(settings):
            pass


async def test_wrong_s3_keys_are_told_at_the_start(tmp_path: Path, s3_endpoint: str) -> None:
    settings = s3_settings(tmp_path, s3_endpoint, MINIO_SECRET_KEY="wrong")
    with pytest.raises(Unavailable, match="objects is unavailable"):
        async with open_object_store(settings):
            pass
