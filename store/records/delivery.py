"""One event on its way to a webhook's URL: tried until it arrives, or for a day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from store.errors import IllegalMove, StaleAttempt

HOUR_S = 3600
DELAYS_S = (
    5, 30, 120, 600, 1800, HOUR_S, 2 * HOUR_S, 4 * HOUR_S, 6 * HOUR_S, 10 * HOUR_S,
)  # fmt: skip
"""From each failed try to the next one: eleven tries within a day."""
JITTER = 0.2
"""A delay grows by up to this share of it: what failed together does not return together."""
LONGEST_S = 24 * HOUR_S
"""A receiver cannot ask for a longer wait."""
TAKEN = timedelta(seconds=60)
"""Longer than any try takes: then whoever took it is gone, and it is tried again."""
MAX_ATTEMPTS = 50
"""Kept of a delivery; older ones are forgotten."""
GONE = 410


class DeliveryStatus(StrEnum):
    PENDING = "PENDING"
    DELIVERED = "DELIVERED"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one request."""

    at: datetime
    ms: float
    status: int | None = None
    """HTTP's, where there was an answer."""
    error: str = ""
    response: str = ""
    """How the answer's body begins."""
    retry_after_s: float | None = None

    @property
    def ok(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Attempt:
    number: int
    at: datetime
    ms: float
    status: int | None
    error: str
    response: str
    next_try_at: datetime | None


@dataclass(frozen=True, slots=True)
class Delivery:
    id: str
    """Sent as `webhook-id`: the same at every try."""
    webhook_id: str
    owner_id: str
    cursor: str
    body: str
    created_at: datetime
    next_try_at: datetime | None
    """None once it has arrived or failed for good."""
    is_test: bool = False
    """Tried once."""
    status: DeliveryStatus = DeliveryStatus.PENDING
    tries: int = 0
    """Grows with each, and when it is sent again: the fencing token of a try's outcome."""
    failures: int = 0
    """Since it was made or sent again."""
    attempts: tuple[Attempt, ...] = ()
    revision: int = 0

    def taken(self, at: datetime) -> Delivery:
        """By whoever makes the next try."""
        if self.status is not DeliveryStatus.PENDING:
            raise IllegalMove(f"delivery {self.id} is {self.status}")
        if self.next_try_at is None or self.next_try_at > at:
            raise IllegalMove(f"delivery {self.id} is not due, or another takes care of it")
        return replace(self, tries=self.tries + 1, next_try_at=at + TAKEN)

    def tried(self, number: int, outcome: Outcome, jitter: float) -> Delivery:
        """After the try of that number; `jitter`, 0 to 1, spreads the next one."""
        if self.status is not DeliveryStatus.PENDING or self.tries != number:
            raise StaleAttempt(f"try {number} of delivery {self.id} is no longer its last")
        if outcome.ok:
            return self._noted(outcome, DeliveryStatus.DELIVERED, None)
        failed, delay_s = replace(self, failures=self.failures + 1), self._delay_s(outcome, jitter)
        if delay_s is None:
            return failed._noted(outcome, DeliveryStatus.FAILED, None)
        next_try_at = outcome.at + timedelta(seconds=delay_s)
        return failed._noted(outcome, DeliveryStatus.PENDING, next_try_at)

    def resent(self, at: datetime) -> Delivery:
        """As if it were new, under the same id."""
        if self.status is DeliveryStatus.PENDING:
            raise IllegalMove("it is under way already")
        return replace(
            self, status=DeliveryStatus.PENDING, next_try_at=at, tries=self.tries + 1, failures=0
        )

    def _delay_s(self, outcome: Outcome, jitter: float) -> float | None:
        """None where there is no next try."""
        is_last = self.is_test or self.failures >= len(DELAYS_S)
        if is_last or outcome.status == GONE:
            return None
        delay_s = DELAYS_S[self.failures] * (1 + JITTER * jitter)
        return max(delay_s, min(outcome.retry_after_s or 0, LONGEST_S))

    def _noted(
        self, outcome: Outcome, status: DeliveryStatus, next_try_at: datetime | None
    ) -> Delivery:
        number = self.attempts[-1].number + 1 if self.attempts else 1
        attempt = Attempt(
            number, outcome.at, outcome.ms, outcome.status, outcome.error, outcome.response,
            next_try_at,
        )  # fmt: skip
        attempts = (*self.attempts, attempt)[-MAX_ATTEMPTS:]
        return replace(self, status=status, next_try_at=next_try_at, attempts=attempts)
