"""Spans, where OTEL_EXPORTER_OTLP_ENDPOINT names a receiver; else nothing is loaded or done.

A trace goes on from process to process as a W3C `traceparent`: from a request's header to its
span, from there with the job or the call to the worker.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
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

    def within(self, span: Span) -> AbstractContextManager[None]: ...

    def traceparent(self) -> str | None: ...

    def close(self) -> None: ...


class _NoSpan:
    def note(self, **attributes: Value) -> None:
        pass

    def end(self, failure: str = "") -> None:
        pass


_NO_SPAN = _NoSpan()
_backend: Backend | None = None


@contextmanager
def traced(service: str) -> Iterator[None]:
    """This process's spans are sent under that name, if an endpoint is set; the last at the end."""
    global _backend  # noqa: PLW0603 -- one a process, like the log
    _backend = _opened(service) if os.environ.get(ENDPOINT) else None
    try:
        yield
    finally:
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


def _opened(service: str) -> Backend | None:
    try:
        backend: Backend = importlib.import_module("store.telemetry.otel").OpenTelemetry(service)
    except ModuleNotFoundError as missing:
        log.warning("no_spans", reason=str(missing), hint="pip install 'shoal[otel]'")
        return None
    return backend
