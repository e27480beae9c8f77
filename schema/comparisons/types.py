"""Comparisons, as callers see them."""

from __future__ import annotations

from datetime import datetime

import strawberry

from schema.accounts.types import User
from schema.context import Info
from schema.lazy import LazyJob, LazyModelVersion
from schema.nodes import Node, owner_of, shows
from schema.paging import After, First, Listing, list_page
from schema.trials.result import ClassChange, HeadQuality, Interval, TrialFlip
from schema.visibility import comparisons_for
from store.records import comparison as records
from store.records import trial as trials
from store.records.account import User as UserRecord
from store.records.job import Job as JobRecord
from store.records.model import Model as ModelRecord
from store.records.model import ModelVersion as ModelVersionRecord

Compared = strawberry.Parent[records.Comparison]


async def comparisons_of(
    model: strawberry.Parent[ModelRecord], info: Info, first: First = 20, after: After = None
) -> Listing[records.Comparison]:
    """Of this model's versions with others, newest first, as far as the viewer sees them."""
    where = {"model_id": model.id} | comparisons_for(info.context.signed_in)
    return await list_page(
        info, info.context.store.mongo.comparisons, where, name=f"comparisons:{model.id}",
        first=first, after=after,
    )  # fmt: skip


async def _before(comparison: Compared, info: Info) -> ModelVersionRecord | None:
    return await info.context.loaders.model_versions.load(comparison.before_id)


async def _after(comparison: Compared, info: Info) -> ModelVersionRecord | None:
    return await info.context.loaders.model_versions.load(comparison.after_id)


async def _job(comparison: Compared, info: Info) -> JobRecord | None:
    return await info.context.loaders.jobs.load(comparison.job_id)


@strawberry.type(description="Both versions on the labelled rows that neither learnt from.")
class Exam:
    verdict: trials.TrialVerdict = strawberry.field(
        description="Whether the later version is better."
    )
    message: str = strawberry.field(description="It in one sentence.")
    rows: int = strawberry.field(description="Rows that both were asked.")
    learnt_rows: int = strawberry.field(
        description="Labelled rows that were left out, for one of the two had learnt from them."
    )
    before: trials.HeadQuality = strawberry.field(
        graphql_type=HeadQuality, description="The earlier version."
    )
    after: trials.HeadQuality = strawberry.field(
        graphql_type=HeadQuality, description="The later version."
    )
    accuracy_before: trials.Interval = strawberry.field(
        graphql_type=Interval, description="The earlier one's accuracy, by a bootstrap."
    )
    accuracy_after: trials.Interval = strawberry.field(
        graphql_type=Interval, description="The later one's accuracy, by a bootstrap."
    )
    gain: trials.Interval = strawberry.field(
        graphql_type=Interval,
        description="How much the accuracy rose: the same resamples, pair by pair.",
    )
    p_value: float = strawberry.field(
        description="McNemar's exact test, two-sided: rows that became right against wrong."
    )
    resamples: int = strawberry.field(description="Of the bootstrap.")
    level: float = strawberry.field(description="Of the intervals, such as 0.95.")
    became_right: int = strawberry.field(description="Rows that were wrong and are right.")
    became_wrong: int = strawberry.field(description="Rows that were right and are wrong.")
    other_answers: int = strawberry.field(description="Rows that stay wrong, answered otherwise.")
    to_right: list[trials.Flip] = strawberry.field(
        graphql_type=list[TrialFlip], description="Rows that became right, at most 20."
    )
    to_wrong: list[trials.Flip] = strawberry.field(
        graphql_type=list[TrialFlip], description="Rows that became wrong, at most 20."
    )
    classes: list[trials.ClassChange] = strawberry.field(
        graphql_type=list[ClassChange],
        description="Labels that changed, those with the largest change of F1 first; at most 100.",
    )


@strawberry.type(description="Texts that were answered in one way and would be in another.")
class Change:
    before: str = strawberry.field(
        description="The label, or `ABSTAIN` or `OUT_OF_DISTRIBUTION` for no answer."
    )
    after: str = strawberry.field(description="What it would be, in the same words.")
    texts: int = strawberry.field(description="How many texts.")
    times: int = strawberry.field(description="How often they were asked.")


@strawberry.type(description="A text whose answer would be another.")
class TurnedAnswer:
    text: str = strawberry.field(description="The text, its first 500 characters.")
    times: int = strawberry.field(description="How often it was asked.")
    prediction_id: strawberry.ID = strawberry.field(description="The newest answer to it.")
    before: str = strawberry.field(description="What the earlier version says.")
    after: str = strawberry.field(description="What the later version says.")
    before_probability: float = strawberry.field(description="How sure the earlier one is.")
    after_probability: float = strawberry.field(description="How sure the later one is.")
    correction: str | None = strawberry.field(
        description="What somebody said that the answer should be."
    )


@strawberry.type(description="Both versions on what the model was asked last.")
class Replay:
    texts: int = strawberry.field(description="Different texts.")
    times: int = strawberry.field(description="How often these were asked.")
    changed_texts: int = strawberry.field(description="Texts that would be answered otherwise.")
    changed_times: int = strawberry.field(description="How often these were asked.")
    refused_before: int = strawberry.field(description="Texts that the earlier one refuses.")
    refused_after: int = strawberry.field(description="Texts that the later one refuses.")
    changes: list[records.Change] = strawberry.field(
        graphql_type=list[Change],
        description="What turns into what, the most frequent first; at most 100.",
    )
    turned: list[records.Turned] = strawberry.field(
        graphql_type=list[TurnedAnswer],
        description="The texts themselves, those asked most often first; at most 100.",
    )
    reviewed: int = strawberry.field(description="Texts that somebody has corrected.")
    right_before: int = strawberry.field(description="Of these, as corrected by the earlier one.")
    right_after: int = strawberry.field(description="Of these, as corrected by the later one.")


@strawberry.type(description="What it would mean to answer with another version.")
class Comparison(Node):
    is_type_of = shows(records.Comparison)

    created_at: datetime = strawberry.field(description="When it was asked for.")
    before: ModelVersionRecord | None = strawberry.field(
        resolver=_before, graphql_type=LazyModelVersion | None, description="The earlier version."
    )
    after: ModelVersionRecord | None = strawberry.field(
        resolver=_after, graphql_type=LazyModelVersion | None, description="The later version."
    )
    exam: records.Exam | None = strawberry.field(
        graphql_type=Exam | None,
        description="On labelled rows of the later version's data; null until its job has "
        "succeeded, and where no labelled row is new to both.",
    )
    replay: records.Replay | None = strawberry.field(
        graphql_type=Replay | None, description="On traffic; null until its job has succeeded."
    )
    job: JobRecord | None = strawberry.field(
        resolver=_job,
        graphql_type=LazyJob | None,
        description="The job that compares.",
    )
    owner: UserRecord | None = strawberry.field(
        resolver=owner_of, graphql_type=User | None, description="Who asked for it."
    )
