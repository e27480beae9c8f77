"""Following a model."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from functools import partial
from typing import Annotated

import strawberry

from schema.activity.types import ActivityEvent
from schema.context import Info
from schema.feeds.feed import START, CaughtUp, Cursor, Gap, Heartbeat, follow
from schema.fields import subscription
from schema.models.types import Model
from schema.permissions import Requires
from schema.visibility import find_model, must_find, sees_event
from store import events
from store.records import model as records
from store.records.account import Scope


@strawberry.type(description="The model when the stream began; the events since `cursor` follow.")
class ModelSnapshot:
    model: records.Model = strawberry.field(graphql_type=Model | None, description="The model.")
    cursor: str = strawberry.field(description="Where the events begin that are sent next.")


ModelFeedItem = Annotated[
    ModelSnapshot | ActivityEvent | CaughtUp | Gap | Heartbeat,
    strawberry.union("ModelFeedItem", description="An item of a model's feed."),
]
Id = Annotated[strawberry.ID, strawberry.argument(description="The model's id.")]


@strawberry.type
class ModelSubscriptions:
    @subscription(
        Requires(Scope.READ),
        "A model and its versions from the beginning, or from `after` on. Callers who "
        "are neither owner nor admin see what is published.",
        shows=ModelFeedItem,
    )
    async def model_events(
        self, info: Info, id: Id, after: Cursor = None
    ) -> AsyncGenerator[ModelSnapshot | events.FeedItem, None]:
        sees = partial(sees_event, info.context.signed_in)
        model = await must_find(info.context, find_model, id, "id")
        yield ModelSnapshot(model=model, cursor=after or START)
        async with aclosing(follow(info.context, events.Feed.of(model.id), after, sees)) as items:
            async for item in items:
                yield item
