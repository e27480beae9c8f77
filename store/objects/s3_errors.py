"""What botocore and aiohttp raise, by our own names."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import ClientError as ConnectionFailed
from botocore.exceptions import BotoCoreError, ClientError

from store.errors import NotFound, Unavailable

MISSING = frozenset({"404", "NotFound", "NoSuchKey", "NoSuchUpload"})


@contextmanager
def s3_errors(key: str) -> Iterator[None]:
    """What is not there becomes NotFound, every other refusal or silence Unavailable."""
    try:
        yield
    except ClientError as error:
        if code_of(error) in MISSING:
            raise NotFound(f"there is no object {key}") from error
        raise Unavailable("objects", str(error)) from error
    except (BotoCoreError, ConnectionFailed, TimeoutError) as error:
        raise Unavailable("objects", str(error) or type(error).__name__) from error


def code_of(error: ClientError) -> str:
    """S3's name of the failure, such as `NoSuchKey`."""
    return str(error.response.get("Error", {}).get("Code", ""))
