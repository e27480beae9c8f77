"""How long work takes: before it is asked for, while it runs, and how well that was told."""

from __future__ import annotations

from typing import Annotated

import strawberry

from schema.context import Info
from schema.datasets.profile import Advice
from schema.fields import query
from schema.jobs.spec import TrainingSpecInput
from schema.permissions import Requires
from schema.scalars import BigInt
from schema.visibility import find_dataset_version, must_find
from store.records import job as records
from store.records.account import Scope
from store.records.advice import Advice as AdviceRecord
from store.training import estimates
from store.training.estimates import run_time_s


@strawberry.type(description="A duration in seconds, as a forecast.")
class Span:
    p50: float = strawberry.field(description="Half of such runs take longer.")
    p90: float = strawberry.field(description="One such run in ten takes longer.")


@strawberry.type(description="Why something would be refused.")
class Refusal:
    code: str = strawberry.field(description="Stable and machine-readable.")
    message: str = strawberry.field(description="What is wrong, and what is needed.")


@strawberry.type(description="How estimates have done, over the latest jobs that had one.")
class EstimateAccuracy:
    jobs: int = strawberry.field(description="How many jobs that is, 50 at most.")
    median_ratio: float | None = strawberry.field(
        description="The median of the time taken over the p50 told before; 1 is perfect."
    )
    within_p90: float | None = strawberry.field(
        description="Share of them that took no longer than their p90, 0 to 1."
    )


async def _accuracy(info: Info) -> estimates.Accuracy:
    return await info.context.store.estimates.accuracy()


@strawberry.type(description="What a training would take.")
class TrainingEstimate:
    seconds: records.Span = strawberry.field(
        graphql_type=Span, description="From its start on a free worker to its end."
    )
    peak_bytes: BigInt = strawberry.field(description="Memory of its largest stage.")
    rows_to_embed: int = strawberry.field(description="Rows whose vectors are not known yet.")
    rows_cached: int = strawberry.field(description="Rows that an earlier training embedded.")
    refusal: estimates.Refusal | None = strawberry.field(
        graphql_type=Refusal | None, description="Why it would be refused; null if it would not."
    )
    warnings: list[AdviceRecord] = strawberry.field(
        graphql_type=list[Advice],
        description="What speaks against it; it is done all the same if asked for.",
    )
    accuracy: estimates.Accuracy = strawberry.field(
        resolver=_accuracy,
        graphql_type=EstimateAccuracy,
        description="How well earlier estimates have held.",
    )


VersionId = Annotated[
    strawberry.ID, strawberry.argument(description="The data set's version to train on.")
]
Spec = Annotated[
    TrainingSpecInput | None,
    strawberry.argument(description="How to train; null is the default."),
]


@strawberry.type
class EstimateQueries:
    @query(
        Requires(Scope.READ),
        "What a training would take, told before it is asked for.",
        shows=TrainingEstimate,
        cost=5,
    )
    async def estimate_training(
        self, info: Info, dataset_version_id: VersionId, spec: Spec = None
    ) -> estimates.TrainingEstimate:
        version = await must_find(
            info.context, find_dataset_version, dataset_version_id, "datasetVersionId"
        )
        asked = (spec or TrainingSpecInput()).record()
        return await info.context.store.estimates.training(version, asked)


async def remaining_of(job: strawberry.Parent[records.Job], info: Info) -> records.Span | None:
    """From now to its end, while somebody works on it."""
    is_running = job.status is records.JobStatus.RUNNING
    return await info.context.store.estimates.remaining(job) if is_running else None


def estimate_ratio(job: strawberry.Parent[records.Job]) -> float | None:
    """The time it took over the p50 told before; for jobs that succeeded."""
    took = run_time_s(job)
    if job.estimate is None or took is None or job.status is not records.JobStatus.SUCCEEDED:
        return None
    return took / max(job.estimate.p50, 1e-3)
