"""What Redis alone knows: the events, answers that are not filed yet, and counters of days.

Lines of JSON, names without the installation's prefix:

    {"stream": "events:all"}                              its entries follow, by id
    ["1700000000000-0", {"e": "..."}]
    {"end": "1700000000009-0", "deleted": "0-0", "trimmed": true}
    {"name": "usage:key_..:2026-01-01", "ttl_ms": 1, "hash": {...}}    or "zset", or "string"

A line {"lost": true} within a stream says that Redis let go of entries while they were being
copied: those before it are not restored, else what is missing between would be told to nobody.

Not kept: rings and tickets of waiting jobs (the sweeper makes them), leases, presence, caches of
answers, throttles and points.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from gzip import GzipFile
from pathlib import Path
from typing import Any

import orjson
from redis.asyncio import Redis

from store.backup.errors import BadBackup
from store.backup.manifest import REDIS, CopiedRedis
from store.backup.packing import Packing, packing, unpacking
from store.backup.progress import Tell
from store.events.cursor import START, Cursor
from store.events.feed import ALL, LOGS, PREDICTIONS, SHARED
from store.events.state import StreamState
from store.events.stream import SUBJECTS, found
from store.redis.connection import redis_errors

EVENTS, UNFILED = "events:", "predictions:log"
SUBJECTS_NAME = EVENTS + SUBJECTS
VALUES = re.compile(
    r"events:(subjects|ended-logs|closed-logs)|usage:.*|deprecated:.*|quota:predictions:.*"
)
VOLUME = "volume"
"""Which folder is the volume: that of another one says nothing here."""
PAGE = 500
Cut = dict[str, Cursor]


class RedisCopy:
    """Everything raises Unavailable when Redis does not answer."""

    def __init__(self, redis: Redis, prefix: str) -> None:
        self._redis = redis
        self._prefix = f"{prefix}:"

    # -- out --------------------------------------------------------------------------------------

    async def cut(self) -> Cut:
        """Where each shared stream ends now."""
        return {name: (await self._state(EVENTS + name)).last for name in SHARED}

    async def unfiled(self, folder: Path) -> Path:
        """Answers that are in the log alone, read before the records are cut: filed in between,
        an answer is there twice, and kept once."""
        with packing(folder, UNFILED_FILE) as out:
            await self._copy_stream(out, UNFILED, None, lambda _: None)
        return folder / UNFILED_FILE

    async def copy(
        self, folder: Path, cut: Cut, has_ended: Callable[[str], bool], tell: Tell
    ) -> CopiedRedis:
        """Events up to the cut, what `unfiled` found, and the counters.

        `has_ended` knows of jobs: the logs of others are not closed.
        """
        streams = entries = values = 0

        def count(some: int) -> None:
            nonlocal entries
            entries += some
            tell("events", entries, None)

        with packing(folder, REDIS) as out:
            with unpacking(folder, UNFILED_FILE) as lines:
                for line in lines:
                    out.write(line)
                    entries += line.startswith(b"[")
            async for name in self._names():
                if name.startswith(EVENTS) and not VALUES.fullmatch(name):
                    await self._copy_stream(out, name, _bound(name, cut), count)
                    streams += 1
                elif VALUES.fullmatch(name):
                    values += await self._copy_value(out, name, has_ended)
        (folder / UNFILED_FILE).unlink()
        tell("events", entries, entries)
        return CopiedRedis(out.file, streams, entries, values)

    async def _copy_stream(self, out: Packing, name: str, bound: Cursor | None, count: Any) -> None:
        _write(out, {"stream": name})
        at, state, is_first = START, StreamState(), True
        while True:
            page, state = await self._page(name, at, bound)
            if bound and not is_first and state.lacks_after(at):
                _write(out, {"lost": True})
            for identifier, fields in page:
                _write(out, [identifier.decode(), _text(fields)])
            count(len(page))
            if len(page) < PAGE:
                break
            at, is_first = Cursor.parse(page[-1][0].decode()), False
        end = min(state.last, bound) if bound else state.last
        _write(out, {
            "end": str(end), "deleted": str(min(state.deleted, end)), "trimmed": state.is_trimmed,
        })  # fmt: skip

    async def _page(
        self, name: str, after: Cursor, bound: Cursor | None
    ) -> tuple[list[Any], StreamState]:
        """Some entries and the state of the stream, seen in one step."""
        with redis_errors():
            pipeline = self._redis.pipeline(transaction=True)
            key = self._prefix + name
            pipeline.xrange(key, min=f"({after}", max=str(bound) if bound else "+", count=PAGE)
            pipeline.xinfo_stream(key)
            page, info = await pipeline.execute(raise_on_error=False)
            return found(page), StreamState.of(info)

    async def _copy_value(self, out: Packing, name: str, has_ended: Callable[[str], bool]) -> int:
        """Whether it is still there."""
        key = self._prefix + name
        with redis_errors():
            kind, ttl_ms = (await self._redis.type(key)).decode(), await self._redis.pttl(key)
            line: dict[str, Any] = {"name": name, "ttl_ms": max(ttl_ms, 0)}
            if kind == "hash":
                line["hash"] = _text(await self._redis.hgetall(key))
            elif kind == "zset":
                members = await self._redis.zrange(key, 0, -1, withscores=True)
                scores = {member.decode(): score for member, score in members}
                line["zset"] = self._kept_members(name, scores, has_ended)
            elif kind == "string" and (value := await self._redis.get(key)) is not None:
                line["string"] = value.decode()
            else:
                return 0
        _write(out, line)
        return 1

    def _kept_members(
        self, name: str, scores: dict[str, float], has_ended: Callable[[str], bool]
    ) -> dict[str, float]:
        """Keys of streams lose the prefix; of jobs, those that had ended stay."""
        if name == SUBJECTS_NAME:
            return {key.removeprefix(self._prefix): score for key, score in scores.items()}
        return {job_id: score for job_id, score in scores.items() if has_ended(job_id)}

    # -- in ---------------------------------------------------------------------------------------

    async def is_empty(self) -> bool:
        """Whether the installation has no key but the mark of its volume."""
        async for name in self._names():
            if name != VOLUME:
                return False
        return True

    async def clear(self) -> None:
        """Forget every key of the installation, but for the mark of its volume."""
        names = [name async for name in self._names() if name != VOLUME]
        with redis_errors():
            for name in names:
                await self._redis.delete(self._prefix + name)

    async def load(self, folder: Path, total: int, tell: Tell) -> None:
        """Into an empty Redis. Raises BadBackup.

        New events get ids behind this moment: none gets the cursor of an event that is lost.
        """
        done = 0
        with unpacking(folder, REDIS) as file:
            lines = _lines(file)
            for line in lines:
                if "stream" in line:
                    done += await self._load_stream(line["stream"], lines)
                    tell("events", done, total)
                else:
                    await self._load_value(line)
        with redis_errors():
            seconds, _ = await self._redis.time()
        for name in SHARED:
            await self._move_on(EVENTS + name, Cursor(int(seconds) * 1000, 0))

    async def _load_stream(self, name: str, lines: Iterator[Any]) -> int:
        key, count, pipeline = self._prefix + name, 0, self._redis.pipeline(transaction=False)
        is_cut = False
        for line in lines:
            if isinstance(line, list):
                pipeline.xadd(key, line[1], id=line[0])
                count += 1
            elif "lost" in line:
                pipeline.delete(key)
                is_cut = True
            else:
                await self._end_stream(key, line, pipeline, line["trimmed"] or is_cut)
                return count
            if len(pipeline) >= PAGE:
                with redis_errors():
                    await pipeline.execute()
        raise BadBackup(f"the stream {name} has no end")

    async def _end_stream(
        self, key: str, line: Mapping[str, Any], pipeline: Any, is_trimmed: bool
    ) -> None:
        pipeline.xgroup_create(key, "restore", id="0", mkstream=True)  # an empty one, too
        pipeline.xgroup_destroy(key, "restore")
        with redis_errors():
            await pipeline.execute()
            added = await self._redis.xlen(key) + is_trimmed
            if line["end"] != str(START):
                await self._redis.execute_command(
                    "XSETID", key, line["end"], "ENTRIESADDED", added,
                    "MAXDELETEDID", line["deleted"],
                )  # fmt: skip

    async def _move_on(self, name: str, to: Cursor) -> None:
        state = await self._state(name)
        if state.exists and state.last < to:
            key = self._prefix + name
            with redis_errors():
                added = await self._redis.xlen(key) + state.is_trimmed
                await self._redis.execute_command(
                    "XSETID", key, str(to), "ENTRIESADDED", added,
                    "MAXDELETEDID", str(state.deleted),
                )  # fmt: skip

    async def _load_value(self, line: Mapping[str, Any]) -> None:
        key = self._prefix + line["name"]
        with redis_errors():
            if "hash" in line:
                await self._redis.hset(key, mapping=line["hash"])
            elif "zset" in line:
                prefix = self._prefix if line["name"] == SUBJECTS_NAME else ""
                if members := {prefix + each: score for each, score in line["zset"].items()}:
                    await self._redis.zadd(key, members)
            else:
                await self._redis.set(key, line["string"])
            if line["ttl_ms"]:
                await self._redis.pexpire(key, line["ttl_ms"])

    # -- how --------------------------------------------------------------------------------------

    async def _state(self, name: str) -> StreamState:
        with redis_errors():
            pipeline = self._redis.pipeline(transaction=False)
            pipeline.xinfo_stream(self._prefix + name)
            (reply,) = await pipeline.execute(raise_on_error=False)
            return StreamState.of(reply)

    async def _names(self) -> AsyncIterator[str]:
        """Every key of the installation, once each, without its prefix."""
        pattern = re.sub(r"([*?\[\]\\])", r"\\\1", self._prefix) + "*"
        seen: set[str] = set()
        with redis_errors():
            async for key in self._redis.scan_iter(match=pattern, count=PAGE):
                name = key.decode().removeprefix(self._prefix)
                if name not in seen:
                    seen.add(name)
                    yield name


UNFILED_FILE = "unfiled.jsonl.gz"


def _bound(name: str, cut: Cut) -> Cursor:
    """The last event of a stream that is kept: that of the stream that gave it its cursor."""
    short = name.removeprefix(EVENTS)
    if short == PREDICTIONS:
        return cut[PREDICTIONS]
    return cut[LOGS] if short == LOGS or short.startswith("log:") else cut[ALL]


def _text(fields: Mapping[bytes, bytes]) -> dict[str, str]:
    return {name.decode(): value.decode() for name, value in fields.items()}


def _write(out: Packing, line: object) -> None:
    out.write(orjson.dumps(line) + b"\n")


def _lines(file: GzipFile) -> Iterator[Any]:
    return (orjson.loads(line) for line in file)
