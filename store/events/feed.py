"""What can be followed, and what a follower is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from store.records.event import Event

ALL = "all"
PREDICTIONS = "predictions"
SHARED = (ALL, PREDICTIONS)


@dataclass(frozen=True, slots=True)
class Feed:
    """Events of one stream: `all`, `predictions`, or the id of the one record they are about.

    Predictions are many, so their events are in `predictions` alone; every other event is in
    `all` and, under the same cursor, in the feed of its subject.
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

    @property
    def is_shared(self) -> bool:
        return self.stream in SHARED

    @property
    def origin(self) -> str:
        """The shared stream that its events come from live and that gave them their cursors."""
        return self.stream if self.is_shared else ALL


@dataclass(frozen=True, slots=True)
class CaughtUp:
    """The past is told; what follows happens now."""

    cursor: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Events after `from_cursor` are no longer kept; what follows begins after `to_cursor`.

    It is also told to a follower who stands exactly at the last event that was let go.
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
    has_next: bool
    gap: Gap | None = None
