"""Cards, as callers see them."""

from __future__ import annotations

from datetime import datetime

import strawberry

from schema.accounts.types import User
from schema.cards import page
from schema.cards.facts import Subject
from schema.context import Info
from schema.enums import show_enum
from schema.permissions import visible
from store.records.account import User as UserRecord
from store.records.card import Card, CardSection
from store.records.model import ModelVersion

show_enum(
    CardSection,
    "A section of a model's card, after Mitchell et al. 2019.",
    MODEL_DETAILS="What it is and how it was made.",
    INTENDED_USE="What it is for, for whom, and what it is not for.",
    FACTORS="What its quality may depend on: groups, language, circumstances.",
    METRICS="How its quality is measured.",
    EVALUATION_DATA="What it was tested on.",
    TRAINING_DATA="What it learnt from.",
    QUANTITATIVE_ANALYSES="How it did, label by label.",
    ETHICAL_CONSIDERATIONS="Whom it could harm, and what was done about it.",
    CAVEATS="What else to know before using it.",
)


@strawberry.type(description="One section of a model version's card.")
class CardPart:
    section: CardSection = strawberry.field(description="Which one.")
    title: str = strawberry.field(description="Its title for people.")
    facts: list[str] = strawberry.field(
        description="What the training found out, a sentence each; at most 20."
    )
    text: str = strawberry.field(
        description="What people wrote, the same for all versions; empty if nothing."
    )


def _sections(card: strawberry.Parent[ModelCard]) -> list[CardPart]:
    return [
        CardPart(section=each.section, title=each.title, facts=each.facts, text=each.text)
        for each in page.sections(card.subject, card.written)
    ]


def _html(card: strawberry.Parent[ModelCard]) -> str:
    return page.html(card.subject, page.sections(card.subject, card.written))


def _revision(card: strawberry.Parent[ModelCard]) -> int:
    return card.written.revision


def _edited_at(card: strawberry.Parent[ModelCard]) -> datetime | None:
    return card.written.edited_at


async def _edited_by(card: strawberry.Parent[ModelCard], info: Info) -> UserRecord | None:
    mine = visible(info.context.signed_in, card.subject.model)
    by = card.written.edited_by if mine else None
    return await info.context.loaders.users.load(by) if by else None


@strawberry.type(description="What is known of a model version, for those who are to use it.")
class ModelCard:
    subject: strawberry.Private[Subject]
    written: strawberry.Private[Card]
    sections: list[CardPart] = strawberry.field(
        resolver=_sections, description="All nine sections, in their order."
    )
    html: str = strawberry.field(
        resolver=_html,
        description="The card with its figures as one HTML page that needs nothing else: save it, "
        "send it, print it.",
    )
    revision: int = strawberry.field(
        resolver=_revision,
        description="Pass it as `expectedVersion` to `editModelCard`.",
    )
    edited_at: datetime | None = strawberry.field(
        resolver=_edited_at, description="When people last wrote on it; null if never."
    )
    edited_by: UserRecord | None = strawberry.field(
        resolver=_edited_by,
        graphql_type=User | None,
        description="Who did; null for callers who are neither the model's owner nor an admin.",
    )


async def card_of(version: strawberry.Parent[ModelVersion], info: Info) -> ModelCard | None:
    """The card of a version that the caller sees; without what they may not see of its data."""
    context = info.context
    model = await context.loaders.models.load(version.model_id)
    if model is None:
        return None
    data = await context.loaders.dataset_versions.load(version.dataset_version_id)
    card = await context.store.cards.of(model.id)
    subject = Subject(model, version, visible(context.signed_in, data))
    return ModelCard(subject=subject, written=card)
