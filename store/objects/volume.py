"""Objects as files under one folder, which every process of an installation shares.

    <folder>/<key>                      an object; never changed in place
    <folder>/.incoming/<upload id>/     an open upload
    <folder>/.scratch/                  files in the making

A file is written in `.scratch`, flushed, and renamed into its place: readers see all of it or
nothing, and so they do after a power cut. Blocking work runs in threads.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections import defaultdict
from collections.abc import AsyncIterable, AsyncIterator, Callable
from contextlib import AbstractContextManager
from pathlib import Path
from stat import S_ISREG

from store.errors import NotFound
from store.objects import files, keys
from store.objects.incoming import Incoming
from store.objects.protocol import CHUNK_BYTES, ObjectStat, PartUrl, UploadTicket, Usage
from store.objects.signing import UrlSigner, download_path, upload_path
from store.records.dataset import Upload
from store.settings import Settings


class Volume:
    """An ObjectStore without a service."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._signer = UrlSigner.of(settings)
        self._folder = settings.data / "objects"
        self._scratch = self._folder / ".scratch"
        self._incoming = Incoming(self._folder / ".incoming", self._scratch)
        with self._errors("the volume's folder"):
            self._scratch.mkdir(parents=True, exist_ok=True)

    # -- whole objects ----------------------------------------------------------------------------

    async def put_file(self, key: str, path: Path, content_type: str | None = None) -> None:
        await self._put(key, lambda out: shutil.copyfile(path, out))

    async def put_bytes(self, key: str, data: bytes) -> None:
        await self._put(key, lambda out: out.write_bytes(data))

    async def get_bytes(self, key: str) -> bytes:
        with self._errors(key):
            return await asyncio.to_thread(self._path(key).read_bytes)

    async def fetch(self, key: str, path: Path) -> None:
        with self._errors(key):
            await asyncio.to_thread(files.link, self._path(key), path)

    async def stream(self, key: str) -> AsyncIterator[bytes]:
        with self._errors(key), await asyncio.to_thread(self._path(key).open, "rb") as file:
            while chunk := await asyncio.to_thread(file.read, CHUNK_BYTES):
                yield chunk

    async def stat(self, key: str) -> ObjectStat | None:
        try:
            with self._errors(key):
                found = await asyncio.to_thread(self._path(key).stat)
        except NotFound:
            return None
        return ObjectStat(key, found.st_size) if S_ISREG(found.st_mode) else None

    async def list(self, prefix: str) -> tuple[ObjectStat, ...]:
        with self._errors(prefix):
            return await asyncio.to_thread(self._list, prefix)

    async def usage(self) -> dict[str, Usage]:
        await self.health()  # a folder that is gone is not an empty one
        with self._errors("the volume's folder"):
            return await asyncio.to_thread(self._usage)

    async def delete(self, key: str) -> None:
        with self._errors(key):
            await asyncio.to_thread(files.remove, self._path(key), self._folder)

    async def tidy(self) -> None:
        with self._errors("the volume's folder"):
            await asyncio.to_thread(files.remove_abandoned, self._scratch)

    async def health(self) -> None:
        with self._errors("the volume's folder"):
            await asyncio.to_thread(os.listdir, self._scratch)

    # -- transfers with clients -------------------------------------------------------------------

    async def download_url(self, key: str, filename: str) -> str:
        path = download_path(keys.check(key))
        return self._signer.url("GET", path, self._settings.download_ttl_s, filename=filename)

    async def open_upload(self, upload: Upload) -> UploadTicket:
        with self._errors(upload.id):
            await asyncio.to_thread(self._incoming.open, upload)
        parts = tuple(self._part(upload, n + 1) for n in range(upload.part_count))
        return UploadTicket(upload.id, "PUT", parts, headers={})

    async def finish_upload(self, upload: Upload) -> None:
        with self._errors(upload.object_key):
            target = self._path(upload.object_key)
            await asyncio.to_thread(self._incoming.assemble, upload, target)

    async def abort_upload(self, upload: Upload) -> None:
        await asyncio.to_thread(self._incoming.discard, upload.id)

    async def receive_part(
        self, upload_id: str, number: int, expires: int, signature: str,
        chunks: AsyncIterable[bytes],
    ) -> None:  # fmt: skip
        self._signer.check("PUT", upload_path(upload_id, number), expires, signature)
        await self._incoming.receive(upload_id, number, chunks)

    async def serve(self, key: str, expires: int, signature: str) -> Path:
        self._signer.check("GET", download_path(key), expires, signature)
        if await self.stat(key) is None:
            raise NotFound(f"there is no object {key}")
        return self._path(key)

    # -- how --------------------------------------------------------------------------------------

    async def _put(self, key: str, fill: Callable[[Path], object]) -> None:
        def put() -> None:
            with files.written(self._scratch, self._path(key)) as out:
                fill(out)

        with self._errors(key):
            await asyncio.to_thread(put)

    def _list(self, prefix: str) -> tuple[ObjectStat, ...]:
        parent, _, _ = prefix.rpartition("/")
        found = (
            ObjectStat(path.relative_to(self._folder).as_posix(), size)
            for path, size in files.walk(self._path(parent) if parent else self._folder)
        )
        matching = (each for each in found if each.key.startswith(prefix))
        return tuple(sorted(matching, key=lambda each: each.key))

    def _usage(self) -> dict[str, Usage]:
        usage: defaultdict[str, Usage] = defaultdict(Usage)
        for path, size in files.walk(self._folder):
            kind = path.relative_to(self._folder).parts[0]
            usage[kind] = usage[kind].plus(size)
        return dict(usage)

    def _part(self, upload: Upload, number: int) -> PartUrl:
        path = upload_path(upload.id, number)
        url = self._signer.url("PUT", path, self._settings.upload_ttl_s)
        return PartUrl(number, url, (number - 1) * upload.part_size, upload.part_bytes(number))

    def _path(self, key: str) -> Path:
        return self._folder / keys.check(key)

    def _errors(self, key: str) -> AbstractContextManager[None]:
        return files.file_errors(f"there is no object {key}", self._folder)
