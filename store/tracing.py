"""Spans, where OTEL_EXPORTER_OTLP_ENDPOINT names a receiver; else nothing is loaded or done.

A trace goes on from process to process as a W3C `traceparent`: from a request's header to its
span, from there with the job or the call to the worker.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

import structlog

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
Value = str | int | float | bool

log = structlog.get_logger(__name__)


class Span(Protocol):
    def note(self, **attributes: Value) -> None:
        """Attributes that were not known when it began."""

    def end(self, failure: str = "") -> None: ...


class Backend(Protocol):
    def begin(self, name: str, parent: str | None, attributes: dict[str, Value]) -> Span: ...
    @contextmanager
    def within(self, span: Span) -> Iterator[None]: ...
    def traceparent(self) -> str | None: ...
    def close(self) -> None: ...


class _NoSpan:
    def note(self, **attributes: Value) -> None:
        pass

    def end(self, failure: str = "") -> None:
        pass


_NO_SPAN = _NoSpan()
_backend: Backend | None = None


def open_tracing(service: str) -> None:
    """Send this process's spans from now on, if an endpoint is set."""
    global _backend  # noqa: PLW0603 -- one a process, like the log
    if not os.environ.get(ENDPOINT):
        return
    try:
        _backend = importlib.import_module("store.otel").OpenTelemetry(service)
    except ModuleNotFoundError as missing:
        log.warning("no_spans", reason=str(missing), hint="pip install 'shoal[otel]'")


def close_tracing() -> None:
    """Send what is left."""
    global _backend  # noqa: PLW0603
    if _backend is not None:
        _backend.close()
        _backend = None


def begin(name: str, parent: str | None = None, **attributes: Value) -> Span:
    """A span under `parent`, a traceparent, or else under the span of here and now.

    It is nobody's parent: for what begins in one place and ends in another.
    """
    return _backend.begin(name, parent, attributes) if _backend else _NO_SPAN


@contextmanager
def span(name: str, parent: str | None = None, **attributes: Value) -> Iterator[Span]:
    """A span as `begin` makes it, and the parent of those within; an exception is its failure."""
    if _backend is None:
        yield _NO_SPAN
        return
    begun, failure = _backend.begin(name, parent, attributes), ""
    try:
        with _backend.within(begun):
            yield begun
    except BaseException as error:
        failure = type(error).__name__
        raise
    finally:
        begun.end(failure)


def traceparent() -> str | None:
    """Of the span of here and now, for whoever goes on with its work."""
    return _backend.traceparent() if _backend else None
