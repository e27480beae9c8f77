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
    made_id: str
    """Chosen before anything is made, so that whoever has to go on makes the same thing."""
    maker: int = 1
    """Which caller makes it; the next one takes over from one that is gone."""
    is_done: bool = False
    is_free: bool = False
    """Its maker ended without an outcome."""
    revision: int = 0

    def done(self) -> IdempotentCall:
        return replace(self, is_done=True)

    def let_go(self) -> IdempotentCall:
        return replace(self, is_free=True)

    def taken_over(self, at: datetime) -> IdempotentCall:
        return replace(self, at=at, maker=self.maker + 1, is_free=False)
