"""How many answers each model version gave: counted as they are filed, told about once a second.

    {prefix}:predictions:untold     answers since the feed was told, by "<model> <version>"
    {prefix}:predictions:telling    the same while the feed is being told, and since when: `at`
    {prefix}:predictions:told       is there for a second after that began

An answer is counted by whoever takes it out of the log, so once. What is being told stays until it
is: whoever drains next goes on for one that died, and the feed keeps equal events once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from redis.asyncio import Redis

from store.events import Events
from store.mongo import Collections
from store.records.event import Event, EventKind, Topic
from store.records.model import Model, ModelVersion
from store.records.prediction import Prediction
from store.redis.connection import redis_errors

TOLD_EACH_MS = 1_000
AT = b"at"

# KEYS: log, untold. ARGV: in turn an entry of the log, whose answers it holds, and how many.
COUNT = """
for i = 1, #ARGV, 3 do
  if redis.call('XDEL', KEYS[1], ARGV[i]) == 1 then
    redis.call('HINCRBY', KEYS[2], ARGV[i + 1], ARGV[i + 2])
  end
end
"""

# KEYS: untold, telling, told. ARGV: milliseconds between two tellings.
TAKE = """
if redis.call('EXISTS', KEYS[2]) == 0 then
  if redis.call('EXISTS', KEYS[1]) == 0 then return {} end
  if not redis.call('SET', KEYS[3], '', 'NX', 'PX', ARGV[1]) then return {} end
  local time = redis.call('TIME')
  redis.call('RENAME', KEYS[1], KEYS[2])
  redis.call('HSET', KEYS[2], 'at', string.format('%d', time[1] * 1000 + time[2] / 1000))
end
return redis.call('HGETALL', KEYS[2])
"""

# KEYS: telling. ARGV: when that began, in milliseconds.
DONE = "if redis.call('HGET', KEYS[1], 'at') == ARGV[1] then redis.call('DEL', KEYS[1]) end"


class Tallies:
    """Everything raises Unavailable when a service does not answer."""

    def __init__(self, *, prefix: str, mongo: Collections, redis: Redis, events: Events) -> None:
        self._log = f"{prefix}:log"
        self._untold, self._telling = f"{prefix}:untold", f"{prefix}:telling"
        self._told = f"{prefix}:told"
        self._mongo = mongo
        self._events = events
        self._count = redis.register_script(COUNT)
        self._take = redis.register_script(TAKE)
        self._done = redis.register_script(DONE)

    async def count(self, filed: Mapping[bytes, Sequence[Prediction]]) -> None:
        """Take entries out of the log, by their ids, and count what they hold."""
        arguments = [
            argument
            for entry_id, (first, *more) in filed.items()
            for argument in (
                entry_id, f"{first.model_id} {first.model_version_id}", 1 + len(more),
            )
        ]  # fmt: skip
        with redis_errors():
            await self._count(keys=[self._log, self._untold], args=arguments)

    async def tell(self) -> None:
        """Have the feed told of what was counted, an event a version, once a second at most."""
        with redis_errors():
            reply: list[bytes] = await self._take(
                keys=[self._untold, self._telling, self._told], args=[TOLD_EACH_MS]
            )
        counts = dict(zip(reply[::2], reply[1::2], strict=True))
        if not counts:
            return
        at_ms = counts.pop(AT)
        at = datetime.fromtimestamp(int(at_ms) / 1000, UTC)
        for event in await self._events_of(counts, at):
            await self._events.append_if_missing(event)
        with redis_errors():
            await self._done(keys=[self._telling], args=[at_ms])

    async def _events_of(self, counts: Mapping[bytes, bytes], at: datetime) -> list[Event]:
        """Without those of models that were deleted since."""
        of = {tuple(key.decode().split(" ")): int(count) for key, count in counts.items()}
        models = await self._mongo.models.get_many({model_id for model_id, _ in of})
        versions = await self._mongo.model_versions.get_many({each for _, each in of})
        return [
            _event(models[model_id], versions[version_id], count, at)
            for (model_id, version_id), count in of.items()
            if model_id in models and version_id in versions
        ]


def _event(model: Model, version: ModelVersion, count: int, at: datetime) -> Event:
    answers = "answer" if count == 1 else "answers"
    return Event(
        topic=Topic.PREDICTION, kind=EventKind.PREDICTIONS_MADE, subject_id=model.id,
        owner_id=model.owner_id, at=at, message=f"{count:,} {answers} by version {version.number}",
        related={"model": model.id, "model_version": version.id}, done=count,
    )  # fmt: skip
