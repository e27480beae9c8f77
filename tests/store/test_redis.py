"""The client's own promises: it ends in time, and when it is told to."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from store.errors import Unavailable
from store.redis.connection import open_redis, redis_errors
from store.settings import Settings

ROUNDS = 200


async def test_a_cancelled_task_ends_wherever_it_was(settings: Settings) -> None:
    """Cancelled at every step of a command; one that went on would hang the test."""
    redis = open_redis(settings)

    async def forever() -> None:
        while True:
            await redis.ping()

    for steps in range(ROUNDS):
        task = asyncio.create_task(forever())
        for _ in range(steps % 20):
            await asyncio.sleep(0)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    assert await redis.ping()
    await redis.aclose()


async def test_a_server_that_never_answers_is_unavailable(settings: Settings) -> None:
    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    redis = open_redis(
        settings.model_copy(
            update={"redis_url": f"redis://127.0.0.1:{port}/0", "service_timeout_s": 0.1}
        )
    )
    with pytest.raises(Unavailable, match="redis is unavailable"), redis_errors():
        await redis.ping()
    await redis.aclose()
    server.close()


async def test_callers_beyond_the_pool_take_turns(settings: Settings) -> None:
    redis = open_redis(settings, max_connections=2)
    assert all(await asyncio.gather(*(redis.ping() for _ in range(50))))
    await redis.aclose()


@pytest.mark.parametrize("url", ["rediss://h:1/2", "unix:///tmp/no.sock", "redis://h:1"])
async def test_every_kind_of_url_is_timed(settings: Settings, url: str) -> None:
    redis = open_redis(settings.model_copy(update={"redis_url": url}))
    connection = redis.connection_pool.make_connection()
    assert connection._answer_timeout_s == settings.service_timeout_s
    await redis.aclose()
