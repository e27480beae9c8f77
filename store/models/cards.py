"""The cards of models: what people wrote on them."""

from __future__ import annotations

from collections.abc import Mapping

from store.clock import now
from store.errors import Conflict, InvalidValue
from store.events import Events
from store.mongo import Collections
from store.records.card import Card, CardSection
from store.records.event import Event, EventKind, Topic
from store.records.model import Model

MAX_TEXT = 10_000


class Cards:
    """Who may read or write is for callers to check. All raises Unavailable."""

    def __init__(self, *, mongo: Collections, events: Events) -> None:
        self._cards = mongo.cards
        self._events = events

    async def of(self, model_id: str) -> Card:
        """As it was written last; an empty one where nobody has written yet."""
        return await self._cards.find(model_id) or Card(model_id)

    async def write(
        self, model: Model, texts: Mapping[CardSection, str], by: str,
        *, expected_revision: int | None = None,
    ) -> Card:  # fmt: skip
        """Put these sections in place of what stood there. Raises InvalidValue, Conflict."""
        cleaned = {section: _checked(section, text) for section, text in texts.items()}
        at = now()
        await self._cards.insert_many_ignoring_known([Card(model.id)])
        try:
            card = await self._cards.amend(
                model.id,
                lambda kept: kept.written(cleaned, by, at),
                expected_revision=expected_revision,
            )
        except Conflict as changed:
            raise changed.about(model) from None
        message = "has a new text on its card"
        await self._events.append(
            Event(Topic.MODEL, EventKind.MODEL_CHANGED, model.id, model.owner_id, at, message)
        )
        return card


def _checked(section: CardSection, text: str) -> str:
    if len(text) > MAX_TEXT:
        why = f"a section has at most {MAX_TEXT:,} characters, {section} has {len(text):,}"
        raise InvalidValue(why, "sections", section.value)
    return text.strip()
