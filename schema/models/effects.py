"""What moving a model's alias would change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import strawberry
from ulid import ULID

from schema.context import Info
from schema.lazy import LazyModelVersion
from store import ids
from store.clock import now
from store.records.model import Model, ModelVersion

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Move:
    """The alias of a model, from one version to another; None is for no version."""

    model: Model
    before: ModelVersion | None
    after: ModelVersion | None


Moved = strawberry.Parent[Move]


def _added(move: Moved) -> list[str]:
    return _only(move.after, move.before)


def _removed(move: Moved) -> list[str]:
    return _only(move.before, move.after)


def _only(these: ModelVersion | None, those: ModelVersion | None) -> list[str]:
    known = those.labels if those else ()
    return [label for label in (these.labels if these else ()) if label not in known]


async def _answers(move: Moved, info: Info) -> int:
    since = f"{ids.PREDICTION}_{ULID.from_datetime(now() - DAY)}"
    asked = {"model_id": move.model.id, "_id": {"$gt": since}}
    return await info.context.store.mongo.predictions.count(asked)


@strawberry.type(description="What changes for those who ask a model when its alias is moved.")
class PublicationEffect:
    before: ModelVersion | None = strawberry.field(
        graphql_type=LazyModelVersion | None, description="What answers now; null for nothing."
    )
    after: ModelVersion | None = strawberry.field(
        graphql_type=LazyModelVersion | None, description="What answers then; null for nothing."
    )
    labels_added: list[str] = strawberry.field(
        resolver=_added, description="All labels that callers have not had before."
    )
    labels_removed: list[str] = strawberry.field(
        resolver=_removed, description="All labels that callers get no longer."
    )
    answers_last_day: int = strawberry.field(
        resolver=_answers, description="Answers that the model gave in the last 24 hours."
    )


async def move_to(info: Info, known: Model, moved: Model) -> Move:
    """The move of the alias between two states of a model."""
    wanted = [each.published_version_id for each in (known, moved)]
    found = await info.context.store.mongo.model_versions.get_many(filter(None, wanted))
    before, after = (found.get(each or "") for each in wanted)
    return Move(known, before, after)
