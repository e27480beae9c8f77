"""Asking models, and reading what they answered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import strawberry

from schema.context import Info
from schema.cost import costs, sized_by
from schema.errors import UserError
from schema.fields import no_errors, query, with_payload
from schema.inference.asked import asked_version, asking
from schema.inference.types import Prediction, PredictionAnswer, shown
from schema.models.types import ModelVersion
from schema.paging import After, Connection, First, Listing, list_page, matching
from schema.permissions import Requires
from schema.visibility import asked_by
from store import ids
from store.errors import InvalidValue
from store.records import prediction as records
from store.records.account import Scope
from store.records.model import ModelVersion as ModelVersionRecord

MAX_TEXTS, MAX_CHARACTERS = 64, 10_000
MAX_TOP_K, MAX_NEIGHBOURS = 100, 20
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
ID_AHEAD = timedelta(minutes=1)
"""More than passes between the making of an answer's id and the time that it tells."""


@strawberry.input(description="Texts for a model.")
class PredictInput:
    model: str = strawberry.field(
        description="The model's name or id, or the id of a version: the published one, or any of "
        "the caller's own."
    )
    texts: list[str] = strawberry.field(
        description="The texts, at most 64 with at most 10,000 characters each; for a model of "
        "sequences a text may be a FASTA or FASTQ record.",
        directives=costs(1),
    )
    top_k: int = strawberry.field(default=3, description="Labels to score, 1 to 100.")
    neighbours: int = strawberry.field(
        default=0, description="Nearest training rows to show, 0 to 20."
    )

    def check(self) -> None:
        """Raise InvalidValue for the first value outside its range."""
        check_texts(self.texts)
        if not 1 <= self.top_k <= MAX_TOP_K:
            raise InvalidValue(f"topK is {self.top_k}; it must be 1 to {MAX_TOP_K}", "topK")
        if not 0 <= self.neighbours <= MAX_NEIGHBOURS:
            why = f"neighbours is {self.neighbours}; it must be 0 to {MAX_NEIGHBOURS}"
            raise InvalidValue(why, "neighbours")


def check_texts(texts: list[str], most: int = MAX_TEXTS) -> None:
    """Raise InvalidValue for too many texts, or the first that is too long."""
    if not 1 <= len(texts) <= most:
        raise InvalidValue(f"send 1 to {most:,} texts, not {len(texts):,}", "texts")
    for number, text in enumerate(texts):
        if len(text) > MAX_CHARACTERS:
            why = f"a text has at most {MAX_CHARACTERS:,} characters, this has {len(text):,}"
            raise InvalidValue(why, "texts", str(number))


async def _answering(
    payload: strawberry.Parent[PredictPayload], info: Info
) -> ModelVersionRecord | None:
    loader = info.context.loaders.model_versions
    return await loader.load(payload.version_id) if payload.version_id else None


@strawberry.type(description="Answers, one for each text in its place.")
class PredictPayload:
    predictions: list[PredictionAnswer] = strawberry.field(
        default_factory=list, description="The answers, one for each text; empty after a failure."
    )
    model_version: ModelVersionRecord | None = strawberry.field(
        resolver=_answering,
        graphql_type=ModelVersion | None,
        description="The version that answered.",
    )
    user_errors: list[UserError] = no_errors()
    version_id: strawberry.Private[str | None] = None


@strawberry.input(description="Which answers to list; what is left out does not matter.")
class PredictionFilter:
    model_id: strawberry.ID | None = strawberry.field(default=None, description="Of this model.")
    model_version_id: strawberry.ID | None = strawberry.field(
        default=None, description="Of this version."
    )
    user_id: strawberry.ID | None = strawberry.field(
        default=None, description="Asked by this user; others' are seen by admins only."
    )
    label: str | None = strawberry.field(default=None, description="With this label.")
    abstained: bool | None = strawberry.field(
        default=None, description="Whether the model did not answer."
    )
    decision: records.Decision | None = strawberry.field(
        default=None, description="With this decision."
    )
    corrected: bool | None = strawberry.field(
        default=None, description="Whether somebody told the right label."
    )
    since: datetime | None = strawberry.field(default=None, description="Given then or later.")

    def where(self) -> dict[str, Any]:
        """The filter in MongoDB's words."""
        where = matching(
            model_id=self.model_id, model_version_id=self.model_version_id, user_id=self.user_id,
            label=self.label, abstained=self.abstained,
        )  # fmt: skip
        if self.decision is not None:
            where |= _decided(self.decision)
        if self.corrected is not None:
            where["correction"] = {"$ne": None} if self.corrected else None
        if self.since is not None:
            where["at"] = {"$gte": self.since}
            if self.since > EPOCH:  # a list goes by ids, which so end where the times do
                where["_id"] = {"$gte": ids.earliest(ids.PREDICTION, self.since - ID_AHEAD)}
        return where


def _decided(decision: records.Decision) -> dict[str, Any]:
    """Records from before decisions were told say only whether the model abstained."""
    if decision is records.Decision.OUT_OF_DISTRIBUTION:
        return {"decision": decision}
    untold = {"decision": None, "abstained": decision is records.Decision.ABSTAIN}
    return {"$or": [{"decision": decision}, untold]}


Filter = Annotated[
    PredictionFilter | None, strawberry.argument(description="Lists only some of them.")
]
Texts = Annotated[PredictInput, strawberry.argument(description="The model and the texts.")]


@strawberry.type
class InferenceQueries:
    @with_payload(
        Requires(Scope.PREDICT),
        "Ask a model about texts. Equal texts get equal answers, alone or together.",
        cost=1,
        size=sized_by("input.texts", "predictions"),
    )
    async def predict(self, info: Info, input: Texts) -> PredictPayload:
        input.check()
        context = info.context
        model, version_id = await asked_version(context, input.model)
        async with asking(context, len(input.texts)):
            served = await context.store.predictions.predict(
                context.signed_in.id, model, version_id, input.texts, input.top_k, input.neighbours
            )
        return PredictPayload(predictions=[shown(each) for each in served], version_id=version_id)

    @query(
        Requires(Scope.READ),
        "The caller's answers, newest first; everybody's for an admin. The newest may "
        "take a second to appear.",
        shows=Connection[Prediction],
    )
    async def predictions(
        self, info: Info, filter: Filter = None, first: First = 20, after: After = None
    ) -> Listing[records.Prediction]:
        where = (filter.where() if filter else {}) | asked_by(info.context.signed_in)
        return await list_page(
            info, info.context.store.mongo.predictions, where,
            name="predictions", first=first, after=after,
        )  # fmt: skip
