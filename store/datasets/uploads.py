"""Bytes on their way in: announced, sent straight to the object store, checked, kept."""

from __future__ import annotations

import asyncio
import hashlib
import re
from dataclasses import replace
from datetime import timedelta

from store import ids
from store.clock import now
from store.errors import BadUpload, IllegalMove, InvalidValue, NotFound
from store.mongo import Collections
from store.objects import ObjectStore, UploadTicket, keys
from store.records.dataset import Upload, UploadStatus
from store.settings import Settings

MIN_PART_BYTES = 16 * 2**20
MAX_PARTS = 256
SHA256 = re.compile(r"[0-9a-f]{64}")
GRACE = timedelta(hours=1)
"""How long an upload outlives its end: the check of a large one may still be going on."""


class Uploads:
    """An upload belongs to who announced it; to everybody else it is not there."""

    def __init__(self, *, settings: Settings, mongo: Collections, objects: ObjectStore) -> None:
        self._settings = settings
        self._mongo = mongo
        self._uploads = mongo.uploads
        self._objects = objects

    async def create(
        self, owner_id: str, filename: str, size: int, sha256: str | None = None,
        *, upload_id: str | None = None,
    ) -> tuple[Upload, UploadTicket]:  # fmt: skip
        """Announce a file of `size` bytes. Asked again with its id, fresh URLs for what is there.

        Raises InvalidValue, and IllegalMove for one that is complete or over.
        """
        if upload_id is not None and (known := await self._uploads.find(upload_id)):
            return known, await self.ticket(known.id, owner_id)
        upload = self._announced(upload_id or ids.new(ids.UPLOAD), owner_id, filename, size, sha256)
        ticket = await self._objects.open_upload(upload)
        upload = replace(upload, multipart_id=ticket.multipart_id)
        return await self._uploads.insert(upload), ticket

    async def ticket(self, upload_id: str, owner_id: str) -> UploadTicket:
        """Fresh URLs for an open upload; parts that came stay. Raises NotFound, IllegalMove."""
        return await self._objects.open_upload(_open(await self._owned(upload_id, owner_id)))

    async def complete(self, upload_id: str, owner_id: str) -> Upload:
        """Check that the bytes are those announced; a complete upload stays as it is.

        Raises NotFound, IllegalMove for one that is over, and BadUpload when a part is missing or
        the bytes are others: the upload is open then and can be sent again, by a fresh ticket.
        """
        upload = await self._owned(upload_id, owner_id)
        if upload.status is UploadStatus.COMPLETE:
            return upload
        await self._objects.finish_upload(_open(upload))
        size, sha256 = await self._measure(upload.object_key)
        if size != upload.size or sha256 != (upload.sha256 or sha256):
            await self._reopen(upload)
            raise BadUpload(
                f"{size} bytes came with SHA-256 {sha256}, announced were "
                f"{upload.size} bytes with SHA-256 {upload.sha256 or '(not given)'}"
            )
        return await self._uploads.amend(upload_id, lambda known: known.completed(sha256))

    async def let_go(self, upload_id: str | None) -> None:
        """Delete a file that was read, unless something that is kept goes back to it."""
        if upload_id is None:
            return
        key, live = keys.upload(upload_id), {"upload_id": upload_id, "status": {"$ne": "EXPIRED"}}
        if await self._mongo.dataset_versions.count({"source.object_key": key}):
            return
        if await self._mongo.bulk_predictions.count(live):
            return
        if not await self._mongo.bulk_operations.count(live):
            await self._uploads.delete(upload_id)
            await self._objects.delete(key)

    async def sweep(self, limit: int = 100) -> int:
        """Forget uploads that were never completed; returns how many."""
        over = {"status": UploadStatus.OPEN.value, "expires_at": {"$lt": now() - GRACE}}
        found = await self._uploads.all_by(over, limit)
        for upload in found:
            await self._objects.abort_upload(upload)
            await self._objects.delete(upload.object_key)
            await self._uploads.delete(upload.id)
        return len(found)

    def _announced(
        self, identifier: str, owner_id: str, filename: str, size: int, sha256: str | None
    ) -> Upload:
        at, most = now(), self._settings.max_upload_bytes
        if not 0 <= size <= most:
            raise InvalidValue(f"a file may have 0 to {most} bytes, not {size}", "size")
        if sha256 is not None and not SHA256.fullmatch(sha256.lower()):
            raise InvalidValue("a SHA-256 has 64 hexadecimal digits", "sha256")
        return Upload(
            id=identifier, owner_id=owner_id, filename=_base_name(filename), size=size,
            sha256=sha256.lower() if sha256 else None, object_key=keys.upload(identifier),
            part_size=_part_size(size), created_at=at,
            expires_at=at + timedelta(seconds=self._settings.upload_ttl_s),
        )  # fmt: skip

    async def _owned(self, upload_id: str, owner_id: str) -> Upload:
        upload = await self._uploads.find(upload_id)
        if upload is None or upload.owner_id != owner_id:
            raise NotFound(f"there is no upload {upload_id}")
        return upload

    async def _measure(self, key: str) -> tuple[int, str]:
        """Bytes and SHA-256 of an object, read once."""
        size, digest = 0, hashlib.sha256()
        async for chunk in self._objects.stream(key):
            size += len(chunk)
            await asyncio.to_thread(digest.update, chunk)
        return size, digest.hexdigest()

    async def _reopen(self, upload: Upload) -> None:
        await self._objects.delete(upload.object_key)
        ticket = await self._objects.open_upload(replace(upload, multipart_id=None))
        await self._uploads.amend(upload.id, lambda known: known.reopened(ticket.multipart_id))


def _open(upload: Upload) -> Upload:
    if upload.status is UploadStatus.COMPLETE:
        raise IllegalMove(f"upload {upload.id} is complete")
    if now() >= upload.expires_at:
        raise IllegalMove(f"upload {upload.id} has expired; announce the file again")
    return upload


def _base_name(filename: str) -> str:
    """The name without folders. Raises InvalidValue."""
    name = filename.replace("\\", "/").rpartition("/")[2].strip()
    if not 1 <= len(name) <= 255 or not name.isprintable():
        raise InvalidValue("a file name has 1 to 255 printable characters", "filename")
    return name


def _part_size(size: int) -> int:
    """Whole MiB, so that at most MAX_PARTS parts are needed."""
    even = -(-size // MAX_PARTS)
    return max(MIN_PART_BYTES, -(-even // 2**20) * 2**20)
