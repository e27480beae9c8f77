"""One line of a job's log: an event whose figures are small texts by name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from store.records.event import Event, EventKind, LogLevel, Topic
from store.records.job import Job

MAX_MESSAGE_BYTES = 4_096
MAX_FIELDS = 20
MAX_FIELD = 200
WORKER = "worker"

LEVELS = {
    EventKind.JOB_RETRIED: LogLevel.WARNING,
    EventKind.LATE_WRITE_REFUSED: LogLevel.WARNING,
    EventKind.JOB_FAILED: LogLevel.ERROR,
}
"""Of what the feed says of a job; the rest is INFO."""


def line(  # noqa: PLR0917 -- what it is, then where it belongs
    job: Job, level: LogLevel, message: str, at: datetime, stage: str | None = None,
    fields: Mapping[str, object] = MappingProxyType({}),
) -> Event:  # fmt: skip
    """A line of the attempt that holds the job; what is too long is cut."""
    shown = {name: str(value)[:MAX_FIELD] for name, value in fields.items() if value is not None}
    related = dict(list(shown.items())[:MAX_FIELDS]) | ({WORKER: job.worker} if job.worker else {})
    return Event(
        topic=Topic.JOB, kind=EventKind.LOG_LINE, subject_id=job.id, owner_id=job.owner_id, at=at,
        message=cut(message), stage=stage, attempt=job.attempt, related=related, level=level,
    )  # fmt: skip


def level_of(event: Event) -> LogLevel:
    """How much a line matters, also one that the feed has as well."""
    return event.level or LEVELS.get(event.kind, LogLevel.INFO)


def cut(message: str) -> str:
    """At most MAX_MESSAGE_BYTES of UTF-8, without what UTF-8 cannot say."""
    encoded = message.encode(errors="replace")
    if len(encoded) <= MAX_MESSAGE_BYTES:
        return encoded.decode()
    return encoded[: MAX_MESSAGE_BYTES - len("…".encode())].decode(errors="ignore") + "…"
