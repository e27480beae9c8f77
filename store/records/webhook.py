"""Webhooks: saved subscriptions whose events go to a URL."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from store.errors import IllegalMove
from store.records.account import Scope
from store.records.viewer import Viewer

OVERLAP = timedelta(hours=24)
"""How long a secret that was replaced still signs as well."""
PATIENCE = timedelta(days=5)
"""A webhook of which nothing arrived for so long is switched off."""
REST_SHARE, MOST_REST_S = 0.1, 60.0
"""Of the time for which nothing has arrived: so long a failing receiver is left alone."""
NOTE_STEP = timedelta(minutes=1)
"""How exactly the last success is kept, so that a busy webhook is not written at each."""


class OffReason(StrEnum):
    OWNER = "OWNER"
    ENDED = "ENDED"
    GONE = "GONE"
    FAILING = "FAILING"
    RIGHTS = "RIGHTS"
    SOURCE = "SOURCE"


@dataclass(frozen=True, slots=True)
class SwitchedOff:
    at: datetime
    reason: OffReason
    message: str
    """One sentence for people."""


@dataclass(frozen=True, slots=True)
class SealedSecret:
    """A secret that signs, readable with the platform's key alone."""

    sealed: str
    until: datetime | None = None
    """When it stops; None for the one in force."""


@dataclass(frozen=True, slots=True)
class Webhook:
    id: str
    owner_id: str
    name: str
    url: str
    document: str
    operation_name: str | None
    variables: str
    """JSON text: as MongoDB's own document, its keys might be operators."""
    scopes: tuple[Scope, ...]
    """What its maker might do; it never does more."""
    secrets: tuple[SealedSecret, ...]
    """The one in force first."""
    slot: str
    """One of the few places of its owner, so that no two requests at once make one too many."""
    created_at: datetime
    api_key_id: str | None = None
    """The key that it was made with, whose end is its own."""
    off: SwitchedOff | None = None
    revision: int = 0

    @property
    def sends(self) -> bool:
        """Whether what waits is sent; one whose subscription has ended sends its last events."""
        return self.off is None or self.off.reason is OffReason.ENDED

    def renamed(self, name: str) -> Webhook:
        return replace(self, name=name)

    def pointed_to(self, url: str) -> Webhook:
        return replace(self, url=url)

    def asking(self, document: str, operation_name: str | None, variables: str) -> Webhook:
        """Whose subscription has ended begins anew with the next one."""
        has_ended = self.off is not None and self.off.reason is OffReason.ENDED
        return replace(
            self, document=document, operation_name=operation_name, variables=variables,
            off=None if has_ended else self.off,
        )  # fmt: skip

    def acting_as(self, viewer: Viewer) -> Webhook:
        return replace(self, scopes=tuple(sorted(viewer.scopes)), api_key_id=viewer.api_key_id)

    def switched_off(self, at: datetime, reason: OffReason, message: str) -> Webhook:
        """What ended it first stays the reason."""
        return self if self.off else replace(self, off=SwitchedOff(at, reason, message))

    def switched_on(self) -> Webhook:
        if self.off is not None and self.off.reason is OffReason.ENDED:
            raise IllegalMove("its subscription has ended: there is nothing more to send")
        return replace(self, off=None)

    def with_secret(self, sealed: str, at: datetime) -> Webhook:
        """The secret before it goes on signing for a day; an older one does not."""
        before = replace(self.secrets[0], until=at + OVERLAP)
        return replace(self, secrets=(SealedSecret(sealed), before))

    def resealed(self, renew: Callable[[SealedSecret], SealedSecret]) -> Webhook:
        return replace(self, secrets=tuple(renew(each) for each in self.secrets))

    def signing(self, at: datetime) -> tuple[SealedSecret, ...]:
        return tuple(each for each in self.secrets if each.until is None or at < each.until)


@dataclass(frozen=True, slots=True)
class WebhookProgress:
    """How far a webhook is: apart from it, so that going on is no change of it."""

    id: str
    """The webhook's."""
    cursor: str
    """Every event up to here has a delivery, or is none of the subscription's."""
    failing_since: datetime | None = None
    """The first failure since something arrived."""
    delivered_at: datetime | None = None
    documents: int = 0
    """How often it got another document: its cursor is one of the last one's."""
    revision: int = 0

    def advanced(self, cursor: str, documents: int) -> WebhookProgress:
        """Forwards only: whoever comes late, with an older cursor or document, changes nothing."""
        if documents != self.documents or _place(cursor) <= _place(self.cursor):
            return self
        return replace(self, cursor=cursor)

    def beginning(self, cursor: str) -> WebhookProgress:
        """With another document."""
        return replace(self, cursor=cursor, documents=self.documents + 1, failing_since=None)

    def succeeded(self, at: datetime) -> WebhookProgress:
        is_known = self.delivered_at is not None and at - self.delivered_at < NOTE_STEP
        if is_known and self.failing_since is None:
            return self
        return replace(self, failing_since=None, delivered_at=at)

    def failed(self, at: datetime) -> WebhookProgress:
        return self if self.failing_since else replace(self, failing_since=at)

    def begun_anew(self) -> WebhookProgress:
        return replace(self, failing_since=None)

    def rest_s(self, at: datetime) -> float:
        """How long to leave the receiver alone after a failure."""
        failing = at - self.failing_since if self.failing_since else timedelta()
        return min(failing.total_seconds() * REST_SHARE, MOST_REST_S)

    def is_hopeless(self, at: datetime) -> bool:
        return self.failing_since is not None and at - self.failing_since >= PATIENCE


def _place(cursor: str) -> tuple[int, int]:
    ms, _, number = cursor.partition("-")
    return int(ms), int(number)
