"""From a version to a bundle: nine stages, each of which leaves what a retry goes on from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from store.codec import from_plain, to_plain
from store.objects import keys
from store.records.dataset import DatasetVersion
from store.records.job import STAGES, JobKind, StageStatus
from store.records.report import Report
from workers.attempt import Attempt
from workers.folders import pull, push, push_blobs
from workers.pipeline.embedders import embedder_key
from workers.pipeline.workspace import Workspace

NAMES = STAGES[JobKind.TRAIN]


async def train(attempt: Attempt) -> None:
    """Run a training job to its model version; finished stages of earlier attempts are kept."""
    version = await attempt.store.mongo.dataset_versions.get(attempt.job.dataset_version_id)
    training = Training(attempt, version, Workspace(attempt.scratch))
    await training.lay_input()
    for name in NAMES:
        if attempt.job.stage(name).status is StageStatus.DONE:
            await pull(attempt.store.objects, training.prefix(name), attempt.scratch / name)
        else:
            await training.run(name)
    version_id = await training.register()
    await attempt.store.jobs.succeed(attempt.job, version_id)
    await training.sweep_artefacts()


@dataclass(frozen=True)
class Training:
    """One attempt's way through the stages, and the files that travel with it."""

    attempt: Attempt
    version: DatasetVersion
    work: Workspace

    def prefix(self, stage: str) -> str:
        return keys.artefacts(self.attempt.job.id, stage)

    async def lay_input(self) -> None:
        """The version's shards, the vectors already known, and the embedder's engine."""
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
        for prefix, folder in self._shared(vectors=self.work.cache):
            await pull(self.attempt.store.objects, prefix, folder)

    async def run(self, name: str) -> None:
        spec = to_plain(self.attempt.job.spec)
        request = {"call": "stage", "stage": name, "folder": str(self.work.folder), "spec": spec}
        outcome = await self.attempt.stage(name, request, self.version.rows)
        artefacts = await self._keep(name)
        await self.attempt.stage_done(name, outcome["done"], outcome["summary"], artefacts)

    async def register(self) -> str:
        """Store the bundle's files by content and make the model version that lists them."""
        files = await push_blobs(self.attempt.store.objects, self.work.bundle)
        manifest = next(file for file in files if file.name == "manifest.json")
        report: dict[str, Any] = orjson.loads(self.work.report.read_bytes())
        made = await self.attempt.store.models.add_version(
            self.attempt.job,
            manifest_sha256=manifest.sha256,
            files=files,
            labels=tuple(orjson.loads(self.work.labels.read_bytes())),
            report=from_plain(Report, report),
            kind=self.version.kind,
        )
        return made.id

    async def sweep_artefacts(self) -> None:
        """What only a retry would have needed."""
        objects = self.attempt.store.objects
        for name in NAMES:
            for each in await objects.list(self.prefix(name)):
                await objects.delete(each.key)

    async def _keep(self, name: str) -> tuple[str, ...]:
        if name == "embed":
            for prefix, folder in self._shared(vectors=self.work.new_vectors):
                await push(self.attempt.store.objects, folder, prefix)
        return await push(self.attempt.store.objects, self.work.folder / name, self.prefix(name))

    def _shared(self, vectors: Path) -> list[tuple[str, Path]]:
        """What trainings share by content; nothing for an embedder that is fitted to its data."""
        key = embedder_key(self.attempt.job.spec.embedder)
        if key is None:
            return []
        return [
            (keys.vectors(key, self.version.dataset_id), vectors),
            (keys.engine(key), self.work.engine),
        ]
