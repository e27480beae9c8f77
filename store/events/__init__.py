"""Everything that happens, in one order: appended once, replayed and followed by a cursor."""

from store.events.events import Events
from store.events.feed import ENDS, CaughtUp, EventPage, Feed, FeedItem, Gap, Heartbeat

__all__ = ["ENDS", "CaughtUp", "EventPage", "Events", "Feed", "FeedItem", "Gap", "Heartbeat"]
