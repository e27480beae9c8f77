"""One shard on its way through a child: texts in, vectors to the object store, the record told."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import structlog

from store.codec import to_plain
from store.errors import StaleAttempt, StoreError
from store.records.embed_shard import EmbedShard
from store.store import Store
from store.training.embed_shards import vectors_key
from workers.children.isolation import OnProgress

RENEW_INTERVAL_S = 1.0
Call = Callable[[dict[str, Any], OnProgress], Awaitable[Any]]
log = structlog.get_logger()


class ShardRun:
    """A shard that is held. Its lease is renewed as it comes on: one that is stuck gets lost."""

    def __init__(self, store: Store, shard: EmbedShard, *, texts: Path, out: Path) -> None:
        self._store, self._shard = store, shard
        self._texts, self._out = texts, out
        self._renewed_at = 0.0

    async def embed(self, engine: Path, call: Call, on_progress: OnProgress | None = None) -> None:
        """Have `call` embed it, unless somebody has by now. Raises what `call` raises."""
        objects, key = self._store.objects, vectors_key(self._shard)

        async def tell(done: int, total: int) -> None:
            await self._progressed(done)
            if on_progress is not None:
                await on_progress(done, total)

        if await objects.stat(key) is None:
            await call(self._request(engine), tell)
            await objects.put_file(key, self._out / Path(key).name)
            if await self._store.mongo.jobs.is_purging(self._shard.dataset_id):
                await objects.delete(key)  # its data set went while this was under way
        try:
            await self._store.embed_shards.finish(self._shard)
        except StaleAttempt as late:  # somebody else holds it, and finds the vectors there
            log.warning("shard finished too late", reason=str(late))

    def _request(self, engine: Path) -> dict[str, Any]:
        asked = {
            "name": self._shard.name, "texts": str(self._texts), "engine": str(engine),
            "embedder": to_plain(self._shard.embedder), "key": self._shard.embedder_key,
            "out": str(self._out),
        }  # fmt: skip
        return {"call": "embed_shard", "shard": asked}

    async def _progressed(self, done: int) -> None:
        if time.monotonic() - self._renewed_at < RENEW_INTERVAL_S:
            return
        self._renewed_at = time.monotonic()
        try:
            await self._store.embed_shards.renew(self._shard, done)
        except StoreError as refused:  # at worst somebody else does it as well
            log.debug("shard not renewed", reason=str(refused))
