"""Events as the bytes of a stream's entry."""

from __future__ import annotations

from collections.abc import Iterable

import orjson
import structlog

from store.codec import from_plain, to_plain
from store.events.cursor import Cursor
from store.records.event import Event

Entry = tuple[bytes, dict[bytes, bytes]]

FIELD = b"e"
log = structlog.get_logger(__name__)


def encode(event: Event) -> bytes:
    """Without the cursor, which is the entry's id, and without what is at its default."""
    plain = to_plain(event)
    del plain["cursor"]
    return orjson.dumps({k: v for k, v in plain.items() if v is not None and v not in ("", {})})


def decode_all(entries: Iterable[Entry]) -> list[Event]:
    """Those that this version knows: a newer process may write kinds that it does not."""
    events = (decode(entry) for entry in entries)
    return [event for event in events if event is not None]


def decode(entry: Entry) -> Event | None:
    """The event, or None when this version does not know its kind."""
    identifier, fields = entry
    cursor = identifier.decode()
    try:
        return from_plain(Event, orjson.loads(fields[FIELD]) | {"cursor": cursor})
    except (KeyError, TypeError, ValueError) as error:
        log.warning("event.unknown", cursor=cursor, error=str(error))
        return None


def cursor_of(entry: Entry) -> Cursor:
    """Where an entry stands."""
    return Cursor.parse(entry[0].decode())
