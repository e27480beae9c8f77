"""Answers, as callers see them."""

from __future__ import annotations

from datetime import datetime

import strawberry

from schema.accounts.types import User
from schema.context import Info
from schema.corrections.types import LearningRound
from schema.enums import show_enum
from schema.models.types import Model, ModelVersion
from schema.nodes import Node, shows
from schema.visibility import find_learning_round, find_model, find_model_version, find_user
from store.answers.predictions import Served
from store.clusters.maps import Fallen
from store.records import prediction as records
from store.records.account import User as UserRecord
from store.records.learning import LearningRound as LearningRoundRecord
from store.records.model import Model as ModelRecord
from store.records.model import ModelVersion as ModelVersionRecord

show_enum(
    records.Decision,
    "What a model makes of a text.",
    ANSWER="It answers with the likeliest label.",
    ABSTAIN="It is too unsure to answer: the label is its best guess.",
    OUT_OF_DISTRIBUTION="The text is unlike all that it learnt from: no label may fit.",
)

Logged = strawberry.Parent[records.Prediction]


@strawberry.type(description="How probable a label is.")
class Score:
    label: str = strawberry.field(description="The label.")
    probability: float = strawberry.field(description="Its calibrated probability, 0 to 1.")


@strawberry.type(description="A training row near the text: why the answer is what it is.")
class Neighbour:
    row: int = strawberry.field(description="Its number in the version, counted from 0.")
    text: str = strawberry.field(description="Its text.")
    label: str | None = strawberry.field(description="Its label, if it has one.")
    cosine: float = strawberry.field(description="How near it is, 1 at the same place.")
    name: str | None = strawberry.field(
        description="What its file calls it: the header of a sequence; null for other rows."
    )
    identity: float | None = strawberry.field(
        description="Share of the shorter sequence's letters that agree in the best alignment of "
        "both, on either strand, 0 to 1; null for texts, and beyond the eight nearest."
    )


async def _cluster_name(cluster: strawberry.Parent[NearestCluster], info: Info) -> str:
    if cluster.version_id is None:
        return cluster.fitted_name
    fallen = Fallen(cluster.version_id, cluster.number, cluster.text)
    return await info.context.loaders.cluster_names.load(fallen) or cluster.fitted_name


@strawberry.type(description="The cluster that a text falls into.")
class NearestCluster:
    number: int = strawberry.field(description="Its number within the model version.")
    name: str = strawberry.field(
        resolver=_cluster_name,
        description="Its name, as it is called now; see `renameCluster`. Of a cluster that was "
        "split it is that of the text's part, or the old one while no worker has the version.",
    )
    fitted_name: strawberry.Private[str]
    version_id: strawberry.Private[str | None]
    text: strawberry.Private[str]


async def _model(prediction: Logged, info: Info) -> ModelRecord | None:
    return await find_model(info.context, prediction.model_id)


async def _model_version(prediction: Logged, info: Info) -> ModelVersionRecord | None:
    return await find_model_version(info.context, prediction.model_version_id)


async def _round(prediction: Logged, info: Info) -> LearningRoundRecord | None:
    if prediction.round_id is None:
        return None
    return await find_learning_round(info.context, prediction.round_id)


def _decision(prediction: Logged) -> records.Decision:
    return prediction.decided


async def _user(prediction: Logged, info: Info) -> UserRecord | None:
    return await find_user(info.context, prediction.user_id)


