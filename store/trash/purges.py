"""Purges asked for, by somebody or because the time in the trash is over.

A purge is a job. Its id is kept with the record before the job is there: so however many ask, and
wherever one of them dies, there is one job.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from store import ids
from store.clock import now
from store.errors import Conflict, IllegalMove, NotFound
from store.records.job import Job, JobKind, JobStatus, new_stages
from store.trash.part import Part
from store.trash.things import Thing

AGAIN_AFTER = timedelta(hours=1)
"""How long after a purge that failed the sweep begins another."""
MAX_SWEPT = 1_000
UNDONE = (JobStatus.FAILED, JobStatus.CANCELLED)


class Purges(Part):
    async def purge(self, identifier: str, *, expected_revision: int | None = None) -> Job:
        """The job that deletes it for good: the one that is at it, else a new one.

        Raises NotFound, Conflict, and IllegalMove for what is not in the trash.
        """
        thing = await self._get(identifier)
        if expected_revision not in (None, thing.revision):
            message = f"{identifier} changed: it is at revision {thing.revision}"
            raise Conflict(message, thing.revision, thing)
        job = await self._purge(thing)
        return job

    async def sweep(self) -> list[Job]:
        """The purges that it began, of what is due; any number may sweep at once."""
        begun = []
        for thing in await self._due():
            with suppress(IllegalMove, NotFound, Conflict):  # restored, or purged, just now
                begun.append(await self._purge(thing))
        return begun

    async def _due(self) -> list[Thing]:
        over = now() - self._keep
        where = {"$or": [{"trashed_at": {"$lt": over}}, {"purge_job_id": {"$gt": ""}}]}
        found: list[Thing] = [
            *await self._mongo.datasets.all_by(where, MAX_SWEPT),
            *await self._mongo.models.all_by(where, MAX_SWEPT),
        ]
        return [each for each in found if await self._is_due(each, over)]

    async def _is_due(self, thing: Thing, over: datetime) -> bool:
        """No job purges it, though its time is over or somebody has asked for it."""
        if thing.purge_job_id is None:
            return True
        job = await self._mongo.jobs.find(thing.purge_job_id)
        if job is None:  # whoever asked died before there was a job
            return True
        is_wanted = thing.is_purging or (thing.trashed_at is not None and thing.trashed_at < over)
        has_rested = job.ended_at is not None and job.ended_at < now() - AGAIN_AFTER
        return is_wanted and has_rested and job.status in UNDONE

    async def _purge(self, thing: Thing) -> Job:
        asked = thing.purge_job_id
        before = await self._mongo.jobs.find(asked) if asked else None
        if asked is None or (before is not None and before.status in UNDONE):
            fresh = ids.new(ids.JOB)
            thing = await self._move(thing.id, lambda kept: kept.purge_asked(fresh, asked))
        return await self._jobs.submit(_job(thing, before))


def _job(thing: Thing, before: Job | None) -> Job:
    """The job that the record names; it goes on from what one `before` it has freed."""
    return Job(
        id=thing.purge_job_id or "", kind=JobKind.PURGE, owner_id=thing.owner_id, dataset_id="",
        dataset_version_id="", created_at=now(), stages=new_stages(JobKind.PURGE),
        purges=thing.id, freed_bytes=before.freed_bytes if before else None,
        retry_of=before.id if before else None,
    )  # fmt: skip
