"""Events, as callers see them."""

from __future__ import annotations

from datetime import datetime

import strawberry

from schema.accounts.types import User
from schema.context import Info
from schema.datasets.types import Dataset
from schema.enums import show_enum
from schema.jobs.types import Job
from schema.models.types import Model, ModelVersion
from schema.nodes import shows
from schema.visibility import (
    find_dataset,
    find_job,
    find_model,
    find_model_version,
    find_user,
)
from store import ids
from store.records import event as records
from store.records.account import User as UserRecord
from store.records.dataset import Dataset as DatasetRecord
from store.records.job import Job as JobRecord
from store.records.model import Model as ModelRecord
from store.records.model import ModelVersion as ModelVersionRecord

show_enum(
    records.Topic,
    "What an event is about.",
    JOB="A job.",
    DATASET="A data set or its versions.",
    MODEL="A model or its versions.",
    PREDICTION="An answer.",
    ACCOUNT="A user.",
    WORKER="A worker.",
    WEBHOOK="A webhook.",
)
show_enum(
    records.EventKind,
    "What happened.",
    JOB_QUEUED="A job waits for a worker.",
    JOB_STARTED="A worker took a job up.",
    STAGE_STARTED="A stage began.",
    STAGE_PROGRESSED="A stage got further.",
    STAGE_DONE="A stage ended well.",
    JOB_RETRIED="A job went back to the queue.",
    JOB_CANCELLING="Somebody asked a running job to stop.",
    JOB_SUCCEEDED="A job did what it was asked to do.",
    JOB_FAILED="A job could not.",
    JOB_CANCELLED="A job was stopped on request.",
    JOB_CHANGED="A waiting job got another priority.",
    LOG_LINE="A line of a job's log.",
    LATE_WRITE_REFUSED="A worker that had lost its job tried to write.",
    DATASET_CREATED="There is a new data set.",
    DATASET_CHANGED="A data set got another name or description.",
    DATASET_TRASHED="A data set went to the trash.",
    DATASET_RESTORED="A data set came back from the trash.",
    DATASET_PURGED="A data set was deleted for good.",
    VERSION_CREATED="There is a new version of a data set.",
    VERSION_READY="A version can be trained on.",
    VERSION_REJECTED="A version could not be read.",
    MODEL_CREATED="There is a new model.",
    MODEL_CHANGED="A model got another description.",
    MODEL_TRASHED="A model went to the trash.",
    MODEL_RESTORED="A model came back from the trash.",
    MODEL_PURGED="A model was deleted for good.",
    MODEL_VERSION_CREATED="A training made a version.",
    MODEL_PUBLISHED="A version answers under its model's name.",
    MODEL_ROLLED_BACK="The version before answers again.",
    MODEL_WITHDRAWN="No version of a model answers.",
    PREDICTION_MADE="A text was classified.",
    PREDICTIONS_MADE="Texts were classified; the message says how many.",
    PREDICTION_CORRECTED="Somebody corrected an answer.",
    USER_JOINED="There is a new user.",
    USER_CHANGED="A user's role or right to sign in changed.",
    WORKER_STARTED="A worker came up.",
    WORKER_STOPPED="A worker went away.",
    MODEL_SERVED="An inference worker holds a version in memory.",
    MODEL_DRIFTED="What a model is asked is no longer like what it learnt.",
    QUEUE_PAUSED="Nothing new is taken from a queue.",
    QUEUE_RESUMED="A queue goes on.",
    WEBHOOK_SWITCHED_OFF="A webhook sends no longer; the message says why.",
)

Event = strawberry.Parent[records.Event]


def _id_of(event: records.Event, prefix: str, role: str) -> str | None:
    subject = event.subject_id
    return subject if ids.prefix_of(subject) == prefix else event.related.get(role)


async def _job(event: Event, info: Info) -> JobRecord | None:
    found = _id_of(event, ids.JOB, "job")
    return await find_job(info.context, found) if found else None


async def _dataset(event: Event, info: Info) -> DatasetRecord | None:
    found = _id_of(event, ids.DATASET, "dataset")
    return await find_dataset(info.context, found) if found else None


async def _model(event: Event, info: Info) -> ModelRecord | None:
    found = _id_of(event, ids.MODEL, "model")
    return await find_model(info.context, found) if found else None


async def _model_version(event: Event, info: Info) -> ModelVersionRecord | None:
    found = _id_of(event, ids.MODEL_VERSION, "model_version")
    return await find_model_version(info.context, found) if found else None


async def _user(event: Event, info: Info) -> UserRecord | None:
    return await find_user(info.context, event.owner_id)


async def _rows_per_second(event: Event, info: Info) -> float | None:
    """Rows done so far over the time since the stage began."""
    job = await _job(event, info) if event.stage and event.done else None
    stage = next((each for each in job.stages if each.name == event.stage), None) if job else None
    if stage is None or stage.started_at is None or event.at <= stage.started_at:
        return None
    return (event.done or 0) / (event.at - stage.started_at).total_seconds()


@strawberry.type(description="Something that happened.")
class ActivityEvent:
    is_type_of = shows(records.Event)

    cursor: str = strawberry.field(description="Pass it as `after` to resume behind this event.")
    at: datetime = strawberry.field(description="When it happened.")
    topic: records.Topic = strawberry.field(description="What it is about.")
    kind: records.EventKind = strawberry.field(description="What happened.")
    message: str = strawberry.field(description="One sentence for people; may be empty.")
    subject_id: strawberry.ID = strawberry.field(description="The id of what it is about.")
    stage: str | None = strawberry.field(description="The stage of the job.")
    done: int | None = strawberry.field(
        description="Rows done in the stage; of PREDICTIONS_MADE, the answers."
    )
    total: int | None = strawberry.field(description="Rows to do in the stage.")
    attempt: int | None = strawberry.field(description="The attempt of the job.")
    rows_per_second: float | None = strawberry.field(
        resolver=_rows_per_second, description="The stage's speed since it began."
    )
    job: JobRecord | None = strawberry.field(
        resolver=_job, graphql_type=Job | None, description="The job as it is now."
    )
    dataset: DatasetRecord | None = strawberry.field(
        resolver=_dataset, graphql_type=Dataset | None, description="The data set as it is now."
    )
    model: ModelRecord | None = strawberry.field(
        resolver=_model, graphql_type=Model | None, description="The model as it is now."
    )
    model_version: ModelVersionRecord | None = strawberry.field(
        resolver=_model_version,
        graphql_type=ModelVersion | None,
        description="The version of a model that it is about.",
    )
    user: UserRecord | None = strawberry.field(
        resolver=_user, graphql_type=User | None, description="Whose it is."
    )
