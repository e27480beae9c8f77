"""The log of edits, as callers see it."""

from __future__ import annotations

from datetime import datetime

import strawberry

from schema.accounts.types import User
from schema.context import Info
from schema.enums import show_enum
from schema.visibility import find_user
from store.records.account import User as UserRecord
from store.records.cluster_edit import ClusterEdit as EditRecord
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


async def _by(edit: strawberry.Parent[ClusterEdit], info: Info) -> UserRecord | None:
    return await find_user(info.context, edit.by_id)


@strawberry.type(description="An entry of a model's log of edits, as it counts for one version.")
class ClusterEdit:
    id: strawberry.ID = strawberry.field(description="Undo it by this id.")
    kind: EditKind = strawberry.field(description="What was done.")
    at: datetime = strawberry.field(description="When it was done.")
    by: UserRecord | None = strawberry.field(
        resolver=_by,
        graphql_type=User | None,
        description="Who did it; null for callers who may not see them.",
    )
    clusters: list[strawberry.ID] = strawberry.field(
        description="The clusters edited, one entry each; of a merge the first one stays."
    )
    name: str | None = strawberry.field(description="The new name, where one was given.")
    parts: list[strawberry.ID] = strawberry.field(
        description="What a split made, one entry a part."
    )
    undoes: strawberry.ID | None = strawberry.field(description="The edit that no longer counts.")
    applies: bool = strawberry.field(description="Whether it counts in this version.")
    reason: str | None = strawberry.field(description="Why it does not; null when it does.")
    by_id: strawberry.Private[str]


def shown(step: Step) -> ClusterEdit:
    """The entry with what became of it."""
    edit: EditRecord = step.edit
    return ClusterEdit(
        id=strawberry.ID(edit.id),
        kind=edit.kind,
        at=edit.at,
        clusters=[strawberry.ID(each) for each in edit.clusters],
        name=edit.name,
        parts=[strawberry.ID(each) for each in edit.parts],
        undoes=strawberry.ID(edit.undoes) if edit.undoes else None,
        applies=step.reason is None,
        reason=step.reason,
        by_id=edit.by,
    )
