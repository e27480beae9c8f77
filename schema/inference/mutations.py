"""Telling a model what was right."""

from __future__ import annotations

from typing import Annotated

import strawberry

from schema.context import Info
from schema.errors import UserError
from schema.fields import expected_version, no_errors, with_payload
from schema.inference.types import Prediction
from schema.permissions import Requires
from schema.visibility import find_prediction, must_find
from store.records import prediction as records
from store.records.account import Scope


@strawberry.input(description="What an answer should have been.")
class CorrectPredictionInput:
    id: strawberry.ID = strawberry.field(description="The answer, by the `id` it came with.")
    label: str = strawberry.field(description="The right label.")
    expected_version: int | None = expected_version()


@strawberry.type(description="What `correctPrediction` wrote down.")
class CorrectPredictionPayload:
    prediction: records.Prediction | None = strawberry.field(
        default=None, graphql_type=Prediction | None, description="The answer, corrected."
    )
    user_errors: list[UserError] = no_errors()


Correction = Annotated[CorrectPredictionInput, strawberry.argument(description="The correction.")]


@strawberry.type
class InferenceMutations:
    @with_payload(
        Requires(Scope.PREDICT),
        "Tell the model's owner what an answer should have been; what they accept is learnt from.",
    )
    async def correct_prediction(self, info: Info, input: Correction) -> CorrectPredictionPayload:
        known = await must_find(info.context, find_prediction, input.id, "id")
        prediction = await info.context.store.predictions.correct(
            known.id, input.label, info.context.signed_in.id,
            expected_revision=input.expected_version,
        )  # fmt: skip
        return CorrectPredictionPayload(prediction=prediction)
