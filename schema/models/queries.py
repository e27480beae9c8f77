"""Reading models."""

from __future__ import annotations

from typing import Annotated, Any

import strawberry

from schema.context import Info
from schema.fields import query
from schema.models.types import Model, ModelVersion
from schema.paging import After, Connection, First, Listing, list_page
from schema.permissions import Requires
from schema.visibility import find_model, find_model_named, find_model_version, models_for
from store.errors import InvalidValue
from store.records import model as records
from store.records.account import Scope


@strawberry.input(description="Which models to list; what is left out does not matter.")
class ModelFilter:
    published: bool | None = strawberry.field(
        default=None, description="Whether a version of it is published."
    )
    owner_id: strawberry.ID | None = strawberry.field(default=None, description="Of this user.")

    def where(self) -> dict[str, Any]:
        """The filter in MongoDB's words."""
        where: dict[str, Any] = {}
        if self.published is not None:
            where["published_version_id"] = {"$ne": None} if self.published else None
        if self.owner_id is not None:
            where["owner_id"] = self.owner_id
        return where


Filter = Annotated[ModelFilter | None, strawberry.argument(description="Lists only some of them.")]
Id = Annotated[strawberry.ID | None, strawberry.argument(description="The model's id.")]
Name = Annotated[str | None, strawberry.argument(description="The model's name.")]
VersionId = Annotated[strawberry.ID, strawberry.argument(description="The version's id.")]


@strawberry.type
class ModelQueries:
    @query(
        Requires(Scope.READ),
        "Published models and the caller's own, newest first; all for an admin.",
        shows=Connection[Model],
    )
    async def models(
        self, info: Info, filter: Filter = None, first: First = 20, after: After = None
    ) -> Listing[records.Model]:
        seen = models_for(info.context.signed_in)
        asked = filter.where() if filter else {}
        return await list_page(
            info, info.context.store.mongo.models, {"$and": [seen, asked]} if asked else seen,
            name="models", first=first, after=after,
        )  # fmt: skip

    @query(
        Requires(Scope.READ),
        "A model by its id or its name; null when there is none to be seen.",
        shows=Model | None,
    )
    async def model(self, info: Info, id: Id = None, name: Name = None) -> records.Model | None:
        if id is not None and name is None:
            return await find_model(info.context, id)
        if name is not None and id is None:
            return await find_model_named(info.context, name)
        raise InvalidValue("give either `id` or `name`", "id")

    @query(
        Requires(Scope.READ),
        "A version by its id; null when there is none that the caller may see.",
        shows=ModelVersion | None,
    )
    async def model_version(self, info: Info, id: VersionId) -> records.ModelVersion | None:
        return await find_model_version(info.context, id)
