"""Opening Redis: bounded pools, timeouts on every answer, errors by our own names."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.connection import AbstractConnection, Connection, parse_url
from redis.exceptions import RedisError

from store.errors import BadSettings, Unavailable
from store.settings import Settings

MAX_CONNECTIONS = 64


class TimedAnswers(AbstractConnection):  # type: ignore[misc]  # redis-py is unchecked
    """Bounds a command and its answer in time, in place of redis-py's own `socket_timeout`.

    That one sends through `asyncio.wait_for`, which starts a task for each command and, before
    Python 3.12, may swallow a cancellation: whoever stops the task then waits for ever.
    """

    def __init__(self, *, answer_timeout_s: float, **options: Any) -> None:
        super().__init__(**options)
        self._answer_timeout_s = answer_timeout_s

    async def send_packed_command(self, command: Any, check_health: bool = True) -> None:
        async with asyncio.timeout(self._answer_timeout_s):
            await super().send_packed_command(command, check_health)

    async def read_response(self, *args: Any, **options: Any) -> Any:
        async with asyncio.timeout(self._answer_timeout_s):
            return await super().read_response(*args, **options)

    async def can_read_destructive(self) -> bool:
        """Whether something is there to be read that nobody asked for.

        redis-py looks with a time-out of 0 s. In a task that was cancelled and goes on, to tidy up,
        Python before 3.11.3 takes the end of any time-out for another cancellation: hence a task
        of its own.
        """
        looking = super().can_read_destructive()
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            looking = asyncio.create_task(looking)
        return bool(await looking)


def open_redis(settings: Settings, max_connections: int = MAX_CONNECTIONS) -> Redis:
    """A client that answers in bytes; a caller waits in turn when every connection is in use.

    A blocking command must ask for less than `service_timeout_s`: its answer is late then. Raises
    BadSettings for a URL that is none.
    """
    try:
        options: dict[str, Any] = {**parse_url(settings.redis_url)}
    except ValueError as error:
        raise BadSettings(f"REDIS_URL: {error}") from None
    transport = options.pop("connection_class", Connection)
    pool = BlockingConnectionPool(
        connection_class=type("TimedConnection", (TimedAnswers, transport), {}),
        max_connections=max_connections,
        timeout=settings.service_timeout_s,
        socket_connect_timeout=settings.service_timeout_s,
        answer_timeout_s=settings.service_timeout_s,
        **options,
    )
    return Redis.from_pool(pool)


@contextmanager
def redis_errors() -> Iterator[None]:
    """Every failure of Redis within becomes Unavailable."""
    try:
        yield
    except (RedisError, OSError) as error:
        raise Unavailable("redis", str(error) or type(error).__name__) from error
