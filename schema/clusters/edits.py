"""The log of edits, as callers see it."""

from __future__ import annotations

from datetime import datetime

import strawberry

from schema.accounts.types import User
from schema.context import Info
from schema.enums import show_enum
from schema.nodes import Node, shows
from schema.visibility import find_user
from store.records.account import User as UserRecord
from store.records.cluster_edit import EditKind
from store.records.cluster_view import Step

show_enum(
    EditKind,
    "What somebody did to clusters.",
    RENAMED="A cluster got another name.",
    MERGED="Clusters became one.",
    SPLIT="A cluster was divided.",
    UNDONE="An earlier edit no longer counts.",
)


Here = strawberry.Parent[Step]


async def _by(step: Here, info: Info) -> UserRecord | None:
    return await find_user(info.context, step.edit.by)


@strawberry.type(description="An entry of a model's log of edits, as it counts for one version.")
class ClusterEdit(Node):
    is_type_of = shows(Step)

    id: strawberry.ID = strawberry.field(
        resolver=lambda root: root.edit.id, description="Undo it by this id."
    )
    kind: EditKind = strawberry.field(
        resolver=lambda root: root.edit.kind, description="What was done."
    )
    at: datetime = strawberry.field(
        resolver=lambda root: root.edit.at, description="When it was done."
    )
    by: UserRecord | None = strawberry.field(
        resolver=_by,
        graphql_type=User | None,
        description="Who did it; null for callers who may not see them.",
    )
    clusters: list[strawberry.ID] = strawberry.field(
        resolver=lambda root: root.edit.clusters,
        description="The clusters edited, one entry each; of a merge the first one stays.",
    )
    name: str | None = strawberry.field(
        resolver=lambda root: root.edit.name, description="The new name, where one was given."
    )
    parts: list[strawberry.ID] = strawberry.field(
        resolver=lambda root: root.edit.parts, description="What a split made, one entry a part."
    )
    undoes: strawberry.ID | None = strawberry.field(
        resolver=lambda root: root.edit.undoes, description="The edit that no longer counts."
    )
    applies: bool = strawberry.field(
        resolver=lambda root: root.reason is None, description="Whether it counts in this version."
    )
    reason: str | None = strawberry.field(description="Why it does not; null when it does.")
