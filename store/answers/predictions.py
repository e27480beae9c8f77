"""Answers: from the cache or from a worker, logged before they are given, counted, corrected.

    {prefix}:answers:<model version>:<top k>:<neighbours>:<SHA-256 of the text>     one answer
    {prefix}:predictions:log        predictions that are not in MongoDB yet, an entry a request

A request whose texts are all cached costs two round trips to Redis: one reads the answers, one
appends the log and the events.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from redis.asyncio import Redis

from store import ids
from store.answers.tallies import Tallies
from store.calls.calls import Calls
from store.clock import now
from store.codec import from_plain
from store.errors import InvalidValue, StoreError
from store.events import Events
from store.limits.quotas import Quotas
from store.mongo import Collections
from store.records.event import Event, EventKind, Topic
from store.records.model import Model, ModelVersion
from store.records.prediction import Answer, Prediction
from store.records.promise import LivePromise
from store.redis.connection import redis_errors
from store.settings import Settings
from store.telemetry import metrics

DRAIN_ENTRIES = 200
FIELD = b"p"
MAX_LABEL = 200
CORRECTED = {"correction": {"$gt": ""}}
"""SecantusDB finds a range in an index, and looks through everything for what is not null."""


@dataclass(frozen=True, slots=True)
class Served:
    """What the caller gets for one text."""

    prediction: Prediction
    answer: Answer
    cached: bool


@dataclass(frozen=True, slots=True)
class PredictionCounts:
    total: int
    abstained: int
    corrected: int


class Predictions:
    """Everything raises Unavailable when a service does not answer."""

    def __init__(
        self, *, settings: Settings, mongo: Collections, redis: Redis, events: Events,
        calls: Calls, quotas: Quotas,
    ) -> None:  # fmt: skip
        self._settings = settings
        self._predictions = mongo.predictions
        self._redis = redis
        self._events = events
        self._calls = calls
        self._quotas = quotas
        self._log = f"{settings.redis_prefix}:predictions:log"
        self._tallies = Tallies(
            prefix=f"{settings.redis_prefix}:predictions", mongo=mongo, redis=redis, events=events
        )

    async def predict(  # noqa: PLR0917 -- who asks whom, then the arguments of `Calls.predict`
        self, viewer_id: str, model: Model, version_id: str, texts: Sequence[str],
        top_k: int = 3, neighbours: int = 0,
    ) -> list[Served]:  # fmt: skip
        """One answer a text, in order; equal texts are asked once.

        Raises what `Calls.ask` does, and QuotaExceeded.
        """
        started = time.perf_counter()
        keys = {text: self._key(version_id, text, top_k, neighbours) for text in texts}
        answers = await self._cached(keys, viewer_id, len(texts))
        missing = [text for text in keys if text not in answers]
        if missing:
            try:
                fresh = await self._calls.predict(version_id, missing, top_k, neighbours)
            except StoreError:
                await self._quotas.not_predicted(viewer_id, len(texts))
                raise
            answers |= zip(missing, fresh, strict=True)
        metrics.ANSWERS.labels("cache").inc(len(keys) - len(missing))
        metrics.ANSWERS.labels("worker").inc(len(missing))
        latency_ms = (time.perf_counter() - started) * 1000
        served = [
            _served(
                answers[text], text=text, user_id=viewer_id, model_id=model.id,
                model_version_id=version_id, cached=text not in missing, latency_ms=latency_ms,
            )
            for text in texts
        ]  # fmt: skip
        await self._record(served, {keys[text]: answers[text] for text in missing})
        return served

    async def drain(self) -> int:
        """Move logged predictions to MongoDB and tell of them; returns how many were new there.

        Workers may do it at the same time, and again after one died in between: a prediction has
        its id from the log, so it is inserted once.
        """
        moved = 0
        while logged := await self._logged():
            predictions = [each for entry in logged.values() for each in entry]
            moved += await self._predictions.insert_many_ignoring_known(predictions)
            await self._tallies.count(logged)
            await self._tallies.tell()
        await self._tallies.tell()
        return moved

    async def correct(
        self, prediction_id: str, label: str, by: str, *, expected_revision: int | None = None
    ) -> Prediction:
        """What the answer should have been. Raises NotFound, InvalidValue, Conflict."""
        if not 1 <= len(label.strip()) <= MAX_LABEL:
            raise InvalidValue(f"a label has 1 to {MAX_LABEL} characters", "label")
        if await self._predictions.find(prediction_id) is None:
            await self.drain()
        corrected = await self._predictions.amend(
            prediction_id,
            lambda prediction: prediction.corrected(label.strip(), by, now()),
            expected_revision=expected_revision,
        )
        await self._events.append(_event(corrected, EventKind.PREDICTION_CORRECTED, label.strip()))
        return corrected

    async def counts(self, model_version_id: str) -> PredictionCounts:
        """Without those that are still in the log."""
        of = {"model_version_id": model_version_id}
        abstained, answered = of | {"abstained": True}, of | {"abstained": False}
        return PredictionCounts(
            total=await self._predictions.count(of),
            abstained=await self._predictions.count(abstained),
            corrected=await self._predictions.count(abstained | CORRECTED)
            + await self._predictions.count(answered | CORRECTED),
        )

    async def live_promise(self, version: ModelVersion) -> LivePromise:
        """What the version promised against the corrections of its answers."""
        answers = {"model_version_id": version.id, "abstained": False}
        reviewed = answers | CORRECTED
        wrong = reviewed | {"$expr": {"$ne": ["$correction", "$label"]}}
        return LivePromise.seen(
            version.report.promise,
            answered=await self._predictions.count(answers),
            reviewed=await self._predictions.count(reviewed),
            wrong=await self._predictions.count(wrong),
        )

    # -- how --------------------------------------------------------------------------------------

    def _key(self, version_id: str, text: str, top_k: int, neighbours: int) -> str:
        digest = hashlib.sha256(text.encode()).hexdigest()
        return f"{self._settings.redis_prefix}:answers:{version_id}:{top_k}:{neighbours}:{digest}"

    async def _cached(self, keys: dict[str, str], viewer_id: str, count: int) -> dict[str, Answer]:
        """Those that are known; all of them are counted to the viewer, in the same round trip."""
        pipeline = self._redis.pipeline(transaction=False)
        check = await self._quotas.put_predictions(pipeline, viewer_id, count)
        pipeline.mget(keys.values())
        with redis_errors():
            counted, found = await pipeline.execute()
        check(counted)
        return {
            text: from_plain(Answer, orjson.loads(answer))
            for text, answer in zip(keys, found, strict=True)
            if answer is not None
        }

    async def _record(self, served: Sequence[Served], fresh: dict[str, Answer]) -> None:
        """Log, tell and cache in one round trip, before anybody sees an answer."""
        predictions = [each.prediction for each in served]
        pipeline = self._redis.pipeline(transaction=False)
        pipeline.xadd(self._log, {FIELD: orjson.dumps(predictions)})
        for prediction in predictions:
            event = _event(prediction, EventKind.PREDICTION_MADE, prediction.label)
            self._events.put_prediction(pipeline, event)
        for key, answer in fresh.items():
            pipeline.set(key, orjson.dumps(answer), ex=self._settings.answer_ttl_s)
        with redis_errors():
            await pipeline.execute()

    async def _logged(self) -> dict[bytes, list[Prediction]]:
        """The oldest requests in the log: what each was answered, by its entry's id."""
        with redis_errors():
            entries: list[Any] = await self._redis.xrange(self._log, count=DRAIN_ENTRIES)
        return {
            entry_id: [from_plain(Prediction, each) for each in orjson.loads(fields[FIELD])]
            for entry_id, fields in entries
        }


def _served(answer: Answer, **circumstances: Any) -> Served:
    """`answer` with its log entry, which tells the `circumstances` as well."""
    prediction = Prediction(
        id=ids.new(ids.PREDICTION), label=answer.label, probability=answer.probability,
        abstained=answer.abstained, cluster=answer.cluster, at=now(), decision=answer.decided,
        **circumstances,
    )  # fmt: skip
    return Served(prediction, answer, prediction.cached)


def _event(prediction: Prediction, kind: EventKind, label: str) -> Event:
    return Event(
        topic=Topic.PREDICTION, kind=kind, subject_id=prediction.model_id,
        owner_id=prediction.user_id, at=prediction.corrected_at or prediction.at, message=label,
        related={
            "model": prediction.model_id, "model_version": prediction.model_version_id,
            "prediction": prediction.id,
        },
    )  # fmt: skip
