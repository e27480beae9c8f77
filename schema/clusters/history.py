"""What became of a model's clusters, version by version."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry

from schema.clusters.types import ClusterEvent
from schema.context import Info
from schema.lazy import LazyModelVersion
from schema.paging import After, Connection, First, Listing, list_page
from schema.visibility import find_model_version, versions_for
from store.records import cluster_map as records
from store.records.model import Model, ModelVersion

Here = strawberry.Parent[records.ClusterMap]
Id = Annotated[
    strawberry.ID | None, strawberry.argument(description="Events of this cluster alone.")
]


async def history_of(
    model: strawberry.Parent[Model], info: Info, first: First = 20, after: After = None
) -> Listing[records.ClusterMap]:
    """The resolver of `Model.clusterHistory`."""
    return await list_page(
        info, info.context.store.mongo.cluster_maps, versions_for(info.context.signed_in, model),
        name=f"cluster_history:{model.id}", first=first, after=after,
    )  # fmt: skip


async def _version(here: Here, info: Info) -> ModelVersion | None:
    return await find_model_version(info.context, here.id)


async def _previous(here: Here, info: Info) -> ModelVersion | None:
    return await find_model_version(info.context, here.previous_id) if here.previous_id else None


def _events(here: Here, cluster: Id = None) -> list[records.Lineage]:
    return [each for each in here.lineage if cluster in (None, *each.before, *each.after)]


@strawberry.type(description="What became of a model's clusters when a version was made.")
class ClusterHistoryEntry:
    at: datetime = strawberry.field(
        resolver=lambda root: root.created_at, description="When the map was drawn."
    )
    version: ModelVersion | None = strawberry.field(
        resolver=_version,
        graphql_type=LazyModelVersion | None,
        description="The version; null for one that was not finished.",
    )
    previous: ModelVersion | None = strawberry.field(
        resolver=_previous,
        graphql_type=LazyModelVersion | None,
        description="The version that it is compared with; null for the first one, and for "
        "callers who may not see it.",
    )
    events: list[records.Lineage] = strawberry.field(
        resolver=_events,
        graphql_type=list[ClusterEvent],
        description="What became of its clusters, one entry an event.",
    )


ClusterHistory = Connection[ClusterHistoryEntry]
