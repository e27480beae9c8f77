"""The collection `platform`: a few documents about the installation, and a lock.

data      which migrations were applied, and which backup is being restored
backup    the last backup that was finished
lock      who changes all of it just now, and until when that is believed
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any
from uuid import uuid4

from motor.motor_asyncio import AsyncIOMotorDatabase
from pymongo.errors import DuplicateKeyError

from store.clock import now
from store.codec import from_plain, to_plain
from store.errors import Unavailable
from store.mongo.errors import mongo_errors
from store.records.platform import BackupNote, DataState

NAME = "platform"
DATA, BACKUP, LOCK = "data", "backup", "lock"
LEASE_S = 60.0
LOOK_AGAIN_S = 0.1
PATIENCE_S = 900.0


class PlatformNotes:
    """Everything raises Unavailable when MongoDB does not answer."""

    def __init__(self, database: AsyncIOMotorDatabase[dict[str, Any]]) -> None:
        self._notes = database[NAME]

    async def data(self) -> DataState | None:
        """None for a database that was never migrated."""
        found = await self._find(DATA)
        return from_plain(DataState, found) if found else None

    async def note_data(self, state: DataState) -> None:
        await self._put(DATA, state)

    async def backup(self) -> BackupNote | None:
        found = await self._find(BACKUP)
        return from_plain(BackupNote, found) if found else None

    async def note_backup(self, note: BackupNote) -> None:
        await self._put(BACKUP, note)

    @asynccontextmanager
    async def locked(self) -> AsyncIterator[None]:
        """Nobody else is within. Raises Unavailable after waiting for a quarter of an hour.

        The lock of a process that died is free a minute later.
        """
        holder, deadline = uuid4().hex, time.monotonic() + PATIENCE_S
        while not await self._take(holder):
            if time.monotonic() > deadline:
                raise Unavailable("mongodb", "another process holds the lock of migrations")
            await asyncio.sleep(LOOK_AGAIN_S)
        renewing = asyncio.create_task(self._renew(holder))
        try:
            yield
        finally:
            renewing.cancel()
            await asyncio.wait({renewing})
            with mongo_errors():
                await self._notes.delete_one({"_id": LOCK, "holder": holder})

    async def _take(self, holder: str) -> bool:
        at = now()
        mine = {"holder": holder, "until": at + timedelta(seconds=LEASE_S)}
        with mongo_errors():
            try:
                await self._notes.insert_one({"_id": LOCK, **mine})
                return True
            except DuplicateKeyError:
                over = {"_id": LOCK, "until": {"$lt": at}}
                return (await self._notes.update_one(over, {"$set": mine})).modified_count == 1

    async def _renew(self, holder: str) -> None:
        while True:
            await asyncio.sleep(LEASE_S / 4)
            until = {"until": now() + timedelta(seconds=LEASE_S)}
            with suppress(Unavailable), mongo_errors():  # the next time may go better
                await self._notes.update_one({"_id": LOCK, "holder": holder}, {"$set": until})

    async def _find(self, identifier: str) -> dict[str, Any] | None:
        with mongo_errors():
            return await self._notes.find_one({"_id": identifier})

    async def _put(self, identifier: str, note: object) -> None:
        with mongo_errors():
            document = {"_id": identifier} | to_plain(note)
            await self._notes.replace_one({"_id": identifier}, document, upsert=True)
