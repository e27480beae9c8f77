"""What botocore and aiohttp raise, by our own names."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import ClientError as ConnectionFailed
from botocore.exceptions import BotoCoreError, ClientError

from store.errors import DiskFull, NotFound, StorageRefused, Unavailable

MISSING = frozenset({"404", "NotFound", "NoSuchKey", "NoSuchUpload"})
FULL = frozenset({
    "XMinioStorageFull", "XMinioAdminBucketQuotaExceeded", "QuotaExceeded", "InsufficientStorage",
    "507",
})  # fmt: skip
NO_ACCESS = (
    "STORAGE_ACCESS_DENIED",
    "the key in MINIO_ACCESS_KEY may not do this in the bucket of SHOAL_BUCKET, or it is wrong",
)
REFUSALS: dict[str, tuple[str, str]] = {
    "InvalidAccessKeyId": (
        "STORAGE_KEY_REFUSED",
        "the object store does not know the key in MINIO_ACCESS_KEY",
    ),
    "SignatureDoesNotMatch": (
        "STORAGE_SECRET_REFUSED",
        "MINIO_SECRET_KEY is not the secret of the key in MINIO_ACCESS_KEY",
    ),
    "NoSuchBucket": (
        "STORAGE_BUCKET_MISSING",
        "the bucket of SHOAL_BUCKET is not there; whoever starts next makes it",
    ),
    "RequestTimeTooSkewed": (
        "STORAGE_CLOCK_WRONG",
        "the clocks of this host and of the object store differ by minutes",
    ),
    "AccessDenied": NO_ACCESS,
    "AllAccessDisabled": NO_ACCESS,
    "403": NO_ACCESS,
}
"""By S3's name of the refusal: ours, and what people are told. `403` answers a HEAD."""


@contextmanager
def s3_errors(key: str) -> Iterator[None]:
    """What is not there becomes NotFound, every other refusal or silence Unavailable.

    Refusals that an operator has to end are StorageRefused or DiskFull.
    """
    try:
        yield
    except ClientError as error:
        raise _named(error, key) from error
    except (BotoCoreError, ConnectionFailed, TimeoutError) as error:
        raise Unavailable("objects", str(error) or type(error).__name__) from error


def code_of(error: ClientError) -> str:
    """S3's name of the failure, such as `NoSuchKey`."""
    return str(error.response.get("Error", {}).get("Code", ""))


def _named(error: ClientError, key: str) -> NotFound | Unavailable:
    code = code_of(error)
    if code in MISSING:
        return NotFound(f"there is no object {key}")
    if code in FULL:
        return DiskFull(f"the object store has no room left ({code}): make room in its bucket")
    if code in REFUSALS:
        ours, told = REFUSALS[code]
        return StorageRefused(ours, f"{told} ({code})")
    return Unavailable("objects", str(error))
