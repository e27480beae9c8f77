"""What the worker of a purge does, step by step; each step may be done again.

A training that makes a bundle stores its files first and its version's record last, and does not
store a file that is there. So a purge could delete a file that was seen by somebody whose record it
cannot see yet. That is settled by order, not by waiting for some time that is hoped to be enough:

    purge       marks its model as purging, looks who needs the file, deletes it, forgets versions
    training    stores the files, adds its version, waits while a model that has such a file is
                being purged, stores what is missing

If the version was added before the purge looked, the purge leaves the file. If it was added after,
the mark was set before, and the training sees it, waits, and stores the file again.

The same could happen to an upload from which two data sets are made, but the second one's job only
finds that the file is gone, and says so.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Sequence

from store.errors import IllegalMove, NotFreed, Unavailable
from store.objects import ObjectStat, keys
from store.records.dataset import Dataset
from store.records.job import Job, JobStatus
from store.records.model import BundleFile
from store.trash.belongings import AT_ONCE, Objects
from store.trash.part import Part
from store.trash.things import Thing, kind_of, records_of, working_on

RECORDS_AT_ONCE = 1_000
LOOKS, LOOK_AGAIN_S = 3, 1.0
"""A look may fall on what came too late, such as a job's log: whoever brings that deletes it."""
LOOK_INTERVAL_S = 0.2
PATIENCE_S = 60.0


class Purging(Part):
    """Everything raises Unavailable when a service is away."""

    async def found(self, thing: Thing) -> Objects:
        """Every object of it that is there."""
        return await self._belongings.of(thing)

    async def predictions_of(self, thing: Thing) -> int:
        """How many answers go with it."""
        its = {kind_of(thing.id).reference: thing.id}
        return 0 if isinstance(thing, Dataset) else await self._mongo.predictions.count(its)

    async def begin(self, thing: Thing, job: Job, held_bytes: int) -> Thing:
        """The point of no return. Raises IllegalMove when it was restored or is worked on."""
        if working := await self._working_on(thing):
            raise IllegalMove(f"job {working[0].id} still works on it; cancel it, then purge again")
        return await self._move(thing.id, lambda kept: kept.purging(job.id, held_bytes))

    async def _working_on(self, thing: Thing) -> Sequence[Job]:
        """A job that is not about to end: one that was cancelled lets go within seconds."""
        began = time.monotonic()
        while working := await self._mongo.jobs.all_by(working_on(thing.id), 1):
            is_ending = working[0].status is JobStatus.CANCELLING or working[0].is_committed
            if not is_ending or time.monotonic() - began > PATIENCE_S:
                break
            await asyncio.sleep(LOOK_INTERVAL_S)
        return working

    async def delete_objects(self, thing: Thing, some: Sequence[ObjectStat]) -> None:
        """Those that nothing else needs by now; the records of uploads go before their bytes."""
        gone = [each.key for each in some]
        needed = await self._belongings.needed_elsewhere(thing, gone)
        gone = [key for key in gone if key not in needed]
        for upload_id in filter(None, map(keys.upload_of, gone)):
            await self._mongo.uploads.delete(upload_id)
        free = asyncio.Semaphore(AT_ONCE)

        async def delete(key: str) -> None:
            async with free:
                await self._objects.delete(key)

        await asyncio.gather(*map(delete, gone))

    async def delete_predictions(self, thing: Thing) -> int:
        """Some of them; returns how many."""
        its = {kind_of(thing.id).reference: thing.id}
        return await self._mongo.predictions.delete_some(its, RECORDS_AT_ONCE)

    async def prove(self, thing: Thing) -> int:
        """The bytes freed: those held when it began less those that are left, for others.

        Raises NotFreed when something of its own is left.
        """
        for looks_left in reversed(range(LOOKS)):
            left = await self._belongings.of(thing)
            if not left.own or not looks_left:
                break
            await asyncio.sleep(LOOK_AGAIN_S)
        if left.own:
            raise NotFreed(
                f"{len(left.own)} objects of {thing.name} with {left.own_bytes:,} bytes are still "
                f"there, such as {left.own[0].key}; purge it again"
            )
        return (thing.purge_bytes or 0) - left.all_bytes

    async def forget(self, thing: Thing, job: Job) -> None:
        """Delete its records, its own last: until then it can be found, and purged again."""
        is_dataset = isinstance(thing, Dataset)
        versions = self._mongo.dataset_versions if is_dataset else self._mongo.model_versions
        its = {kind_of(thing.id).reference: thing.id}
        for records in (
            versions,
            self._mongo.bulk_predictions,
            self._mongo.findings,
            self._mongo.search_indexes,
            self._mongo.trials,
            self._mongo.comparisons,
            self._mongo.drift_reports,
            self._mongo.labelling_batches,
            self._mongo.learning_rounds,
        ):
            while await records.delete_some(its, RECORDS_AT_ONCE):
                pass
        if not is_dataset:  # models that were trained from a data set stay, with their maps
            for kept in (
                self._mongo.cluster_maps,
                self._mongo.cluster_edits,
                self._mongo.golden_questions,
            ):
                while await kept.delete_some(its, RECORDS_AT_ONCE):
                    pass
        await self._mongo.cards.delete(thing.id)
        await self._mongo.cluster_logs.delete(thing.id)
        while await self._mongo.undo_steps.delete_some({"subject_id": thing.id}, RECORDS_AT_ONCE):
            pass
        at = job.stage("delete").ended_at or job.created_at
        message = f"{thing.name} was purged: {job.freed_bytes or 0:,} bytes are free"
        await self._tell(kind_of(thing.id).purged, thing, message, at, job=job.id)
        await records_of(self._mongo, thing.id).delete(thing.id)

    async def settled(self, files: Iterable[BundleFile]) -> None:
        """Return when no purge at work can be about to delete such a file of a bundle.

        For whoever has just added a version with these files. Raises Unavailable after a while.
        """
        digests = sorted({file.sha256 for file in files})
        began = time.monotonic()
        while await self._is_being_purged(digests):
            if time.monotonic() - began > PATIENCE_S:
                raise Unavailable("objects", "a purge of a model with the same files takes long")
            await asyncio.sleep(LOOK_INTERVAL_S)

    async def _is_being_purged(self, digests: list[str]) -> bool:
        having = {"files.sha256": {"$in": digests}}
        ids = await self._mongo.model_versions.distinct("model_id", having)
        models = await self._mongo.models.get_many(ids)
        jobs = [each.purge_job_id for each in models.values() if each.is_purging]
        at_work = await self._mongo.jobs.get_many(filter(None, jobs))
        return any(not job.status.is_terminal for job in at_work.values())
