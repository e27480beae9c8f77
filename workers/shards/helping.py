"""What a worker does between jobs: embed a shard of a training that another one leads."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable

import structlog

from store.errors import Conflict, IllegalMove, NotFound, StoreError, Unavailable
from store.records.embed_shard import EmbedShard
from store.records.worker import WorkAtHand
from store.store import Store
from store.training.embed_shards import texts_key
from workers.attempts.scratch import occupied, scratch_folder
from workers.children.isolation import Child, ChildDied, Nursery, StageFault
from workers.engines import drop_engine, engine_here
from workers.pipeline.progress import BadData, Cancelled
from workers.shards.run import ShardRun

CHECK_INTERVAL_S = 0.5
GRACE_S = 0.5
log = structlog.get_logger()

_choosing = asyncio.Lock()
"""Of this process: two slots that looked at the same time would take a shard each."""


async def help_once(
    store: Store, nursery: Nursery, worker: str, helps: set[Help] | None = None
) -> bool:
    """Embed one shard of a running training; False when there is none for this worker.

    It is among `helps` meanwhile.
    """
    try:
        shard = await _claimed(store, worker)
    except (StoreError, OSError) as fault:
        log.warning("no help", reason=str(fault))
        return False
    if shard is None:
        return False
    child = await nursery.take()
    help_ = Help(store, shard, child, worker)
    helps = set() if helps is None else helps
    helps.add(help_)
    try:
        with structlog.contextvars.bound_contextvars(job=shard.job_id, shard=shard.name[:12]):
            await help_.run()
    finally:
        helps.discard(help_)
        await nursery.give_back(child)
    return True


async def _claimed(store: Store, worker: str) -> EmbedShard | None:
    async with _choosing:
        while shard := await store.embed_shards.next_for(worker):
            await engine_here(store, shard.embedder_key)  # may take longer than a lease
            try:
                return await store.embed_shards.claim(shard, worker)
            except (IllegalMove, Conflict, NotFound):
                continue  # somebody was faster
        return None


class Help:
    """One shard in a child of this worker, for as long as its training waits for it."""

    def __init__(self, store: Store, shard: EmbedShard, child: Child, worker: str) -> None:
        self._store, self._shard, self._child, self._worker = store, shard, child, worker
        self._scratch = scratch_folder(store.settings, f"{shard.id}-{shard.attempt}")

    @property
    def at_hand(self) -> WorkAtHand:
        """What it is at, for whoever looks at this worker."""
        return WorkAtHand(self._shard.job_id, self._shard.job_attempt, "embed")

    async def run(self) -> None:
        """Embed it, or leave it to others: given back, failed here, or wanted no longer."""
        shards = self._store.embed_shards
        try:
            with occupied(self._scratch):
                await self._run_watched()
        except asyncio.CancelledError:
            await self._settle(shards.give_back(self._shard))
            raise
        except Cancelled:
            log.info("shard given up: nobody waits for it any longer")
        except (ChildDied, StageFault, BadData, StoreError, OSError) as fault:
            log.warning("shard failed here", reason=str(fault))
            await drop_engine(self._store, self._shard.embedder_key)  # it may be what is damaged
            await self._settle(shards.fail(self._shard, self._worker))
        finally:
            await asyncio.to_thread(shutil.rmtree, self._scratch, ignore_errors=True)

    async def _run_watched(self) -> None:
        work = asyncio.ensure_future(self._embed())
        watcher = asyncio.create_task(self._watch())
        try:
            await asyncio.wait({work, watcher}, return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                return work.result()
            await self._child.ask_to_stop()
            await asyncio.wait({work}, timeout=GRACE_S)
            self._child.kill()
            raise Cancelled
        finally:
            work.cancel()
            watcher.cancel()
            await asyncio.wait({work, watcher})

    async def _embed(self) -> None:
        store, shard = self._store, self._shard
        engine = await engine_here(store, shard.embedder_key)
        texts = self._scratch / f"{shard.name}.parquet"
        await store.objects.fetch(texts_key(shard), texts)
        await ShardRun(store, shard, texts=texts, out=self._scratch).embed(engine, self._child.run)

    async def _watch(self) -> None:
        """Return once the shard was lost, or its training is over or in other hands."""
        while True:
            await asyncio.sleep(CHECK_INTERVAL_S)
            try:
                if not await self._store.embed_shards.is_wanted(self._shard):
                    return
            except Unavailable as fault:  # its lease says for how long others leave it alone
                log.debug("shard not looked up", reason=str(fault))

    async def _settle(self, write: Awaitable[None]) -> None:
        """What cannot be written is left to its lease."""
        try:
            await write
        except StoreError as refused:
            log.debug("shard not given back", reason=str(refused))
