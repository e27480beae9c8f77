"""Opening Redis: bounded pools, timeouts on every answer, errors by our own names."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from redis.asyncio import BlockingConnectionPool, Redis
from redis.exceptions import RedisError

from store.errors import Unavailable
from store.settings import Settings

MAX_CONNECTIONS = 64


def open_redis(settings: Settings, max_connections: int = MAX_CONNECTIONS) -> Redis:
    """A client that answers in bytes; a caller waits in turn when every connection is in use.

    A blocking command must ask for less than `service_timeout_s`: the socket gives up then.
    """
    pool = BlockingConnectionPool.from_url(
        settings.redis_url,
        max_connections=max_connections,
        timeout=settings.service_timeout_s,
        socket_timeout=settings.service_timeout_s,
        socket_connect_timeout=settings.service_timeout_s,
    )
    return Redis.from_pool(pool)


@contextmanager
def redis_errors() -> Iterator[None]:
    """Every failure of Redis within becomes Unavailable."""
    try:
        yield
    except (RedisError, OSError) as error:
        raise Unavailable("redis", str(error) or type(error).__name__) from error
