"""All webhooks of the platform, followed and served by one process or by several.

Each second it asks whether a webhook has changed, and each heartbeat it says which ones it follows.
What one process lets go of, another takes up from the same cursor.
"""

from __future__ import annotations

import asyncio
import os
import socket
import time
from contextlib import suppress
from uuid import uuid4

import structlog

from schema.loaders import open_loaders
from server.tasks import end
from server.webhooks.following import Following
from server.webhooks.metrics import FOLLOWED
from server.webhooks.posting import Poster
from server.webhooks.sending import Sending
from store.errors import Unavailable
from store.records.webhook import Webhook
from store.store import Store

LOOK_EACH_S = 1.0
RELOAD_EACH_S = 30.0
"""Also where nobody rang: the bell may have been lost with Redis."""

log = structlog.get_logger(__name__)


class Deliverer:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._loaders = open_loaders(store)
        self._poster = Poster(store.settings)
        self._sending = Sending(store, self._poster)
        self._who = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"
        self._webhooks: dict[str, Webhook] = {}
        self._tasks: dict[str, tuple[int, asyncio.Task[None]]] = {}
        self._heard = -1
        self._loaded_at = self._held_at = float("-inf")

    async def run(self) -> None:
        """Until it is cancelled, through any outage."""
        try:
            while True:
                try:
                    await self._look()
                except Unavailable as down:
                    log.warning("webhooks_wait", reason=str(down))
                    await asyncio.sleep(LOOK_EACH_S)
                await self._until_due()
        finally:
            await self._close()

    async def _look(self) -> None:
        heard, at = await self._store.webhooks.bell.heard(), time.monotonic()
        has_changed = heard != self._heard or at - self._loaded_at >= RELOAD_EACH_S
        if has_changed:
            self._webhooks = {each.id: each for each in await self._store.webhooks.sending()}
            self._heard, self._loaded_at = heard, at
            self._sending.serve(self._webhooks.values())
        if has_changed or at - self._held_at >= self._store.settings.heartbeat_s:
            await self._hold()
            self._held_at = at
        await self._sending.dispatch()

    async def _hold(self) -> None:
        """Follow what nobody else follows, as it is now, and nothing else."""
        open_ids = [each.id for each in self._webhooks.values() if each.off is None]
        held = await self._store.webhooks.bell.hold(self._who, open_ids)
        stale = [
            webhook_id
            for webhook_id, (revision, task) in self._tasks.items()
            if webhook_id not in held
            or self._webhooks[webhook_id].revision != revision
            or task.done()
        ]
        await end(*(self._tasks.pop(each)[1] for each in stale))
        for webhook_id in held - self._tasks.keys():
            webhook = self._webhooks[webhook_id]
            following = Following(self._store, self._loaders, webhook, self._sending.wake.set)
            task = asyncio.create_task(following.run(), name=f"follow {webhook_id}")
            self._tasks[webhook_id] = webhook.revision, task
        FOLLOWED.set(len(self._tasks))

    async def _until_due(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_EACH_S):
                await self._sending.wake.wait()
        self._sending.wake.clear()

    async def _close(self) -> None:
        """Let go of everything, so that another process goes on at once."""
        held = list(self._tasks)
        await end(*(task for _, task in self._tasks.values()))
        with suppress(Unavailable):
            await self._store.webhooks.bell.let_go(self._who, held)
        await self._sending.close()
        await self._poster.close()
