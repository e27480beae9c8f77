"""Bulk operations: asked for, done part by part, put together, and deleted when they are old."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile

from store import disk, ids
from store.abreast import abreast
from store.clock import now
from store.datasets.uploads import Uploads
from store.errors import DiskFull, InvalidValue, Throttled
from store.jobs import Jobs
from store.mongo import Collections
from store.objects import ObjectStore, keys
from store.records.job import Job, JobKind, Priority, new_stages
from store.records.operation import BulkOperation, OperationStatus, OperationType, Tally
from store.records.viewer import Viewer
from store.settings import Settings

MAX_LINES_BYTES = 100 * 2**20
VARIABLES = "variables.jsonl"
ABANDONED_AFTER = timedelta(seconds=60)
BUSY_S = 10.0
"""What callers are asked to wait for whose last operation is under way."""


class Operations:
    """What a document may hold is for callers to check; uploads check their owner."""

    def __init__(
        self, *, settings: Settings, mongo: Collections, objects: ObjectStore, jobs: Jobs,
        uploads: Uploads,
    ) -> None:  # fmt: skip
        self._keep = timedelta(seconds=settings.operation_ttl_s)
        self._max_inline_bytes = settings.max_inline_bytes
        self._folder = settings.data
        self._mongo = mongo
        self._operations = mongo.bulk_operations
        self._objects = objects
        self._jobs = jobs
        self._uploads = uploads

    async def start(
        self, viewer: Viewer, document: str, *, job_id: str, upload_id: str | None = None,
        lines: str | None = None,
    ) -> Job:  # fmt: skip
        """A job that runs a query, or a mutation once for each line of the upload or of `lines`.

        Asked again with its id, it goes on with what is there. Raises Throttled while another of
        the owner's is under way, InvalidValue, and what completing the upload raises.
        """
        key = await self._lines_key(job_id, viewer.id, upload_id, lines)
        kind, at = OperationType.MUTATION if key else OperationType.QUERY, now()
        operation = BulkOperation(
            id=operation_of(job_id), job_id=job_id, owner_id=viewer.id,
            api_key_id=viewer.api_key_id, scopes=tuple(sorted(viewer.scopes)), type=kind,
            document=document, created_at=at, expires_at=at + self._keep,
            slot=_slot(viewer.id, kind), lines_key=key, upload_id=upload_id,
            root_id=operation_of(job_id),
        )  # fmt: skip
        await self._take_place(operation)
        if key is not None and lines is not None:
            await self._objects.put_bytes(key, lines.encode())
        return await self._jobs.submit(_job(operation, Priority.NORMAL))

    async def again(self, ended: Job, job_id: str) -> Job:
        """What the ended job was asked, once more: it goes on where that one came to."""
        await self.settle(ended)
        before = await self.of(ended)
        operation = self._going_on(before, job_id)
        await self._take_place(operation)
        if operation.lines_key != before.lines_key:
            lines = await self._objects.get_bytes(before.lines_key or "")
            await self._objects.put_bytes(operation.lines_key or "", lines)
        await self._operations.amend(
            before.id, lambda kept: kept.needed_until(operation.expires_at)
        )
        return await self._jobs.submit(replace(_job(operation, ended.priority), retry_of=ended.id))

    def _going_on(self, before: BulkOperation, job_id: str) -> BulkOperation:
        """The same anew, or from what is left of the one before."""
        at, parts = now(), (before.object_key,) if before.object_key else ()
        operation = replace(
            before, id=operation_of(job_id), job_id=job_id, created_at=at,
            expires_at=at + self._keep, slot=_slot(before.owner_id, before.type), attempt=0,
            status=OperationStatus.PENDING, object_key=None, sha256=None, ended_at=None,
            parts=parts, tally=before.tally if parts else Tally(), revision=0,
        )  # fmt: skip
        if before.lines_key is None or before.upload_id is not None:
            return operation
        return replace(operation, lines_key=f"{keys.operation(operation.id)}{VARIABLES}")

    # -- whoever runs them ------------------------------------------------------------------------

    async def of(self, job: Job) -> BulkOperation:
        """What an OPERATION is to do. Raises NotFound."""
        return await self._operations.get(operation_of(job.id))

    async def take_up(self, job: Job) -> BulkOperation:
        """From where the attempt before came to, which may write no more."""
        return await self._operations.amend(
            operation_of(job.id), lambda kept: kept.taken_up(job.attempt)
        )

    async def count(self, job: Job, total: int) -> BulkOperation:
        """It is known how much there is to do. Raises StaleAttempt."""
        return await self._operations.amend(
            operation_of(job.id), lambda kept: kept.counted(job.attempt, total)
        )

    async def put_part(self, job: Job, number: int, data: bytes) -> str:
        """The key of a part that nobody sees before `advance` names it."""
        key = f"{keys.operation(operation_of(job.id))}parts/{job.attempt:05}-{number:06}.jsonl"
        await self._objects.put_bytes(key, data)
        return key

    async def advance(self, job: Job, tally: Tally, parts: Sequence[str]) -> BulkOperation:
        """Keep these parts, and go on from there. Raises StaleAttempt."""
        return await self._operations.amend(
            operation_of(job.id), lambda kept: kept.advanced(job.attempt, tally, tuple(parts))
        )

    async def assemble(self, operation: BulkOperation) -> tuple[str, str]:
        """Its parts as one file: the key, which tells the attempt, and the SHA-256."""
        key = f"{keys.operation(operation.id)}result-{operation.attempt}.jsonl"
        digest = hashlib.sha256()
        with _room(self._folder), NamedTemporaryFile(dir=self._folder, prefix=".bulk-") as whole:
            for part in operation.parts:
                async for chunk in self._objects.stream(part):
                    await asyncio.to_thread(whole.write, chunk)
                    digest.update(chunk)
            whole.flush()
            await self._objects.put_file(key, Path(whole.name), "application/jsonl")
        return key, digest.hexdigest()

    async def finish(self, job: Job, object_key: str, sha256: str) -> BulkOperation:
        """The file is whole, and may be seen. Raises StaleAttempt."""
        at = now()
        return await self._operations.amend(
            operation_of(job.id),
            lambda kept: kept.ready(job.attempt, at, at + self._keep, object_key, sha256),
        )

    def lines(self, operation: BulkOperation) -> AsyncIterator[bytes]:
        """The variables of a mutation, as they were sent."""
        return self._objects.stream(operation.lines_key or "")

    # -- ends -------------------------------------------------------------------------------------

    async def settle(self, job: Job) -> None:
        """What an ended job had done can be fetched, and its owner's place is free."""
        kept = await self.of(job)
        if kept.status is OperationStatus.PENDING:
            key, sha256 = await self.assemble(kept)
            at = now()
            await self._operations.amend(
                kept.id, lambda last: last.settled(at, at + self._keep, key, sha256)
            )
        await self.tidy(kept.id)

    async def tidy(self, operation_id: str) -> None:
        """Let go of the parts that its file was made of."""
        await self._delete(f"{keys.operation(operation_id)}parts/")

    async def sweep(self, limit: int = 100) -> int:
        """Settle what ended without its runner, delete what is old; returns how many these were."""
        pending = await self._operations.all_by({"status": OperationStatus.PENDING.value}, limit)
        jobs = await self._mongo.jobs.get_many(each.job_id for each in pending)
        ended = [job for job in jobs.values() if job.status.is_terminal]
        for job in ended:
            await self.settle(job)
        kept = [OperationStatus.READY.value, OperationStatus.PARTIAL.value]
        over = await self._operations.all_by(
            {"status": {"$in": kept}, "expires_at": {"$lt": now()}}, limit
        )
        for each in over:
            await self._delete(keys.operation(each.id))
            await self._operations.amend(each.id, BulkOperation.expired)
            await self._uploads.let_go(each.upload_id)
        return len(ended) + len(over)

    # -- how --------------------------------------------------------------------------------------

    async def _lines_key(
        self, job_id: str, owner_id: str, upload_id: str | None, lines: str | None
    ) -> str | None:
        """The key of a mutation's variables; None for a query."""
        if upload_id is not None:
            upload = await self._uploads.complete(upload_id, owner_id)
            if upload.size > MAX_LINES_BYTES:
                why = f"a file of variables may have {MAX_LINES_BYTES:,} bytes; split it"
                raise InvalidValue(why, "uploadId")
            return upload.object_key
        if lines is None:
            return None
        if len(lines.encode()) > self._max_inline_bytes:
            why = f"lines of at most {self._max_inline_bytes:,} bytes go inline; upload a file"
            raise InvalidValue(why, "lines")
        return f"{keys.operation(operation_of(job_id))}{VARIABLES}"

    async def _take_place(self, operation: BulkOperation) -> None:
        """Raises Throttled while another operation of its owner and type is under way."""
        if await self._operations.insert_many_ignoring_known([operation]):
            return
        if await self._operations.find(operation.id) is not None:  # asked again
            return
        holder = await self._operations.find_by(slot=operation.slot)
        if holder is not None:
            await self._free(holder)
        if not await self._operations.insert_many_ignoring_known([operation]):
            what = operation.type.lower()
            why = f"another bulk {what} of yours is under way: wait for its job, or cancel it"
            raise Throttled(why, BUSY_S)

    async def _free(self, holder: BulkOperation) -> None:
        """Where its job has ended, or was never kept: whoever asked for it died in between."""
        job = await self._mongo.jobs.find(holder.job_id)
        if job is not None and job.status.is_terminal:
            await self.settle(job)
        elif job is None and now() - holder.created_at > ABANDONED_AFTER:
            await self._operations.delete(holder.id)

    async def _delete(self, prefix: str) -> None:
        await abreast(self._objects.delete, [each.key for each in await self._objects.list(prefix)])


def operation_of(job_id: str) -> str:
    """The id of the operation that a job runs."""
    return ids.sibling(ids.OPERATION, job_id)


@contextmanager
def _room(folder: Path) -> Iterator[None]:
    """Raises DiskFull where this host has no room for a file to be put together."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        yield
    except OSError as error:
        if disk.is_full(error, folder):
            raise DiskFull(disk.full(folder)) from error
        raise


def _slot(owner_id: str, kind: OperationType) -> str:
    return f"{owner_id}:{kind}"


def _job(operation: BulkOperation, priority: Priority) -> Job:
    return Job(
        id=operation.job_id, kind=JobKind.OPERATION, owner_id=operation.owner_id, dataset_id="",
        dataset_version_id="", created_at=operation.created_at,
        stages=new_stages(JobKind.OPERATION), priority=priority,
    )  # fmt: skip
