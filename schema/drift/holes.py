"""Holes in what a model learnt, as callers see them."""

from __future__ import annotations

from datetime import datetime

import strawberry

from schema.drift.period import DriftExample, DriftPeriod
from store.records import drift as records


@strawberry.type(description="How often a hole was asked about on a day.")
class DriftHoleDay:
    begins: datetime = strawberry.field(description="The day's midnight, UTC.")
    predictions: int = strawberry.field(description="Answers, of those read.")


@strawberry.type(
    description="Texts that belong together, where nothing like them was seen in training. At most "
    "a tenth of the texts in holes are expected to be like the rows learnt from after all."
)
class DriftHole:
    number: int = strawberry.field(description="Its number in the report, 0 for the largest.")
    name: str = strawberry.field(description="Its strongest keywords.")
    keywords: list[str] = strawberry.field(
        description="Words that tell it from all other texts, strongest first; at most 8."
    )
    texts: int = strawberry.field(description="Different texts.")
    predictions: int = strawberry.field(description="Answers to them, of those read.")
    a_day: float = strawberry.field(
        description="Answers to such texts on a day with traffic, as far as those read speak for "
        "all."
    )
    answered_share: float = strawberry.field(
        description="Share of these that were answered nevertheless, 0 to 1."
    )
    nearest_label: str = strawberry.field(
        description="The label that is most frequent among the rows nearest to the texts."
    )
    nearest_share: float = strawberry.field(
        description="For how large a share of the texts it is that label, 0 to 1."
    )
    mean_cosine: float = strawberry.field(
        description="To the nearest row learnt from, on average; see `heldOut.meanCosine`."
    )
    days: list[records.HoleDay] = strawberry.field(
        graphql_type=list[DriftHoleDay],
        description="When it was asked about, oldest first; at most 90.",
    )
    examples: list[records.DriftExample] = strawberry.field(
        graphql_type=list[DriftExample], description="Its most typical texts, at most 5."
    )


@strawberry.type(description="Rows of the training's data that the version did not learn from.")
class DriftHeldOut:
    rows: int = strawberry.field(description="Different texts among them, at most 2,000.")
    out_share: float = strawberry.field(
        description="Share of them that is OUT_OF_DISTRIBUTION, 0 to 1."
    )
    abstained_share: float = strawberry.field(description="Share that is ABSTAIN, 0 to 1.")
    mean_confidence: float = strawberry.field(
        description="Mean probability of their likeliest labels."
    )
    mean_cosine: float = strawberry.field(description="To the nearest row learnt from, on average.")


@strawberry.type(description="What a measurement of drift came to.")
class DriftFindings:
    message: str = strawberry.field(description="It in a few sentences.")
    held_out: records.HeldOut = strawberry.field(
        graphql_type=DriftHeldOut, description="What the days are compared with."
    )
    overall: records.DriftPeriod = strawberry.field(
        graphql_type=DriftPeriod, description="All days as if they were one."
    )
    days: list[records.DriftPeriod] = strawberry.field(
        graphql_type=list[DriftPeriod],
        description="Days with traffic, oldest first; at most 90.",
    )
    holes: list[records.Hole] = strawberry.field(
        graphql_type=list[DriftHole],
        description="Where nothing was seen in training, the largest first; at most 20.",
    )
