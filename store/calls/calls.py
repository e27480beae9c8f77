"""Request and reply between servers and inference workers, over Redis lists.

    {prefix}:calls:waiting         calls in the order they came, "<number of texts> <call>"
    {prefix}:calls:texts           how many texts wait; counted anew whenever the list runs empty
    {prefix}:calls:slow:waiting    calls that take long (SLOW), so that others do not wait for them
    {prefix}:calls:slow:texts      of these, counted as the texts that they make a worker embed
    {prefix}:calls:replies:<id>    replies to one server process, "<call id> <reply>"

A worker that is free takes everything that waits, so that calls are batched without waiting for
one another. A call carries its deadline: past it nobody waits for the reply, and workers drop it.
"""

from __future__ import annotations

import time
from asyncio import timeout
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar
from uuid import uuid4

import orjson
from redis.asyncio import Redis

from store.calls.replies import Replies
from store.codec import from_plain
from store.errors import NoAnswer, Overloaded, Refused, StoreError
from store.records.prediction import Answer
from store.redis.connection import redis_errors
from store.settings import Settings
from store.telemetry import metrics, tracing

# KEYS: waiting, texts. ARGV: texts of this call, most that may wait, seconds to keep, the call.
ASK = """
local waiting = 0
if redis.call('EXISTS', KEYS[1]) == 1 then waiting = tonumber(redis.call('GET', KEYS[2]) or 0) end
if waiting >= tonumber(ARGV[2]) then return 0 end
redis.call('RPUSH', KEYS[1], ARGV[4])
redis.call('SET', KEYS[2], waiting + ARGV[1], 'EX', ARGV[3])
redis.call('EXPIRE', KEYS[1], ARGV[3])
return 1
"""

# KEYS: waiting, texts. ARGV: texts taken before by BLPOP, most to take. At least one call is taken.
TAKE = """
local waiting = tonumber(redis.call('GET', KEYS[2]) or 0) - ARGV[1]
local room, taken = tonumber(ARGV[2]), {}
while room > 0 do
  local call = redis.call('LINDEX', KEYS[1], 0)
  local texts = call and tonumber(string.match(call, '^%d+'))
  if not call or (#taken > 0 and texts > room) then break end
  taken[#taken + 1] = redis.call('LPOP', KEYS[1])
  room, waiting = room - texts, waiting - texts
end
if redis.call('EXISTS', KEYS[1]) == 1 then
  redis.call('SET', KEYS[2], math.max(waiting, 0), 'KEEPTTL')
else
  redis.call('DEL', KEYS[2])
end
return taken
"""

REPLY_TTL_S = 60
R = TypeVar("R")


class CallKind(StrEnum):
    """What is asked, and of what."""

    PREDICT = "PREDICT"
    """Of a model version: labels for the texts."""
    ROWS = "ROWS"
    """Of a data set's version: a page of its rows."""
    ROW_COUNT = "ROW_COUNT"
    """Of a data set's version: how many rows a filter wants."""
    CHANGES = "CHANGES"
    """Of a data set's version: rows that differ from those of an earlier one."""
    PLACE = "PLACE"
    """Of a model version: where the texts lie on its map."""
    SPLIT = "SPLIT"
    """Of a model version: its clusters of these ids, each in parts."""
    SEARCH = "SEARCH"
    """Of a search index: the rows found for each text."""
    EXPLAIN = "EXPLAIN"
    """Of a model version: why it says what it says of the texts."""


SLOW = frozenset({CallKind.EXPLAIN})
"""Kinds that have a lane of their own."""
SLOW_PATIENCE = 2.5
"""How many times `predict_timeout_s` their callers wait; a request ends after 30 s."""


@dataclass(frozen=True, slots=True)
class Call:
    """A question to the inference workers about texts, with one answer for each of them."""

    id: str
    reply_to: str
    """The list that the caller's process reads."""
    kind: CallKind
    subject: str
    """The id of what is asked."""
    texts: tuple[str, ...]
    deadline: float
    """Unix time past which the caller has gone."""
    arguments: dict[str, Any] = field(default_factory=dict)
    """The same for all of its texts, as plain data."""
    trace: str | None = None
    """W3C traceparent of the request that asks."""


@dataclass(slots=True)
class Lane:
    """Calls that wait for one another."""

    keys: list[str]
    """The list and its count of texts."""
    popped_texts: int = 0
    """Texts that this process took off the list and not yet off the count."""


