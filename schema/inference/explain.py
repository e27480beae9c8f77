"""Asking a model why."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Annotated

import strawberry

from schema.context import Info
from schema.cost import costs
from schema.errors import UserError
from schema.fields import no_errors, with_payload
from schema.inference.asked import asked_version, asking
from schema.inference.explain_types import Explanation
from schema.models.types import ModelVersion
from schema.permissions import Requires
from schema.visibility import find_model_version, must_find
from store.errors import InvalidValue
from store.records import explanation as records
from store.records.account import Scope
from store.records.model import ModelVersion as ModelVersionRecord

MAX_TEXTS, MAX_CHARACTERS = 8, 10_000
MAX_WORDS, MAX_NEIGHBOURS = records.MAX_VARIANTS, 20


@strawberry.input(description="Texts of which a model is to say why it answers as it does.")
class ExplainInput:
    model: str = strawberry.field(
        description="The model's name or id, or the id of a version: the published one, or any of "
        "the caller's own."
    )
    texts: list[str] = strawberry.field(
        description="The texts, at most 8 with at most 10,000 characters each.",
        directives=costs(50),
    )
    label: str | None = strawberry.field(
        default=None, description="The label to explain; left out, each text's answer."
    )
    against: str | None = strawberry.field(
        default=None,
        description="Why `label` and not this one; left out, it is weighed against the mean of "
        "all others.",
    )
    words: int = strawberry.field(default=10, description="Words to weigh, 0 to 64.")
    neighbours: int = strawberry.field(
        default=3, description="Nearest training rows to show of each kind, 0 to 20."
    )

    def check(self) -> None:
        """Raise InvalidValue for the first value outside its range."""
        if not 1 <= len(self.texts) <= MAX_TEXTS:
            raise InvalidValue(f"send 1 to {MAX_TEXTS} texts, not {len(self.texts)}", "texts")
        for number, text in enumerate(self.texts):
            check_length(text, "texts", str(number))
        check_words(self.words)
        if not 0 <= self.neighbours <= MAX_NEIGHBOURS:
            why = f"neighbours is {self.neighbours}; it must be 0 to {MAX_NEIGHBOURS}"
            raise InvalidValue(why, "neighbours")
        if self.against is not None and self.against == self.label:
            raise InvalidValue("a label cannot be weighed against itself", "against")

    def check_labels(self, known: tuple[str, ...]) -> None:
        """Raise InvalidValue for a label that is not known."""
        for field, label in (("label", self.label), ("against", self.against)):
            if label is not None and label not in known:
                near = get_close_matches(label, known, 1)
                hint = f"; did you mean {near[0]!r}?" if near else ""
                raise InvalidValue(f"the model has no label {label!r}{hint}", field)

    def question(self) -> records.Question:
        """The same in the store's words."""
        return records.Question(self.label, self.against, self.words, self.neighbours)


def check_length(text: str, *field: str) -> None:
    """Raise InvalidValue for a text that is too long."""
    if len(text) > MAX_CHARACTERS:
        why = f"a text has at most {MAX_CHARACTERS:,} characters, this has {len(text):,}"
        raise InvalidValue(why, *field)


def check_words(words: int) -> None:
    """Raise InvalidValue for a number that is out of range."""
    if not 0 <= words <= MAX_WORDS:
        raise InvalidValue(f"words is {words}; it must be 0 to {MAX_WORDS}", "words")


@strawberry.type(description="Explanations, one for each text in its place.")
class ExplainPayload:
    explanations: list[records.Explanation] = strawberry.field(
        default_factory=list,
        graphql_type=list[Explanation],
        description="One for each text, so at most 8; empty after a failure.",
    )
    model_version: ModelVersionRecord | None = strawberry.field(
        default=None, graphql_type=ModelVersion | None, description="The version that was asked."
    )
    user_errors: list[UserError] = no_errors()


Asked = Annotated[
    ExplainInput, strawberry.argument(description="The model, the texts and the label.")
]


@strawberry.type
class ExplainQueries:
    @with_payload(
        Requires(Scope.PREDICT),
        "Ask a model why it answers as it does: the words that counted, the nearest rows that it "
        "learnt from, the runner-up. It is not logged as an answer.",
        cost=1,
    )
    async def explain(self, info: Info, input: Asked) -> ExplainPayload:
        input.check()
        _, version_id = await asked_version(info.context, input.model)
        version = await must_find(info.context, find_model_version, version_id, "model")
        input.check_labels(version.labels)
        async with asking(info.context, len(input.texts)):
            found = await info.context.store.explanations.explain(
                version.id, input.texts, input.question()
            )
        return ExplainPayload(explanations=found, model_version=version)
