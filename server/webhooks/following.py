"""Following one webhook's subscription: each event becomes a delivery, once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import aclosing, suppress

import structlog

from schema.context import Context
from schema.feeds.streams import Stream
from schema.loaders import Loaders
from schema.root import schema
from schema.webhooks.saved import saved_in
from schema.webhooks.trying import body_of, source
from server.webhooks.metrics import EVENTS
from store.errors import Denied, NotFound, StoreError, Unavailable
from store.events import CaughtUp, Gap, Heartbeat
from store.records.event import Event
from store.records.viewer import Viewer
from store.records.webhook import OffReason, Webhook
from store.store import Store

RETRY_S, BROKEN_S = 1.0, 30.0
SAVE_EACH_S = 1.0
"""How much is gone over again after a crash; what is known by then is not delivered twice."""
FULL_S = 5.0
LOOK_EACH = 100
"""Events between two looks at how many deliveries there are."""

log = structlog.get_logger(__name__)


class Following:
    """Runs until it is cancelled, or the webhook is switched off."""

    def __init__(
        self, store: Store, loaders: Loaders, webhook: Webhook, wake: Callable[[], None]
    ) -> None:
        self._store, self._loaders, self._webhook, self._wake = store, loaders, webhook, wake
        self._documents = 0
        self._saved_at = 0.0
        self._events = 0

    async def run(self) -> None:
        """Through any outage."""
        while True:
            try:
                if await self._is_over():
                    return
            except Unavailable as down:
                log.warning("webhook_waits", webhook=self._webhook.id, reason=str(down))
                await asyncio.sleep(RETRY_S)
            except Exception:
                log.exception("webhook_broken", webhook=self._webhook.id)
                await asyncio.sleep(BROKEN_S)

    async def _is_over(self) -> bool:
        """Whether it has been switched off; else it is to be followed anew."""
        try:
            if await self._has_ended():
                await self._switch_off(OffReason.ENDED, "its subscription has come to its end")
                return True
        except Unavailable:
            raise
        except Denied as denied:
            await self._switch_off(OffReason.RIGHTS, str(denied))
            return True
        except StoreError as error:
            await self._switch_off(OffReason.SOURCE, str(error))
            return True
        return False

    async def _has_ended(self) -> bool:
        """Follow; False when its owner, or what they may do, is another by now."""
        viewer = await self._viewer()
        progress = await self._store.mongo.webhook_progress.get(self._webhook.id)
        self._documents = progress.documents
        context = Context(
            store=self._store, viewer=viewer, loaders=self._loaders, request_id=self._webhook.id
        )
        stream = saved_in(schema, self._webhook).stream(context, progress.cursor)
        async with aclosing(await source(stream)) as items:
            async for item in items:
                if isinstance(item, (Event, Gap)) and await self._viewer() != viewer:
                    return False
                await self._take(stream, item)
        return True

    async def _take(self, stream: Stream, item: object) -> None:
        match item:
            case Event():
                await self._deliver(stream, item, item.cursor)
            case Gap():
                await self._deliver(stream, item, item.to_cursor)
            case CaughtUp() | Heartbeat():
                await self._save(item.cursor)

    async def _deliver(self, stream: Stream, item: Event | Gap, cursor: str) -> None:
        await self._wait_for_room()
        body = body_of(await stream.told(item), self._webhook.id)
        is_gap = isinstance(item, Gap)
        if await self._store.deliveries.add(self._webhook, cursor, body, is_gap=is_gap):
            EVENTS.inc()
            self._wake()
        if time.monotonic() - self._saved_at >= SAVE_EACH_S:
            await self._save(cursor)

    async def _save(self, cursor: str) -> None:
        self._saved_at = time.monotonic()
        await self._store.mongo.webhook_progress.amend(
            self._webhook.id, lambda kept: kept.advanced(cursor, self._documents)
        )

    async def _wait_for_room(self) -> None:
        """Where too many deliveries wait, events stay in their feed."""
        while self._events % LOOK_EACH == 0:
            if await self._store.deliveries.make_room(self._webhook.id):
                break
            await asyncio.sleep(FULL_S)
        self._events += 1

    async def _viewer(self) -> Viewer:
        """In whose name it asks, as they are now. Raises Denied."""
        webhook = self._webhook
        return await self._store.accounts.acting_for(
            webhook.owner_id, webhook.scopes, webhook.api_key_id
        )

    async def _switch_off(self, reason: OffReason, why: str) -> None:
        log.info("webhook_off", webhook=self._webhook.id, reason=reason, why=why)
        with suppress(NotFound):  # it was deleted meanwhile
            await self._store.webhooks.switch_off(self._webhook, reason, why)
