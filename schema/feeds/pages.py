"""Lists of events and of lines: pages by the cursors of the feed, which need no signature."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

import strawberry

from schema.paging import MAX_FIRST, Edge, PageInfo
from store.errors import InvalidValue
from store.events import EventPage
from store.records.event import Event

After = Annotated[
    str | None,
    strawberry.argument(description="A cursor of any feed: begin behind it, else at the oldest."),
]
Before = Annotated[
    str | None,
    strawberry.argument(description="With `last`: end before this cursor, else at the newest."),
]
Last = Annotated[
    int | None,
    strawberry.argument(description="In place of `first`: how many from the end, 1 to 100."),
]


@dataclass(frozen=True, slots=True)
class Selected:
    """The events of a page that were asked for."""

    page: EventPage
    events: list[Event]
    after: str | None


Listed = strawberry.Parent[Selected]


def edges_of(listed: Listed) -> list[Any]:
    """The events with their places."""
    return [Edge(node=event, cursor=event.cursor) for event in listed.events]


def page_info_of(listed: Listed) -> PageInfo:
    """The page ends at the last event that was looked at, asked for or not."""
    page = listed.page
    return PageInfo(
        has_next_page=page.has_next,
        has_previous_page=listed.after is not None or page.has_previous,
        start_cursor=page.events[0].cursor if page.events else None,
        end_cursor=page.cursor,
    )


def has_gap(listed: Listed) -> bool:
    """Whether the page begins after a gap."""
    return listed.page.gap is not None


def check_last(last: int, after: str | None) -> None:
    """Raises InvalidValue unless 1 <= last <= 100, and it is asked for alone."""
    if not 1 <= last <= MAX_FIRST:
        raise InvalidValue(f"last is {last}; it must be between 1 and {MAX_FIRST}", "last")
    if after is not None:
        raise InvalidValue("a page goes either after a cursor or back from its end", "after")
