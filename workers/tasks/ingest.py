"""From a raw file to an immutable version: read, check, profile, store."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from store.codec import from_plain, to_plain
from store.errors import DiskFull
from store.objects import keys
from store.records.dataset import DatasetVersion, Problem, Shard
from workers.attempt import Attempt
from workers.isolation import ChildDied, StageFault
from workers.pipeline.ingest import Ingested, IngestRequest
from workers.pipeline.progress import BadData


async def ingest(attempt: Attempt) -> None:
    """Run an ingest job; a refused file rejects the version with its problems."""
    store = attempt.store
    await store.live.check(attempt.job)
    version = await store.mongo.dataset_versions.get(attempt.job.dataset_version_id)
    base = await _base(attempt, version)
    try:
        found = await _read(attempt, version, base)
    except BadData as bad:
        await attempt.commit()
        await store.datasets.version_rejected(version.id, bad.problems, len(bad.problems))
        raise
    except (ChildDied, StageFault) as fault:
        is_the_files = fault.code != DiskFull.code  # which can be read where there is room
        if is_the_files and attempt.is_last_for(fault):
            await attempt.commit()
            problem = Problem("READER_FAILED", str(fault), "send it again as another format")
            await store.datasets.version_rejected(version.id, (problem,), 1)
        raise
    shards = await _store(attempt, version, found)
    await attempt.commit()
    await store.datasets.version_ready(
        version.id,
        source=replace(version.source, **_how_it_was_read(found)),
        columns=found.columns,
        shards=(*base, *shards),
        profile=found.profile,
        problems=found.problems,
        problem_count=found.problem_count,
        rejected_rows=found.rejected_rows,
    )
    await attempt.succeed()


async def _base(attempt: Attempt, version: DatasetVersion) -> tuple[Shard, ...]:
    if version.base_id is None:
        return ()
    return (await attempt.store.mongo.dataset_versions.get(version.base_id)).shards


async def _read(attempt: Attempt, version: DatasetVersion, base: tuple[Shard, ...]) -> Ingested:
    raw = attempt.scratch / "raw"
    await attempt.store.objects.fetch(version.source.object_key, raw)
    local_base = []
    for number, shard in enumerate(base):
        path = attempt.scratch / f"base-{number:05}.parquet"
        await attempt.store.objects.fetch(shard.object_key, path)
        local_base.append(path)
    request = IngestRequest(
        filename=version.source.filename,
        kind=version.kind,
        format=version.source.format,
        columns=version.columns,
        base_shards=tuple(local_base),
        encoding=version.source.encoding,
        delimiter=version.source.delimiter,
    )
    result = await attempt.stage("read", _call(attempt, request))
    found = from_plain(Ingested, result)
    summary = f"{found.profile.rows:,} rows, {found.problem_count:,} problems"
    await attempt.stage_done("read", found.profile.rows, summary)
    attempt.log.problems(found.problems, found.problem_count)
    return found


def _call(attempt: Attempt, request: IngestRequest) -> dict[str, Any]:
    raw, out = str(attempt.scratch / "raw"), str(attempt.scratch / "out")
    return {"call": "ingest", "raw": raw, "out": out, "request": to_plain(request)}


async def _store(attempt: Attempt, version: DatasetVersion, found: Ingested) -> tuple[Shard, ...]:
    total = sum(shard.rows for shard in found.shards)
    await attempt.stage_started("store", total)
    shards = []
    for number, local in enumerate(found.shards):
        key = keys.shard(version.dataset_id, version.id, number)
        await attempt.store.objects.put_file(key, local.path)
        shards.append(Shard(key, local.rows, local.bytes, local.sha256))
    await attempt.stage_done("store", total, f"shards: {len(shards)}")
    return tuple(shards)


def _how_it_was_read(found: Ingested) -> dict[str, Any]:
    return {
        "format": found.format,
        "encoding": found.encoding,
        "delimiter": found.delimiter,
        "has_header": found.has_header,
        "compressed": found.compressed,
    }
