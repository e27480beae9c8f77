"""Requests signed as https://www.standardwebhooks.com says, and the secrets that sign them.

A secret must be readable, for it signs; so it is kept encrypted under the platform's key, and a
copy of the database alone forges nothing.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from store.errors import IllegalMove
from store.records.webhook import SealedSecret
from store.version import VERSION

PREFIX = "whsec_"
SECRET_BYTES = 32
USER_AGENT = f"Shoal-Webhooks/{VERSION}"


@dataclass(frozen=True, slots=True)
class Request:
    """A POST, to the last byte."""

    url: str
    headers: dict[str, str]
    body: str


class Seal:
    """Encrypts with the first of the platform's keys, and reads what any of them encrypted."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        fernets = [Fernet(_derived(key)) for key in keys]
        self._newest, self._any = fernets[0], MultiFernet(fernets)

    def close(self, secret: str) -> str:
        return self._newest.encrypt(secret.encode()).decode()

    def open(self, sealed: SealedSecret) -> str:
        """Raises IllegalMove when the platform's key is another one by now."""
        try:
            return self._any.decrypt(sealed.sealed).decode()
        except InvalidToken:
            raise IllegalMove(
                "its secret was made under another SECRET_KEY; rotate the secret"
            ) from None

    def renewed(self, sealed: SealedSecret) -> SealedSecret:
        """Under the newest key, so that the one before may go; what none can read stays."""
        try:
            self._newest.decrypt(sealed.sealed)
        except InvalidToken:
            with suppress(InvalidToken):
                return replace(sealed, sealed=self._any.rotate(sealed.sealed).decode())
        return sealed


def new_secret() -> str:
    """As its owner is shown it, once."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signed(
    url: str, body: str, delivery_id: str, at: datetime, secrets_in_force: Sequence[str]
) -> Request:
    """The request of one try: one signature for each secret, the newest first."""
    timestamp = int(at.timestamp())
    content = f"{delivery_id}.{timestamp}.{body}".encode()
    headers = {
        "content-type": "application/json",
        "user-agent": USER_AGENT,
        "webhook-id": delivery_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(_signature(each, content) for each in secrets_in_force),
    }
    return Request(url, headers, body)


def _signature(secret: str, content: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return "v1," + base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()


def _derived(key: bytes) -> bytes:
    """A key for this purpose alone."""
    return base64.urlsafe_b64encode(hmac.digest(key, b"shoal webhook secrets", hashlib.sha256))
