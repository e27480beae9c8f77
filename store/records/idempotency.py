"""What one use of an idempotency key asked for and made."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True, slots=True)
class IdempotentCall:
    id: str
    """The caller's id and their key."""
    fingerprint: str
    """SHA-256 of the request, so that the key cannot serve for another one."""
    at: datetime
    """It is forgotten a day later."""
    made_id: str | None = None
    """None while the first caller is still at work."""
    revision: int = 0

    def done(self, made_id: str) -> IdempotentCall:
        return replace(self, made_id=made_id)
