"""Why models answer as they do: of one version, and between two.

    {prefix}:explanations:<model version>:<SHA-256 of text and question>     one explanation

Nothing of it is logged as an answer: asking why is not asking again.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import asdict, replace

import orjson
from redis.asyncio import Redis

from store.answers.change_summary import summary
from store.calls.calls import CallKind, Calls
from store.codec import from_plain
from store.mongo import Collections
from store.records.explanation import MAX_VARIANTS, Explanation, Question
from store.records.explanation_change import (
    ExplanationChange,
    near_row_changes,
    training_change,
    word_changes,
)
from store.records.model import ModelVersion
from store.redis.connection import redis_errors
from store.settings import Settings

NEAR_ROWS = 20
"""Nearest rows of either version that are followed from one to the other."""
KEPT_S = 3600
"""Long enough to look at an explanation again; with its rows it can be 20 kB."""
CHARACTERS_A_WORD = 5


class Explanations:
    """Everything raises Unavailable when a service does not answer, and what `Calls.ask` does."""

    def __init__(
        self, *, settings: Settings, mongo: Collections, redis: Redis, calls: Calls
    ) -> None:
        self._settings = settings
        self._mongo = mongo
        self._redis = redis
        self._calls = calls

    async def explain(
        self, version_id: str, texts: Sequence[str], asked: Question
    ) -> list[Explanation]:
        """One a text, in order. Each text is a call of its own, so that workers share them."""
        distinct = list(dict.fromkeys(texts))
        found = await asyncio.gather(*(self._explain(version_id, each, asked) for each in distinct))
        by_text = dict(zip(distinct, found, strict=True))
        return [by_text[text] for text in texts]

    async def change(
        self, text: str, before: ModelVersion, after: ModelVersion, words: int
    ) -> ExplanationChange:
        """Why `after` says of the text what it says, beside what `before` says."""
        first = await self._both(text, before, after, Question(neighbours=NEAR_ROWS))
        asked, label = _comparable(before, after, *first)
        earlier, later = await self._both(text, before, after, *asked)
        training = training_change(before, after)
        changed = word_changes(earlier, later, words) if label is not None else ()
        rows = near_row_changes(earlier.known, later.known) if training.is_same_dataset else ()
        change = ExplanationChange(earlier, later, label, changed, rows, training)
        return replace(change, summary=summary(change, *await self._names(before, after)))

    # -- how --------------------------------------------------------------------------------------

    async def _both(
        self, text: str, before: ModelVersion, after: ModelVersion, *asked: Question
    ) -> tuple[Explanation, Explanation]:
        """Of either version; the last question is the later one's."""
        return await asyncio.gather(
            self._explain(before.id, text, asked[0]), self._explain(after.id, text, asked[-1])
        )

    async def _explain(self, version_id: str, text: str, asked: Question) -> Explanation:
        key = self._key(version_id, text, asked)
        with redis_errors():
            cached = await self._redis.get(key)
        if cached is not None:
            return from_plain(Explanation, orjson.loads(cached))
        (found,) = await self._calls.ask(
            Explanation, CallKind.EXPLAIN, version_id, [text], _weight(text, asked), **asdict(asked)
        )
        with redis_errors():
            await self._redis.set(key, orjson.dumps(found), ex=KEPT_S)
        return found

    def _key(self, version_id: str, text: str, asked: Question) -> str:
        digest = hashlib.sha256(orjson.dumps([text, asked])).hexdigest()
        return f"{self._settings.redis_prefix}:explanations:{version_id}:{digest}"

    async def _names(self, before: ModelVersion, after: ModelVersion) -> tuple[str, str]:
        """As people call them: by their numbers alone where they are of one model."""
        earlier, later = f"version {before.number}", f"version {after.number}"
        if before.model_id == after.model_id:
            return earlier, later
        models = await self._mongo.models.get_many([before.model_id, after.model_id])
        names = (models[version.model_id].name for version in (before, after))
        return f"{earlier} of {next(names)}", f"{later} of {next(names)}"


def _weight(text: str, asked: Question) -> int:
    """For about how many texts the question counts while it waits."""
    return min(MAX_VARIANTS, len(text) // CHARACTERS_A_WORD + 1) if asked.words else 1


def _comparable(
    before: ModelVersion, after: ModelVersion, earlier: Explanation, later: Explanation
) -> tuple[tuple[Question, Question], str | None]:
    """Questions whose answers can be compared, and the label that they are about.

    The later answer against the earlier one where they differ; each its own where the earlier
    version does not know the later answer, or the later one the earlier answer.
    """
    rows = tuple(sorted({row.row for each in (earlier, later) for row in each.nearest}))
    label, was = later.answer.label, earlier.answer.label

    def ask(label: str, against: str | None = None) -> Question:
        return Question(label, against, MAX_VARIANTS, NEAR_ROWS, rows)

    if label not in before.labels:
        return (ask(was), ask(label)), None
    against = was if was != label and was in after.labels else None
    return (ask(label, against), ask(label, against)), label
