"""Asking why two versions of a model answer differently."""

from __future__ import annotations

from typing import Annotated

import strawberry

from schema.context import Info
from schema.enums import show_enum
from schema.errors import UserError
from schema.fields import no_errors, with_payload
from schema.inference.asked import asking
from schema.inference.explain import check_length, check_words
from schema.inference.explain_types import Explanation
from schema.models.types import ModelVersion
from schema.permissions import Requires
from schema.visibility import find_model_version, must_find
from store.errors import InvalidValue
from store.records import explanation as explanations
from store.records import explanation_change as records
from store.records.account import Scope
from store.records.model import ModelVersion as ModelVersionRecord

show_enum(
    records.RowMove,
    "What became of a training row from the earlier version to the later one.",
    RELABELLED="Both learnt from it, under different labels.",
    ADDED="Only the later one learnt from it.",
    REMOVED="Only the earlier one learnt from it.",
    KEPT="Both learnt from it, under the same label.",
)


@strawberry.input(description="A text and two model versions.")
class ExplainChangeInput:
    text: str = strawberry.field(description="The text, at most 10,000 characters.")
    from_: strawberry.ID = strawberry.field(
        name="from", description="The earlier model version, by its id."
    )
    to: strawberry.ID = strawberry.field(
        description="The later one, by its id; of the same model or of another."
    )
    words: int = strawberry.field(default=10, description="Changed words to show, 0 to 64.")

    def check(self) -> None:
        """Raise InvalidValue for the first value outside its range."""
        check_length(self.text, "text")
        check_words(self.words)
        if self.from_ == self.to:
            raise InvalidValue("name two different versions", "to")


@strawberry.type(description="A part of the text, and how much it counted for the label before.")
class WordChange:
    start: int = strawberry.field(description="Where it starts, in Unicode code points from 0.")
    end: int = strawberry.field(description="Where it ends: the place after its last code point.")
    text: str = strawberry.field(description="The part itself.")
    before: float = strawberry.field(description="Its weight by the earlier version.")
    after: float = strawberry.field(description="Its weight by the later version.")
    change: float = strawberry.field(description="The later weight less the earlier one.")


@strawberry.type(description="A training row near the text, by both versions.")
class NearRowChange:
    row: int = strawberry.field(description="Its number in the data set.")
    text: str = strawberry.field(description="Its text.")
    move: records.RowMove = strawberry.field(description="What became of it.")
    label_before: str | None = strawberry.field(
        description="The label that the earlier version learnt; null where it learnt none."
    )
    label_after: str | None = strawberry.field(
        description="The label that the later version learnt; null where it learnt none."
    )
    cosine_before: float | None = strawberry.field(
        description="How near it was; null where the earlier version did not learn from it."
    )
    cosine_after: float | None = strawberry.field(
        description="How near it is; null where the later version did not learn from it."
    )


@strawberry.type(description="How the trainings of two versions differ.")
class TrainingChange:
    is_other_data: bool = strawberry.field(
        description="Whether they learnt from different versions of the data."
    )
    is_same_dataset: bool = strawberry.field(
        description="Whether both learnt from one data set, so that rows can be followed."
    )
    is_other_embedder: bool = strawberry.field(description="Whether the embedder differs.")
    spec: tuple[str, ...] = strawberry.field(
        graphql_type=list[str],
        description="Parts of the spec that differ, such as `embedder`; at most one entry a part.",
    )
    labels_added: tuple[str, ...] = strawberry.field(
        graphql_type=list[str], description="All labels that only the later version knows."
    )
    labels_removed: tuple[str, ...] = strawberry.field(
        graphql_type=list[str], description="All labels that only the earlier version knows."
    )
    temperature_before: float = strawberry.field(
        description="What the earlier version's scores are divided by."
    )
    temperature_after: float = strawberry.field(
        description="What the later version's scores are divided by."
    )
    train_rows_before: int = strawberry.field(
        description="Rows that the earlier version learnt from."
    )
    train_rows_after: int = strawberry.field(description="Rows that the later version learnt from.")


@strawberry.type(description="What two versions say of one text, and why they differ.")
class ExplanationChange:
    summary: str = strawberry.field(description="The change in plain words, from the facts below.")
    is_same_answer: bool = strawberry.field(description="Whether both answer the same label.")
    label: str | None = strawberry.field(
        description="The label that both explanations are about: the later answer. Null where the "
        "earlier version does not know it; then each explains its own answer."
    )
    before: explanations.Explanation = strawberry.field(
        graphql_type=Explanation, description="What the earlier version says."
    )
    after: explanations.Explanation = strawberry.field(
        graphql_type=Explanation, description="What the later version says."
    )
    words: tuple[records.WordChange, ...] = strawberry.field(
        graphql_type=list[WordChange],
        description="The words whose weights differ most, at most `words` of them; passages where "
        "the text has over 60 words.",
    )
    rows: tuple[records.NearRowChange, ...] = strawberry.field(
        graphql_type=list[NearRowChange],
        description="The training rows nearest by either version, changed ones first, at most 40. "
        "Empty where the versions learnt from different data sets.",
    )
    training: records.TrainingChange = strawberry.field(
        graphql_type=TrainingChange, description="How their trainings differ."
    )


@strawberry.type(description="Why the answer changed from one version to another.")
class ExplainChangePayload:
    change: records.ExplanationChange | None = strawberry.field(
        default=None, graphql_type=ExplanationChange | None, description="The change."
    )
    model_version_before: ModelVersionRecord | None = strawberry.field(
        default=None, graphql_type=ModelVersion | None, description="The earlier version."
    )
    model_version_after: ModelVersionRecord | None = strawberry.field(
        default=None, graphql_type=ModelVersion | None, description="The later version."
    )
    user_errors: list[UserError] = no_errors()


Asked = Annotated[
    ExplainChangeInput, strawberry.argument(description="The text and the two versions.")
]


@strawberry.type
class ExplainChangeQueries:
    @with_payload(
        Requires(Scope.PREDICT),
        "Ask why a model version answers otherwise than another: which words count differently, "
        "which training rows near the text were added, removed or relabelled, what changed "
        "between the trainings.",
        cost=100,
    )
    async def explain_change(self, info: Info, input: Asked) -> ExplainChangePayload:
        input.check()
        before = await must_find(info.context, find_model_version, input.from_, "from")
        after = await must_find(info.context, find_model_version, input.to, "to")
        async with asking(info.context, 1):
            change = await info.context.store.explanations.change(
                input.text, before, after, input.words
            )
        return ExplainChangePayload(
            change=change, model_version_before=before, model_version_after=after
        )
