"""The audit log as a file: by a signed URL that tells what is to be in it.

Nothing is stored. The file is made while it is sent, a thousand entries at a time, so a million of
them need no more memory than one page, and a client that is cut off asks again.
"""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

import jwt
import orjson

from store.accounts.tokens import ALGORITHM
from store.audit.audit import Audit
from store.clock import now
from store.codec import to_plain
from store.errors import Denied
from store.formulas import harmless
from store.mongo import Collections
from store.records.account import Role
from store.records.audit import AuditEntry
from store.settings import Settings

PATH = "/exports/audit"
AUDIENCE = "shoal-audit-export"
"""How a cell begins that a spreadsheet would compute (OWASP, CSV Injection)."""
COLUMNS = (
    "number", "at", "action", "outcome", "codes", "actor_id", "api_key_id", "subject_ids", "input",
    "changes", "address", "user_agent", "request_id", "previous_hash", "hash",
)  # fmt: skip


class ExportFormat(StrEnum):
    JSONL = "JSONL"
    CSV = "CSV"


@dataclass(frozen=True, slots=True)
class Export:
    """What a URL stands for."""

    format: ExportFormat
    where: dict[str, Any]


class AuditExports:
    def __init__(self, *, settings: Settings, mongo: Collections, audit: Audit) -> None:
        self._settings = settings
        self._users = mongo.users
        self._audit = audit

    def url(
        self, user_id: str, format: ExportFormat, where: dict[str, Any]
    ) -> tuple[str, datetime]:
        """A URL that is good for a while, and until when; nobody can change what it stands for."""
        expires_at = now().replace(microsecond=0) + timedelta(seconds=self._settings.download_ttl_s)
        between = {name: moment.isoformat() for name, moment in where.get("at", {}).items()}
        claims = {
            "aud": AUDIENCE, "sub": user_id, "exp": expires_at, "format": format,
            "where": where | ({"at": between} if between else {}),
        }  # fmt: skip
        token = jwt.encode(claims, self._settings.secret, ALGORITHM)
        return f"{self._settings.public_url.rstrip('/')}{PATH}?token={token}", expires_at

    async def read(self, token: str) -> Export:
        """What the token of a URL stands for. Raises Denied unless an admin may still have it."""
        claims = self._claims(token)
        user = await self._users.find(claims["sub"])
        if user is None or user.disabled_at or user.role is not Role.ADMIN:
            raise Denied("the link is not valid")
        where: dict[str, Any] = claims["where"]
        if "at" in where:
            where["at"] = {k: datetime.fromisoformat(v) for k, v in where["at"].items()}
        return Export(ExportFormat(claims["format"]), where)

    async def lines(self, export: Export) -> AsyncIterator[bytes]:
        """The file, some lines at a time."""
        if export.format is ExportFormat.CSV:
            yield _csv([COLUMNS])
        async for page in self._audit.pages(export.where):
            if export.format is ExportFormat.CSV:
                yield _csv([_cells(entry) for entry in page])
            else:
                yield b"".join(orjson.dumps(_object(entry)) + b"\n" for entry in page)

    def _claims(self, token: str) -> dict[str, Any]:
        for key in self._settings.secrets:
            try:
                return jwt.decode(
                    token, key, [ALGORITHM], audience=AUDIENCE,
                    options={"require": ["aud", "sub", "exp"]},
                )  # fmt: skip
            except jwt.InvalidSignatureError:
                continue
            except jwt.InvalidTokenError:
                break
        raise Denied("the link is not valid, or has expired; ask for a new one")


def _object(entry: AuditEntry) -> dict[str, Any]:
    plain: dict[str, Any] = to_plain(entry)
    del plain["revision"]
    moment = entry.at.astimezone(UTC).isoformat(timespec="milliseconds")
    return plain | {"at": moment}


def _cells(entry: AuditEntry) -> list[str]:
    return [_cell(value) for value in map(_object(entry).get, COLUMNS)]


def _cell(value: Any) -> str:
    if isinstance(value, list):
        value = orjson.dumps(value).decode() if value else ""
    text = "" if value is None else str(value)
    return harmless(text)


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(rows)
    return text.getvalue().encode()
