"""What kind of server keeps queues and events, and whether it keeps them."""

from __future__ import annotations

import time
from dataclasses import dataclass

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from store.redis.connection import redis_errors


@dataclass(frozen=True, slots=True)
class RedisServer:
    version: str
    is_append_only: bool
    has_snapshots: bool
    used_bytes: int
    most_bytes: int
    """0 where only the host's memory bounds it."""
    policy: str
    """What it does when that is full."""
    failed_writes: bool
    """Whether its last write to disk failed."""
    skew_s: float
    """How far its clock is ahead of this host's."""


async def describe_redis(redis: Redis) -> RedisServer:
    """Raises Unavailable."""
    with redis_errors():
        before = time.time()
        seconds, micros = await redis.time()
        skew_s = int(seconds) + int(micros) / 1e6 - (before + time.time()) / 2
        info = await redis.info("all")
        try:
            save = (await redis.config_get("save")).get("save", "")
        except ResponseError:  # hosted ones do not tell
            save = ""
    return RedisServer(
        version=str(info.get("valkey_version") or info["redis_version"]),
        is_append_only=bool(info.get("aof_enabled")),
        has_snapshots=bool(save),
        used_bytes=int(info.get("used_memory", 0)),
        most_bytes=int(info.get("maxmemory", 0)),
        policy=str(info.get("maxmemory_policy", "noeviction")),
        failed_writes="err"
        in (info.get("aof_last_write_status"), info.get("rdb_last_bgsave_status")),
        skew_s=skew_s,
    )
