"""All records as they were at one moment, byte for byte; and putting them back.

MongoDB reads a replica set as of one moment in a snapshot session, for as long as it keeps the
past (`minSnapshotHistoryWindowInSeconds`, 5 minutes unless told otherwise). SecantusDB takes that
session for any other, but its transactions read one moment, however long they last.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pymongo
from bson import CodecOptions
from bson.raw_bson import RawBSONDocument
from motor.motor_asyncio import AsyncIOMotorClientSession, AsyncIOMotorDatabase
from pymongo.errors import OperationFailure

from store.errors import StoreError
from store.mongo.errors import mongo_errors
from store.mongo.platform import NAME

RAW: CodecOptions[Any] = CodecOptions(document_class=RawBSONDocument)
BATCH = 1_000
LONGEST_S = 24 * 3600
"""Of reading or filling one collection."""
SNAPSHOT_TOO_OLD = 239
LENGTH_BYTES = 4
Database = AsyncIOMotorDatabase[dict[str, Any]]
Index = dict[str, Any]
Document = RawBSONDocument


class NoSnapshot(StoreError):
    """The server cannot read its records as of one moment, and why."""

    code = "NO_SNAPSHOT"


class Snapshot:
    """Records as they were when it was opened. Everything raises Unavailable and NoSnapshot."""

    def __init__(self, database: Database, session: AsyncIOMotorClientSession) -> None:
        self._database = database
        self._session = session

    async def collections(self) -> list[str]:
        """The names of those that hold records."""
        with mongo_errors():
            names = await self._database.list_collection_names()
        return sorted(name for name in names if name != NAME and not name.startswith("system."))

    async def indexes(self, name: str) -> list[Index]:
        """As the server tells of them, without that of the ids."""
        with mongo_errors():
            found = await self._database[name].list_indexes().to_list(None)
        plain = [{key: each[key] for key in each if key not in ("v", "ns")} for each in found]
        return [each | {"key": dict(each["key"])} for each in plain if each["name"] != "_id_"]

    async def documents(self, name: str) -> AsyncIterator[RawBSONDocument]:
        """Every record of a collection, in the order in which the server keeps them."""
        collection = self._database.get_collection(name, codec_options=RAW)
        with mongo_errors(), pymongo.timeout(LONGEST_S):
            try:
                found = collection.find({}, session=self._session, batch_size=BATCH)
                async for document in found:
                    yield document
            except OperationFailure as error:
                if error.code != SNAPSHOT_TOO_OLD:
                    raise
                raise NoSnapshot(
                    "reading the records took longer than MongoDB keeps the past: raise its "
                    "parameter minSnapshotHistoryWindowInSeconds, 300 by default"
                ) from error


@asynccontextmanager
async def snapshot(database: Database) -> AsyncIterator[Snapshot]:
    """Raises NoSnapshot for a MongoDB that is no replica set."""
    with mongo_errors():
        is_secantus = await is_embedded(database)
        if not is_secantus and "setName" not in await database.command("hello"):
            raise NoSnapshot(
                "this MongoDB is no replica set, so its records cannot be read as of one moment: "
                "start it with --replSet, then run rs.initiate() once; one member is enough"
            )
        async with AsyncExitStack() as stack:
            session = await database.client.start_session(snapshot=not is_secantus)
            await stack.enter_async_context(session)
            if is_secantus:
                await stack.enter_async_context(session.start_transaction())
            await database[NAME].find_one({}, session=session)  # the moment
            yield Snapshot(database, session)


async def is_embedded(database: Database) -> bool:
    """Whether it is SecantusDB. Raises what the driver does."""
    try:
        return bool((await database.command("serverStatus")).get("process") == "secantus")
    except OperationFailure:  # a user of MongoDB's who may not ask
        return False


class Loader:
    """Fills an empty database. Everything raises Unavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def insert(self, name: str, documents: Sequence[bytes]) -> None:
        raw = [RawBSONDocument(each) for each in documents]
        with mongo_errors(), pymongo.timeout(LONGEST_S):
            await self._database[name].insert_many(raw, ordered=True)

    async def make_indexes(self, name: str, indexes: Iterable[Index]) -> None:
        with mongo_errors(), pymongo.timeout(LONGEST_S):
            if found := list(indexes):
                await self._database.command("createIndexes", name, indexes=found)

    async def drop_all(self) -> None:
        """Every collection but the notes on the platform."""
        with mongo_errors(), pymongo.timeout(LONGEST_S):
            for name in await self._database.list_collection_names():
                if name != NAME:
                    await self._database.drop_collection(name)


def length_of(head: bytes) -> int:
    """Of a document whose first four bytes these are."""
    return int.from_bytes(head, "little")