class Calls:
    """Everything raises Unavailable when Redis does not answer."""

    def __init__(self, *, settings: Settings, redis: Redis) -> None:
        self._settings = settings
        self._redis = redis
        prefix = f"{settings.redis_prefix}:calls"
        self._lane = Lane([f"{prefix}:waiting", f"{prefix}:texts"])
        self._slow = Lane([f"{prefix}:slow:waiting", f"{prefix}:slow:texts"])
        self._replies = Replies(redis, f"{prefix}:replies:{uuid4().hex}", self._block_s)
        self._push = redis.register_script(ASK)
        self._pop = redis.register_script(TAKE)

    # -- whoever asks -----------------------------------------------------------------------------

    async def predict(
        self, model_version_id: str, texts: Sequence[str], top_k: int, neighbours: int
    ) -> list[Answer]:
        """What the model says of each text, in order. Raises what `ask` does."""
        asked = {"top_k": top_k, "neighbours": neighbours}
        return await self.ask(Answer, CallKind.PREDICT, model_version_id, texts, **asked)

    async def ask(
        self, answer: type[R], kind: CallKind, subject: str, texts: Sequence[str],
        weight: int | None = None, **arguments: Any,
    ) -> list[R]:  # fmt: skip
        """One `answer` a text, in order; `weight` says for how many texts it counts while it waits.

        Raises Overloaded when too many texts wait, NoAnswer after `predict_timeout_s` (slow kinds:
        SLOW_PATIENCE times that), and Refused with the worker's reason.
        """
        patience_s = self._patience_s(kind)
        call = Call(
            id=uuid4().hex, reply_to=self._replies.key, kind=kind, subject=subject,
            texts=tuple(texts), deadline=time.time() + patience_s, arguments=arguments,
            trace=tracing.traceparent(),
        )  # fmt: skip
        try:
            with metrics.CALL_SECONDS.time():
                answers = await self._ask(call, weight or len(call.texts), patience_s)
                return [from_plain(answer, each) for each in answers]
        except StoreError as fault:
            metrics.CALL_FAILURES.labels(fault.code).inc()
            raise

    async def close(self) -> None:
        await self._replies.close()

    async def waiting(self) -> tuple[int, datetime | None]:
        """How many texts wait, and since when the first of them does."""
        with redis_errors():
            pipeline = self._redis.pipeline()
            for lane in (self._lane, self._slow):
                pipeline.lindex(lane.keys[0], 0)
                pipeline.get(lane.keys[1])
            found = await pipeline.execute()
        waiting = [each for each in zip(found[::2], found[1::2], strict=True) if each[0]]
        if not waiting:
            return 0, None
        first = [_call(entry) for entry, _ in waiting]
        asked = min(call.deadline - self._patience_s(call.kind) for call in first)
        return sum(int(texts or 0) for _, texts in waiting), datetime.fromtimestamp(asked, UTC)

    # -- workers ----------------------------------------------------------------------------------

    async def take(self, max_texts: int, block_s: float, *, slow: bool = False) -> list[Call]:
        """What waits, up to `max_texts` but at least one call; waits up to `block_s` for the first.

        `slow` takes of the kinds in SLOW, else of all others.
        A call that is cut off here is lost to its caller: let it return instead of cancelling.
        """
        lane, block_s = self._slow if slow else self._lane, min(block_s, self._block_s)
        entries = await self._waiting(lane, max_texts) or await self._next(lane, block_s)
        calls = [_call(entry) for entry in entries]
        return [call for call in calls if call.deadline > time.time()]

    async def answer(self, call: Call, answers: Sequence[object]) -> None:
        """One answer for each of the call's texts, in their order."""
        await self.answer_many([(call, answers)])

    async def answer_many(self, replies: Sequence[tuple[Call, Sequence[object]]]) -> None:
        """The answers to several calls at the price of one."""
        await self._reply([(call, {"answers": answers}) for call, answers in replies])

    async def refuse(self, call: Call, code: str, message: str) -> None:
        """The caller's `ask` raises Refused with this."""
        await self._reply([(call, {"code": code, "message": message})])

    # -- how --------------------------------------------------------------------------------------

    @property
    def _block_s(self) -> float:
        """The socket gives up after `service_timeout_s`; a blocking command must end before."""
        return self._settings.service_timeout_s / 2

    def _patience_s(self, kind: CallKind) -> float:
        return self._settings.predict_timeout_s * (SLOW_PATIENCE if kind in SLOW else 1)

    async def _ask(self, call: Call, weight: int, patience_s: float) -> list[Any]:
        with self._replies.expected(call.id) as reply:
            await self._enqueue(call, weight)
            try:
                async with timeout(patience_s):
                    return _answers(await reply)
            except TimeoutError:
                raise NoAnswer("inference", f"no answer within {patience_s:g} s") from None

    async def _enqueue(self, call: Call, weight: int) -> None:
        lane = self._slow if call.kind in SLOW else self._lane
        most, keep_s = self._settings.max_waiting_calls, int(self._patience_s(call.kind)) + 1
        entry = b"%d %b" % (weight, orjson.dumps(call))
        with redis_errors():
            is_in = await self._push(keys=lane.keys, args=[weight, most, keep_s, entry])
        if not is_in:
            raise Overloaded("inference", f"{most} texts or more are waiting")

    async def _waiting(self, lane: Lane, max_texts: int) -> list[bytes]:
        popped, lane.popped_texts = lane.popped_texts, 0
        with redis_errors():
            entries: list[bytes] = await self._pop(keys=lane.keys, args=[popped, max_texts])
        return entries

    async def _next(self, lane: Lane, block_s: float) -> list[bytes]:
        """The first call to come; the script that runs next counts its texts out."""
        # its declared type allows for a client that is not asynchronous
        popping: Any = self._redis.blpop(lane.keys[:1], block_s)
        with redis_errors():
            popped = await popping
        entries = [popped[1]] if popped else []
        lane.popped_texts += sum(int(entry.partition(b" ")[0]) for entry in entries)
        return entries

    async def _reply(self, replies: Sequence[tuple[Call, dict[str, object]]]) -> None:
        by_reader: defaultdict[str, list[bytes]] = defaultdict(list)
        for call, reply in replies:
            by_reader[call.reply_to].append(call.id.encode() + b" " + orjson.dumps(reply))
        with redis_errors():
            pipeline = self._redis.pipeline(transaction=False)
            for key, entries in by_reader.items():
                # the reader may be gone; its list must not stay
                pipeline.rpush(key, *entries)
                pipeline.expire(key, REPLY_TTL_S)
            await pipeline.execute()


def _call(entry: bytes) -> Call:
    return from_plain(Call, orjson.loads(entry.partition(b" ")[2]))


def _answers(reply: bytes) -> list[Any]:
    plain = orjson.loads(reply)
    if "code" in plain:
        raise Refused(plain["code"], plain["message"])
    answers: list[Any] = plain["answers"]
    return answers
