"""A training's embed stage as many workers do it: cut into shards, offered, embedded, gathered.

The attempt that leads the training works on its shards as well, one at a time, so it comes to an
end without any help. What others hold it waits for, and does itself when they have lost it.
"""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import structlog

from store.abreast import abreast
from store.codec import to_plain
from store.errors import Unavailable
from store.objects import keys
from store.records.embed_shard import EmbedShard
from store.records.training import EmbedderKind
from store.training.embed_shards import texts_key, vectors_key
from workers.attempts.attempt import Attempt
from workers.attempts.folders import pull
from workers.attempts.reporter import Reporter
from workers.engines import keep_engine
from workers.pipeline.progress import Cancelled
from workers.pipeline.workspace import Workspace
from workers.shards.run import ShardRun

STAGE = "embed"
POLL_S = 0.1
log = structlog.get_logger()


class FanOut:
    """The embed stage of one attempt; where little is to be embedded its child does that alone."""

    def __init__(self, attempt: Attempt, work: Workspace, key: str) -> None:
        self._attempt, self._work, self._key = attempt, work, key
        self._store = attempt.store
        self._rows = self._known = self._done = 0

    async def run(self, request: dict[str, Any], rows: int) -> Any:
        """The outcome of the stage, which finds in `work.new_vectors` what was embedded before."""
        began = time.monotonic()
        await self._attempt.stage_started(STAGE, rows)
        self._reporter = Reporter(self._store.jobs, self._attempt.job, STAGE)
        await self._lay_cache()
        if shards := await self._plan():
            await self._offer(shards)
            await self._finish()
            await self._gather(shards)
        request = request | {"before_s": time.monotonic() - began}
        return await self._attempt.call(request, self._reporter.progress)

    async def _lay_cache(self) -> None:
        """Fetch the known vectors; those that earlier attempts made are this training's own."""
        prefix = keys.vectors(self._key, self._attempt.job.dataset_id)
        await pull(self._store.objects, prefix, self._work.cache)
        self._work.new_vectors.mkdir(exist_ok=True)
        for name in await self._store.embed_shards.names_before(self._attempt.job):
            path = self._work.cache / f"{name}.npz"
            if path.exists():
                path.rename(self._work.new_vectors / path.name)

    async def _plan(self) -> list[EmbedShard]:
        """None for an embedder that is sooner done than handed around, or for few texts."""
        job, folder = self._attempt.job, str(self._work.folder)
        if job.spec.embedder.kind is not EmbedderKind.SENTENCE_TRANSFORMER:
            return []
        request = {"call": "plan_embedding", "folder": folder, "spec": to_plain(job.spec)}
        plan: dict[str, Any] = await self._attempt.call(request, self._reporter.progress)
        self._rows, self._known = plan["rows"], plan["known"]
        return [EmbedShard.of(job, self._key, **each) for each in plan["shards"]]

    async def _offer(self, shards: list[EmbedShard]) -> None:
        """The engine before the shards, a shard's record before its texts, and then the ring."""
        texts = sum(shard.rows for shard in shards)
        self._attempt.log.info("handed around to be embedded", shards=len(shards), texts=texts)
        store = self._store
        await keep_engine(store.objects, self._key, self._work.engine)
        await self._attempt.patiently(lambda: store.embed_shards.plan(shards))
        await abreast(self._offer_one, shards)

    async def _offer_one(self, shard: EmbedShard) -> None:
        await self._store.objects.put_file(texts_key(shard), self._texts(shard))
        await self._attempt.patiently(lambda: self._store.embed_shards.offer(shard))

    async def _finish(self) -> None:
        """Work until every shard is done, by whomever."""
        attempt, shards = self._attempt, self._store.embed_shards
        while True:
            tally = await attempt.patiently(lambda: shards.tally(attempt.job))
            await self._tell(tally.rows)
            if tally.finished == tally.shards:
                return
            if shard := await attempt.patiently(lambda: shards.claim_own(attempt.job)):
                await self._embed(shard, tally.rows)
                continue
            if await attempt.patiently(lambda: self._store.jobs.is_cancelling(attempt.job)):
                raise Cancelled
            await asyncio.sleep(POLL_S)

    async def _embed(self, shard: EmbedShard, others: int) -> None:
        """`others` is how many rows were done before it."""
        run = ShardRun(self._store, shard, texts=self._texts(shard), out=self._work.new_vectors)

        async def tell(done: int, total: int) -> None:
            await self._tell(others + done)

        await run.embed(self._work.engine, self._attempt.call, tell)

    async def _tell(self, rows: int) -> None:
        """So many rows are done, and never fewer than were told before."""
        self._done = max(self._done, min(self._known + rows, self._rows))
        await self._reporter.progress(self._done, self._rows)

    async def _gather(self, shards: list[EmbedShard]) -> None:
        """The vectors that others made."""
        made = {path.stem for path in self._work.new_vectors.glob("*.npz")}

        async def fetch(shard: EmbedShard) -> None:
            path = self._work.new_vectors / f"{shard.name}.npz"
            await self._store.objects.fetch(vectors_key(shard), path)

        await abreast(fetch, [shard for shard in shards if shard.name not in made])

    def _texts(self, shard: EmbedShard) -> Path:
        return self._work.shards / f"{shard.name}.parquet"


async def clear_shards(attempt: Attempt) -> None:
    """The stage is kept, and so are the vectors: what led to them is needed no more."""
    try:
        await attempt.store.embed_shards.clear(attempt.job.id)
    except Unavailable as fault:  # the sweeper clears what an ended job left
        log.warning("shards not cleared", reason=str(fault))
