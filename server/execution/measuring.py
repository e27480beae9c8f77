"""What becomes of an operation, for those who run the server: a figure, a span, a line."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import structlog
from strawberry.types import ExecutionResult
from strawberry.types.execution import PreExecutionError

from schema.context import Context
from schema.documents.documents import MAX_CACHED_CHARACTERS
from schema.root import schema
from server.execution.counting import count_begun, count_failed
from server.http.operations import Operation
from server.metrics import OPERATION_SECONDS, OPERATIONS
from store.telemetry import tracing

UNKNOWN = "unknown"
MAX_ID = 64
"""Characters of an id that a client made up."""

log = structlog.get_logger(__name__)


class Measured:
    """A query or mutation on its way; its names are the schema's own, so there are not many."""

    def __init__(self, operation: Operation) -> None:
        is_long = len(operation.query) > MAX_CACHED_CHARACTERS
        asked = None if is_long else schema.asked(operation.query, operation.name)
        self.type = asked.type.value if asked else UNKNOWN
        self.field = asked.field if asked and asked.field else UNKNOWN
        self.outcome = "failed"

    def ended(self, result: ExecutionResult) -> ExecutionResult:
        """It was refused before it began, or ended with errors or without."""
        refused = isinstance(result, PreExecutionError)
        self.outcome = "refused" if refused else "error" if result.errors else "ok"
        return result


@dataclass(slots=True)
class Told:
    results: int = 0


@contextmanager
def noted(identifier: str) -> Iterator[Told]:
    """One line in the log for an operation over a socket, as HTTP has one for a request."""
    told, began = Told(), time.perf_counter()
    try:
        yield told
    finally:
        seconds = time.perf_counter() - began
        log.info(
            "operation", id=identifier[:MAX_ID], results=told.results, ms=round(seconds * 1000, 1)
        )


@contextmanager
def measured(operation: Operation, context: Context) -> Iterator[Measured]:
    """Books what runs within under the operation's type and first field, and for its caller."""
    running, began = Measured(operation), time.perf_counter()
    count_begun(schema.asked(operation.query, operation.name), operation, context)
    structlog.contextvars.bind_contextvars(operation=f"{running.type} {running.field}")
    try:
        with tracing.span(f"{running.type} {running.field}"):
            yield running
    finally:
        if running.outcome != "ok":
            count_failed(context)
        OPERATIONS.labels(running.type, running.field, running.outcome).inc()
        OPERATION_SECONDS.labels(running.type, running.field).observe(time.perf_counter() - began)
