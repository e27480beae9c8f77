"""Reviewing corrections, and learning from them."""

from __future__ import annotations

from typing import Annotated

import strawberry

from schema.context import Context, Info
from schema.corrections.types import LearningRound
from schema.cost import JOB_COST
from schema.errors import Missing, UserError
from schema.fields import idempotency_key, no_errors, with_payload
from schema.inference.types import Prediction
from schema.once import once
from schema.permissions import Requires
from schema.visibility import find_dataset, find_model, must_own
from store import ids
from store.errors import InvalidValue
from store.records import learning as records
from store.records import prediction as answers
from store.records.account import Scope

MAX_REVIEWED = 100


@strawberry.input(description="Corrections of one model, and what to make of them.")
class ReviewCorrectionsInput:
    model_id: strawberry.ID = strawberry.field(description="A model of the caller's own.")
    prediction_ids: list[strawberry.ID] = strawberry.field(
        description="The corrected answers, at most 100."
    )
    review: answers.Review = strawberry.field(description="Whether they are right.")
    expected_versions: list[int] | None = strawberry.field(
        default=None,
        description="The `revision` of each answer that the caller saw, in the places of "
        "`predictionIds`, so at most 100: refused when one was corrected again since.",
    )


@strawberry.input(description="A model that is to learn from its corrections.")
class LearnFromCorrectionsInput:
    model_id: strawberry.ID = strawberry.field(description="A model of the caller's own.")
    retrain: bool = strawberry.field(
        default=True,
        description="Whether to train once the data set has grown, and to compare what comes of it "
        "with the version before.",
    )
    idempotency_key: str | None = idempotency_key()


@strawberry.type(description="Corrections after their review.")
class ReviewCorrectionsPayload:
    predictions: list[answers.Prediction] | None = strawberry.field(
        default=None,
        graphql_type=list[Prediction] | None,
        description="The answers as they are now, at most 100.",
    )
    user_errors: list[UserError] = no_errors()


@strawberry.type(description="What `learnFromCorrections` set going.")
class LearnFromCorrectionsPayload:
    round: records.LearningRound | None = strawberry.field(
        default=None, graphql_type=LearningRound | None, description="The round."
    )
    user_errors: list[UserError] = no_errors()


ReviewInput = Annotated[ReviewCorrectionsInput, strawberry.argument(description="The review.")]
LearnInput = Annotated[LearnFromCorrectionsInput, strawberry.argument(description="The model.")]


@strawberry.type
class CorrectionMutations:
    @with_payload(Requires(Scope.WRITE), "Accept or reject corrections of the caller's own model.")
    async def review_corrections(self, info: Info, input: ReviewInput) -> ReviewCorrectionsPayload:
        context = info.context
        await must_own(context, find_model, input.model_id, "modelId")
        found = await _corrected(context, input)
        reviewed = await context.store.corrections.review(
            found, input.review, context.signed_in.id, expected=_expected(input, found)
        )
        return ReviewCorrectionsPayload(predictions=reviewed)

    @with_payload(
        Requires(Scope.WRITE),
        "Append the accepted corrections to the data set that the model was trained on, train on "
        "it, and compare: a round of learning.",
        cost=JOB_COST,
    )
    async def learn_from_corrections(
        self, info: Info, input: LearnInput
    ) -> LearnFromCorrectionsPayload:
        context, viewer = info.context, info.context.signed_in
        model = await must_own(context, find_model, input.model_id, "modelId")
        grown = await context.store.corrections.grown_by(model)
        await must_own(context, find_dataset, grown, "modelId")

        async def learn(identifier: str) -> str:
            begun = await context.store.corrections.learn(
                model, viewer.id, retrain=input.retrain, sees_all=viewer.is_admin,
                round_id=identifier,
            )  # fmt: skip
            return begun.id

        identifier = await once(info, input, ids.LEARNING, learn)
        found = await context.store.mongo.learning_rounds.find(identifier)
        return LearnFromCorrectionsPayload(round=found)


def _expected(input: ReviewCorrectionsInput, found: list[answers.Prediction]) -> list[int] | None:
    """Their revisions as the caller saw them. Raises InvalidValue for another number of them."""
    expected = input.expected_versions
    if expected is None:
        return None
    if len(expected) != len(input.prediction_ids):
        raise InvalidValue("send one version for each id", "expectedVersions")
    seen: dict[str, int] = dict(zip(input.prediction_ids, expected, strict=True))
    return [seen[each.id] for each in found]


async def _corrected(context: Context, input: ReviewCorrectionsInput) -> list[answers.Prediction]:
    """All of them, of that model. Raises InvalidValue, Missing."""
    wanted = list(dict.fromkeys(input.prediction_ids))
    if not 1 <= len(wanted) <= MAX_REVIEWED:
        raise InvalidValue(f"send 1 to {MAX_REVIEWED} ids, not {len(wanted)}", "predictionIds")
    known = await context.store.mongo.predictions.get_many(wanted)
    for place, identifier in enumerate(wanted):
        if identifier not in known or known[identifier].model_id != input.model_id:
            raise Missing(f"there is no {identifier!r}", "predictionIds", str(place))
    return [known[identifier] for identifier in wanted]
