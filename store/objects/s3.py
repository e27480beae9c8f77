"""Objects in S3, MinIO or whatever speaks S3."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterable, AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote
from uuid import uuid4

import aioboto3
from aiobotocore.config import AioConfig
from botocore.exceptions import ClientError

from store.errors import BadUpload, NotFound
from store.objects import keys
from store.objects.files import file_errors
from store.objects.protocol import (
    CHUNK_BYTES,
    ObjectStat,
    PartUrl,
    UploadTicket,
    Usage,
    check_parts,
)
from store.objects.s3_errors import code_of, s3_errors
from store.records.dataset import Upload
from store.settings import Settings

REGION = "us-east-1"
MOST_AT_ONCE = 5 * 2**30
"""Bytes that S3 takes in one request."""
CORS = {
    "CORSRules": [
        # the signature in the URL is the right; no cookie travels with it
        {"AllowedOrigins": ["*"], "AllowedMethods": ["GET", "PUT"], "AllowedHeaders": ["*"]}
    ]
}


@asynccontextmanager
async def open_s3(settings: Settings) -> AsyncIterator[S3]:
    """One client for the life of the store; the bucket is made if it is missing."""
    session = aioboto3.Session()
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(
            _client(session, settings, settings.minio_endpoint or "")
        )
        signer = client
        if settings.minio_public_endpoint:
            # a signature covers the host, so URLs for clients need a client of their own
            signer = await stack.enter_async_context(
                _client(session, settings, settings.minio_public_endpoint)
            )
        store = S3(settings, client, signer)
        await store.make_bucket()
        yield store


class S3:
    """An ObjectStore on an S3 client. Every upload is a multipart one, also of one part:
    its URLs die when it is finished, whereas a presigned PUT could replace a checked object.
    """

    def __init__(self, settings: Settings, client: Any, signer: Any) -> None:
        self._settings = settings
        self._bucket = settings.bucket
        self._client = client
        self._signer = signer

    async def make_bucket(self) -> None:
        """Make the bucket unless it is there, open to browsers that hold a signed URL."""
        try:
            await self.health()
        except NotFound:
            with s3_errors(f"bucket {self._bucket}"):
                try:
                    await self._client.create_bucket(Bucket=self._bucket)
                except ClientError as error:
                    # of processes that start together, another one was faster
                    if code_of(error) != "BucketAlreadyOwnedByYou":
                        raise
                await self._let_browsers_in()

    async def health(self) -> None:
        async with self._answer(f"bucket {self._bucket}"):
            try:
                await self._client.head_bucket(Bucket=self._bucket)
            except ClientError as error:
                if code_of(error) == "403":  # a HEAD's answer has no body that says why
                    await self._client.list_objects_v2(Bucket=self._bucket, MaxKeys=1)
                raise

    # -- whole objects ----------------------------------------------------------------------------

    async def put_file(self, key: str, path: Path, content_type: str | None = None) -> None:
        """In one request, or in parts where it is too large for one."""
        more = {"ContentType": content_type} if content_type else {}
        if (await asyncio.to_thread(path.stat)).st_size > MOST_AT_ONCE:
            with s3_errors(key):
                await self._client.upload_file(
                    str(path), self._bucket, keys.check(key), ExtraArgs=more
                )
            return
        with await asyncio.to_thread(path.open, "rb") as file:
            await self._put(key, file, **more)

    async def put_bytes(self, key: str, data: bytes) -> None:
        await self._put(key, BytesIO(data))

    async def get_bytes(self, key: str) -> bytes:
        return b"".join([chunk async for chunk in self.stream(key)])

    async def fetch(self, key: str, path: Path) -> None:
        with file_errors(f"{path.parent} is gone", path.parent):
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary = path.with_name(f".{uuid4().hex}")
            try:
                with await asyncio.to_thread(temporary.open, "wb") as out:
                    async for chunk in self.stream(key):
                        await asyncio.to_thread(out.write, chunk)
                await asyncio.to_thread(temporary.replace, path)
            finally:
                await asyncio.to_thread(temporary.unlink, missing_ok=True)

    async def stream(self, key: str) -> AsyncIterator[bytes]:
        with s3_errors(key):
            found = await self._client.get_object(**self._at(key))
            body = found["Body"]
            async with body:
                async for chunk in body.iter_chunks(CHUNK_BYTES):
                    yield chunk

    async def stat(self, key: str) -> ObjectStat | None:
        try:
            async with self._answer(key):
                found = await self._client.head_object(**self._at(key))
        except NotFound:
            return None
        return ObjectStat(key, found["ContentLength"])

    async def list(self, prefix: str) -> tuple[ObjectStat, ...]:
        with s3_errors(prefix):
            pages = self._client.get_paginator("list_objects_v2")
            return tuple(
                [
                    ObjectStat(each["Key"], each["Size"])
                    async for page in pages.paginate(Bucket=self._bucket, Prefix=prefix)
                    for each in page.get("Contents", ())
                ]
            )

    async def usage(self) -> dict[str, Usage]:
        usage: defaultdict[str, Usage] = defaultdict(Usage)
        with s3_errors("the bucket"):
            pages = self._client.get_paginator("list_objects_v2")
            async for page in pages.paginate(Bucket=self._bucket):
                for each in page.get("Contents", ()):
                    kind = each["Key"].partition("/")[0]
                    usage[kind] = usage[kind].plus(each["Size"])
        return dict(usage)

    async def delete(self, key: str) -> None:
        async with self._answer(key):
            await self._client.delete_object(**self._at(key))

    async def tidy(self) -> None:
        """An object is there whole or not at all; `abort_upload` ends what clients leave."""

    # -- transfers with clients -------------------------------------------------------------------

    async def download_url(self, key: str, filename: str) -> str:
        shown = f"attachment; filename*=UTF-8''{quote(filename, safe='')}"
        asked = {
            **self._at(key),
            "ResponseContentDisposition": shown,
            "ResponseContentType": "application/octet-stream",
        }
        return await self._presign("get_object", asked, self._settings.download_ttl_s)

    async def open_upload(self, upload: Upload) -> UploadTicket:
        multipart_id = upload.multipart_id or await self._begin(upload.object_key)
        parts = [await self._part(upload, multipart_id, n + 1) for n in range(upload.part_count)]
        return UploadTicket(upload.id, "PUT", tuple(parts), {}, multipart_id)

    async def finish_upload(self, upload: Upload) -> None:
        if await self.stat(upload.object_key) is not None:
            return
        try:
            await self._complete(upload)
        except (NotFound, BadUpload):
            # a twin of this call was faster; SeaweedFS then lists no parts for a moment
            if await self.stat(upload.object_key) is None:
                raise

    async def abort_upload(self, upload: Upload) -> None:
        with suppress(NotFound):
            async with self._answer(upload.object_key):
                await self._client.abort_multipart_upload(**self._transfer(upload))

    async def receive_part(
        self, upload_id: str, number: int, expires: int, signature: str,
        chunks: AsyncIterable[bytes],
    ) -> None:  # fmt: skip
        raise NotFound("parts go to the object store itself")

    async def serve(self, key: str, expires: int, signature: str) -> Path:
        raise NotFound("downloads come from the object store itself")

    # -- how --------------------------------------------------------------------------------------

    @asynccontextmanager
    async def _answer(self, key: str) -> AsyncIterator[None]:
        """For calls with short answers: every try together takes no longer than one may."""
        with s3_errors(key):
            async with asyncio.timeout(self._settings.service_timeout_s):
                yield

    async def _let_browsers_in(self) -> None:
        try:
            await self._client.put_bucket_cors(Bucket=self._bucket, CORSConfiguration=CORS)
        except ClientError as error:
            # MinIO has no such setting: it answers every origin
            if code_of(error) != "NotImplemented":
                raise

    async def _put(self, key: str, body: BinaryIO, **more: str) -> None:
        with s3_errors(key):
            await self._client.put_object(**self._at(key), Body=body, **more)

    async def _begin(self, key: str) -> str:
        async with self._answer(key):
            begun = await self._client.create_multipart_upload(**self._at(key))
        return str(begun["UploadId"])

    async def _part(self, upload: Upload, multipart_id: str, number: int) -> PartUrl:
        asked = {**self._at(upload.object_key), "UploadId": multipart_id, "PartNumber": number}
        url = await self._presign("upload_part", asked, self._settings.upload_ttl_s)
        return PartUrl(number, url, (number - 1) * upload.part_size, upload.part_bytes(number))

    async def _complete(self, upload: Upload) -> None:
        with s3_errors(upload.object_key):
            pages = self._client.get_paginator("list_parts").paginate(**self._transfer(upload))
            parts = _chosen(
                upload, [part async for page in pages for part in page.get("Parts", ())]
            )
            await self._client.complete_multipart_upload(
                **self._transfer(upload), MultipartUpload={"Parts": parts}
            )

    async def _presign(self, verb: str, asked: dict[str, object], ttl_s: int) -> str:
        with s3_errors("the URL"):
            url = await self._signer.generate_presigned_url(verb, Params=asked, ExpiresIn=ttl_s)
        return str(url)

    def _at(self, key: str) -> dict[str, object]:
        return {"Bucket": self._bucket, "Key": keys.check(key)}

    def _transfer(self, upload: Upload) -> dict[str, object]:
        return {**self._at(upload.object_key), "UploadId": upload.multipart_id}


def _chosen(upload: Upload, listed: Sequence[dict[str, Any]]) -> list[dict[str, object]]:
    """The newest of each part with its announced size: SeaweedFS lists all that ever came.

    Raises BadUpload when there is none of some part.
    """
    etags = {
        part["PartNumber"]: part["ETag"]
        for part in sorted(listed, key=lambda part: part["LastModified"])
        if part["Size"] == upload.part_bytes(part["PartNumber"])
    }
    check_parts(upload, etags)
    return [{"PartNumber": number, "ETag": etags[number]} for number in sorted(etags)]


def _client(session: aioboto3.Session, settings: Settings, endpoint: str) -> Any:
    """A client, to be entered; `endpoint` is `host:port`, or a URL."""
    scheme = "https" if settings.minio_secure else "http"
    config = AioConfig(
        connect_timeout=settings.service_timeout_s,
        read_timeout=settings.service_timeout_s,
        retries={"mode": "standard", "total_max_attempts": 3},
        signature_version="s3v4",
        s3={"addressing_style": "path"},
        # newer checksums by default break other servers than AWS, and presigned URLs
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    return session.client(
        "s3",
        endpoint_url=endpoint if "://" in endpoint else f"{scheme}://{endpoint}",
        region_name=REGION,
        aws_access_key_id=settings.minio_access_key.get_secret_value(),
        aws_secret_access_key=settings.minio_secret_key.get_secret_value(),
        config=config,
    )
