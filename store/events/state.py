"""What a stream still holds, and what was read of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from redis.exceptions import ResponseError

from store.events.cursor import START, Cursor
from store.events.feed import Gap
from store.events.wire import Entry, cursor_of, decode, decode_all
from store.records.event import Event, EventKind, Topic


@dataclass(frozen=True, slots=True)
class StreamState:
    last: Cursor = START
    """The newest id that it ever gave, kept or not."""
    oldest: Cursor | None = None
    """The first entry still there; None when there is none."""
    deleted: Cursor = START
    """The newest entry that was taken out by itself."""
    is_trimmed: bool = False
    exists: bool = True

    @staticmethod
    def of(reply: dict[str, Any] | Exception) -> StreamState:
        """From XINFO STREAM; a stream that does not exist has lost nothing that it knows of."""
        if isinstance(reply, ResponseError) and "no such key" in str(reply):
            return StreamState(exists=False)
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
        kept_from = self.oldest.before if self.oldest else self.last
        return cursor < self.deleted or (self.is_trimmed and cursor < kept_from)


@dataclass(frozen=True, slots=True)
class Chunk:
    """Consecutive events after a cursor, and the cursor to go on from."""

    events: list[Event]
    cursor: Cursor
    has_next: bool
    gap: Gap | None
    has_stream: bool = True
    """Whether there is anything to read from."""

    @staticmethod
    def of(
        entries: list[Entry], count: int, *, after: Cursor, end: Cursor, is_whole: bool,
        has_stream: bool = True,
    ) -> Chunk:  # fmt: skip
        """Of the entries after a cursor, one more than `count` if there are more.

        `end` is where one stands who has read everything; unless `is_whole`, some that came after
        the cursor are gone.
        """
        taken, start = entries[:count], after
        if not is_whole:
            start = cursor_of(taken[0]).before if taken else end
        return Chunk(
            events=decode_all(taken),
            cursor=cursor_of(taken[-1]) if taken else start,
            has_next=len(entries) > count,
            gap=None if is_whole else Gap(str(after), str(start)),
            has_stream=has_stream,
        )


def begins_whole(entries: list[Entry]) -> bool:
    """Whether nothing was before the first of them: a job's history begins when it is queued."""
    first = decode(entries[0]) if entries else None
    return first is None or first.topic is not Topic.JOB or first.kind is EventKind.JOB_QUEUED


@dataclass(frozen=True, slots=True)
class Arrival:
    """What came on a shared stream while the reader waited, and its state right after."""

    entries: list[Entry]
    state: StreamState
    is_whole: bool
    """Whether nothing is gone of what came after the reader's position."""