@strawberry.type(description="One answer, as it was given and logged.")
class Prediction(Node):
    is_type_of = shows(records.Prediction)

    revision: int = strawberry.field(description="Pass it as `expectedVersion` to correct it.")
    text: str = strawberry.field(description="What was asked about.")
    label: str = strawberry.field(description="The likeliest label.")
    probability: float = strawberry.field(description="Its calibrated probability, 0 to 1.")
    abstained: bool = strawberry.field(
        description="Whether the model did not answer: `decision` says why."
    )
    decision: records.Decision = strawberry.field(
        resolver=_decision, description="What the model made of the text."
    )
    cluster: int = strawberry.field(description="Number of the cluster that the text falls into.")
    cached: bool = strawberry.field(description="Whether the same text was answered before.")
    latency_ms: float = strawberry.field(description="Milliseconds that the answer took.")
    at: datetime = strawberry.field(description="When it was given.")
    correction: str | None = strawberry.field(description="The right label, if somebody told it.")
    corrected_at: datetime | None = strawberry.field(description="When they did.")
    review: records.Review | None = strawberry.field(
        description="What the model's owner made of the correction; null until they have."
    )
    reviewed_at: datetime | None = strawberry.field(description="When they did.")
    learning_round: LearningRoundRecord | None = strawberry.field(
        resolver=_round,
        graphql_type=LearningRound | None,
        description="The round of learning that took it up, for whoever began it and admins.",
    )
    model: ModelRecord | None = strawberry.field(
        resolver=_model, graphql_type=Model | None, description="The model that was asked."
    )
    model_version: ModelVersionRecord | None = strawberry.field(
        resolver=_model_version,
        graphql_type=ModelVersion | None,
        description="The version that answered; null for callers who no longer see it.",
    )
    user: UserRecord | None = strawberry.field(
        resolver=_user, graphql_type=User | None, description="Who asked."
    )


@strawberry.type(description="The answer for one text.")
class PredictionAnswer:
    id: strawberry.ID = strawberry.field(description="The logged answer; correct it by this id.")
    text: str = strawberry.field(description="The text.")
    label: str = strawberry.field(description="The likeliest label, also when it abstains.")
    probability: float = strawberry.field(description="Its calibrated probability, 0 to 1.")
    abstained: bool = strawberry.field(
        description="Whether the model does not answer: `decision` says why."
    )
    decision: records.Decision = strawberry.field(description="What the model makes of the text.")
    prediction_set: list[str] = strawberry.field(
        description="The labels among which the right one is with the coverage that the training "
        "was asked for, likeliest first, at least one; all labels if too few rows were held out. "
        "Empty in answers from before sets were made."
    )
    ood_score: float | None = strawberry.field(
        description="How unlike the rows learnt from the text is: 0 for the mean of such rows, "
        "larger for what is less like them, in the sum of two signs' deviations. Null in models "
        "from before it was told."
    )
    ood_threshold: float | None = strawberry.field(
        description="Over it a text is OUT_OF_DISTRIBUTION; null if none is called so."
    )
    scores: tuple[records.Score, ...] = strawberry.field(
        graphql_type=list[Score], description="The likeliest labels, at most `topK` of them."
    )
    cluster: NearestCluster = strawberry.field(description="The cluster that the text falls into.")
    neighbours: tuple[records.Neighbour, ...] = strawberry.field(
        graphql_type=list[Neighbour],
        description="The nearest training rows, at most `neighbours` of them.",
    )
    cached: bool = strawberry.field(description="Whether the same text was answered before.")
    truncated: bool = strawberry.field(description="Whether the text is longer than is read.")
    latency_ms: float = strawberry.field(description="Milliseconds that the answer took.")


def shown(served: Served) -> PredictionAnswer:
    """The answer with its place in the log."""
    logged, answer = served.prediction, served.answer
    return PredictionAnswer(
        id=strawberry.ID(logged.id),
        text=logged.text,
        label=answer.label,
        probability=answer.probability,
        abstained=answer.abstained,
        decision=answer.decided,
        prediction_set=list(answer.prediction_set),
        ood_score=answer.ood_score,
        ood_threshold=answer.ood_threshold,
        scores=answer.scores,
        cluster=NearestCluster(
            number=answer.cluster,
            fitted_name=answer.cluster_name,
            version_id=logged.model_version_id,
            text=logged.text,
        ),
        neighbours=answer.neighbours,
        cached=served.cached,
        truncated=answer.truncated,
        latency_ms=logged.latency_ms,
    )
