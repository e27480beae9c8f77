"""New texts on a model's map."""

from __future__ import annotations

from typing import Annotated

import strawberry

from schema.clusters.types import InView, MapCluster, in_view
from schema.context import Info
from schema.cost import costs
from schema.errors import UserError
from schema.fields import no_errors, with_payload
from schema.inference.asked import asked_version, asking
from schema.inference.queries import check_texts
from schema.models.types import ModelVersion
from schema.permissions import Requires
from store.records.account import Scope
from store.records.cluster_map import MappedCluster, Placement
from store.records.cluster_view import ClusterView
from store.records.model import ModelVersion as VersionRecord


@strawberry.input(description="Texts for a model's map.")
class PlaceTextsInput:
    model: str = strawberry.field(
        description="The model's name or id, or the id of a version: the published one, or any of "
        "the caller's own."
    )
    texts: list[str] = strawberry.field(
        description="The texts, at most 64 with at most 10,000 characters each.",
        directives=costs(2),
    )


@strawberry.type(
    description="Where a text lies on a map that was drawn without it: the mean of its nearest "
    "training rows' places, nearer ones weighing more. Nothing is fitted again."
)
class PlacedText:
    text: str = strawberry.field(description="The text.")
    x: float = strawberry.field(description="Its place, across.")
    y: float = strawberry.field(description="Its place, up.")
    cluster: InView | None = strawberry.field(
        graphql_type=MapCluster | None,
        description="The cluster that it falls into, after all edits: of a split one the part of "
        "the nearest row. Null when there is none.",
    )
    cosine: float = strawberry.field(
        description="How near the nearest training row is: 1 for the same, near 0 when the place "
        "says little."
    )
    rows: list[int] = strawberry.field(
        description="Training rows that it was placed by, nearest first, at most 10."
    )
    truncated: bool = strawberry.field(description="Whether the text is longer than is read.")


async def _answering(
    payload: strawberry.Parent[PlaceTextsPayload], info: Info
) -> VersionRecord | None:
    loader = info.context.loaders.model_versions
    return await loader.load(payload.version_id) if payload.version_id else None


@strawberry.type(description="Places, one for each text.")
class PlaceTextsPayload:
    places: list[PlacedText] = strawberry.field(
        default_factory=list, description="The places, one for each text; empty after a failure."
    )
    model_version: VersionRecord | None = strawberry.field(
        resolver=_answering,
        graphql_type=ModelVersion | None,
        description="The version whose map it is.",
    )
    user_errors: list[UserError] = no_errors()
    version_id: strawberry.Private[str | None] = None


Texts = Annotated[PlaceTextsInput, strawberry.argument(description="The model and the texts.")]


@strawberry.type
class ClusterQueries:
    @with_payload(
        Requires(Scope.PREDICT),
        "Where texts lie on a model's map. Equal texts lie at one place, alone or together.",
        cost=1,
    )
    async def place_texts(self, info: Info, input: Texts) -> PlaceTextsPayload:
        check_texts(input.texts)
        clusters = info.context.store.clusters
        _, version_id = await asked_version(info.context, input.model)
        view = await clusters.must_view(version_id)
        async with asking(info.context, len(input.texts)):
            found = await clusters.place(version_id, input.texts)
        homes = await clusters.homes_of(view, found)
        triples = zip(input.texts, found, homes, strict=True)
        places = [_placed(*each, view) for each in triples]
        return PlaceTextsPayload(places=places, version_id=version_id)


def _placed(
    text: str, found: Placement, cluster: MappedCluster | None, view: ClusterView
) -> PlacedText:
    return PlacedText(
        text=text,
        x=found.x,
        y=found.y,
        cluster=in_view(cluster, view) if cluster else None,
        cosine=found.cosine,
        rows=list(found.rows),
        truncated=found.truncated,
    )
