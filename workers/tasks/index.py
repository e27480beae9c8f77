"""From a version to its search index: vectors, of which most may be known, and what is built."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson

from store.codec import from_plain, to_plain
from store.objects import keys
from store.records.dataset import DatasetVersion
from store.records.index import Built, index_id
from workers.attempts.attempt import Attempt
from workers.attempts.folders import push
from workers.engines import fetch_engine, keep_engine
from workers.pipeline.embedders import embedder_key
from workers.pipeline.search.figures import INDEX, Figures
from workers.pipeline.workspace import Workspace
from workers.shards.fan_out import FanOut, clear_shards


async def index(attempt: Attempt) -> None:
    """Run an indexing job. A second attempt embeds again only what the first one had not kept."""
    await attempt.store.live.check(attempt.job)
    version = await attempt.store.mongo.dataset_versions.get(attempt.job.dataset_version_id)
    indexing = Indexing(attempt, version, Workspace(attempt.scratch))
    await indexing.lay_input()
    await indexing.embed()
    await indexing.register(await indexing.build())
    await attempt.succeed()


@dataclass(frozen=True)
class Indexing:
    attempt: Attempt
    version: DatasetVersion
    work: Workspace

    async def lay_input(self) -> None:
        """The version's shards, and the embedder's engine where it was made before."""
        objects = self.attempt.store.objects
        self.work.input.mkdir(parents=True, exist_ok=True)
        for number, shard in enumerate(self.version.shards):
            await objects.fetch(shard.object_key, self.work.input / f"{number:05}.parquet")
        self.work.about.write_bytes(orjson.dumps({"kind": self.version.kind}))
        if self._key:
            await fetch_engine(objects, self._key, self.work.engine)

    async def embed(self) -> None:
        """Every row's vector, as the embed stage of a training makes them; new ones are kept."""
        attempt, objects = self.attempt, self.attempt.store.objects
        await attempt.stage_started("embed", self.version.rows)
        rows = await attempt.call(self._request("lay_rows"), _untold)
        request = self._request("stage") | {"stage": "embed"}
        if self._key:
            outcome = await FanOut(attempt, self.work, self._key).run(request, rows)
            vectors = keys.vectors(self._key, self.version.dataset_id)
            await push(objects, self.work.new_vectors, vectors)
            await keep_engine(objects, self._key, self.work.engine)
        else:
            outcome = await attempt.stage("embed", request, rows)
        done, told = outcome["done"], outcome["summary"]
        await attempt.stage_done("embed", done, told, fresh=outcome["fresh"])
        await clear_shards(attempt)

    async def build(self) -> Figures:
        made = await self.attempt.stage(INDEX, self._request("build_index"), self.version.rows)
        return from_plain(Figures, made)

    async def register(self, made: Figures) -> None:
        """Store the files, then say that they are there; what was built before goes."""
        attempt, store = self.attempt, self.attempt.store
        job = attempt.job
        identifier = index_id(job.dataset_version_id, job.spec.embedder)
        prefix = keys.index(job.dataset_id, identifier, f"{job.id}-{job.attempt}")
        await push(store.objects, self.work.folder / INDEX / INDEX, prefix)
        await attempt.stage_done(INDEX, made.rows, _summary(made))
        await attempt.commit()
        built = Built(prefix=prefix, embedder_key=self._key, **to_plain(made))
        kept = (await store.search.ready(attempt.job, built)).built or built
        for each in await store.objects.list(keys.index(job.dataset_id, identifier)):
            if not each.key.startswith(kept.prefix):
                await store.objects.delete(each.key)

    def _request(self, call: str) -> dict[str, Any]:
        spec = to_plain(self.attempt.job.spec)
        return {"call": call, "folder": str(self.work.folder), "spec": spec}

    @property
    def _key(self) -> str | None:
        """What vectors and engine are shared by; None for an embedder fitted to its data."""
        return embedder_key(self.attempt.job.spec.embedder)


async def _untold(done: int, total: int) -> None:
    """Reading the rows is soon done."""


def _summary(made: Figures) -> str:
    told = f"{made.rows:,} rows, {made.words:,} words, {made.bytes / 2**20:.1f} MB"
    return f"{told}; recall {made.recall:.3f}" if made.approximate else told
