"""Following a data set."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated

import strawberry

from schema.activity.types import ActivityEvent
from schema.context import Info
from schema.datasets.types import Dataset
from schema.feeds.feed import START, CaughtUp, Cursor, Gap, Heartbeat, follow
from schema.fields import subscription
from schema.permissions import Requires
from schema.visibility import find_dataset, must_find
from store import events
from store.records import dataset as records
from store.records.account import Scope


@strawberry.type(description="The data set when the stream began; events since `cursor` follow.")
class DatasetSnapshot:
    dataset: records.Dataset = strawberry.field(
        graphql_type=Dataset | None, description="The data set."
    )
    cursor: str = strawberry.field(description="Where the events begin that are sent next.")


DatasetFeedItem = Annotated[
    DatasetSnapshot | ActivityEvent | CaughtUp | Gap | Heartbeat,
    strawberry.union("DatasetFeedItem", description="An item of a data set's feed."),
]
Id = Annotated[strawberry.ID, strawberry.argument(description="The data set's id.")]


@strawberry.type
class DatasetSubscriptions:
    @subscription(
        Requires(Scope.READ),
        "A data set and its versions from the beginning, or from `after` on.",
        shows=DatasetFeedItem,
    )
    async def dataset_events(
        self, info: Info, id: Id, after: Cursor = None
    ) -> AsyncGenerator[DatasetSnapshot | events.FeedItem, None]:
        dataset = await must_find(info.context, find_dataset, id, "id")
        yield DatasetSnapshot(dataset=dataset, cursor=after or START)
        async with aclosing(follow(info.context, events.Feed.of(dataset.id), after)) as items:
            async for item in items:
                yield item
