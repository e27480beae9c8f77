"""Models and their versions, as callers see them."""

from __future__ import annotations

from datetime import datetime

import strawberry

from schema.accounts.types import User
from schema.cards.types import ModelCard, card_of
from schema.clusters.history import ClusterHistory, history_of
from schema.clusters.map import ClusterMap, map_of
from schema.clusters.tiles import MapShown
from schema.comparisons.types import Comparison, comparisons_of
from schema.context import Info
from schema.corrections.types import LearningRound, corrections_of, rounds_of
from schema.cost import costs
from schema.datasets.types import Dataset, DatasetVersion
from schema.drift.period import DriftPeriod
from schema.drift.types import DriftReport, days_of, reports_of
from schema.golden.types import GoldenQuestion, GoldenResult, questions_of, results_of
from schema.jobs.spec import TrainingSpec
from schema.jobs.types import Job
from schema.labelling.types import LabellingBatch, batches_of
from schema.lazy import LazyModel, LazyModelVersion, LazyPrediction
from schema.models.promise import LivePromise, live_promise
from schema.models.report import Report
from schema.nodes import Node, owner_of, shows
from schema.paging import After, Connection, First, Listing, list_page
from schema.permissions import visible
from schema.scalars import BigInt
from schema.trials.types import Trial, trials_of
from schema.visibility import versions_for
from store.records import model as records
from store.records import promise as promises
from store.records.account import User as UserRecord
from store.records.cluster_map import ClusterMap as ClusterMapRecord
from store.records.comparison import Comparison as ComparisonRecord
from store.records.dataset import DataKind
from store.records.dataset import Dataset as DatasetRecord
from store.records.dataset import DatasetVersion as DatasetVersionRecord
from store.records.drift import DriftPeriod as DriftPeriodRecord
from store.records.drift import DriftReport as DriftReportRecord
from store.records.golden import GoldenQuestion as GoldenQuestionRecord
from store.records.golden import GoldenResult as GoldenResultRecord
from store.records.job import Job as JobRecord
from store.records.labelling import LabellingBatch as LabellingBatchRecord
from store.records.learning import LearningRound as LearningRoundRecord
from store.records.prediction import Prediction as PredictionRecord
from store.records.trial import Trial as TrialRecord

Version = strawberry.Parent[records.ModelVersion]
Family = strawberry.Parent[records.Model]


async def _model(version: Version, info: Info) -> records.Model | None:
    return await info.context.loaders.models.load(version.model_id)


async def _is_published(version: Version, info: Info) -> bool:
    model = await info.context.loaders.models.load(version.model_id)
    return model is not None and model.published_version_id == version.id


async def _job(version: Version, info: Info) -> JobRecord | None:
    job = await info.context.loaders.jobs.load(version.job_id)
    return visible(info.context.signed_in, job)


async def _dataset(version: Version, info: Info) -> DatasetRecord | None:
    dataset = await info.context.loaders.datasets.load(version.dataset_id)
    return visible(info.context.signed_in, dataset)


async def _dataset_version(version: Version, info: Info) -> DatasetVersionRecord | None:
    found = await info.context.loaders.dataset_versions.load(version.dataset_version_id)
    return visible(info.context.signed_in, found)


async def _published_version(model: Family, info: Info) -> records.ModelVersion | None:
    loader = info.context.loaders.model_versions
    return await loader.load(model.published_version_id) if model.published_version_id else None


async def _versions(
    model: Family, info: Info, first: First = 20, after: After = None
) -> Listing[records.ModelVersion]:
    return await list_page(
        info, info.context.store.mongo.model_versions, versions_for(info.context.signed_in, model),
        name=f"versions:{model.id}", first=first, after=after,
    )  # fmt: skip


async def _publication_version(
    publication: strawberry.Parent[records.Publication], info: Info
) -> records.ModelVersion | None:
    return await info.context.loaders.model_versions.load(publication.version_id)


def _publications(model: Family) -> list[records.Publication]:
    return list(reversed(model.publications))[:100]


@strawberry.type(description="A file of a model version's bundle.")
class BundleFile:
    name: str = strawberry.field(description="Its name within the bundle.")
    sha256: str = strawberry.field(description="SHA-256 of its bytes, in hexadecimal.")
    bytes: BigInt = strawberry.field(description="Its size.")


