"""The process that answers: it takes what waits, whenever it is free.

A few loops run side by side, one a core. Each takes as many waiting calls as make a chunk its
engine likes and answers them in a thread. So calls share what a chunk costs, without waiting for
one another, and nobody waits for more than a chunk. What takes long has one loop beside them.
"""

from __future__ import annotations

import asyncio
from asyncio import FIRST_COMPLETED
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from itertools import islice

import structlog

from store.calls.calls import Call, CallKind
from store.errors import NotFound, StoreError
from store.events import CaughtUp, Feed, Gap
from store.records.event import Event, EventKind
from store.records.worker import WorkerKind
from store.settings import Settings
from store.store import Store, open_store
from workers.host import cores
from workers.inference.adoption import adopt
from workers.inference.answerers import Answerer, Labels
from workers.inference.chunk import OK, answering
from workers.inference.dividing import Splits
from workers.inference.explaining import Explanations
from workers.inference.indexes import Indexes
from workers.inference.placing import Places
from workers.inference.rows import VersionRows
from workers.inference.served import Served
from workers.metrics import MODELS_HELD
from workers.pipeline.bundle import BundleRefused
from workers.presence import present
from workers.process import run, run_until_signalled, worker_name

CHUNK_TEXTS = 8
TAKE_BLOCK_S = 1.0
DRAIN_INTERVAL_S = 1.0
RETRY_DELAY_S = 1.0
PUBLISHED = (EventKind.MODEL_PUBLISHED, EventKind.MODEL_ROLLED_BACK)
GONE = (EventKind.MODEL_TRASHED, EventKind.MODEL_PURGED)
ROWS_GONE = (EventKind.DATASET_TRASHED, EventKind.DATASET_PURGED)
Step = Callable[[], Awaitable[None]]
log = structlog.get_logger()


class InferenceWorker:
    """Answers calls, keeps the published models at hand, and files the log of answers."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._served = Served(store)
        self._indexes = Indexes(store)
        rows = VersionRows(store)
        self._answerers: dict[CallKind, Answerer] = {
            CallKind.PREDICT: Labels(self._served).answer,
            CallKind.PLACE: Places(self._served).answer,
            CallKind.SPLIT: Splits(store, self._served).answer,
            CallKind.SEARCH: self._indexes.answer,
            CallKind.ROWS: rows.page,
            CallKind.ROW_COUNT: rows.count,
            CallKind.CHANGES: rows.changes,
            CallKind.EXPLAIN: Explanations(self._served).answer,
        }
        self._is_stopping = False
        MODELS_HELD.set_function(lambda: len(self._served.held()))

    async def serve(self) -> None:
        """Answer until cancelled; calls that were taken by then are answered still."""
        async with present(
            self._store, WorkerKind.INFERENCE, slots=cores(), models=self._served.held
        ):
            await self._serve()

    async def _serve(self) -> None:
        if self._store.settings.model_path is not None:
            await adopt(self._store, self._store.settings.model_path)
        answering = [
            asyncio.create_task(self._answer_calls(step))
            for step in (*[self._answer_next] * cores(), self._answer_slow)
        ]
        beside = [
            asyncio.create_task(self._forever(step)) for step in (self._follow_models, self._drain)
        ]
        try:
            # each ends by a fault alone; `gather` would cancel those that answer as well
            ended, _ = await asyncio.wait([*answering, *beside], return_when=FIRST_COMPLETED)
            for each in ended:
                each.result()
        finally:
            self._is_stopping = True
            for each in beside:
                each.cancel()
            await asyncio.wait([*answering, *beside])

    async def _answer_calls(self, step: Step) -> None:
        while not self._is_stopping:
            await self._surviving(step)

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
        """Answer a chunk of what waits; calls that ask the same of a model go together."""
        alike: list[list[Call]] = []
        for call in await self._store.calls.take(CHUNK_TEXTS, TAKE_BLOCK_S):
            fellows = next((calls for calls in alike if _asks_as(call, calls[0])), None)
            fellows.append(call) if fellows else alike.append([call])
        for calls in alike:
            await self._answer(calls)

    async def _answer_slow(self) -> None:
        """Answer one call of those that take long; the others keep their loops, one a core."""
        for call in await self._store.calls.take(1, TAKE_BLOCK_S, slow=True):
            await self._answer([call])

    async def _answer(self, calls: list[Call]) -> None:
        with answering(calls) as chunk:
            chunk.outcome = await self._outcome(calls)

    async def _outcome(self, calls: list[Call]) -> str:
        """Answer them, or refuse them with the code that is returned."""
        asked, texts = calls[0], [text for call in calls for text in call.texts]
        try:
            answerer = self._answerers[asked.kind]
            answers = iter(await answerer(asked.subject, texts, **asked.arguments))
        except (NotFound, BundleRefused) as refused:
            return await self._refuse(calls, "MODEL_UNAVAILABLE", str(refused))
        except StoreError as fault:
            return await self._refuse(calls, fault.code, str(fault))
        except Exception:
            log.exception("calls failed", kind=asked.kind, subject=asked.subject, calls=len(calls))
            return await self._refuse(calls, "INTERNAL", "the model failed on this input")
        replies = [(call, list(islice(answers, len(call.texts)))) for call in calls]
        await self._store.calls.answer_many(replies)
        return OK

    async def _refuse(self, calls: list[Call], code: str, message: str) -> str:
        for call in calls:
            await self._store.calls.refuse(call, code, message)
        return code

    async def _follow_models(self) -> None:
        """Hold every published model before somebody asks for it."""
        async with aclosing(self._store.events.follow(Feed.everything(), None)) as feed:
            async for item in feed:
                if isinstance(item, CaughtUp | Gap):  # what happened unseen is in the records
                    await self._served.tidy()
                    await self._indexes.tidy()
                    for version in await self._store.models.published():
                        await self._hold(version.id)
                elif isinstance(item, Event) and item.kind in PUBLISHED:
                    await self._hold(item.related["model_version"])
                elif isinstance(item, Event) and item.kind in GONE:
                    await self._served.tidy()
                elif isinstance(item, Event) and item.kind in ROWS_GONE:
                    await self._indexes.tidy()

    async def _hold(self, version_id: str) -> None:
        try:
            await self._served.get(version_id)
        except (BundleRefused, NotFound) as refused:
            log.error("model refused", model_version=version_id, reason=str(refused))

    async def _drain(self) -> None:
        if not await self._store.predictions.drain():
            await asyncio.sleep(DRAIN_INTERVAL_S)


def _asks_as(call: Call, other: Call) -> bool:
    return (call.kind, call.subject, call.arguments) == (other.kind, other.subject, other.arguments)


async def main(settings: Settings) -> None:
    """Open the store and answer until a signal ends it."""
    async with open_store(settings) as store:
        log.info("inference worker started", worker=worker_name())
        await run_until_signalled(asyncio.create_task(InferenceWorker(store).serve()))
    log.info("inference worker stopped", worker=worker_name())


if __name__ == "__main__":
    run("shoal-inference-worker", main)
