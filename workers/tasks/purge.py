"""From the trash to nothing: what is there is found, deleted, and proved to be gone.

Every step may be done again, and the thing's own record goes last: a purge that dies anywhere is
gone on with by the next attempt, or by the next purge.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass

from store.errors import NotFound
from store.objects import ObjectStat
from store.records.job import Job
from store.records.stage import StageStatus
from store.trash import Thing
from workers.attempts.attempt import Attempt
from workers.attempts.reporter import Reporter

OBJECTS_AT_ONCE = 200


async def purge(attempt: Attempt) -> None:
    """Run a purge job. Raises NotFound when the thing was restored."""
    thing = await attempt.store.trash.find(attempt.job.purges or "")
    if thing is not None:
        await Purge(attempt, thing).run()
    elif attempt.job.freed_bytes is None:
        raise NotFound("there is nothing to purge: it was restored")
    await attempt.succeed(attempt.job.freed_bytes)


@dataclass
class Purge:
    attempt: Attempt
    thing: Thing

    async def run(self) -> None:
        """Each stage that no earlier attempt has finished, then the records."""
        stages: dict[str, Callable[[], Awaitable[None]]] = {
            "find": self.find, "delete": self.delete, "verify": self.verify,
        }  # fmt: skip
        for name, stage in stages.items():
            if self.job.stage(name).status is not StageStatus.DONE:
                await stage()
        await self.attempt.store.trash.forget(self.thing, self.job)

    async def find(self) -> None:
        """What it has; after this there is no way back."""
        trash = self.attempt.store.trash
        await self.attempt.stage_started("find")
        found = await trash.found(self.thing)
        await self.attempt.commit()
        self.thing = await trash.begin(self.thing, self.job, found.all_bytes)
        count, shared = len(found.own), len(found.shared)
        summary = f"{count:,} objects with {found.own_bytes:,} bytes"
        summary += f"; {shared:,} more are needed elsewhere" if shared else ""
        await self.attempt.stage_done("find", count, summary)

    async def delete(self) -> None:
        """What is still there of its objects, and a model's answers."""
        trash = self.attempt.store.trash
        await self.attempt.store.predictions.drain()  # an answer may still be in the log
        found = await trash.found(self.thing)
        done, total = 0, len(found.own) + await trash.predictions_of(self.thing)
        await self.attempt.stage_started("delete", total)
        reporter = Reporter(self.attempt.store.jobs, self.job, "delete")
        for some in _batches(found.own):
            await self._hold()
            await trash.delete_objects(self.thing, some)
            done += len(some)
            await reporter.progress(done, total)
        while gone := await trash.delete_predictions(self.thing):
            await self._hold()
            done += gone
            await reporter.progress(done, max(done, total))
        await self.attempt.stage_done("delete", done, f"{len(found.own):,} objects are deleted")

    async def verify(self) -> None:
        """A second look. Raises NotFreed when something is left."""
        await self.attempt.stage_started("verify")
        freed = await self.attempt.store.trash.prove(self.thing)
        if self.job.freed_bytes is None:
            self.attempt.job = await self.attempt.store.jobs.freed(self.job, freed)
        await self.attempt.stage_done("verify", 0, f"{self.job.freed_bytes:,} bytes are free")

    @property
    def job(self) -> Job:
        return self.attempt.job

    async def _hold(self) -> None:
        """Raises StaleAttempt when another attempt is at it: the last thing a zombie does."""
        await self.attempt.store.jobs.is_cancelling(self.job)


def _batches(found: Sequence[ObjectStat]) -> Iterator[Sequence[ObjectStat]]:
    for start in range(0, len(found), OBJECTS_AT_ONCE):
        yield found[start : start + OBJECTS_AT_ONCE]
