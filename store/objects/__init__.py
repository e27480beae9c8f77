"""Files by key: in S3 where an endpoint is set, else on a local volume."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from store.objects.protocol import ObjectStat, ObjectStore, PartUrl, UploadTicket, Usage
from store.objects.volume import Volume
from store.settings import Settings

__all__ = ["ObjectStat", "ObjectStore", "PartUrl", "UploadTicket", "Usage", "open_object_store"]


@asynccontextmanager
async def open_object_store(settings: Settings) -> AsyncIterator[ObjectStore]:
    """Raises Unavailable when S3 does not answer or the volume's folder cannot be made."""
    if settings.minio_endpoint is None:
        yield Volume(settings)
    else:
        # a quarter of all that a process imports, which those with a local volume do without
        from store.objects.s3 import open_s3  # noqa: PLC0415

        async with open_s3(settings) as opened:
            yield opened
