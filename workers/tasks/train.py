"""From a version to a bundle: nine stages, each of which leaves what a retry goes on from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson

from store import ids
from store.codec import from_plain, to_plain
from store.objects import keys
from store.records.dataset import DatasetVersion
from store.records.job import STAGES, JobKind
from store.records.report import Report
from store.records.stage import StageStatus
from store.records.training import READS
from store.training.forewarning import warnings_for
from workers.attempts.artefacts import DONE, digest
from workers.attempts.attempt import Attempt
from workers.attempts.folders import keep_blobs, pull, push, push_blobs
from workers.engines import fetch_engine, keep_engine
from workers.mapping import keep_map
from workers.metrics import VECTORS
from workers.pipeline.embedders import embedder_key
from workers.pipeline.workspace import Workspace
from workers.shards.fan_out import FanOut, clear_shards

NAMES = STAGES[JobKind.TRAIN]


async def train(attempt: Attempt) -> None:
    """Run a training job to its model version, but for stages that left their files before."""
    await attempt.store.live.check(attempt.job)
    version = await attempt.store.mongo.dataset_versions.get(attempt.job.dataset_version_id)
    training = Training(attempt, version, Workspace(attempt.scratch))
    await training.lay_input()
    for name in NAMES:
        if name not in READS or not await training.take_over(name):
            await training.run(name)
    await training.register()
    await attempt.store.corrections.follow_training(attempt.job)
    await attempt.succeed()
    await attempt.store.search.follow(attempt.job)


@dataclass(frozen=True)
class Training:
    """One attempt's way through the stages, and the files that travel with it."""

    attempt: Attempt
    version: DatasetVersion
    work: Workspace

    async def lay_input(self) -> None:
        """The version's shards, and the embedder's engine where it was made before."""
        self.work.input.mkdir(parents=True, exist_ok=True)
        for number, shard in enumerate(self.version.shards):
            path = self.work.input / f"{number:05}.parquet"
            await self.attempt.store.objects.fetch(shard.object_key, path)
        about = {
            "kind": self.version.kind,
            "dataset_version_id": self.version.id,
            "job_id": self.attempt.job.id,
        }
        self.work.about.write_bytes(orjson.dumps(about))
        if self._key:
            await fetch_engine(self.attempt.store.objects, self._key, self.work.engine)
        for warning in warnings_for(self.version, self.attempt.job.spec):
            self.attempt.log.warning(warning.message, code=warning.code)

    async def take_over(self, name: str) -> bool:
        """Fetch what the stage left for this job before, or for another that asked the same."""
        note, objects = self._prefix(name) + DONE, self.attempt.store.objects
        if await objects.stat(note) is None:
            return False
        done = orjson.loads(await objects.get_bytes(note))
        await pull(objects, done["files"], self.work.folder / name)
        if name == "embed" and done["job_id"] != self.attempt.job.id:
            self.work.nothing_embedded()
        if self.attempt.job.stage(name).status is not StageStatus.DONE:
            await self.attempt.stage_started(name, done["rows"])
            summary = f"{done['summary']} (kept)"
            await self.attempt.stage_done(name, done["rows"], summary, is_kept=True)
        return True

    async def run(self, name: str) -> None:
        """Run the stage in the child and keep what it leaves."""
        spec, rows = to_plain(self.attempt.job.spec), self.version.rows
        request = {"call": "stage", "stage": name, "folder": str(self.work.folder), "spec": spec}
        if name == "embed" and self._key:
            outcome = await FanOut(self.attempt, self.work, self._key).run(request, rows)
        else:
            outcome = await self.attempt.stage(name, request, rows)
        artefacts = await self._keep(name, outcome) if name in READS else ()
        await self.attempt.stage_done(
            name, outcome["done"], outcome["summary"], artefacts, fresh=outcome["fresh"]
        )
        if name == "embed":
            await clear_shards(self.attempt)

    async def register(self) -> None:
        """Store the bundle's files by content and make the model version that lists them."""
        files = await push_blobs(self.attempt.store.objects, self.work.bundle)
        manifest = next(file for file in files if file.name == "manifest.json")
        report: dict[str, Any] = orjson.loads(self.work.report.read_bytes())
        await self.attempt.commit(ids.new(ids.MODEL_VERSION))
        await keep_map(self.attempt.store, self.attempt.job, self.work.map)
        await self.attempt.store.models.add_version(
            self.attempt.job,
            manifest_sha256=manifest.sha256,
            files=files,
            labels=tuple(orjson.loads(self.work.labels.read_bytes())),
            report=from_plain(Report, report),
            kind=self.version.kind,
        )
        await keep_blobs(self.attempt.store, files, self.work.bundle)
        VECTORS.labels("embedded").inc(report["embedded_rows"])
        VECTORS.labels("cached").inc(report["cached_rows"])

    async def _keep(self, name: str, outcome: dict[str, Any]) -> tuple[str, ...]:
        """Upload what the stage left; the note that says so comes last."""
        objects, prefix = self.attempt.store.objects, self._prefix(name)
        if name == "embed" and self._key:
            vectors = keys.vectors(self._key, self.version.dataset_id)
            await push(objects, self.work.new_vectors, vectors)
            await keep_engine(objects, self._key, self.work.engine)
        job = self.attempt.job
        files = f"{prefix}{job.id}-{job.attempt}/"
        artefacts = await push(objects, self.work.folder / name, files)
        note = {"job_id": job.id, "rows": outcome["done"], "files": files}
        note["summary"] = outcome["summary"]
        await objects.put_bytes(prefix + DONE, orjson.dumps(note))
        return artefacts

    def _prefix(self, name: str) -> str:
        asked = digest(name, self.version, self.attempt.job.spec)
        return keys.artefacts(self.version.dataset_id, asked, name)

    @property
    def _key(self) -> str | None:
        """What vectors and engine are shared by; None for an embedder fitted to its data."""
        return embedder_key(self.attempt.job.spec.embedder)
