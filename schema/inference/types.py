"""Answers, as callers see them."""

from __future__ import annotations

from datetime import datetime

import strawberry

from schema.accounts.types import User
from schema.context import Info
from schema.models.types import Model, ModelVersion
from schema.nodes import Node, shows
from schema.visibility import find_model, find_model_version, find_user
from store.predictions import Served
from store.records import prediction as records
from store.records.account import User as UserRecord
from store.records.model import Model as ModelRecord
from store.records.model import ModelVersion as ModelVersionRecord

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


@strawberry.type(description="The cluster that a text falls into.")
class NearestCluster:
    number: int = strawberry.field(description="Its number within the model version.")
    name: str = strawberry.field(description="Its name.")


async def _model(prediction: Logged, info: Info) -> ModelRecord | None:
    return await find_model(info.context, prediction.model_id)


async def _model_version(prediction: Logged, info: Info) -> ModelVersionRecord | None:
    return await find_model_version(info.context, prediction.model_version_id)


async def _user(prediction: Logged, info: Info) -> UserRecord | None:
    return await find_user(info.context, prediction.user_id)


@strawberry.type(description="One answer, as it was given and logged.")
class Prediction(Node):
    is_type_of = shows(records.Prediction)

    text: str = strawberry.field(description="What was asked about.")
    label: str = strawberry.field(description="The likeliest label.")
    probability: float = strawberry.field(description="Its calibrated probability, 0 to 1.")
    abstained: bool = strawberry.field(description="Whether the model was too unsure to answer.")
    cluster: int = strawberry.field(description="Number of the cluster that the text falls into.")
    cached: bool = strawberry.field(description="Whether the same text was answered before.")
    latency_ms: float = strawberry.field(description="Milliseconds that the answer took.")
    at: datetime = strawberry.field(description="When it was given.")
    correction: str | None = strawberry.field(description="The right label, if somebody told it.")
    corrected_at: datetime | None = strawberry.field(description="When they did.")
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
    abstained: bool = strawberry.field(description="Whether the model is too unsure to answer.")
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
        scores=answer.scores,
        cluster=NearestCluster(number=answer.cluster, name=answer.cluster_name),
        neighbours=answer.neighbours,
        cached=served.cached,
        truncated=answer.truncated,
        latency_ms=logged.latency_ms,
    )
