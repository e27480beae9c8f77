"""Calls that are answered together, as those who run the platform see them."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from store.calls.calls import Call
from store.telemetry import tracing
from workers.metrics import CALLS, CHUNK_SECONDS, CHUNK_TEXTS

OK = "ok"


@dataclass(slots=True)
class Chunk:
    outcome: str = "lost"
    """OK, or the code that its calls were refused with; lost where nobody could be told."""


@contextmanager
def answering(calls: Sequence[Call]) -> Iterator[Chunk]:
    """Within, they are answered: a span for each, under the span of the request that asks."""
    texts, began, chunk = sum(len(call.texts) for call in calls), time.perf_counter(), Chunk()
    spans = [
        tracing.begin(
            "inference", call.trace, kind=call.kind, subject=call.subject,
            texts=len(call.texts), texts_together=texts,
        )
        for call in calls
    ]  # fmt: skip
    try:
        yield chunk
    finally:
        CHUNK_SECONDS.observe(time.perf_counter() - began)
        CHUNK_TEXTS.observe(texts)
        CALLS.labels(chunk.outcome).inc(len(calls))
        for span in spans:
            span.end("" if chunk.outcome == OK else chunk.outcome)
