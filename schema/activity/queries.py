"""Reading what happened."""

from __future__ import annotations

from typing import Annotated, Any

import strawberry

from schema.activity.types import ActivityEvent
from schema.context import Info
from schema.errors import Missing, NotAllowed
from schema.feeds.pages import (
    After,
    Before,
    Last,
    Selected,
    check_last,
    edges_of,
    has_gap,
    page_info_of,
)
from schema.fields import query
from schema.paging import Edge, First, PageInfo, check_first
from schema.permissions import Requires
from schema.visibility import find, sees_event
from store.events import Feed
from store.records import event as records
from store.records.account import Scope

Topics = Annotated[
    list[records.Topic] | None,
    strawberry.argument(description="Only events of these topics, at most all of them."),
]
Subject = Annotated[
    strawberry.ID | None,
    strawberry.argument(description="Only events of this job, data set or model."),
]


@strawberry.type(
    description="One page of what happened, oldest first; with `topics` it may hold fewer than "
    "`first` events although there are more."
)
class ActivityEventConnection:
    edges: list[Any] = strawberry.field(
        resolver=edges_of, graphql_type=list[Edge[ActivityEvent]], description="The events."
    )
    events: list[ActivityEvent] = strawberry.field(name="nodes", description="The events.")
    page_info: PageInfo = strawberry.field(
        resolver=page_info_of, description="Where the page ends."
    )
    has_gap: bool = strawberry.field(
        resolver=has_gap,
        description="Whether older events, after `after`, are no longer kept.",
    )


async def _feed(info: Info, subject_id: str | None) -> Feed:
    if subject_id is None:
        if not info.context.signed_in.is_admin:
            raise NotAllowed("FORBIDDEN", "name a subject; only an admin reads about everything")
        return Feed.everything()
    if await find(info.context, subject_id) is None:
        raise Missing(f"there is no {subject_id!r}", "subjectId")
    return Feed.of(subject_id)


@strawberry.type
class ActivityQueries:
    @query(
        Requires(Scope.READ),
        "What happened, oldest first: to one thing, or to everything for an admin.",
        shows=ActivityEventConnection,
    )
    async def events(  # noqa: PLR0917 -- strawberry passes them by name
        self,
        info: Info,
        subject_id: Subject = None,
        topics: Topics = None,
        first: First = 20,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Selected:
        feed, events = await _feed(info, subject_id), info.context.store.events
        if last is None:
            check_first(first)
            page = await events.page(feed, after, first)
        else:
            check_last(last, after)
            page = await events.page_before(feed, before, last)
        seen = [event for event in page.events if sees_event(info.context.signed_in, event)]
        asked = [event for event in seen if topics is None or event.topic in topics]
        return Selected(page, asked, after)
