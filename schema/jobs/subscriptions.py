"""Following a job."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated

import strawberry

from schema.activity.types import ActivityEvent
from schema.context import Info
from schema.feed import START, CaughtUp, Cursor, Gap, Heartbeat, follow
from schema.fields import subscription
from schema.jobs.types import Job
from schema.permissions import Requires
from schema.visibility import find_job, must_find
from store import events
from store.records import job as records
from store.records.account import Scope
from store.records.event import Event, EventKind

ENDS = (EventKind.JOB_SUCCEEDED, EventKind.JOB_FAILED, EventKind.JOB_CANCELLED)


@strawberry.type(description="The job when the stream began; the events since `cursor` follow.")
class JobSnapshot:
    job: records.Job = strawberry.field(graphql_type=Job | None, description="The job.")
    cursor: str = strawberry.field(description="Where the events begin that are sent next.")


JobFeedItem = Annotated[
    JobSnapshot | ActivityEvent | CaughtUp | Gap | Heartbeat,
    strawberry.union("JobFeedItem", description="An item of a job's feed."),
]
Id = Annotated[strawberry.ID, strawberry.argument(description="The job's id.")]


@strawberry.type
class JobSubscriptions:
    @subscription(
        Requires(Scope.READ),
        "A job from its beginning, or from `after` on; ends when the job has ended and "
        "all of it was sent.",
        shows=JobFeedItem,
    )
    async def job_events(
        self, info: Info, id: Id, after: Cursor = None
    ) -> AsyncGenerator[JobSnapshot | events.FeedItem, None]:
        job = await must_find(info.context, find_job, id, "id")
        yield JobSnapshot(job=job, cursor=after or START)
        has_ended, is_live = job.status.is_terminal, False
        async with aclosing(follow(info.context, events.Feed.of(job.id), after)) as items:
            async for item in items:
                yield item
                has_ended |= isinstance(item, Event) and item.kind in ENDS
                is_live |= isinstance(item, events.CaughtUp)
                if has_ended and is_live:
                    return
