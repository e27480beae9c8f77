"""Why a model answers as it does, as callers see it."""

from __future__ import annotations

import strawberry

from schema.inference.types import NearestCluster, Neighbour, Score
from store.records import explanation as records
from store.records.prediction import Answer as AnswerRecord
from store.records.prediction import Decision
from store.records.prediction import Neighbour as NeighbourRecord
from store.records.prediction import Score as ScoreRecord


def _decision(answer: strawberry.Parent[AnswerRecord]) -> Decision:
    return answer.decided


def _cluster(explanation: strawberry.Parent[records.Explanation]) -> NearestCluster:
    answer = explanation.answer
    return NearestCluster(
        number=answer.cluster,
        fitted_name=answer.cluster_name,
        version_id=explanation.model_version_id,
        text=explanation.text,
    )


@strawberry.type(description="What the model says of the text, in short.")
class ExplainedAnswer:
    label: str = strawberry.field(description="The likeliest label, also when it abstains.")
    probability: float = strawberry.field(description="Its calibrated probability, 0 to 1.")
    abstained: bool = strawberry.field(description="Whether the model is too unsure to answer.")
    scores: tuple[ScoreRecord, ...] = strawberry.field(
        graphql_type=list[Score], description="The likeliest labels, at most two of them."
    )
    decision: Decision = strawberry.field(
        resolver=_decision, description="What the model makes of the text."
    )
    truncated: bool = strawberry.field(description="Whether the text is longer than is read.")


@strawberry.type(
    description="A part of the text and how much it counts, in natural logarithms: without a part "
    "of weight 0.69 the label would be half as probable beside what it is weighed against. Parts "
    "below 0 speak against the label."
)
class WordWeight:
    start: int = strawberry.field(description="Where it starts, in Unicode code points from 0.")
    end: int = strawberry.field(description="Where it ends: the place after its last code point.")
    text: str = strawberry.field(description="The part itself.")
    weight: float = strawberry.field(description="What it counts: `terms` and `meaning` together.")
    terms: float = strawberry.field(
        description="What its words and letters add to the label's score; exact."
    )
    meaning: float = strawberry.field(
        description="What the score of the text's vector loses when the part is cut out."
    )


@strawberry.type(
    description="How true the weights are: what the model says once the words that count most for "
    "the label are cut out."
)
class Deletion:
    words: int = strawberry.field(description="How many were cut out, at most 3.")
    label: str = strawberry.field(description="The likeliest label then.")
    probability: float = strawberry.field(
        description="How probable the explained label is then, 0 to 1."
    )


@strawberry.type(description="Why a model says what it says of one text, for one label.")
class Explanation:
    text: str = strawberry.field(description="The text.")
    answer: AnswerRecord = strawberry.field(
        graphql_type=ExplainedAnswer, description="What the model says of it."
    )
    cluster: NearestCluster = strawberry.field(
        resolver=_cluster, description="The cluster that the text falls into."
    )
    label: str = strawberry.field(description="The label that is explained.")
    probability: float = strawberry.field(description="How probable it is, 0 to 1.")
    against: str | None = strawberry.field(
        description="The label that it is weighed against; null for the mean of all others."
    )
    rival: str | None = strawberry.field(
        description="The likeliest other label; null where there is no other."
    )
    rival_probability: float = strawberry.field(description="How probable that is, 0 to 1.")
    score: float = strawberry.field(
        description="How much likelier the label is than what it is weighed against (of all "
        "others: their geometric mean), as a natural logarithm."
    )
    empty_score: float = strawberry.field(
        description="The same of an empty text: what the model says before it has read a word."
    )
    explained: float = strawberry.field(
        description="Sum of all parts' weights. How near it is to `score` - `emptyScore` tells how "
        "much of the answer single words explain; the rest is in how they go together."
    )
    words: tuple[records.Weight, ...] = strawberry.field(
        graphql_type=list[WordWeight],
        description="The words that counted, heaviest first whatever their sign, at most `words` "
        "of them. Of a text with over 60 words: those of its heaviest passages. Of a sequence: "
        "windows of it.",
    )
    passages: tuple[records.Weight, ...] = strawberry.field(
        graphql_type=list[WordWeight],
        description="All passages of a text with over 60 words, in their order, at most 32; none "
        "for a shorter text.",
    )
    deletion: records.Deletion | None = strawberry.field(
        graphql_type=Deletion | None,
        description="What the model says without the top words; null when none was weighed, or "
        "none speaks for the label.",
    )
    nearest: tuple[NeighbourRecord, ...] = strawberry.field(
        graphql_type=list[Neighbour],
        description="The nearest training rows whatever their label, at most `neighbours`.",
    )
    supporting: tuple[NeighbourRecord, ...] = strawberry.field(
        graphql_type=list[Neighbour],
        description="The nearest training rows of the label, at most `neighbours` of them.",
    )
    opposing: tuple[NeighbourRecord, ...] = strawberry.field(
        graphql_type=list[Neighbour],
        description="The nearest training rows of the label that it is weighed against, or else "
        "of its rival; at most `neighbours` of them.",
    )
