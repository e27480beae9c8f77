"""A webhook's document, tried: does it begin, and what would it send?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import orjson
from strawberry.types import ExecutionResult

from schema.context import Context
from schema.errors import NotAllowed, describe_all
from schema.feeds.feed import START
from schema.feeds.streams import Stream
from schema.webhooks.saved import Saved
from store.clock import now
from store.errors import Denied, InvalidValue, StoreError, Unavailable
from store.events import CaughtUp
from store.events.cursor import Cursor
from store.records.event import Event, EventKind, LogLevel, Topic

PATIENCE_S = 5.0
LOOK_BACK = 50
MAX_BODY = 64 * 1024
SAMPLES = {
    "jobEvents": (Topic.JOB, EventKind.JOB_SUCCEEDED),
    "jobLog": (Topic.JOB, EventKind.LOG_LINE),
    "datasetEvents": (Topic.DATASET, EventKind.VERSION_READY),
    "modelEvents": (Topic.MODEL, EventKind.MODEL_PUBLISHED),
    "activity": (Topic.JOB, EventKind.JOB_SUCCEEDED),
    "predictionFeed": (Topic.PREDICTION, EventKind.PREDICTION_MADE),
}
"""What a subscription tells of for example, where nothing has happened yet."""


@dataclass(frozen=True, slots=True)
class Told:
    """An event as it is sent."""

    cursor: str
    body: str
    is_sample: bool = False


async def begin(saved: Saved, context: Context) -> str:
    """The cursor of now, once the subscription has begun as it does for its maker.

    Raises InvalidValue, and Denied where the maker may not.
    """
    latest = await context.store.events.latest(saved.feed, 1)
    cursor = latest[0].cursor if latest else START
    items = await source(saved.stream(context, cursor))
    try:
        async with _in_time(), aclosing(items):
            await anext(items)
    except Unavailable:
        raise
    except StoreError as error:
        raise InvalidValue(f"the subscription does not begin: {error}", "document") from None
    return cursor


async def newest(saved: Saved, context: Context) -> Told:
    """The newest event that it has to tell, or else a sample."""
    latest = await context.store.events.latest(saved.feed, LOOK_BACK)
    if latest:
        before = str(Cursor.parse(latest[-1].cursor).before)
        stream = saved.stream(context, before)
        found: Event | None = None
        async with _in_time(), aclosing(await source(stream)) as items:
            async for item in items:
                found = item if isinstance(item, Event) else found
                if isinstance(item, CaughtUp):
                    break
        if found is not None:
            return Told(found.cursor, body_of(await stream.told(found), context.request_id))
    return await _sample(saved, context)


@asynccontextmanager
async def _in_time() -> AsyncIterator[None]:
    """Raises Unavailable where a feed does not say in time where it stands."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            yield
    except TimeoutError:
        raise Unavailable("redis", f"the feed did not begin within {PATIENCE_S:g} s") from None


async def source(stream: Stream) -> AsyncGenerator[Any, None]:
    """Its items. Raises Denied where its maker may not, and InvalidValue."""
    items = await stream.source()
    if not isinstance(items, list):
        return items
    error = items[0]
    if isinstance(error.original_error, NotAllowed):
        raise Denied(error.message)
    if isinstance(error.original_error, StoreError):
        raise error.original_error
    raise InvalidValue(f"the subscription does not begin: {error.message}", "document")


def body_of(result: ExecutionResult, request_id: str) -> str:
    """What a subscriber gets as `payload`, as JSON."""
    errors = result.errors or []
    describe_all(errors, request_id)
    answer: dict[str, Any] = {"data": result.data}
    if errors:
        answer["errors"] = [error.formatted for error in errors]
    body = orjson.dumps(answer).decode()
    if len(body) <= MAX_BODY:
        return body
    why = f"the answer came to {len(body):,} characters; at most {MAX_BODY:,} are sent"
    return orjson.dumps(
        {"data": None, "errors": [{"message": why, "extensions": {"code": "TOO_LARGE"}}]}
    ).decode()


async def _sample(saved: Saved, context: Context) -> Told:
    topic, kind = SAMPLES[saved.field.name.value]
    subject, at = saved.subject or "job_00000000000000000000000000", now()
    event = Event(
        topic, kind, subject, context.signed_in.id, at, "a sample: nothing has happened yet",
        level=LogLevel.INFO, cursor=f"{int(at.timestamp() * 1000)}-0",
    )  # fmt: skip
    result = await saved.stream(context, None).told(event)
    return Told(event.cursor, body_of(result, context.request_id), is_sample=True)
