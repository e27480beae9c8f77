"""Object stores of both kinds, and clients that send parts to them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx

from store.objects import ObjectStore, PartUrl
from store.objects.volume import Volume
from store.settings import Settings
from tests.conftest import S3_KEY, S3_SECRET, SECRET


def settings_on(folder: Path, **more: object) -> Settings:
    values = {"SECRET_KEY": SECRET, "MONGO_DB_URI": "mongodb://", "REDIS_URL": "redis://"}
    return Settings.model_validate({**values, "data": folder / "data", **more})


def s3_settings(folder: Path, endpoint: str, **more: object) -> Settings:
    """One bucket for most tests: SeaweedFS keeps a few volumes for each, and has not many."""
    keys = {"MINIO_ACCESS_KEY": S3_KEY, "MINIO_SECRET_KEY": S3_SECRET}
    return settings_on(folder, **{"MINIO_ENDPOINT": endpoint, **keys, **more})


async def send(objects: ObjectStore, part: PartUrl, data: bytes) -> None:
    """PUT a part as a client does; the server's route for a volume calls `receive_part`."""
    if isinstance(objects, Volume):
        await put_to_volume(objects, part.url, data)
        return
    async with httpx.AsyncClient() as client:
        (await client.put(part.url, content=data)).raise_for_status()


async def put_to_volume(objects: Volume, url: str, data: bytes) -> None:
    path, query = urlsplit(url).path, parse_qs(urlsplit(url).query)
    _, route, upload_id, number = path.split("/")
    assert route == "uploads"
    expires, signature = int(query["expires"][0]), query["signature"][0]
    await objects.receive_part(upload_id, int(number), expires, signature, in_chunks(data))


async def in_chunks(data: bytes, size: int = 65_536) -> AsyncIterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]
