"""In and out of the trash, and a look into it."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Any

from store.clock import now
from store.errors import IllegalMove, NotFound
from store.mongo import Page
from store.trash.effect import Effect, yielding
from store.trash.part import Part
from store.trash.things import Thing, kind_of, records_of

Place = tuple[datetime, str]
"""Of a thing in the list: when it went to the trash, and its id."""

MAX_ENDED = 1_000


class Bin(Part):
    async def effect(self, thing: Thing) -> Effect:
        """What deleting it takes along; for a thing in the trash, what its purge will."""
        return await self._effects.of(thing)

    def purge_at(self, thing: Thing) -> datetime:
        """When its time in the trash is over."""
        return self._effects.purge_at(thing)

    async def find(self, identifier: str) -> Thing | None:
        """A thing that is in the trash."""
        thing: Thing | None = await records_of(self._mongo, identifier).find(identifier)
        return thing if thing and thing.is_trashed else None

    async def page(self, owned: dict[str, Any], first: int, after: Place | None) -> Page[Any]:
        """What is in the trash, by a filter of owners; deleted last comes first."""
        where = owned | {"trashed_at": {"$ne": None}} | (_beyond(*after) if after else {})
        found: list[Thing] = [
            *await self._mongo.datasets.newest(where, "trashed_at", first + 1),
            *await self._mongo.models.newest(where, "trashed_at", first + 1),
        ]
        found.sort(key=place_of, reverse=True)
        return Page(found[:first], has_next=len(found) > first)

    async def count(self, owned: dict[str, Any]) -> int:
        """How many things `page` goes over."""
        where = owned | {"trashed_at": {"$ne": None}}
        return await self._mongo.datasets.count(where) + await self._mongo.models.count(where)

    async def put(self, identifier: str, by: str, *, expected_revision: int | None = None) -> Thing:
        """Hide it everywhere, until it is restored or purged; jobs that yield to it are cancelled.

        Raises NotFound, Conflict, and IllegalMove while something stands against it.
        """
        at = now()
        await self._refuse_blocked(await self._get(identifier))
        thing = await self._move(identifier, lambda kept: kept.trashed(by, at), expected_revision)
        try:
            # a job that was asked for at this moment may not have noticed: see `Live.check`
            await self._refuse_blocked(thing)
        except IllegalMove:
            await self._move(identifier, lambda kept: kept.restored())
            raise
        await self._end_yielding(thing)
        kind = kind_of(identifier)
        await self._tell(kind.trashed, thing, f"{thing.name} went to the trash", at)
        return thing

    async def restore(self, identifier: str, *, expected_revision: int | None = None) -> Thing:
        """As it was. Raises NotFound, Conflict, and IllegalMove once it is being purged."""
        asked: set[str] = set()

        def move(kept: Any) -> Any:
            asked.update({kept.purge_job_id} - {None})
            return kept.restored()

        thing = await self._move(identifier, move, expected_revision)
        for job_id in asked:
            with suppress(IllegalMove, NotFound):  # too late: it will find nothing to purge
                await self._jobs.request_cancel(job_id)
        kind = kind_of(identifier)
        await self._tell(kind.restored, thing, f"{thing.name} came back from the trash", now())
        return thing

    async def _refuse_blocked(self, thing: Thing) -> None:
        if blockers := await self._effects.blockers(thing):
            raise IllegalMove("; ".join(blocker.message for blocker in blockers))

    async def _end_yielding(self, thing: Thing) -> None:
        for job in await self._mongo.jobs.all_by(yielding(thing), MAX_ENDED):
            with suppress(IllegalMove, NotFound):  # it has just ended
                await self._jobs.request_cancel(job.id)


def place_of(thing: Thing) -> Place:
    """Where a thing stands in the list of what is in the trash."""
    return thing.trashed_at or now(), thing.id


def _beyond(at: datetime, identifier: str) -> dict[str, Any]:
    return {"$or": [{"trashed_at": {"$lt": at}}, {"trashed_at": at, "_id": {"$lt": identifier}}]}
