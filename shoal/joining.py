"""Before a process joins a platform: is each service that it leans on named, and does it answer?"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from urllib.parse import urlsplit

from store.errors import StorageRefused, StoreError, Unavailable
from store.mongo import open_collections, open_unchecked
from store.objects import open_object_store
from store.redis.connection import open_redis, redis_errors
from store.settings import Settings
from store.system.one_volume import check_volume


class CannotJoin(Exception):
    """What is to be mended: a line for each setting."""


async def check(settings: Settings) -> None:
    """Raises CannotJoin unless everything answers."""
    if told := await faults(settings):
        raise CannotJoin("\n".join(told.values()))
    async with open_collections(settings):  # which looks at its migrations
        pass


async def faults(settings: Settings) -> dict[str, str]:
    """What keeps a process from joining, by the setting that names the service."""
    asked = {
        "MONGO_DB_URI": (_ask_mongo(settings), settings.mongo_db_uri),
        "REDIS_URL": (_ask_redis(settings), settings.redis_url),
        "MINIO_ENDPOINT": (_ask_objects(settings), settings.minio_endpoint or ""),
    }
    told = await asyncio.gather(
        *(_fault(asking, name, address) for name, (asking, address) in asked.items())
    )
    return {name: fault for name, fault in zip(asked, told, strict=True) if fault}


async def _fault(asking: Awaitable[None], name: str, address: str) -> str:
    """What is wrong, and with which setting; empty when nothing is."""
    try:
        await asking
    except StorageRefused as refused:  # it names the setting itself
        return str(refused)
    except Unavailable as fault:
        where = f"{name} is {_without_password(address)}" if address else "SHOAL_DATA"
        detail = str(fault).rstrip(".")
        return f"{where}: {detail}. Is it running, and can this host reach it?"
    except StoreError as refused:
        return str(refused)
    return ""


def _without_password(address: str) -> str:
    """The hosts that a URL names, or an address as it is."""
    return urlsplit(address).netloc.rpartition("@")[2] or address


async def _ask_mongo(settings: Settings) -> None:
    async with open_unchecked(settings):
        pass


async def _ask_redis(settings: Settings) -> None:
    redis = open_redis(settings)
    try:
        with redis_errors():
            await redis.ping()
        if settings.minio_endpoint is None:
            await check_volume(settings, redis)
    finally:
        await redis.aclose()


async def _ask_objects(settings: Settings) -> None:
    async with open_object_store(settings) as objects:
        await objects.health()
