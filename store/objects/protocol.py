"""What the rest of the program may ask of an object store."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from store.errors import BadUpload
from store.records.dataset import Upload

CHUNK_BYTES = 2**20


@dataclass(frozen=True, slots=True)
class ObjectStat:
    key: str
    size: int
    """Bytes."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What objects take up."""

    bytes: int = 0
    objects: int = 0

    def plus(self, size: int) -> Usage:
        """With one more object of that many bytes."""
        return Usage(self.bytes + size, self.objects + 1)


@dataclass(frozen=True, slots=True)
class PartUrl:
    """Where to PUT the bytes `offset` to `offset + size` of the file; no header is needed."""

    number: int
    """From 1."""
    url: str
    offset: int
    size: int


@dataclass(frozen=True, slots=True)
class UploadTicket:
    upload_id: str
    method: str
    parts: tuple[PartUrl, ...]
    headers: dict[str, str]
    """To be sent with every part."""
    multipart_id: str | None = None
    """The object store's own name of the transfer; not for clients."""


class ObjectStore(Protocol):
    """Whole objects by key; each is written at once or not at all.

    Everything raises Unavailable when the service does not answer. What reads or links one
    object raises NotFound when it is not there.
    """

    async def put_file(self, key: str, path: Path, content_type: str | None = None) -> None: ...
    async def put_bytes(self, key: str, data: bytes) -> None: ...
    async def get_bytes(self, key: str) -> bytes: ...

    async def fetch(self, key: str, path: Path) -> None:
        """The object as a local file, to be read only: on a volume it is the object itself."""

    def stream(self, key: str) -> AsyncIterator[bytes]: ...
    async def stat(self, key: str) -> ObjectStat | None: ...

    async def list(self, prefix: str) -> tuple[ObjectStat, ...]:
        """Every object whose key begins with `prefix`, by key."""

    async def usage(self) -> dict[str, Usage]:
        """What all objects take up, by the first part of their keys, such as `uploads`."""

    async def delete(self, key: str) -> None:
        """It is no error when it is gone already."""

    async def tidy(self) -> None:
        """Delete what processes that died had begun to write."""

    async def download_url(self, key: str, filename: str) -> str:
        """A link for `download_ttl_s` that saves the object as `filename`."""

    async def open_upload(self, upload: Upload) -> UploadTicket:
        """URLs for every part; asked again, fresh URLs of the same transfer."""

    async def finish_upload(self, upload: Upload) -> None:
        """Make the parts one object; done already, it does nothing.

        From here on the ticket's URLs cannot change it. Raises BadUpload when a part is missing.
        """

    async def abort_upload(self, upload: Upload) -> None:
        """Drop the parts of an upload that is not finished."""

    async def receive_part(
        self, upload_id: str, number: int, expires: int, signature: str,
        chunks: AsyncIterable[bytes],
    ) -> None:  # fmt: skip
        """Take what a client PUTs to a URL of the server's own.

        Raises Denied for a URL that was not signed or is over, BadUpload for another size than
        announced, NotFound when the upload is not open.
        """

    async def serve(self, key: str, expires: int, signature: str) -> Path:
        """The file behind a download URL of the server's own. Raises Denied, NotFound."""

    async def health(self) -> None:
        """Raises Unavailable when objects cannot be read."""


def check_parts(upload: Upload, arrived: Collection[int]) -> None:
    """Raises BadUpload unless every part, by its number, is there."""
    numbers = range(1, upload.part_count + 1)
    missing = [str(number) for number in numbers if number not in arrived]
    if missing:
        raise BadUpload(
            f"of {len(numbers)} parts these are missing or of the wrong size: {', '.join(missing)}"
        )
