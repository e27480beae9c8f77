"""What pages of large collections are cut by, and indexes of what is asked for most."""

from __future__ import annotations

from typing import Any

import pymongo
from motor.motor_asyncio import AsyncIOMotorDatabase
from pymongo import UpdateOne

from store.mongo.errors import mongo_errors
from store.mongo.indexes import BUILD_TIMEOUT_S, INDEXES, is_marked, make_indexes
from store.mongo.windows import MARK, mark_of

REPLACED = {
    "jobs": ["owner_id_1_status_1", "status_1_lease_until_1"],
    "webhook_deliveries": ["status_1_next_try_at_1"],
}
"""By indexes that begin alike, or serve what asked for them."""
AT_ONCE = 1_000


async def migrate(database: AsyncIOMotorDatabase[dict[str, Any]]) -> None:
    """Raises Unavailable."""
    await make_indexes(database)
    with mongo_errors(), pymongo.timeout(BUILD_TIMEOUT_S):
        for collection, names in REPLACED.items():
            for name in names:
                if name in await database[collection].index_information():
                    await database[collection].drop_index(name)
        for collection in filter(is_marked, INDEXES):
            await _mark(database, collection)


async def _mark(database: AsyncIOMotorDatabase[dict[str, Any]], collection: str) -> None:
    records = database[collection]
    ids = [record["_id"] async for record in records.find({}, {"_id": True})]
    changes = [
        UpdateOne({"_id": each}, {"$set": {MARK: mark}}) for each in ids if (mark := mark_of(each))
    ]
    for begin in range(0, len(changes), AT_ONCE):
        await records.bulk_write(changes[begin : begin + AT_ONCE], ordered=False)
