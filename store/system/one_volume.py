"""A volume is one folder for all processes: who has another one would find no file.

    {prefix}:volume    the name of a file in the folder, `.marks/<name>`

The file is made before its name is shown: whoever reads the name and lacks the file is elsewhere.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from uuid import uuid4

from redis.asyncio import Redis

from store.errors import WrongVolume
from store.objects.files import file_errors
from store.redis.connection import redis_errors
from store.settings import Settings


async def check_volume(settings: Settings, redis: Redis) -> None:
    """Raises WrongVolume, or Unavailable when Redis does not answer."""
    key = f"{settings.redis_prefix}:volume"
    folder = settings.data.absolute() / "objects"
    with redis_errors():
        name = await redis.get(key)
        if name is None:
            mine = await asyncio.to_thread(_mark, folder)
            await redis.set(key, mine, nx=True)
            name = await redis.get(key)
    if not await asyncio.to_thread(_path(folder, name.decode()).exists):
        raise WrongVolume(
            f"this platform keeps its files in another folder than {folder}. A folder serves one "
            "host: for workers on others set MINIO_ENDPOINT everywhere, or SHOAL_DATA to the same "
            f"folder on a shared disk. If the folder was replaced on purpose, delete the Redis key "
            f"{key}"
        )


def _mark(folder: Path) -> str:
    name = uuid4().hex
    with file_errors("the volume's folder", folder):
        _path(folder, name).parent.mkdir(parents=True, exist_ok=True)
        _path(folder, name).touch()
    return name


def _path(folder: Path, name: str) -> Path:
    return folder / ".marks" / name
