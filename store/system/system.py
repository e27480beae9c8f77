"""The platform at a glance: workers, queues, services, storage."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from store.clock import now
from store.errors import Unavailable
from store.recall import Recall
from store.records.worker import WorkerPresence
from store.settings import Settings
from store.system.health import Health, Services
from store.system.presence import Presence
from store.system.queues import Queues, QueueStatus
from store.system.storage import Measurement, Storage
from store.version import VERSION

LOOK_EACH_S = 1.0
KEPT_S = 0.9
"""A little less, so that whoever looks each second sees something new."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SystemState:
    """States that differ in nothing but when they were seen are equal."""

    at: datetime = field(compare=False)
    version: str
    services: dict[str, Health]
    workers: tuple[WorkerPresence, ...]
    queues: tuple[QueueStatus, ...]
    storage: Measurement | None


class System:
    """What a service that is down cannot tell is empty; `services` say which one it is."""

    def __init__(
        self,
        *,
        settings: Settings,
        services: Services,
        presence: Presence,
        queues: Queues,
        storage: Storage,
    ) -> None:
        self._settings = settings
        self._services = services
        self._presence = presence
        self._queues = queues
        self._storage = storage
        self._recall = Recall[SystemState](KEPT_S, lambda state: state.version)
        self._looking = asyncio.Lock()

    async def state(self) -> SystemState:
        """As it is, or was a second ago: one look serves everybody in this process."""
        async with self._looking:
            state = self._recall.get("state")
            if state is None:
                state = await self._look()
                self._recall.keep("state", state)
            return state

    async def follow(self) -> AsyncGenerator[SystemState, None]:
        """The state, again whenever it changed, and after `feed_heartbeat_s` in any case."""
        told: SystemState | None = None
        while True:
            state = await self.state()
            if told is None or state != told or self._is_old(told):
                yield state
                told = state
            await asyncio.sleep(LOOK_EACH_S)

    def _is_old(self, told: SystemState) -> bool:
        return (now() - told.at).total_seconds() >= self._settings.feed_heartbeat_s

    async def _look(self) -> SystemState:
        services, workers, queues, storage = await asyncio.gather(
            self._services.health(),
            self._unless_down(self._presence.workers(), ()),
            self._unless_down(self._queues.all(), []),
            self._unless_down(self._storage.measured(), None),
        )
        return SystemState(now(), VERSION, services, workers, tuple(queues), storage)

    async def _unless_down(self, part: Awaitable[T], unknown: T) -> T:
        try:
            return await asyncio.wait_for(part, self._settings.service_timeout_s)
        except (Unavailable, TimeoutError):
            return unknown
