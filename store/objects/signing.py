"""Signed URLs of the server's own, for files that lie on a local volume."""

from __future__ import annotations

import hashlib
import hmac
import time
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from store.errors import Denied
from store.settings import Settings


@dataclass(frozen=True, slots=True)
class UrlSigner:
    """HMAC-SHA256 over the verb, the path and the time at which the right ends."""

    keys: tuple[bytes, ...]
    """The first one signs, each of them verifies."""
    public_url: str

    @classmethod
    def of(cls, settings: Settings) -> UrlSigner:
        return cls(settings.secrets, settings.public_url.rstrip("/"))

    def url(self, verb: str, path: str, ttl_s: int, **query: str) -> str:
        """`path` begins with a slash; `query` is passed on unsigned."""
        expires = int(time.time()) + ttl_s
        signed = query | {
            "expires": str(expires),
            "signature": _sign(self.keys[0], verb, path, expires),
        }
        return f"{self.public_url}{quote(path)}?{urlencode(signed)}"

    def check(self, verb: str, path: str, expires: int, signature: str) -> None:
        """Raises Denied."""
        shown = signature.encode(errors="replace")
        rights = (_sign(key, verb, path, expires).encode() for key in self.keys)
        if not any(hmac.compare_digest(right, shown) for right in rights):
            raise Denied("the link is not valid")
        if time.time() > expires:
            raise Denied("the link has expired; ask for a new one")


def upload_path(upload_id: str, number: int) -> str:
    """The server's route for a part."""
    return f"/uploads/{upload_id}/{number}"


def download_path(key: str) -> str:
    """The server's route for an object."""
    return f"/downloads/{key}"


def _sign(key: bytes, verb: str, path: str, expires: int) -> str:
    message = f"shoal url\n{verb}\n{path}\n{expires}".encode()
    return hmac.new(key, message, hashlib.sha256).hexdigest()
