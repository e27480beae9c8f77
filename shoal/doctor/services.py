"""MongoDB, Redis and the object store: do they answer, and are they set up to be trusted?"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from uuid import uuid4

import httpx

from shoal.doctor.finding import Finding, error, ok, room, warning
from store.mongo import open_unchecked
from store.mongo.server import MongoServer, describe_mongo
from store.objects import ObjectStore, open_object_store
from store.redis.connection import open_redis
from store.redis.server import RedisServer, describe_redis
from store.settings import Settings

LEAST_MONGO, LEAST_REDIS = 7, 7
SKEW_S, FAR_SKEW_S = 5.0, 60.0
"""Events are looked for within a minute of their time: hosts must not differ by more."""
PROBE = b"is this store read as it was written?"


async def mongo(given: Settings) -> AsyncIterator[Finding]:
    """Of a server that answers. Raises Unavailable."""
    async with open_unchecked(given) as collections:
        server = await describe_mongo(collections.database)
    for finding in _mongo(server):
        yield finding


def _mongo(server: MongoServer) -> Iterator[Finding]:
    yield _skew("clock of MongoDB", server.skew_s)
    if server.is_embedded:
        yield ok("MongoDB", f"is SecantusDB, embedded, which speaks {server.version}")
        return
    if int(server.version.partition(".")[0]) < LEAST_MONGO:
        yield error("MongoDB", f"is {server.version}", f"run {LEAST_MONGO}.0 or newer")
    else:
        yield ok("MongoDB", f"is {server.version}")
    if not server.is_replica_set:
        yield warning(
            "MongoDB", "is no replica set: it cannot be backed up while it is used",
            "start it with --replSet and run rs.initiate() once; one member is enough",
        )  # fmt: skip
    elif not server.is_primary:
        yield error("MongoDB", "has no primary here", "name the whole set in MONGO_DB_URI")
    if server.lets_strangers_in:
        yield warning(
            "MongoDB", "answers without a password", "turn on its authorization, or bind it to "
            "this host alone",
        )  # fmt: skip


async def redis(given: Settings) -> AsyncIterator[Finding]:
    """Of a server that answers. Raises Unavailable."""
    client = open_redis(given)
    try:
        server = await describe_redis(client)
    finally:
        await client.aclose()
    for finding in _redis(server):
        yield finding


def _redis(server: RedisServer) -> Iterator[Finding]:
    yield _skew("clock of Redis", server.skew_s)
    if int(server.version.partition(".")[0]) < LEAST_REDIS:
        yield error("Redis", f"is {server.version}", f"run {LEAST_REDIS}.0 or newer, or Valkey")
    else:
        yield ok("Redis", f"is {server.version}")
    if server.failed_writes:
        yield error("Redis", "could not write to its disk", "see its log, and make room")
    if server.is_append_only:
        yield ok("Redis", "keeps an append-only file")
    else:
        kept = "minutes of" if server.has_snapshots else "all"
        yield error(
            "Redis", f"loses {kept} events and answers when it stops", "set `appendonly yes`"
        )
    if server.policy != "noeviction":
        yield error(
            "Redis", f"lets go of keys when its memory is full ({server.policy}): events and "
            "waiting jobs would vanish", "set `maxmemory-policy noeviction`",
        )  # fmt: skip
    if server.most_bytes:
        free = server.most_bytes - server.used_bytes
        yield room(
            "Redis's memory", free, server.most_bytes // 5, server.most_bytes // 20,
            "raise its maxmemory, or lower SHOAL_MAX_EVENTS and SHOAL_ANSWER_TTL_S",
        )  # fmt: skip


async def objects(given: Settings) -> AsyncIterator[Finding]:
    """Put, read and delete one. Raises Unavailable."""
    key = f"doctor/{uuid4().hex}"
    async with open_object_store(given) as store:
        try:
            await store.put_bytes(key, PROBE)
            is_same = await store.get_bytes(key) == PROBE
            if given.minio_endpoint:
                yield await _browsers(given, store, key)
        finally:
            await store.delete(key)
    where = f"the bucket {given.bucket}" if given.minio_endpoint else "the volume"
    if is_same:
        yield ok("objects", f"{where} takes, gives back and deletes")
    else:
        yield error("objects", f"{where} gave back other bytes", "check its disks")


async def _browsers(given: Settings, store: ObjectStore, key: str) -> Finding:
    """Ask as a browser does before it sends a file there from a page of ours."""
    url = await store.download_url(key, "probe")
    asking = {"Origin": given.public_url, "Access-Control-Request-Method": "PUT"}
    try:
        async with httpx.AsyncClient(timeout=given.service_timeout_s) as http:
            answer = await http.request("OPTIONS", url, headers=asking)
    except httpx.HTTPError as fault:
        return warning(
            "uploads", f"the address for browsers does not answer from here ({fault})",
            "check SHOAL_MINIO_PUBLIC_ENDPOINT",
        )  # fmt: skip
    allowed = answer.headers.get("access-control-allow-origin", "")
    if allowed in ("*", given.public_url):
        return ok("uploads", "browsers may send files to the bucket")
    return error(
        "uploads", "the bucket does not let browsers in (CORS)",
        f"allow PUT and GET from {given.public_url} in the bucket's CORS rules",
    )  # fmt: skip


def _skew(subject: str, skew_s: float) -> Finding:
    message = f"differs from this host's by {abs(skew_s):.1f} s"
    if abs(skew_s) < SKEW_S:
        return ok(subject, message)
    found = error if abs(skew_s) > FAR_SKEW_S else warning
    return found(subject, message, "run NTP on every host")
