"""Writing on a model's card."""

from __future__ import annotations

from typing import Annotated

import strawberry

from schema.context import Info
from schema.fields import expected_version, with_payload
from schema.models.mutations import ModelPayload
from schema.permissions import Requires
from schema.undo import offer
from schema.visibility import find_model, must_own
from store.errors import InvalidValue
from store.records.account import Scope
from store.records.card import CardSection
from store.records.undo import UndoKind


@strawberry.input(description="What stands in a section of a card from now on.")
class CardTextInput:
    section: CardSection = strawberry.field(description="Which one.")
    text: str = strawberry.field(
        description="Plain text with line breaks, at most 10,000 characters; empty takes away what "
        "stood there."
    )


@strawberry.input(description="What people know of a model, for the card of every version.")
class EditModelCardInput:
    model_id: strawberry.ID = strawberry.field(description="The model.")
    sections: list[CardTextInput] = strawberry.field(
        description="The sections to write, each once, at most 9; others stay as they are."
    )
    expected_version: int | None = expected_version()


Input = Annotated[EditModelCardInput, strawberry.argument(description="The sections.")]


@strawberry.type
class CardMutations:
    @with_payload(
        Requires(Scope.WRITE),
        "Write on a model's card what no training can know, such as what it is for.",
    )
    async def edit_model_card(self, info: Info, input: Input) -> ModelPayload:
        model = await must_own(info.context, find_model, input.model_id, "modelId")
        texts = {each.section: each.text for each in input.sections}
        if not texts or len(texts) < len(input.sections):
            raise InvalidValue("send at least one section, and each once", "sections")
        cards = info.context.store.cards
        known = await cards.of(model.id)
        card = await cards.write(
            model, texts, info.context.signed_in.id, expected_revision=input.expected_version
        )
        was = {section.value: known.text(section) for section in texts}
        token = await offer(info, UndoKind.CARD_EDITED, known, card, model.id, **was)
        return ModelPayload(model=model, undo_token=token)
