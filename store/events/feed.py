"""What can be followed, and what a follower is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from store.records.event import Event, EventKind, Topic

ALL = "all"
PREDICTIONS = "predictions"
LOGS = "logs"
SHARED = (ALL, PREDICTIONS, LOGS)
_LOG = "log:"
LOGGED = (
    EventKind.JOB_QUEUED,
    EventKind.JOB_STARTED,
    EventKind.JOB_RETRIED,
    EventKind.JOB_CANCELLING,
    EventKind.JOB_SUCCEEDED,
    EventKind.JOB_FAILED,
    EventKind.JOB_CANCELLED,
    EventKind.JOB_CHANGED,
    EventKind.LATE_WRITE_REFUSED,
)
"""What is a line of the job's log as well."""
ENDS = (EventKind.JOB_SUCCEEDED, EventKind.JOB_FAILED, EventKind.JOB_CANCELLED)
"""A job's last events."""


def streams_of(event: Event, origin: str | None = None) -> tuple[str, ...]:
    """Where an event that comes from `origin` is kept: first where it has its cursor from.

    Each answer by itself is in `predictions` alone: they are too many. Their counts, and workers,
    which come and go for ever, would only fill a feed of their subject.
    """
    if origin == LOGS:
        return (LOGS, Feed.log(event.subject_id).stream)
    if event.kind is EventKind.PREDICTIONS_MADE or event.topic is Topic.WORKER:
        return (ALL,)
    return (PREDICTIONS,) if event.topic is Topic.PREDICTION else (ALL, event.subject_id)


@dataclass(frozen=True, slots=True)
class Feed:
    """Events of one stream: a shared one, or that of the one record they are about.

    An event has the same cursor in each stream that it is in; but a log, whose lines are too many
    for `all`, has what `all` says of its job under a cursor of its own.
    """

    stream: str

    @staticmethod
    def everything() -> Feed:
        return Feed(ALL)

    @staticmethod
    def predictions() -> Feed:
        return Feed(PREDICTIONS)

    @staticmethod
    def of(subject_id: str) -> Feed:
        return Feed(subject_id)

    @staticmethod
    def log(job_id: str) -> Feed:
        return Feed(_LOG + job_id)

    @property
    def is_shared(self) -> bool:
        return self.stream in SHARED

    @property
    def origin(self) -> str:
        """The shared stream that its events come from live and that gave them their cursors."""
        if self.is_shared:
            return self.stream
        return LOGS if self.stream.startswith(_LOG) else ALL


@dataclass(frozen=True, slots=True)
class CaughtUp:
    """The past is told; what follows happens now."""

    cursor: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Events after `from_cursor` are no longer kept; what follows begins after `to_cursor`.

    Whoever goes on from `to_cursor` is told of no further gap. A Gap is also told to a follower
    who stands exactly at the last event that was let go: nobody knows that it was the last.
    """

    from_cursor: str
    to_cursor: str


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """Nothing happened for a while; `cursor` still stands."""

    at: datetime
    cursor: str


FeedItem = Event | CaughtUp | Gap | Heartbeat


@dataclass(frozen=True, slots=True)
class EventPage:
    """Oldest first."""

    events: list[Event]
    cursor: str
    """Where it ends, also when its last event is one that this version does not know."""
    has_next: bool
    gap: Gap | None = None
    has_previous: bool = False
