"""Structured logs of every process: one JSON object a line, or colours for people."""

from __future__ import annotations

import logging
import sys

import structlog
from structlog.typing import EventDict

from store import tracing
from store.settings import Settings


def configure_logs(settings: Settings) -> None:
    """Send structlog and the standard library's loggers to stderr in one format.

    Ids bound with `structlog.contextvars` (request, viewer, job, attempt) are on every line, and
    that of the trace where there is one.
    """
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        _add_trace,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    last = (
        structlog.processors.JSONRenderer()
        if settings.log_json
        else structlog.dev.ConsoleRenderer()
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    logging.basicConfig(handlers=[handler], level=settings.log_level, force=True)


def _add_trace(logger: object, method: str, line: EventDict) -> EventDict:
    parent = tracing.traceparent()
    if parent is not None:
        line["trace"] = parent.split("-")[1]
    return line
