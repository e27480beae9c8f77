"""What the child logs goes to the worker, and from there into the job's log.

Libraries are heard from WARNING on, our own stages from INFO. Everything of a library that is
worth a warning is on stderr as well, for whoever looks after the worker.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Callable
from typing import Any

OURS = "workers"
MAX_MESSAGE = 4_000
MAX_TRACEBACK = 3_000
"""Characters; of a traceback the last ones say what broke."""

Send = Callable[[dict[str, Any]], None]


class WireHandler(logging.Handler):
    """Sends `{"log": {"at", "level", "message", "fields"}}`."""

    def __init__(self, send: Send) -> None:
        super().__init__()
        self._send = send

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self._send({"log": to_message(record)})
        except Exception:
            self.handleError(record)


def to_message(record: logging.LogRecord) -> dict[str, Any]:
    """The record as plain data; its figures are those of `extra={"fields": {...}}`."""
    message = record.getMessage().strip()[:MAX_MESSAGE]
    if record.exc_info and record.exc_info[0]:
        told = "".join(traceback.format_exception(*record.exc_info)).strip()
        message = f"{message[: MAX_MESSAGE - MAX_TRACEBACK]}\n{told[-MAX_TRACEBACK:]}"
    figures = getattr(record, "fields", {}).items()
    fields = {name: shown(value) for name, value in figures if value is not None}
    if not record.name.startswith(OURS):
        fields["logger"] = record.name
    return {
        "at": record.created, "level": level_of(record), "message": message, "fields": fields,
    }  # fmt: skip


def shown(figure: object) -> str:
    """Floats with four digits."""
    return f"{figure:.4g}" if isinstance(figure, float) else str(figure)


def level_of(record: logging.LogRecord) -> str:
    """One of the three that a job's log knows."""
    if record.levelno >= logging.ERROR:
        return "ERROR"
    return "WARNING" if record.levelno >= logging.WARNING else "INFO"


def send_logs(send: Send) -> None:
    """From now on, in every thread of this process."""
    shown = logging.StreamHandler(sys.stderr)
    shown.setLevel(logging.WARNING)
    logging.basicConfig(handlers=[WireHandler(send), shown], level=logging.WARNING, force=True)
    logging.getLogger(OURS).setLevel(logging.INFO)
    logging.captureWarnings(True)
