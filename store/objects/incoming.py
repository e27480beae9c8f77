"""Uploads on their way to a volume: a folder each, with what was announced and the parts so far."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterable
from pathlib import Path
from uuid import uuid4

import orjson

from store.codec import from_plain, to_plain
from store.errors import BadUpload, NotFound
from store.objects import files
from store.objects.protocol import CHUNK_BYTES, check_parts
from store.records.dataset import Upload

ANNOUNCED = "announced.json"


class Incoming:
    """Whoever finishes an upload removes its folder, and with it the right to send more."""

    def __init__(self, folder: Path, scratch: Path) -> None:
        self._folder = folder
        self._scratch = scratch

    def open(self, upload: Upload) -> None:
        """Ready for parts; those that came already stay."""
        with files.written(self._scratch, self._folder / upload.id / ANNOUNCED) as out:
            out.write_bytes(orjson.dumps(to_plain(upload)))

    def discard(self, upload_id: str) -> None:
        shutil.rmtree(self._folder / upload_id, ignore_errors=True)

    async def receive(self, upload_id: str, number: int, chunks: AsyncIterable[bytes]) -> None:
        """Keep one part. Raises NotFound when none is awaited, BadUpload for a wrong size."""
        with files.file_errors("this upload is not open", self._folder):
            upload = await asyncio.to_thread(self._announced, upload_id)
            if not 1 <= number <= upload.part_count:
                raise NotFound(f"this upload has no part {number}")
            temporary = self._scratch / uuid4().hex
            try:
                await _write(temporary, chunks, number, upload.part_bytes(number))
                await asyncio.to_thread(temporary.replace, self._part(upload_id, number))
            finally:
                await asyncio.to_thread(temporary.unlink, missing_ok=True)

    def assemble(self, upload: Upload, target: Path) -> None:
        """Make the parts `target`; nothing when it is there. Raises BadUpload for missing parts."""
        parts = {n: self._part(upload.id, n) for n in range(1, upload.part_count + 1)}
        arrived = [number for number, part in parts.items() if part.exists()]
        if not target.exists():
            check_parts(upload, arrived)
        try:
            self._join(list(parts.values()), target)
        except FileNotFoundError:
            # finished before, or by a twin of this call just now
            if not target.exists():
                raise
        self.discard(upload.id)

    def _join(self, parts: list[Path], target: Path) -> None:
        if len(parts) == 1:
            return files.commit(parts[0], target)
        with files.written(self._scratch, target) as whole, whole.open("wb") as out:
            for part in parts:
                with part.open("rb") as source:
                    shutil.copyfileobj(source, out, CHUNK_BYTES)

    def _announced(self, upload_id: str) -> Upload:
        return from_plain(Upload, orjson.loads((self._folder / upload_id / ANNOUNCED).read_bytes()))

    def _part(self, upload_id: str, number: int) -> Path:
        return self._folder / upload_id / str(number)


async def _write(out: Path, chunks: AsyncIterable[bytes], number: int, size: int) -> None:
    received = 0
    with await asyncio.to_thread(out.open, "wb") as file:
        async for chunk in chunks:
            received += len(chunk)
            if received > size:
                raise BadUpload(f"part {number} is longer than its {size} announced bytes")
            await asyncio.to_thread(file.write, chunk)
    if received < size:
        raise BadUpload(f"part {number} ended after {received} of {size} announced bytes")
