"""Sending what is due: side by side, and so that one receiver's slowness is its own.

Whoever takes a delivery has it for a minute; a process that dies meanwhile leaves it to the next
one, with the same id. A webhook has at most PER_WEBHOOK requests under way, its owner PER_OWNER.
One that fails has a single request, and rests after it: whatever waits for it would only fail as
well. Tests that people ask for do not wait.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterable

import structlog

from server.webhooks.metrics import SENDING, TRIES, TRY_SECONDS
from server.webhooks.posting import Poster
from store.clock import now
from store.errors import Conflict, Denied, IllegalMove, NotFound, StaleAttempt, Unavailable
from store.records.delivery import GONE, Delivery, Outcome
from store.records.webhook import OffReason, Webhook
from store.store import Store

PER_WEBHOOK, PER_OWNER, TOGETHER = 4, 8, 1_000
AT_ONCE = 100

log = structlog.get_logger(__name__)


class Sending:
    def __init__(self, store: Store, poster: Poster) -> None:
        self._store, self._poster = store, poster
        self._webhooks: dict[str, Webhook] = {}
        self._rests_until: dict[str, float] = {}
        """Of those that fail, by the monotonic clock."""
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._by_webhook: Counter[str] = Counter()
        self._by_owner: Counter[str] = Counter()
        self.wake = asyncio.Event()

    def serve(self, webhooks: Iterable[Webhook]) -> None:
        """These are the ones that send, as they are now."""
        self._webhooks = {each.id: each for each in webhooks}
        self._rests_until = {
            each: until for each, until in self._rests_until.items() if each in self._webhooks
        }

    async def dispatch(self) -> None:
        """Begin what is due and has room. Raises Unavailable."""
        is_new = True
        while is_new and len(self._tasks) < TOGETHER:
            free = self._free()
            # no more than may find room, beside those that are not yet marked as taken
            most = min(AT_ONCE, PER_WEBHOOK * (len(free) + 1) + len(self._tasks))
            due = await self._store.deliveries.due(
                free, most,
                busy=[each for each, taken in self._by_webhook.items() if taken >= PER_WEBHOOK],
                busy_owners=[each for each, taken in self._by_owner.items() if taken >= PER_OWNER],
            )  # fmt: skip
            # each round fills at least one webhook's room, so that none hides another
            is_new = len([each for each in due if self._begin(each)]) > 0

    async def close(self) -> None:
        """Let what is under way end, for as long as a request may take."""
        if self._tasks:
            await asyncio.wait(self._tasks.values())

    def _free(self) -> list[str]:
        """Webhooks that have room for another request."""
        return [
            each.id for each in self._webhooks.values()
            if self._by_webhook[each.id] < self._most(each.id)
            and self._by_owner[each.owner_id] < PER_OWNER
        ]  # fmt: skip

    def _most(self, webhook_id: str) -> int:
        rests_until = self._rests_until.get(webhook_id)
        if rests_until is None:
            return PER_WEBHOOK
        return 0 if time.monotonic() < rests_until else 1

    def _begin(self, delivery: Delivery) -> bool:
        """Whether it is begun now."""
        most = PER_WEBHOOK if delivery.is_test else self._most(delivery.webhook_id)
        has_room = (
            self._by_webhook[delivery.webhook_id] < most
            and self._by_owner[delivery.owner_id] < PER_OWNER
        )
        if delivery.id in self._tasks or not has_room:
            return False
        self._by_webhook[delivery.webhook_id] += 1
        self._by_owner[delivery.owner_id] += 1
        task = asyncio.create_task(self._send(delivery), name=f"deliver {delivery.id}")
        self._tasks[delivery.id] = task
        task.add_done_callback(lambda _: self._ended(delivery))
        return True

    def _ended(self, delivery: Delivery) -> None:
        del self._tasks[delivery.id]
        for counter, key in (
            (self._by_webhook, delivery.webhook_id), (self._by_owner, delivery.owner_id),
        ):  # fmt: skip
            counter[key] -= 1
            if not counter[key]:
                del counter[key]
        self.wake.set()

    async def _send(self, delivery: Delivery) -> None:
        try:
            await self._try(delivery)
        except (StaleAttempt, NotFound) as late:
            log.info("delivery_late", delivery=delivery.id, reason=str(late))
        except Unavailable as down:
            log.warning("delivery_waits", delivery=delivery.id, reason=str(down))
        except Exception:
            log.exception("delivery_broken", delivery=delivery.id)

    async def _try(self, delivery: Delivery) -> None:
        store = self._store
        webhook = self._webhooks.get(delivery.webhook_id)
        webhook = webhook or await store.mongo.webhooks.find(delivery.webhook_id)
        if webhook is None:
            await store.deliveries.drop(delivery)
            return
        try:
            taken = await store.deliveries.take(delivery)
        except (Conflict, IllegalMove):  # another process has it
            return
        outcome = await self._outcome(webhook, taken)
        after = await store.deliveries.tried(taken, outcome)
        TRIES.labels(after.status.value).inc()
        log.info(
            "delivery", webhook=webhook.id, delivery=delivery.id, became=after.status,
            status=outcome.status, error=outcome.error, ms=outcome.ms,
        )  # fmt: skip
        if not delivery.is_test:
            await self._judge(webhook, outcome)

    async def _outcome(self, webhook: Webhook, taken: Delivery) -> Outcome:
        """Of the request, which is made if its owner still may, and if it can be signed."""
        at, store = now(), self._store
        try:
            await store.accounts.acting_for(webhook.owner_id, webhook.scopes, webhook.api_key_id)
            request = store.webhooks.request(webhook, taken.id, taken.body, at)
        except Denied as denied:
            await store.webhooks.switch_off(webhook, OffReason.RIGHTS, str(denied))
            return Outcome(at, 0, error=str(denied))
        except IllegalMove as error:
            return Outcome(at, 0, error=str(error))
        with SENDING.track_inprogress(), TRY_SECONDS.time():
            return await self._poster.post(request)

    async def _judge(self, webhook: Webhook, outcome: Outcome) -> None:
        """What the outcome says of the webhook as a whole."""
        progress, store = self._store.mongo.webhook_progress, self._store
        if outcome.ok:
            self._rests_until.pop(webhook.id, None)
            await progress.amend(webhook.id, lambda kept: kept.succeeded(outcome.at))
            return
        kept = await progress.amend(webhook.id, lambda kept: kept.failed(outcome.at))
        self._rests_until[webhook.id] = time.monotonic() + kept.rest_s(outcome.at)
        if outcome.status == GONE:
            await store.webhooks.switch_off(webhook, OffReason.GONE, "the receiver answered 410")
        elif kept.is_hopeless(outcome.at):
            why = f"nothing has arrived since {kept.failing_since:%Y-%m-%d %H:%M} UTC"
            await store.webhooks.switch_off(webhook, OffReason.FAILING, why)
