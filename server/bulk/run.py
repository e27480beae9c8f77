"""One attempt at a bulk operation: the work beside its lease, and every way in which it can end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from schema.documents.documents import checked
from schema.loaders import Loaders
from schema.operations.lines import line_mutation
from schema.operations.paged import LARGEST_PAGE, paged
from schema.paging import largest_page
from schema.root import schema
from server.bulk.calls import Calls, Fault
from server.bulk.mutation import BulkMutation, split
from server.bulk.query import BulkQuery
from server.bulk.sheet import Sheet
from store import lease
from store.errors import IllegalMove, StaleAttempt, StoreError, Unavailable
from store.jobs import retries
from store.records.job import Failure, Job
from store.records.operation import BulkOperation, OperationStatus, OperationType
from store.store import Store

STAGE = "run"
log = structlog.get_logger(__name__)


class Cancelled(Exception):
    """Somebody asked the job to stop."""


class BulkRun:
    def __init__(self, store: Store, loaders: Loaders, job: Job) -> None:
        self._store = store
        self._loaders = loaders
        self._job = job
        self._total = 0
        self._sheet: Sheet | None = None

    async def run(self) -> None:
        """Run to one of its ends and write that down, unless the lease is lost."""
        jobs, job = self._store.jobs, self._job
        try:
            await self._run_watched()
        except (lease.LeaseLost, StaleAttempt) as lost:
            log.warning("bulk_operation_given_up", job=job.id, reason=str(lost))
        except Cancelled:
            await self._settle(lambda: jobs.acknowledge_cancel(job))
        except (asyncio.CancelledError, lease.Drained):
            await self._settle(lambda: jobs.requeue(job, None))
        except Unavailable as away:
            await self._again(str(away))
        except Fault as fault:
            await (self._again(str(fault)) if fault.passes else self._fail(fault.code, str(fault)))
        except StoreError as refusal:
            await self._fail(refusal.code, str(refusal))
        except Exception:
            log.exception("bulk_operation_broke", job=job.id)
            await self._fail("INTERNAL", "an unexpected fault; the server's log has its traceback")

    async def _run_watched(self) -> None:
        work = asyncio.create_task(self._work())
        watcher = asyncio.create_task(lease.watch(self._store, self._job))
        try:
            await asyncio.wait({work, watcher}, return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                return work.result()
            watcher.result()
            raise Cancelled
        finally:
            work.cancel()
            watcher.cancel()
            await asyncio.wait({work, watcher})

    async def _work(self) -> None:
        operations, jobs = self._store.operations, self._store.jobs
        operation = await operations.take_up(self._job)
        if operation.status is OperationStatus.PENDING:
            self._total = operation.total or 0
            await jobs.stage_started(self._job, STAGE, self._total)
            await self._execute(operation)
            operation = await operations.of(self._job)
            done, objects = operation.tally.done, operation.tally.objects
            await jobs.stage_done(self._job, STAGE, done, f"{objects:,} lines of JSON")
            key, sha256 = await operations.assemble(operation)
            await jobs.commit(self._job)
            await operations.finish(self._job, key, sha256)
        await jobs.succeed(self._job)
        await operations.tidy(operation.id)

    async def _execute(self, operation: BulkOperation) -> None:
        calls = Calls(self._store, self._loaders, operation)
        self._sheet = sheet = Sheet(self._store.operations, self._job, operation)
        document = checked(schema.graphql, operation.document).document
        if operation.type is OperationType.QUERY:
            largest_page.set(LARGEST_PAGE)  # in this task alone
            root = paged(schema.graphql, document)
            return await BulkQuery(root, calls, sheet).run(self._counted, self._advanced)
        lines = self._store.operations.lines
        if operation.total is None:
            await self._counted(sum([1 async for _ in split(lines(operation))]))
        mutation = line_mutation(schema.graphql, document)
        run = BulkMutation(mutation, operation.root_id, calls, sheet)
        await run.run(lines(operation), self._advanced)

    async def _counted(self, total: int) -> None:
        self._total = total
        await self._store.operations.count(self._job, total)
        await self._advanced()

    async def _advanced(self) -> None:
        done = self._sheet.tally.done if self._sheet else 0
        await self._store.jobs.stage_progressed(self._job, STAGE, done, self._total, persist=True)

    # -- ends -------------------------------------------------------------------------------------

    async def _again(self, message: str) -> None:
        """Back to the queue, unless a service was away for too long by now."""
        failure = Failure(Unavailable.code, message, retryable=True, stage=STAGE)
        delay_s = retries.delay_s(failure.code, self._job.failures)
        if delay_s is None:
            await self._settle(lambda: self._store.jobs.fail(self._job, failure))
        else:
            await self._settle(lambda: self._store.jobs.requeue(self._job, failure, delay_s))

    async def _fail(self, code: str, message: str) -> None:
        failure = Failure(code, message, retryable=False, stage=STAGE)
        await self._settle(lambda: self._store.jobs.fail(self._job, failure))

    async def _settle(self, write: Callable[[], Awaitable[Job]]) -> None:
        """An end that cannot be written is left to the sweeper, who finds the lease run out."""
        await self._rescue()
        try:
            try:
                job = await write()
            except StaleAttempt:
                raise
            except IllegalMove:  # a held job refuses its end only when it is being cancelled
                job = await self._store.jobs.acknowledge_cancel(self._job)
            if job.status.is_terminal:
                await self._store.operations.settle(job)
        except StoreError as refused:
            log.warning("bulk_operation_end_not_written", job=self._job.id, reason=str(refused))

    async def _rescue(self) -> None:
        """What was done is done, however it ends; if not, it is done again."""
        try:
            if self._sheet is not None:
                await self._sheet.rescue()
        except StoreError as refused:
            log.warning("bulk_operation_not_kept", job=self._job.id, reason=str(refused))
