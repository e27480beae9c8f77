"""Every index that Shoal 0.1 asks for; one that is there already costs nothing."""

from __future__ import annotations

from typing import Any

from motor.motor_asyncio import AsyncIOMotorDatabase

from store.mongo.indexes import make_indexes


async def migrate(database: AsyncIOMotorDatabase[dict[str, Any]]) -> None:
    """Raises Unavailable."""
    await make_indexes(database)