@strawberry.type(description="What one training made; it never changes.")
class ModelVersion(Node):
    is_type_of = shows(records.ModelVersion)

    number: int = strawberry.field(description="1 for the first version of the model.")
    kind: DataKind = strawberry.field(description="What it reads.")
    labels: list[str] = strawberry.field(description="All labels that it knows, one entry each.")
    spec: TrainingSpec = strawberry.field(description="What its training was asked to do.")
    report: Report = strawberry.field(description="What its training found out.")
    manifest_sha256: str = strawberry.field(description="SHA-256 of the bundle's manifest.")
    files: list[BundleFile] = strawberry.field(description="Its bundle, one entry a file.")
    bytes: BigInt = strawberry.field(description="Size of its bundle.")
    created_at: datetime = strawberry.field(description="When it was made.")
    card: ModelCard | None = strawberry.field(
        resolver=card_of,
        description="What is known of it, for those who are to use it; null if its model is gone.",
    )
    cluster_map: MapShown | None = strawberry.field(
        resolver=map_of,
        graphql_type=ClusterMap | None,
        description="Where the rows it was trained on lie, and in which clusters; null for "
        "versions made before maps were kept.",
    )
    live_promise: promises.LivePromise | None = strawberry.field(
        resolver=live_promise,
        graphql_type=LivePromise | None,
        description="What it promises of its answers against the corrections that arrived; null "
        "for callers who are neither its owner nor an admin.",
    )
    golden_results: list[GoldenResultRecord] = strawberry.field(
        directives=costs(50),
        resolver=results_of,
        graphql_type=list[GoldenResult],
        description="What it says to each of its model's golden questions, at most 100; asked now.",
    )
    is_published: bool = strawberry.field(
        resolver=_is_published, description="Whether it answers under the model's name."
    )
    model: records.Model | None = strawberry.field(
        resolver=_model, graphql_type=LazyModel | None, description="The model it is a version of."
    )
    job: JobRecord | None = strawberry.field(
        resolver=_job,
        graphql_type=Job | None,
        description="The training that made it; null for callers who may not see it.",
    )
    dataset: DatasetRecord | None = strawberry.field(
        resolver=_dataset,
        graphql_type=Dataset | None,
        description="What it was trained on; null for callers who may not see it.",
    )
    dataset_version: DatasetVersionRecord | None = strawberry.field(
        resolver=_dataset_version,
        graphql_type=DatasetVersion | None,
        description="The version it was trained on; null for callers who may not see it.",
    )
    drift: list[DriftPeriodRecord] = strawberry.field(
        resolver=days_of,
        graphql_type=list[DriftPeriod],
        description="Drift of what it was asked, day by day, as the caller's latest reports tell "
        "it, oldest first; at most 90. Measured by itself while it is published.",
    )
    drift_reports: Listing[DriftReportRecord] = strawberry.field(
        resolver=reports_of,
        graphql_type=Connection[DriftReport],
        description="Measurements of its drift that the caller asked for, newest first; "
        "everybody's for an admin.",
    )
    trials: Listing[TrialRecord] = strawberry.field(
        resolver=trials_of,
        graphql_type=Connection[Trial],
        description="Fixes that the caller tried on it, newest first; everybody's for an admin.",
    )


@strawberry.type(description="One move of a model's name to a version.")
class Publication:
    at: datetime = strawberry.field(description="When it happened.")
    version: records.ModelVersion | None = strawberry.field(
        resolver=_publication_version,
        graphql_type=LazyModelVersion | None,
        description="The version that answered from then on.",
    )


@strawberry.type(description="A name that callers use, and the version that answers under it.")
class Model(Node):
    is_type_of = shows(records.Model)

    name: str = strawberry.field(description="Unique; lower-case words joined by hyphens.")
    description: str = strawberry.field(description="What it is for.")
    created_at: datetime = strawberry.field(description="When it was made.")
    version_count: int = strawberry.field(description="How many versions it has.")
    revision: int = strawberry.field(description="Pass it as `expectedVersion` in changes.")
    published_version: records.ModelVersion | None = strawberry.field(
        resolver=_published_version,
        graphql_type=ModelVersion | None,
        description="The version that answers; null while none is published.",
    )
    publications: list[records.Publication] = strawberry.field(
        resolver=_publications,
        graphql_type=list[Publication],
        description="What was published when, newest first, at most 100.",
    )
    versions: Listing[records.ModelVersion] = strawberry.field(
        resolver=_versions,
        graphql_type=Connection[ModelVersion],
        description="Its versions, newest first; only the published one for callers who are "
        "neither its owner nor an admin.",
    )
    cluster_history: Listing[ClusterMapRecord] = strawberry.field(
        resolver=history_of,
        graphql_type=ClusterHistory,
        description="What became of its clusters with each version, newest first; only the "
        "published one for callers who are neither its owner nor an admin.",
    )
    comparisons: Listing[ComparisonRecord] = strawberry.field(
        resolver=comparisons_of,
        graphql_type=Connection[Comparison],
        description="Of its versions with others, newest first; for an admin everybody's.",
    )
    corrections: Listing[PredictionRecord] = strawberry.field(
        resolver=corrections_of,
        graphql_type=Connection[LazyPrediction],
        description="Corrected answers, newest first, for its owner to review; others have theirs.",
    )
    learning_rounds: Listing[LearningRoundRecord] = strawberry.field(
        resolver=rounds_of,
        graphql_type=Connection[LearningRound],
        description="What was learnt from corrections, newest first, for its owner and admins.",
    )
    labelling_batches: Listing[LabellingBatchRecord] = strawberry.field(
        resolver=batches_of,
        graphql_type=Connection[LabellingBatch],
        description="Answers that the caller wanted people to label, newest first; everybody's for "
        "an admin.",
    )
    golden_questions: Listing[GoldenQuestionRecord] = strawberry.field(
        resolver=questions_of,
        graphql_type=Connection[GoldenQuestion],
        description="What its versions have to answer, newest first.",
    )
    owner: UserRecord | None = strawberry.field(
        resolver=owner_of,
        graphql_type=User | None,
        description="Whose it is; null for callers who are neither its owner nor an admin.",
    )
