"""Following a job."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated

import strawberry

from schema.activity.types import ActivityEvent
from schema.context import Info
from schema.feeds.feed import START, CaughtUp, Cursor, Gap, Heartbeat, follow
from schema.fields import subscription
from schema.jobs.log import LogLine
from schema.jobs.types import Job
from schema.permissions import Requires
from schema.visibility import find_job, must_find
from store import events
from store.joblogs import LAST, has_end, to_the_end
from store.records import job as records
from store.records.account import Scope


@strawberry.type(description="The job when the stream began; the events since `cursor` follow.")
class JobSnapshot:
    job: records.Job = strawberry.field(graphql_type=Job | None, description="The job.")
    cursor: str = strawberry.field(description="Where the events begin that are sent next.")


JobFeedItem = Annotated[
    JobSnapshot | ActivityEvent | CaughtUp | Gap | Heartbeat,
    strawberry.union("JobFeedItem", description="An item of a job's feed."),
]
JobLogItem = Annotated[
    LogLine | CaughtUp | Gap | Heartbeat,
    strawberry.union("JobLogItem", description="An item of a job's log."),
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
        feed = events.Feed.of(job.id)

        async def is_told(cursor: str) -> bool:
            return has_end(await info.context.store.events.latest(feed, LAST), cursor)

        async def is_over() -> bool:
            return (await must_find(info.context, find_job, id, "id")).status.is_terminal

        items = follow(info.context, feed, after)
        async with aclosing(to_the_end(items, is_told=is_told, is_over=is_over)) as told:
            async for item in told:
                yield item

    @subscription(
        Requires(Scope.READ),
        "A job's log from its first line, or from `after` on; ends when the job has ended and "
        "all of it was sent. An ended job's log is told in the same way.",
        shows=JobLogItem,
    )
    async def job_log(
        self, info: Info, id: Id, after: Cursor = None
    ) -> AsyncGenerator[events.FeedItem, None]:
        job = await must_find(info.context, find_job, id, "id")
        async with aclosing(info.context.store.job_logs.follow(job, after)) as items:
            async for item in items:
                yield item
