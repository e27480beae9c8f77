"""Brings records to what this version of the code expects, once, whoever else starts beside.

The numbers that were applied are kept in `platform`. An empty database is made ready by whoever
opens it first. One with records is only changed by `shoal migrate` and `shoal up`; everybody else
refuses to begin, and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from motor.motor_asyncio import AsyncIOMotorDatabase

from store.clock import now
from store.errors import NewerData, NotMigrated, RestoreUnfinished
from store.mongo.errors import mongo_errors
from store.mongo.migrations import MIGRATIONS, Migration
from store.mongo.platform import NAME, PlatformNotes
from store.records.platform import Applied, DataState
from store.version import VERSION

Tell = Callable[[Migration], None]


class Migrator:
    """Everything raises Unavailable when MongoDB does not answer."""

    def __init__(
        self,
        database: AsyncIOMotorDatabase[dict[str, Any]],
        migrations: Sequence[Migration] = MIGRATIONS,
    ) -> None:
        self._database = database
        self._migrations = migrations
        self._notes = PlatformNotes(database)

    async def make_ready(self) -> None:
        """Let an empty database be used. Raises NotMigrated, NewerData, RestoreUnfinished."""
        state = await self._notes.data()
        if state is None and await is_empty(self._database):
            await self.migrate()
        elif pending := self._pending(state):
            names = ", ".join(map(str, pending))
            raise NotMigrated(
                f"the records are those of an older version ({names} not applied): "
                "make a backup, then run `shoal migrate`"
            )

    async def pending(self) -> list[Migration]:
        """Those that are still to be applied. Raises NewerData, RestoreUnfinished."""
        return self._pending(await self._notes.data())

    async def migrate(self, tell: Tell = lambda _: None) -> list[Migration]:
        """Apply what is pending; what was applied here. Raises NewerData, RestoreUnfinished."""
        async with self._notes.locked():
            state = await self._notes.data()
            pending = self._pending(state)
            state = state or DataState()
            for migration in pending:
                tell(migration)
                with mongo_errors():
                    await migration.migrate(self._database)
                applied = Applied(migration.number, migration.name, now(), VERSION)
                state = state.with_applied(applied)
                await self._notes.note_data(state)
            return pending

    def _pending(self, state: DataState | None) -> list[Migration]:
        known, state = self._migrations[-1].number, state or DataState()
        if state.restoring:
            raise RestoreUnfinished(
                f"the backup {state.restoring} is being restored here, or was not restored to its "
                "end: run the same `shoal restore` again"
            )
        if state.newest > known:
            raise NewerData(
                f"the records were migrated to {state.newest:04} by Shoal "
                f"{state.applied[-1].version}, but Shoal {VERSION} knows {known:04}: start that "
                "version or a newer one, or restore a backup from before"
            )
        done = {each.number for each in state.applied}
        return [each for each in self._migrations if each.number not in done]


async def is_empty(database: AsyncIOMotorDatabase[dict[str, Any]]) -> bool:
    """Whether there is no record; indexes and notes do not count."""
    with mongo_errors():
        for name in await database.list_collection_names():
            if name != NAME and await database[name].find_one({}, {"_id": True}) is not None:
                return False
    return True
