"""From a raw file, or a list of edits, to an immutable version: read, check, profile, store."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from store.codec import from_plain, to_plain
from store.errors import DiskFull
from store.records.dataset import DatasetVersion, Problem, Shard
from workers.attempts.attempt import Attempt
from workers.children.isolation import ChildDied, StageFault
from workers.pipeline.ingest import Ingested, IngestRequest
from workers.pipeline.progress import BadData
from workers.tasks.edit import edited, put_shard


async def ingest(attempt: Attempt) -> None:
    """Run an ingest job; a refused file rejects the version with its problems."""
    store = attempt.store
    await store.live.check(attempt.job)
    version = await store.mongo.dataset_versions.get(attempt.job.dataset_version_id)
    base = await _base(attempt, version)
    try:
        found = await _made(attempt, version, base)
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
    await attempt.commit()
    await store.datasets.version_ready(version.id, **found)
    await store.trials.follow(version.id)
    await store.corrections.follow_version(version.id)
    await attempt.succeed()


async def _base(attempt: Attempt, version: DatasetVersion) -> DatasetVersion | None:
    if version.base_id is None:
        return None
    return await attempt.store.mongo.dataset_versions.get(version.base_id)


async def _made(
    attempt: Attempt, version: DatasetVersion, base: DatasetVersion | None
) -> dict[str, Any]:
    """What `DatasetVersion.ready` takes."""
    raw = attempt.scratch / "raw"
    await attempt.store.objects.fetch(version.source.object_key, raw)
    local_base = await _fetch(attempt, base)
    if base is not None and version.edits is not None:
        return await edited(attempt, version, base, local_base)
    found = await _read(attempt, version, base, local_base)
    shards = await _store(attempt, version, found)
    return {
        "source": replace(version.source, **_how_it_was_read(found)),
        "columns": found.columns,
        "shards": (*(base.numbered_shards if base else ()), *shards),
        "profile": found.profile,
        "problems": found.problems,
        "problem_count": found.problem_count,
        "rejected_rows": found.rejected_rows,
        "row_numbers": found.shards[-1].last_row + 1,
    }


async def _fetch(attempt: Attempt, base: DatasetVersion | None) -> tuple[Path, ...]:
    """Local files of the base's shards, in order."""
    local_base = []
    for number, shard in enumerate(base.shards if base else ()):
        path = attempt.scratch / f"base-{number:05}.parquet"
        await attempt.store.objects.fetch(shard.object_key, path)
        local_base.append(path)
    return tuple(local_base)


async def _read(
    attempt: Attempt, version: DatasetVersion, base: DatasetVersion | None, shards: tuple[Path, ...]
) -> Ingested:
    request = IngestRequest(
        filename=version.source.filename,
        kind=version.kind,
        format=version.source.format,
        columns=version.columns,
        base_shards=shards,
        first_row=base.next_row if base else 0,
        encoding=version.source.encoding,
        delimiter=version.source.delimiter,
        sequence_filter=version.source.sequence_filter,
    )
    result = await attempt.stage("read", _call(attempt, request))
    found = from_plain(Ingested, result)
    summary = f"{found.profile.rows:,} rows, {found.problem_count:,} problems"
    await attempt.stage_done("read", found.profile.rows, summary)
    attempt.log.problems(found.problems, found.problem_count)
    for warning in found.profile.warnings:
        attempt.log.warning(warning.message, code=warning.code)
    return found


def _call(attempt: Attempt, request: IngestRequest) -> dict[str, Any]:
    raw, out = str(attempt.scratch / "raw"), str(attempt.scratch / "out")
    return {"call": "ingest", "raw": raw, "out": out, "request": to_plain(request)}


async def _store(attempt: Attempt, version: DatasetVersion, found: Ingested) -> tuple[Shard, ...]:
    total = sum(shard.rows for shard in found.shards)
    await attempt.stage_started("store", total)
    shards = [
        await put_shard(attempt, version, number, local)
        for number, local in enumerate(found.shards)
    ]
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
