"""Answers to a list of texts, sent as they are ready."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Annotated

import strawberry

from schema.context import Info
from schema.cost import costs
from schema.fields import subscription
from schema.inference.asked import asked_version, asking
from schema.inference.queries import MAX_NEIGHBOURS, MAX_TOP_K, check_texts
from schema.inference.types import PredictionAnswer, shown
from schema.nodes import shows
from schema.permissions import Requires
from store.answers import stream as streams
from store.answers.predictions import Served
from store.errors import InvalidValue
from store.records.account import Scope

MAX_STREAMED = 1_000


@strawberry.input(description="Texts for a model, whose answers are sent one by one.")
class PredictStreamInput:
    model: str = strawberry.field(
        description="The model's name or id, or the id of a version: the published one, or any of "
        "the caller's own. It is settled once for the whole stream."
    )
    texts: list[str] = strawberry.field(
        description="The texts, at most 1,000 with at most 10,000 characters each.",
        directives=costs(1),
    )
    top_k: int = strawberry.field(default=3, description="Labels to score, 1 to 100.")
    neighbours: int = strawberry.field(
        default=0, description="Nearest training rows to show, 0 to 20."
    )

    def check(self) -> None:
        """Raise InvalidValue for the first value outside its range."""
        check_texts(self.texts, MAX_STREAMED)
        if not 1 <= self.top_k <= MAX_TOP_K:
            raise InvalidValue(f"topK is {self.top_k}; it must be 1 to {MAX_TOP_K}", "topK")
        if not 0 <= self.neighbours <= MAX_NEIGHBOURS:
            why = f"neighbours is {self.neighbours}; it must be 0 to {MAX_NEIGHBOURS}"
            raise InvalidValue(why, "neighbours")


def _answer(item: strawberry.Parent[streams.StreamedAnswer]) -> PredictionAnswer:
    return shown(item.served)


@strawberry.type(description="The answer for one of the texts.")
class StreamedAnswer:
    is_type_of = shows(streams.StreamedAnswer)

    index: int = strawberry.field(description="Which of the texts, counted from 0.")
    answer: PredictionAnswer = strawberry.field(
        resolver=_answer, description="The answer, logged as one of `predict` is."
    )


@strawberry.type(description="Texts that get no answer; no further one is asked, the end follows.")
class StreamFailure:
    is_type_of = shows(streams.StreamFailure)

    code: str = strawberry.field(
        description="Stable and machine-readable; `OVERLOADED` when a full queue was waited for "
        "in vain."
    )
    message: str = strawberry.field(description="What happened.")
    retryable: bool = strawberry.field(description="Whether the same may succeed later.")
    indexes: list[int] = strawberry.field(
        description="Which of the texts, counted from 0; at most all of them."
    )


@strawberry.type(description="The last item: what it came to.")
class StreamEnd:
    is_type_of = shows(streams.StreamEnd)

    asked: int = strawberry.field(description="Texts that were sent.")
    answered: int = strawberry.field(description="Those that got an answer.")
    cached: int = strawberry.field(description="Of these, texts that were answered before.")
    abstained: int = strawberry.field(
        description="Of these, texts that the model did not answer: `decision` says why."
    )


StreamItem = Annotated[
    StreamedAnswer | StreamFailure | StreamEnd,
    strawberry.union("PredictStreamItem", description="An item of `predictStream`."),
]
Texts = Annotated[PredictStreamInput, strawberry.argument(description="The model and the texts.")]


@strawberry.type
class StreamSubscriptions:
    @subscription(
        Requires(Scope.PREDICT),
        "Ask a model about texts and get each answer when it is ready, in any order; `StreamEnd` "
        "comes last. Leaving stops the asking.",
        shows=StreamItem,
    )
    async def predict_stream(
        self, info: Info, input: Texts
    ) -> AsyncGenerator[streams.StreamItem, None]:
        async def ask(texts: Sequence[str]) -> list[Served]:
            async with asking(context, len(texts)):
                return await context.store.predictions.predict(
                    context.signed_in.id, model, version_id, texts, input.top_k, input.neighbours
                )

        input.check()
        context = info.context
        model, version_id = await asked_version(context, input.model)
        async with aclosing(streams.answer_stream(ask, input.texts)) as items:
            async for item in items:
                yield item
