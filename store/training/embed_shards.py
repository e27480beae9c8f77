"""The verbs of shards: their training plans them, whoever is free embeds them."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import timedelta

import structlog

from store.abreast import abreast
from store.clock import now
from store.errors import Conflict, IllegalMove, Unavailable
from store.jobs.queue import Queue
from store.mongo import Collections
from store.mongo.embed_shards import Tally
from store.objects import ObjectStore, keys
from store.records.embed_shard import EmbedShard
from store.records.job import Job, Priority
from store.settings import Settings

CHOICE = 20
LEASES = 3
"""A shard's lease is this part of a job's: it is short work, and for two to do it does no harm."""
BATCH = 500
log = structlog.get_logger(__name__)


class EmbedShards:
    """Moves raise NotFound, IllegalMove, Conflict, and Unavailable when a service is away."""

    def __init__(
        self, *, settings: Settings, mongo: Collections, objects: ObjectStore, queue: Queue
    ) -> None:
        self._lease = timedelta(seconds=settings.lease_s / LEASES)
        self._jobs = mongo.jobs
        self._shards = mongo.embed_shards
        self._objects = objects
        self._queue = queue

    # -- the attempt that plans them --------------------------------------------------------------

    async def plan(self, shards: Iterable[EmbedShard]) -> None:
        """Keep them before their texts are stored, so that no texts are ever left without one."""
        await self._shards.insert_many_ignoring_known(shards)

    async def offer(self, shard: EmbedShard) -> None:
        """Its texts are stored: let any worker have it."""
        await self._shards.amend(shard.id, EmbedShard.offered)
        try:
            await self._queue.enqueue_shard(shard)
        except Unavailable as fault:  # who is free looks for shards from time to time
            log.warning("shard.not_rung", shard=shard.id, error=str(fault))

    async def names_before(self, job: Job) -> list[str]:
        """Of the vectors that attempts before this one were to make."""
        before = {"job_id": job.id, "job_attempt": {"$lt": job.attempt}}
        return await self._shards.distinct("name", before)

    async def tally(self, job: Job) -> Tally:
        return await self._shards.tally(job)

    async def clear(self, job_id: str) -> None:
        """Forget the job's shards and their texts."""
        of_job = {"job_id": job_id}
        while shards := await self._shards.all_by(of_job, BATCH):
            await abreast(lambda shard: self._objects.delete(texts_key(shard)), shards)
            cleared = {"_id": {"$in": [shard.id for shard in shards]}}
            await self._shards.delete_some(of_job | cleared, BATCH)

    # -- whoever works on them --------------------------------------------------------------------

    async def next_for(self, worker: str) -> EmbedShard | None:
        """One to help with, of the first job by priority and age.

        A worker embeds on all of its cores, so it is good for one shard at a time: there is none
        for whoever holds one already, and none of the jobs that it leads itself.
        """
        at = now()
        found = await self._shards.jobs_with_free(at)
        if not found or await self._shards.is_at_work(worker, at):
            return None
        jobs = await self._jobs.get_many(found)
        led_by_others = (job for job in jobs.values() if job.worker != worker)
        for job in sorted(led_by_others, key=_rank):
            if shard := await self._one_of(job, worker):
                return shard
        return None

    async def claim(self, shard: EmbedShard, worker: str) -> EmbedShard:
        """Hold it under a lease. Raises IllegalMove when somebody else does."""
        at = now()
        return await self._shards.amend(
            shard.id, lambda kept: kept.claimed(worker, at, at + self._lease)
        )

    async def claim_own(self, job: Job) -> EmbedShard | None:
        """One of the job's own, for the attempt that planned it; None when there is none left."""
        assert job.worker is not None
        while shard := await self._one_of(job, job.worker):
            try:
                return await self.claim(shard, job.worker)
            except (IllegalMove, Conflict):
                continue  # somebody was faster
        return None

    async def is_wanted(self, shard: EmbedShard) -> bool:
        """Whether its training still waits for it, and for nobody else to do it."""
        kept, job = await self._shards.find(shard.id), await self._jobs.find(shard.job_id)
        if kept is None or job is None:
            return False
        return kept.attempt == shard.attempt and shard.is_wanted_by(job)

    async def renew(self, shard: EmbedShard, done: int) -> None:
        """Hold on, and tell how far it is. Raises StaleAttempt when it was lost."""
        until = now() + self._lease
        await self._shards.amend(shard.id, lambda kept: kept.renewed(shard.attempt, until, done))

    async def finish(self, shard: EmbedShard) -> None:
        """Its vectors are stored. Raises StaleAttempt when it was lost."""
        await self._shards.amend(shard.id, lambda kept: kept.finished(shard.attempt))

    async def give_back(self, shard: EmbedShard) -> None:
        await self._shards.amend(shard.id, lambda kept: kept.given_back(shard.attempt))

    async def fail(self, shard: EmbedShard, worker: str) -> None:
        """For another to try."""
        await self._shards.amend(shard.id, lambda kept: kept.failed(shard.attempt, worker))

    # -- mending ----------------------------------------------------------------------------------

    async def sweep(self) -> int:
        """Clear what jobs left behind that ended otherwise than well; returns how many."""
        found = await self._shards.distinct("job_id", {})
        jobs = await self._jobs.get_many(found)
        over = [each for each in found if each not in jobs or jobs[each].status.is_terminal]
        for job_id in over:
            await self.clear(job_id)
        return len(over)

    async def _one_of(self, job: Job, worker: str) -> EmbedShard | None:
        """Any one: so claimers seldom meet, and two trainings of the same texts share them."""
        shards = await self._shards.free(job, now(), worker, CHOICE)
        wanted = [shard for shard in shards if shard.is_wanted_by(job)]
        return random.choice(wanted) if wanted else None


def texts_key(shard: EmbedShard) -> str:
    """Where its texts are."""
    return keys.shard_texts(shard.dataset_id, shard.job_id, shard.job_attempt, shard.name)


def vectors_key(shard: EmbedShard) -> str:
    """Where its vectors go; when they are there, the shard is done."""
    return f"{keys.vectors(shard.embedder_key, shard.dataset_id)}{shard.name}.npz"


def _rank(job: Job) -> tuple[int, str]:
    return -list(Priority).index(job.priority), job.id
