"""Structured logs of every process: one JSON object a line, or colours for people.

What callers chose (paths, names) cannot begin a line of its own or colour a terminal, and no line
holds variables: neither those of a traceback's frames, nor what drivers say about their commands.
"""

from __future__ import annotations

import logging
import re
import sys

import structlog
from structlog.typing import EventDict

from store.settings import Settings
from store.telemetry import tracing

TALKATIVE = ("pymongo", "botocore", "aiobotocore", "aioboto3", "urllib3", "httpx", "httpcore")
"""Where DEBUG or INFO means whole commands with password hashes, or URLs with signatures."""
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


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
        structlog.processors.format_exc_info,  # as text, before a renderer adds local variables
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    last: list[structlog.typing.Processor] = (
        [structlog.processors.JSONRenderer()]
        if settings.log_json
        else [_printable, structlog.dev.ConsoleRenderer()]
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    logging.basicConfig(handlers=[handler], level=settings.log_level, force=True)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


def _printable(logger: object, method: str, line: EventDict) -> EventDict:
    """Control characters are written out where the renderer for people does not do so."""
    for name in ("event", "exception"):
        if isinstance(text := line.get(name), str) and _UNPRINTABLE.search(text):
            parts = text.split("\n") if name == "exception" else [text]
            line[name] = "\n".join(_UNPRINTABLE.sub(_written_out, part) for part in parts)
    return line


def _written_out(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode()


def _add_trace(logger: object, method: str, line: EventDict) -> EventDict:
    parent = tracing.traceparent()
    if parent is not None:
        line["trace"] = parent.split("-")[1]
    return line
