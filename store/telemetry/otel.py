"""Spans by OpenTelemetry; `store.telemetry.tracing` loads this where they have somewhere to go."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from store.telemetry.tracing import Span, Value
from store.version import VERSION

HEADER = "traceparent"


class _Span:
    def __init__(self, span: trace.Span) -> None:
        self.span = span

    def note(self, **attributes: Value) -> None:
        self.span.set_attributes(attributes)

    def end(self, failure: str = "") -> None:
        if failure:
            self.span.set_status(trace.StatusCode.ERROR, failure)
        self.span.end()


class OpenTelemetry:
    """The exporter, the batches and the sampler follow OpenTelemetry's own OTEL_* variables."""

    def __init__(self, service: str) -> None:
        about = {SERVICE_NAME: service, SERVICE_VERSION: VERSION}
        self._provider = TracerProvider(resource=Resource.create(about))
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        self._tracer = self._provider.get_tracer("shoal", VERSION)
        self._wire = TraceContextTextMapPropagator()

    def begin(self, name: str, parent: str | None, attributes: dict[str, Value]) -> Span:
        context = self._wire.extract({HEADER: parent}) if parent else None
        return _Span(self._tracer.start_span(name, context, attributes=attributes))

    @contextmanager
    def within(self, span: Span) -> Iterator[None]:
        inner = cast(_Span, span).span
        with trace.use_span(inner, record_exception=False, set_status_on_exception=False):
            yield

    def traceparent(self) -> str | None:
        carrier: dict[str, str] = {}
        self._wire.inject(carrier)
        return carrier.get(HEADER)

    def close(self) -> None:
        self._provider.shutdown()
