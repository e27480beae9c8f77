"""Events on their way to webhooks: made once, taken by whoever sends, sent again on demand."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Collection

from ulid import ULID

from store import ids
from store.clock import now
from store.errors import IllegalMove
from store.mongo import Collections
from store.records.delivery import Delivery, DeliveryStatus, Outcome
from store.records.webhook import Webhook

MAX_WAITING = 1_000
"""Deliveries of one webhook that wait; past it, events stay in the feed until some are done."""
MAX_TESTS = 10
MAX_LOGGED = 10_000
"""Of those that are done, the newest stay in its log."""


class Deliveries:
    """Everything raises Unavailable."""

    def __init__(self, *, mongo: Collections) -> None:
        self._deliveries = mongo.webhook_deliveries

    async def add(self, webhook: Webhook, cursor: str, body: str, *, is_gap: bool = False) -> bool:
        """Whether it is new: an event has one delivery, however often it is come to."""
        place = f"{cursor} gap" if is_gap else cursor
        delivery = _delivery(delivery_id(webhook.id, place), webhook, cursor, body)
        return bool(await self._deliveries.insert_many_ignoring_known([delivery]))

    async def add_test(
        self, delivery_id: str, webhook: Webhook, cursor: str, body: str
    ) -> Delivery:
        """One that is tried once. Raises IllegalMove while MAX_TESTS wait."""
        waiting = {
            "webhook_id": webhook.id, "status": DeliveryStatus.PENDING.value, "is_test": True
        }  # fmt: skip
        if await self._deliveries.count(waiting) >= MAX_TESTS:
            raise IllegalMove(f"{MAX_TESTS} tests wait already; is `shoal webhooks` running?")
        made = _delivery(delivery_id, webhook, cursor, body, is_test=True)
        return await self._deliveries.insert(made)

    async def counts(self, webhook_id: str) -> tuple[int, int]:
        """How many of a webhook's wait, and how many there are."""
        theirs = {"webhook_id": webhook_id}
        waiting = theirs | {"status": DeliveryStatus.PENDING.value}
        return await self._deliveries.count(waiting), await self._deliveries.count(theirs)

    async def make_room(self, webhook_id: str) -> bool:
        """Let the oldest of a long log go; whether no more than MAX_WAITING wait."""
        waiting, logged = await self.counts(webhook_id)
        if logged - waiting > MAX_LOGGED:
            ended = {"webhook_id": webhook_id, "status": {"$ne": DeliveryStatus.PENDING.value}}
            oldest = await self._deliveries.all_by(ended, logged - waiting - MAX_LOGGED)
            chosen = {"_id": {"$in": [each.id for each in oldest]}}
            await self._deliveries.delete_some(chosen, len(oldest))
        return waiting < MAX_WAITING

    async def due(
        self, webhook_ids: Collection[str], most: int, *, busy: Collection[str],
        busy_owners: Collection[str],
    ) -> list[Delivery]:  # fmt: skip
        """The oldest of what is to be tried now: of these webhooks, and tests of any.

        Tests of a webhook or an owner that is busy are left out, so that they hide no others.
        """
        # A backlog may be long, and SecantusDB reads all that its one index leads to: of plain
        # conditions it has one for these webhooks alone, and none for what `$and` says.
        waiting = {"status": DeliveryStatus.PENDING.value}
        due = {"next_try_at": {"$lte": now()}}
        of_these = {
            "webhook_id": {"$in": list(webhook_ids)}, "$and": [due, {"is_test": False}]
        }  # fmt: skip
        tests = {
            "is_test": True, "webhook_id": {"$nin": list(busy)},
            "owner_id": {"$nin": list(busy_owners)},
        }  # fmt: skip
        found = await self._deliveries.all_by(waiting | of_these, most) if webhook_ids else []
        return [*await self._deliveries.all_by(tests | waiting | due, most), *found]

    async def take(self, delivery: Delivery) -> Delivery:
        """For one try. Raises IllegalMove, Conflict or NotFound when it is another's by now."""
        at = now()
        return await self._deliveries.amend(
            delivery.id, lambda kept: kept.taken(at), expected_revision=delivery.revision
        )

    async def tried(self, taken: Delivery, outcome: Outcome) -> Delivery:
        """Raises StaleAttempt when the try took so long that another was made."""
        jitter = random.random()
        return await self._deliveries.amend(
            taken.id, lambda kept: kept.tried(taken.tries, outcome, jitter)
        )

    async def resend(self, webhook: Webhook, delivery_id: str) -> Delivery:
        """From the first try on. Raises IllegalMove for one under way, or a webhook that is off."""
        if not webhook.sends:
            raise IllegalMove("the webhook is switched off; switch it on first")
        at = now()
        return await self._deliveries.amend(delivery_id, lambda kept: kept.resent(at))

    async def drop(self, delivery: Delivery) -> None:
        """Its webhook is gone."""
        await self._deliveries.delete(delivery.id)


def delivery_id(webhook_id: str, place: str) -> str:
    """The same for the same event and webhook, so that nothing is doubled; sorts by the event."""
    ms = int(place.partition("-")[0])
    digest = hashlib.sha256(f"{webhook_id} {place}".encode()).digest()[:10]
    return f"{ids.WEBHOOK_DELIVERY}_{ULID(ms.to_bytes(6, 'big') + digest)}"


def _delivery(
    identifier: str, webhook: Webhook, cursor: str, body: str, *, is_test: bool = False
) -> Delivery:
    at = now()
    return Delivery(
        id=identifier, webhook_id=webhook.id, owner_id=webhook.owner_id, cursor=cursor, body=body,
        created_at=at, next_try_at=at, is_test=is_test,
    )  # fmt: skip
