"""The process that answers: it takes what waits, whenever it is free.

A few loops run side by side, one a core. Each takes as many waiting calls as make a chunk its
engine likes, answers them in a thread, and replies to each caller as its own texts are done. So
texts are batched without waiting for a batch to fill.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from contextlib import aclosing

import structlog

from store.calls import Call
from store.errors import NotFound, StoreError
from store.events import CaughtUp, Feed, Gap
from store.logs import configure_logs
from store.records.event import Event, EventKind
from store.settings import Settings
from store.store import Store, open_store
from workers.adoption import adopt
from workers.pipeline.bundle import BundleRefused
from workers.process import run_until_signalled
from workers.served import Served

CHUNK_TEXTS = 8
TAKE_BLOCK_S = 1.0
DRAIN_INTERVAL_S = 1.0
RETRY_DELAY_S = 1.0
PUBLISHED = (EventKind.MODEL_PUBLISHED, EventKind.MODEL_ROLLED_BACK)
Step = Callable[[], Awaitable[None]]
log = structlog.get_logger()


class InferenceWorker:
    """Answers calls, keeps the published models at hand, and files the log of answers."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._served = Served(store)
        self._is_stopping = False

    async def serve(self) -> None:
        """Answer until cancelled; calls that were taken by then are answered still."""
        if self._store.settings.model_path is not None:
            await adopt(self._store, self._store.settings.model_path)
        answering = [asyncio.create_task(self._answer_calls()) for _ in range(cores())]
        beside = [
            asyncio.create_task(self._forever(step)) for step in (self._follow_models, self._drain)
        ]
        try:
            await asyncio.gather(*answering, *beside)
        finally:
            self._is_stopping = True
            for each in beside:
                each.cancel()
            await asyncio.wait([*answering, *beside])

    async def _answer_calls(self) -> None:
        while not self._is_stopping:
            await self._surviving(self._answer_next)

    async def _forever(self, step: Step) -> None:
        while True:
            await self._surviving(step)

    async def _surviving(self, step: Step) -> None:
        try:
            await step()
        except StoreError as fault:
            log.warning("store out of reach", reason=str(fault))
            await asyncio.sleep(RETRY_DELAY_S)

    async def _answer_next(self) -> None:
        for call in await self._store.calls.take(CHUNK_TEXTS, TAKE_BLOCK_S):
            await self._answer(call)

    async def _answer(self, call: Call) -> None:
        try:
            bundle = await self._served.get(call.model_version_id)
            answers = await asyncio.to_thread(
                bundle.answer, call.texts, call.top_k, call.neighbours
            )
        except (NotFound, BundleRefused) as refused:
            await self._store.calls.refuse(call, "MODEL_UNAVAILABLE", str(refused))
        except Exception:
            log.exception("call failed", model_version=call.model_version_id)
            await self._store.calls.refuse(call, "INTERNAL", "the model failed on this input")
        else:
            await self._store.calls.answer(call, answers)

    async def _follow_models(self) -> None:
        """Hold every published model before somebody asks for it."""
        async with aclosing(self._store.events.follow(Feed.everything(), None)) as feed:
            async for item in feed:
                if isinstance(item, CaughtUp | Gap):  # what was published unseen is in the records
                    for version in await self._store.models.published():
                        await self._hold(version.id)
                elif isinstance(item, Event) and item.kind in PUBLISHED:
                    await self._hold(item.related["model_version"])

    async def _hold(self, version_id: str) -> None:
        try:
            await self._served.get(version_id)
        except (BundleRefused, NotFound) as refused:
            log.error("model refused", model_version=version_id, reason=str(refused))

    async def _drain(self) -> None:
        if not await self._store.predictions.drain():
            await asyncio.sleep(DRAIN_INTERVAL_S)


def cores() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0))


async def main() -> None:
    """Open the store and answer until a signal ends it."""
    settings = Settings()
    configure_logs(settings)
    async with open_store(settings) as store:
        log.info("inference worker started", pid=os.getpid())
        await run_until_signalled(asyncio.create_task(InferenceWorker(store).serve()))
    log.info("inference worker stopped", pid=os.getpid())


if __name__ == "__main__":
    asyncio.run(main())
