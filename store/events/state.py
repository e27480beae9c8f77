"""What a stream still holds, and what was read of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from redis.exceptions import ResponseError

from store.events.cursor import START, Cursor
from store.events.feed import Gap
from store.events.wire import Entry, cursor_of
from store.records.event import Event


@dataclass(frozen=True, slots=True)
class StreamState:
    last: Cursor = START
    """The newest id that it ever gave, kept or not."""
    oldest: Cursor | None = None
    """The first entry still there; None when there is none."""
    deleted: Cursor = START
    """The newest entry that was taken out by itself."""
    is_trimmed: bool = False

    @staticmethod
    def of(reply: dict[str, Any] | Exception) -> StreamState:
        """From XINFO STREAM; a stream that does not exist has lost nothing."""
        if isinstance(reply, ResponseError) and "no such key" in str(reply):
            return StreamState()
        if isinstance(reply, Exception):
            raise reply
        first = reply["first-entry"]
        return StreamState(
            last=Cursor.parse(reply["last-generated-id"].decode()),
            oldest=cursor_of(first) if first else None,
            deleted=Cursor.parse(reply["max-deleted-entry-id"].decode()),
            is_trimmed=reply["entries-added"] > reply["length"],
        )

    def lacks_after(self, cursor: Cursor) -> bool:
        """Whether an entry after `cursor` may have been let go.

        Redis does not tell the last id that it trimmed. So this also holds for exactly that id,
        after which nothing is missing: one Gap too many, never one too few.
        """
        oldest = self.oldest or self.last
        return cursor < self.deleted or (self.is_trimmed and cursor < oldest)


@dataclass(frozen=True, slots=True)
class Chunk:
    """Consecutive events after a cursor, and the cursor to go on from."""

    events: list[Event]
    cursor: Cursor
    has_next: bool
    gap: Gap | None


@dataclass(frozen=True, slots=True)
class Arrival:
    """What came on a shared stream while the reader waited, and its state right after."""

    entries: list[Entry]
    state: StreamState
