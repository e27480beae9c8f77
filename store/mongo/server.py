"""What kind of server keeps the records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from motor.motor_asyncio import AsyncIOMotorDatabase

from store.clock import now
from store.mongo.copying import is_embedded
from store.mongo.errors import mongo_errors


@dataclass(frozen=True, slots=True)
class MongoServer:
    version: str
    is_embedded: bool
    is_replica_set: bool
    is_primary: bool
    lets_strangers_in: bool
    """Whether it answers those who have not signed in."""
    skew_s: float
    """How far its clock is ahead of this host's."""


async def describe_mongo(database: AsyncIOMotorDatabase[dict[str, Any]]) -> MongoServer:
    """Raises Unavailable."""
    with mongo_errors():
        before, hello, after = now(), await database.command("hello"), now()
        status = await database.client.admin.command("connectionStatus")
        info = await database.client.server_info()
        local: datetime = hello["localTime"].replace(tzinfo=UTC)
        return MongoServer(
            version=info["version"],
            is_embedded=await is_embedded(database),
            is_replica_set="setName" in hello,
            is_primary=bool(hello.get("isWritablePrimary")),
            lets_strangers_in=not status["authInfo"]["authenticatedUsers"],
            skew_s=(local - before - (after - before) / 2).total_seconds(),
        )
