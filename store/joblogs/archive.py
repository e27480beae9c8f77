"""A log that is whole: JSON lines with their cursors, oldest first, compressed by gzip."""

from __future__ import annotations

import gzip
from bisect import bisect_right
from collections.abc import Iterable

import orjson

from store.events.cursor import START, Cursor
from store.events.state import Chunk, begins_whole
from store.events.wire import FIELD, Entry, cursor_of


def pack(entries: Iterable[Entry]) -> bytes:
    """The archive of a log; the same lines give the same bytes."""
    lines = (
        b'{"cursor":"%b",%b' % (identifier, fields[FIELD].removeprefix(b"{"))
        for identifier, fields in entries
    )
    return gzip.compress(b"\n".join(lines), mtime=0)


class Archive:
    """Found by cursor without decoding more lines than it takes."""

    def __init__(self, packed: bytes) -> None:
        self._lines = gzip.decompress(packed).splitlines()

    def read(self, after: Cursor, count: int) -> Chunk:
        """At most `count` lines after a cursor: what `Streams.read` gave while they were there."""
        start = bisect_right(self._lines, after, key=_cursor)
        entries = [_entry(each) for each in self._lines[start : start + count + 1]]
        near = [_entry(each) for each in self._lines[max(start - 1, 0) : start]] + entries[:1]
        stands = any(cursor_of(entry) in (after, after.behind) for entry in near)
        if after == START:
            stands = begins_whole(entries)
        end = _cursor(self._lines[-1]) if self._lines else after
        return Chunk.of(entries, count, after=after, end=end, is_whole=stands)


def _cursor(line: bytes) -> Cursor:
    return cursor_of(_entry(line))


def _entry(line: bytes) -> Entry:
    return orjson.loads(line)["cursor"].encode(), {FIELD: line}
