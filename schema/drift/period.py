"""A day of drift, as callers see it."""

from __future__ import annotations

from datetime import datetime

import strawberry

from schema.enums import show_enum
from store.records import drift as records
from store.records.prediction import Decision

show_enum(
    records.DriftSign,
    "What may have drifted.",
    INPUT="The texts as a whole: squared maximum mean discrepancy of their vectors, unbiased "
    "(Gretton et al. 2012).",
    NOVELTY="Texts unlike those learnt from: their ranks by strangeness among the held-out rows, 0 "
    "to 1, to the tenth power, on average; 0.09 by chance (Conover and Salsburg 1988).",
    LABELS="The labels given: Jensen-Shannon distance of their shares, base 2, 0 to 1 (Lin 1991).",
    CONFIDENCE="How sure the answers are: Kolmogorov-Smirnov distance of their probabilities, "
    "0 to 1.",
)
show_enum(
    records.DriftVerdict,
    "What the figures of a day say.",
    QUIET="No difference beyond what chance makes.",
    DRIFTED="At least one sign is larger than chance makes it: on one quiet day of a hundred at "
    "most.",
    TOO_FEW="Fewer than 20 texts, or held-out rows, that could be compared.",
)


@strawberry.type(description="One sign of drift, and what chance would make of it.")
class DriftFigure:
    sign: records.DriftSign = strawberry.field(description="What is measured, and how.")
    value: float = strawberry.field(description="How much it differs from the held-out rows.")
    threshold: float = strawberry.field(
        description="It has drifted where the value is larger: found by dealing texts and held-out "
        "rows out anew 999 times."
    )
    drifted: bool = strawberry.field(description="Whether it has.")
    p_value: float = strawberry.field(
        description="How likely chance makes it as large, by the same; 0.001 at least."
    )
    stability_index: float | None = strawberry.field(
        description="Population stability index (Siddiqi 2006), for those who are used to it; of "
        "CONFIDENCE over tenths of the held-out rows. 0.25 is commonly taken for a large shift, "
        "but with many labels and few texts chance alone makes more. Null for other signs."
    )


@strawberry.type(description="How often a label was given.")
class LabelMove:
    label: str = strawberry.field(description="The label.")
    share: float = strawberry.field(description="Of the texts, 0 to 1.")
    held_out_share: float = strawberry.field(description="Of the held-out rows, 0 to 1.")


@strawberry.type(description="A text, and the row learnt from that is nearest to it.")
class DriftExample:
    prediction_id: strawberry.ID = strawberry.field(description="The newest answer to it.")
    text: str = strawberry.field(description="The text, its first 500 characters.")
    label: str = strawberry.field(description="The likeliest label.")
    probability: float = strawberry.field(description="Its probability, 0 to 1.")
    decision: Decision = strawberry.field(description="What the model made of it.")
    strangeness: float = strawberry.field(
        description="Its `oodScore`; in models from before it was told, its distance to the row."
    )
    nearest_text: str = strawberry.field(description="The row, its first 500 characters.")
    nearest_label: str = strawberry.field(description="The row's label.")
    cosine: float = strawberry.field(description="How near it is, 1 at the same place.")


@strawberry.type(
    description="What was asked on a day, or in a whole window, beside rows held out from training."
)
class DriftPeriod:
    begins: datetime = strawberry.field(description="The day's midnight, UTC.")
    predictions: int = strawberry.field(description="Answers that were given.")
    read: int = strawberry.field(
        description="How many of them were read; fewer than `predictions` where they were sampled."
    )
    texts: int = strawberry.field(
        description="Different texts among these, without those learnt from: they are compared."
    )
    learnt_texts: int = strawberry.field(
        description="Texts among these that the model had learnt from, letter for letter."
    )
    out_share: float = strawberry.field(
        description="Share of the answers read that were OUT_OF_DISTRIBUTION, 0 to 1."
    )
    abstained_share: float = strawberry.field(
        description="Share of the answers read that were ABSTAIN, 0 to 1."
    )
    mean_confidence: float = strawberry.field(
        description="Mean probability of the likeliest label in the answers read."
    )
    verdict: records.DriftVerdict = strawberry.field(description="What the figures say.")
    message: str = strawberry.field(description="What drifted, beside what; in words.")
    advice: str | None = strawberry.field(description="What to do; null where nothing drifted.")
    figures: list[records.DriftFigure] = strawberry.field(
        graphql_type=list[DriftFigure],
        description="All four signs, one entry each; none where there is too little.",
    )
    moves: list[records.LabelMove] = strawberry.field(
        graphql_type=list[LabelMove],
        description="Labels that make up most of the distance, the largest part first; at most 10.",
    )
    examples: list[records.DriftExample] = strawberry.field(
        graphql_type=list[DriftExample], description="The strangest texts, at most 5."
    )
