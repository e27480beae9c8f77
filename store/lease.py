"""Holding a job: the lease is renewed, and a wish to cancel is noticed, while the work goes on."""

from __future__ import annotations

import asyncio
import time

import structlog

from store.errors import StaleAttempt, Unavailable
from store.records.job import Job
from store.store import Store

CHECK_INTERVAL_S = 0.5
log = structlog.get_logger()


class LeaseLost(Exception):
    """Another attempt may hold the job by now, so this one must not go on."""


class Drained(Exception):
    """The job's queue is being drained, so the job is to go back."""


async def watch(store: Store, job: Job) -> None:
    """Return when the job is to be cancelled.

    Raises LeaseLost when it is held no longer, and Drained when it is to go back.
    """
    renewed_at = time.monotonic()
    while True:
        await asyncio.sleep(CHECK_INTERVAL_S)
        try:
            if await store.jobs.is_cancelling(job):
                return
            if await store.queues.is_draining(job.kind):
                raise Drained
            if time.monotonic() - renewed_at >= store.settings.heartbeat_s:
                await store.jobs.renew(job)
                renewed_at = time.monotonic()
        except StaleAttempt as stale:
            raise LeaseLost(str(stale)) from stale
        except Unavailable as fault:
            log.warning("lease not renewed", job=job.id, attempt=job.attempt, reason=str(fault))
            if time.monotonic() - renewed_at > store.settings.lease_s:
                raise LeaseLost("the store was out of reach for longer than the lease") from fault
