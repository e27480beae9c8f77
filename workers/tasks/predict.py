"""From rows to a file of answers: cut into parts, answered part by part, put together.

A part is uploaded as soon as it is done, under a name that tells its rows. A later attempt, and a
job that does an ended one again, goes on after those that are there. Cutting is done anew each
time: it costs little, and gives the same parts.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import structlog

from store.answers.bulk import folder_of, parts_of
from store.codec import from_plain, to_plain
from store.errors import Unavailable
from store.records.bulk import BulkSpec
from store.records.job import Job
from store.records.model import ModelVersion
from workers.attempts.attempt import Attempt
from workers.attempts.folders import fetch_bundle
from workers.attempts.reporter import Reporter
from workers.pipeline.bulk.names import write_names
from workers.pipeline.bulk.parts import PART_ROWS, Part
from workers.pipeline.bulk.preparing import PROBLEMS, Prepared, PrepareRequest
from workers.pipeline.bulk.writing import WriteRequest, Written
from workers.pipeline.requests import PartRequest

ANSWERED = "answered"
log = structlog.get_logger()


async def predict(attempt: Attempt) -> None:
    """Run a bulk prediction. Raises NotFound when its model, data set or upload is gone."""
    store, job = attempt.store, attempt.job
    version = await store.live.model_version(job.model_version_id or "")
    if job.dataset_id:
        await store.live.check(job)
    run = BulkRun(attempt, version, job.bulk or BulkSpec())
    await run.prepare()
    await run.predict()
    found = await run.write()
    await attempt.commit()
    await store.bulk.finish(attempt.job, **found)
    await attempt.succeed()
    try:
        await store.bulk.clear(attempt.job)
    except Unavailable as fault:  # they go with the file, when it is old
        log.warning("parts not deleted", reason=str(fault))


@dataclass
class BulkRun:
    """One attempt's way from rows to the file."""

    attempt: Attempt
    version: ModelVersion
    spec: BulkSpec
    prepared: Prepared = field(default_factory=lambda: Prepared(()))

    async def prepare(self) -> None:
        """Cut the rows into parts."""
        asked = PrepareRequest(self.asked, self.version.kind, self.spec, part_rows=PART_ROWS)
        asked = await (self._shards(asked) if self.job.dataset_id else self._file(asked))
        result = await self.attempt.stage("prepare", self._request("prepare_bulk", asked))
        self.prepared = found = from_plain(Prepared, result)
        await self.attempt.store.bulk.count(self.job, self.rows)
        summary = f"{self.rows:,} rows in {len(found.parts):,} parts"
        summary += f", {found.problem_count:,} problems" if found.problem_count else ""
        await self.attempt.stage_done("prepare", self.rows, summary)

    async def predict(self) -> None:
        """Answer the parts that are not there yet, and upload each."""
        await self.attempt.stage_started("predict", self.rows)
        objects, prefix = self.attempt.store.objects, parts_of(self.job)
        there = {each.key for each in await objects.list(prefix)}
        todo = [part for part in self.prepared.parts if self._key(part) not in there]
        fresh = sum(part.rows for part in todo)
        kept = self.rows - fresh
        if kept:
            self.attempt.log.info("gone on with", parts_done=len(there), rows_done=kept)
        if todo:
            await fetch_bundle(objects, self.version, self.bundle)
            write_names(await self.attempt.store.clusters.names(self.version.id), self.names)
        (self.attempt.scratch / ANSWERED).mkdir(exist_ok=True)
        reporter = Reporter(self.attempt.store.jobs, self.job, "predict")
        done = kept
        for part in todo:
            await self._answer(part, reporter, done)
            done += part.rows
        summary = f"{self.rows:,} rows answered"
        summary += f", {kept:,} of them before" if kept else ""
        await self.attempt.stage_done("predict", self.rows, summary, fresh=fresh)

    async def write(self) -> dict[str, Any]:
        """Put the parts together and upload the file; what there is to be told of it."""
        await self.attempt.stage_started("write", self.rows)
        paths = [await self._here(part) for part in self.prepared.parts]
        out = self.attempt.scratch / f"result.{self.spec.format.ending}"
        asked = WriteRequest(tuple(paths), out, self.spec.format, self.spec.escapes_formulas)
        reporter = Reporter(self.attempt.store.jobs, self.job, "write")
        request = self._request("write_bulk", asked)
        written = from_plain(Written, await self.attempt.call(request, reporter.progress))
        key = await self._put("result", out)
        problems = self.asked / PROBLEMS
        told = await self._put("problems", problems) if self.prepared.problem_count else None
        summary = f"{written.rows:,} rows, {written.bytes:,} bytes"
        await self.attempt.stage_done("write", written.rows, summary)
        return {
            "rows": written.rows,
            "abstained": written.abstained,
            "out_of_distribution": written.out_of_distribution,
            "label_counts": written.labels,
            "bytes": written.bytes,
            "sha256": written.sha256,
            "object_key": key,
            "problems": self.prepared.problems,
            "problem_count": self.prepared.problem_count,
            "rejected_rows": self.prepared.rejected_rows,
            "problems_key": told,
        }

    # -- how --------------------------------------------------------------------------------------

    async def _shards(self, asked: PrepareRequest) -> PrepareRequest:
        store = self.attempt.store
        version = await store.mongo.dataset_versions.get(self.job.dataset_version_id)
        paths = []
        for number, shard in enumerate(version.shards):
            path = self.attempt.scratch / f"shard-{number:05}.parquet"
            await store.objects.fetch(shard.object_key, path)
            paths.append(path)
        return replace(asked, shards=tuple(paths))

    async def _file(self, asked: PrepareRequest) -> PrepareRequest:
        store, raw = self.attempt.store, self.attempt.scratch / "raw"
        upload = await store.mongo.uploads.get(self.spec.upload_id or "")
        await store.objects.fetch(upload.object_key, raw)
        return replace(asked, raw=raw, filename=upload.filename)

    async def _answer(self, part: Part, reporter: Reporter, before: int) -> None:
        async def tell(done: int, total: int) -> None:
            await reporter.progress(before + done, self.rows)

        asked = PartRequest(self.bundle, part.path, self._path(part), self.spec, self.names)
        await self.attempt.call(self._request("predict_part", asked), tell)
        await self._upload(self._key(part), self._path(part))

    async def _here(self, part: Part) -> Path:
        """The answered part on this disk; one of an earlier attempt is fetched."""
        path = self._path(part)
        if not path.exists():
            await self.attempt.store.objects.fetch(self._key(part), path)
        return path

    async def _put(self, what: str, path: Path) -> str:
        """Under a name of this attempt's: another one's file is never changed."""
        key = f"{folder_of(self.job)}{what}-{self.job.attempt}{path.suffix}"
        await self._upload(key, path)
        return key

    async def _upload(self, key: str, path: Path) -> None:
        """Unless what it belongs to was purged while this was under way."""
        store = self.attempt.store
        await store.objects.put_file(key, path)
        for owner in (self.job.dataset_id, self.job.model_id or ""):
            if await store.mongo.jobs.is_purging(owner):
                await store.objects.delete(key)

    def _request(self, call: str, asked: object) -> dict[str, Any]:
        return {"call": call, "folder": str(self.attempt.scratch), "request": to_plain(asked)}

    def _key(self, part: Part) -> str:
        return f"{parts_of(self.job)}{part.name}.parquet"

    def _path(self, part: Part) -> Path:
        return self.attempt.scratch / ANSWERED / f"{part.name}.parquet"

    @property
    def job(self) -> Job:
        return self.attempt.job

    @property
    def rows(self) -> int:
        return sum(part.rows for part in self.prepared.parts)

    @property
    def asked(self) -> Path:
        return self.attempt.scratch / "asked"

    @property
    def bundle(self) -> Path:
        return self.attempt.scratch / "bundle"

    @property
    def names(self) -> Path:
        return self.attempt.scratch / "names.json"
