"""Who did what to whom: kept for admins, never changed.

Entries are numbered without a gap, and each holds the hash of the one before: an entry that was
changed, taken out or put in breaks the chain from there on.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

PREFIX = "aud"
EPOCH = datetime.fromtimestamp(0, UTC)


class Outcome(StrEnum):
    DONE = "DONE"
    DRY_RUN = "DRY_RUN"
    REFUSED = "REFUSED"
    DENIED = "DENIED"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class Change:
    """A field of a subject, as JSON, before and after; None where there was nothing."""

    subject_id: str
    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """What happened; the log gives it a place."""

    action: str
    """A mutation's name, such as `publishModel`."""
    outcome: Outcome
    actor_id: str = ""
    """The user; empty for a stranger."""
    api_key_id: str | None = None
    subject_ids: tuple[str, ...] = ()
    input: str = "{}"
    """As JSON, without secrets, long texts cut."""
    codes: tuple[str, ...] = ()
    """Of what stood against it."""
    changes: tuple[Change, ...] = ()
    address: str = ""
    user_agent: str = ""
    request_id: str = ""
    # what the log gives it
    id: str = ""
    number: int = 0
    """From 1 on, without a gap."""
    at: datetime = EPOCH
    previous_hash: str = ""
    hash: str = ""
    revision: int = 0

    def after(self, last: AuditEntry | None, at: datetime) -> AuditEntry:
        """As the next one in the log; times never run backwards."""
        number = last.number + 1 if last else 1
        placed = replace(
            self, id=entry_id(number), number=number, at=max(at, last.at) if last else at,
            previous_hash=last.hash if last else "",
        )  # fmt: skip
        return replace(placed, hash=placed.digest())

    def follows(self, last: AuditEntry | AuditFloor) -> bool:
        """Whether nothing was taken out or put in between the two."""
        return self.number == last.number + 1 and self.previous_hash == last.hash

    def digest(self) -> str:
        """SHA-256 over all but itself: compact JSON with sorted keys, moments as RFC 3339."""
        plain = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in _NOT_HASHED}
        text = json.dumps(plain, sort_keys=True, separators=(",", ":"), default=_plain)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class AuditFloor:
    """The last entry that was forgotten because it was old: what is kept follows it."""

    number: int = 0
    hash: str = ""


_NOT_HASHED = {"hash", "revision"}


def entry_id(number: int) -> str:
    """Ids sort by number."""
    return f"{PREFIX}_{number:026}"


def number_of(identifier: str) -> int:
    """The number in an entry's id."""
    return int(identifier.removeprefix(f"{PREFIX}_"))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds")
    return {f.name: getattr(value, f.name) for f in fields(value)}
