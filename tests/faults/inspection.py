"""Behind the API: the records, and the files that they list."""

from __future__ import annotations

import asyncio
import io
from collections import Counter
from collections.abc import AsyncIterator

import numpy as np
import orjson
import pyarrow.parquet as pq

from store.digest import sha256_of
from store.objects import keys
from store.records.dataset import DatasetVersion, VersionStatus
from store.records.job import Job, JobStatus
from store.store import Store, open_store
from tests.faults.findings import Finding, doubled, left, lost, wrong
from tests.faults.platform import Platform
from workers.attempts.artefacts import DONE

SETTLED_WITHIN_S = 60.0
UPLOADED = VersionStatus.UPLOADED.value
OPEN = [JobStatus.QUEUED.value, JobStatus.RUNNING.value, JobStatus.CANCELLING.value]


async def findings_in_store(platform: Platform, job_ids: list[str]) -> list[Finding]:
    """What is wrong with the records of these jobs, which have ended, and with their files."""
    async with open_store(platform.settings()) as store:
        await _settled(store)
        found = [finding async for finding in _unfinished(store)]
        for job in (await store.mongo.jobs.get_many(job_ids)).values():
            found += [finding async for finding in _of_job(store, job)]
        return found


async def _settled(store: Store) -> None:
    """Give the sweepers the time that they take for the shards of a job that was cancelled, and
    workers that for what follows a training on its own.
    """
    deadline = asyncio.get_running_loop().time() + SETTLED_WITHIN_S
    still = {"status": {"$in": OPEN}}
    while await store.mongo.embed_shards.count({}) or await store.mongo.jobs.count(still):
        if asyncio.get_running_loop().time() > deadline:
            return
        await asyncio.sleep(0.5)


async def _unfinished(store: Store) -> AsyncIterator[Finding]:
    """Every request was answered and every job has ended, so nothing is half made."""
    for job in await store.mongo.jobs.all_by({"status": {"$in": OPEN}}, 100):
        yield left(f"job {job.id} is still {job.status}")
    if shards := await store.mongo.embed_shards.count({}):
        yield left(f"{shards} shards that nobody waits for")
    for version in await store.mongo.dataset_versions.all_by({"status": UPLOADED}, 100):
        yield left(f"version {version.id} waits for a job that nobody will run")
    names = Counter(dataset.name for dataset in await store.mongo.datasets.all_by({}, 5_000))
    for name, times in names.items():
        if times > 1:
            yield doubled(f"{times} data sets were made for one request, {name}")


async def _of_job(store: Store, job: Job) -> AsyncIterator[Finding]:
    versions = await store.mongo.model_versions.all_by({"job_id": job.id}, 10)
    right = int(job.kind == "TRAIN" and job.status is JobStatus.SUCCEEDED)
    if len(versions) != right:
        kind = lost if len(versions) < right else doubled
        yield kind(f"{job.kind} {job.id} is {job.status} and has {len(versions)} model versions")
    for version in versions:
        if right and version.id != job.model_version_id:
            yield wrong(f"job {job.id} names {job.model_version_id}, its version is {version.id}")
        for file in version.files:
            async for finding in _object(store, keys.blob(file.sha256), file.bytes, file.sha256):
                yield finding
    data = await store.mongo.dataset_versions.get(job.dataset_version_id)
    async for finding in _of_dataset(store, data, job):
        yield finding
    for key in (key for stage in job.stages for key in stage.artefacts):
        async for finding in _object(store, key):
            yield finding
    async for finding in _kept(store, job.dataset_id):
        yield finding
    if texts := await store.objects.list(f"datasets/{job.dataset_id}/embedding/"):
        yield left(f"{len(texts)} texts of shards of {job.dataset_id}")
    if job.lease_until is not None or job.worker is not None:
        yield left(f"job {job.id} is {job.status} and still held by {job.worker}")


async def _of_dataset(store: Store, version: DatasetVersion, job: Job) -> AsyncIterator[Finding]:
    if job.kind == "INGEST" and job.status is JobStatus.SUCCEEDED:
        if version.status is not VersionStatus.READY:
            yield wrong(f"{job.id} succeeded and version {version.id} is {version.status}")
        source = version.source
        async for finding in _object(store, source.object_key, source.bytes, source.sha256):
            yield finding
    for shard in version.shards:
        async for finding in _object(store, shard.object_key, shard.bytes, shard.sha256):
            yield finding


async def _kept(store: Store, dataset_id: str) -> AsyncIterator[Finding]:
    """Every stage that left its note left all of its files, and each can be read to its end."""
    prefix = keys.artefacts(dataset_id, "", "").rstrip("/-") + "/"
    there = {each.key for each in await store.objects.list(prefix)}
    for note in (key for key in there if key.endswith(f"/{DONE}")):
        files = orjson.loads(await store.objects.get_bytes(note))["files"]
        below = [key for key in there if key.startswith(files)]
        if not below:
            yield lost(f"{note} is there and its files are not")
        for key in below:
            async for finding in _object(store, key):
                yield finding


async def _object(
    store: Store, key: str, size: int | None = None, sha256: str = ""
) -> AsyncIterator[Finding]:
    stat = await store.objects.stat(key)
    if stat is None:
        yield lost(f"object {key} is not there")
        return
    if size is not None and stat.size != size:
        yield lost(f"object {key} has {stat.size} of {size} bytes")
        return
    path = store.settings.data / "look" / "object"
    await store.objects.fetch(key, path)
    try:
        if sha256 and await asyncio.to_thread(sha256_of, path) != sha256:
            yield lost(f"object {key} has other bytes than its record says")
        await asyncio.to_thread(_readable, key, path.read_bytes())
    except Exception as error:
        yield lost(f"object {key} cannot be read: {error!r}")
    finally:
        path.unlink(missing_ok=True)


def _readable(key: str, data: bytes) -> None:
    """Raise what whoever reads the file would get."""
    match key.rpartition(".")[2]:
        case "npy":
            np.load(io.BytesIO(data), allow_pickle=False)
        case "npz":
            with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
                for name in arrays.files:
                    arrays[name]
        case "json":
            orjson.loads(data)
        case "parquet":
            pq.read_table(io.BytesIO(data))
