"""The verbs of a webhook: made, changed, switched off, given a new secret."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from redis.asyncio import Redis

from store.accounts.users import clean_name
from store.clock import now
from store.errors import IllegalMove
from store.events import Events
from store.mongo import Collections
from store.records.event import Event, EventKind, Topic
from store.records.viewer import Viewer
from store.records.webhook import (
    OffReason,
    SealedSecret,
    Webhook,
    WebhookProgress,
)
from store.settings import Settings
from store.webhooks.addresses import Allowed
from store.webhooks.bell import Bell
from store.webhooks.signing import Request, Seal, new_secret, signed
from store.webhooks.urls import clean_url

MAX_WEBHOOKS = 20
"""Of one user."""
MAX_SENDING = 10_000
"""Webhooks that a platform serves."""
AT_ONCE = 1_000
SENDS = {"$or": [{"off": None}, {"off.reason": OffReason.ENDED.value}]}


@dataclass(frozen=True, slots=True)
class Asked:
    """A subscription to be saved, checked already."""

    document: str
    operation_name: str | None
    variables: str


class Webhooks:
    """Who may use them is for callers to check. Everything raises Unavailable."""

    def __init__(
        self, *, settings: Settings, mongo: Collections, redis: Redis, events: Events
    ) -> None:
        self.allowed = Allowed.of(settings.webhook_allowed_hosts)
        self.bell = Bell(settings=settings, redis=redis)
        self._mongo = mongo
        self._events = events
        self._seal = Seal(settings.secrets)

    async def create(
        self, webhook_id: str, by: Viewer, asked: Asked, *, name: str, url: str, cursor: str
    ) -> str | None:
        """The secret, which is shown once; None when the webhook was there already.

        Raises InvalidValue, and IllegalMove when its owner has MAX_WEBHOOKS.
        """
        secret = new_secret()
        webhook = Webhook(
            id=webhook_id, owner_id=by.id, name=clean_name(name),
            url=clean_url(url, self.allowed), document=asked.document,
            operation_name=asked.operation_name, variables=asked.variables,
            scopes=tuple(sorted(by.scopes)), secrets=(SealedSecret(self._seal.close(secret)),),
            slot="", created_at=now(), api_key_id=by.api_key_id,
        )  # fmt: skip
        progress = WebhookProgress(webhook_id, cursor)
        await self._mongo.webhook_progress.insert_many_ignoring_known([progress])
        is_new = await self._insert(webhook)
        await self.bell.ring()
        return secret if is_new else None

    async def _insert(self, webhook: Webhook) -> bool:
        """Whether it was not there. Raises IllegalMove when each of its owner's slots is taken."""
        for number in range(MAX_WEBHOOKS):
            placed = replace(webhook, slot=f"{webhook.owner_id} {number}")
            if await self._mongo.webhooks.insert_many_ignoring_known([placed]):
                return True
            if await self._mongo.webhooks.find(webhook.id):
                return False
        await self._mongo.webhook_progress.delete(webhook.id)
        raise IllegalMove(f"you have {MAX_WEBHOOKS} webhooks; delete one first")

    async def change(
        self, webhook_id: str, move: Callable[[Webhook], Webhook], *,
        cursor: str | None = None, expected_revision: int | None = None,
    ) -> Webhook:  # fmt: skip
        """With another document, from that cursor on.

        Raises NotFound, Conflict, and what the move does.
        """
        before = await self._mongo.webhooks.get(webhook_id)
        after = await self._mongo.webhooks.amend(
            webhook_id, move, expected_revision=expected_revision
        )
        if cursor is not None:
            await self._mongo.webhook_progress.amend(
                webhook_id, lambda kept: kept.beginning(cursor)
            )
        elif before.off and not after.off:
            await self._mongo.webhook_progress.amend(webhook_id, WebhookProgress.begun_anew)
        await self.bell.ring()
        return after

    async def rotate_secret(self, webhook_id: str) -> tuple[Webhook, str]:
        """The webhook and its new secret, shown once; the one before signs for a day as well."""
        secret, at = new_secret(), now()
        sealed = self._seal.close(secret)
        webhook = await self._mongo.webhooks.amend(
            webhook_id, lambda kept: kept.with_secret(sealed, at)
        )
        await self.bell.ring()
        return webhook, secret

    async def switch_off(self, webhook: Webhook, reason: OffReason, message: str) -> None:
        """And tell so, if nobody did before."""
        at = now()
        after = await self._mongo.webhooks.amend(
            webhook.id, lambda kept: kept.switched_off(at, reason, message)
        )
        if after.off is not None and after.off.at == at:
            told = f"the webhook {webhook.name} is switched off: {message}"
            kind = EventKind.WEBHOOK_SWITCHED_OFF
            await self._events.append(
                Event(Topic.WEBHOOK, kind, webhook.id, webhook.owner_id, at, told)
            )
            await self.bell.ring()

    async def delete(self, webhook: Webhook) -> None:
        """With its log; asked again after a failure, the rest of it."""
        at = now()
        await self._mongo.webhooks.amend(
            webhook.id, lambda kept: kept.switched_off(at, OffReason.OWNER, "it is being deleted")
        )
        await self.bell.ring()
        while await self._mongo.webhook_deliveries.delete_some({"webhook_id": webhook.id}, AT_ONCE):
            pass
        await self._mongo.webhook_progress.delete(webhook.id)
        await self._mongo.webhooks.delete(webhook.id)

    async def sending(self) -> list[Webhook]:
        """Those that deliver."""
        return await self._mongo.webhooks.all_by(SENDS, MAX_SENDING)

    async def reseal(self) -> None:
        """Bring every secret under the newest key."""
        for webhook in await self._mongo.webhooks.all_by({}, MAX_SENDING):
            if webhook.resealed(self._seal.renewed) != webhook:
                await self._mongo.webhooks.amend(
                    webhook.id, lambda kept: kept.resealed(self._seal.renewed)
                )

    def request(self, webhook: Webhook, delivery_id: str, body: str, at: datetime) -> Request:
        """What is sent at that moment. Raises IllegalMove when a secret cannot be read."""
        in_force: Sequence[str] = [self._seal.open(each) for each in webhook.signing(at)]
        return signed(webhook.url, body, delivery_id, at, in_force)
