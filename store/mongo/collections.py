"""All collections behind one client."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorDatabase

from store.mongo.audit import AuditCollection
from store.mongo.collection import Collection
from store.mongo.copying import is_embedded
from store.mongo.embed_shards import EmbedShardCollection
from store.mongo.errors import mongo_errors
from store.mongo.findings import FindingCollection
from store.mongo.indexes import prefixes
from store.mongo.jobs import JobCollection
from store.mongo.migrator import Migrator
from store.mongo.platform import PlatformNotes
from store.mongo.windows import Windows
from store.records.account import ApiKey, Invitation, Session, User
from store.records.bulk import BulkPrediction
from store.records.card import Card
from store.records.cluster_edit import ClusterEdit, ClusterLog
from store.records.cluster_map import ClusterMap
from store.records.comparison import Comparison
from store.records.dataset import Dataset, DatasetVersion, Upload
from store.records.delivery import Delivery
from store.records.drift import DriftReport
from store.records.embed_shard import EmbedShard
from store.records.golden import GoldenQuestion
from store.records.idempotency import IdempotentCall
from store.records.index import SearchIndex
from store.records.job import Job
from store.records.labelling import LabellingBatch
from store.records.learning import LearningRound
from store.records.model import Model, ModelVersion
from store.records.operation import BulkOperation
from store.records.prediction import Prediction
from store.records.quality import Finding
from store.records.queue import QueueState
from store.records.quota import Allowance
from store.records.rate import Rate
from store.records.trial import Trial
from store.records.undo import UndoStep
from store.records.webhook import Webhook, WebhookProgress
from store.settings import Settings

Database = AsyncIOMotorDatabase[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Collections:
    database: Database
    users: Collection[User]
    sessions: Collection[Session]
    invitations: Collection[Invitation]
    api_keys: Collection[ApiKey]
    uploads: Collection[Upload]
    datasets: Collection[Dataset]
    dataset_versions: Collection[DatasetVersion]
    jobs: JobCollection
    queues: Collection[QueueState]
    embed_shards: EmbedShardCollection
    models: Collection[Model]
    model_versions: Collection[ModelVersion]
    cards: Collection[Card]
    golden_questions: Collection[GoldenQuestion]
    comparisons: Collection[Comparison]
    learning_rounds: Collection[LearningRound]
    drift_reports: Collection[DriftReport]
    labelling_batches: Collection[LabellingBatch]
    cluster_maps: Collection[ClusterMap]
    cluster_edits: Collection[ClusterEdit]
    cluster_logs: Collection[ClusterLog]
    findings: FindingCollection
    predictions: Collection[Prediction]
    bulk_predictions: Collection[BulkPrediction]
    bulk_operations: Collection[BulkOperation]
    search_indexes: Collection[SearchIndex]
    rates: Collection[Rate]
    trials: Collection[Trial]
    allowances: Collection[Allowance]
    idempotency: Collection[IdempotentCall]
    undo_steps: Collection[UndoStep]
    audit_log: AuditCollection
    webhooks: Collection[Webhook]
    webhook_progress: Collection[WebhookProgress]
    webhook_deliveries: Collection[Delivery]
    platform: PlatformNotes

    async def ping(self) -> None:
        """Raises Unavailable."""
        with mongo_errors():
            await self.database.command("ping")


@asynccontextmanager
async def open_collections(settings: Settings) -> AsyncIterator[Collections]:
    """Connect; an empty database is made ready.

    Raises Unavailable, BadSettings for a URI that is none, and what `Migrator.make_ready` does.
    """
    async with open_unchecked(settings) as collections:
        await Migrator(collections.database).make_ready()
        yield collections


@asynccontextmanager
async def open_unchecked(settings: Settings) -> AsyncIterator[Collections]:
    """Connect, whatever the records look like: for those who migrate, restore or look."""
    timeout_ms = int(settings.service_timeout_s * 1000)
    with mongo_errors():
        client: AsyncIOMotorClient[dict[str, Any]] = AsyncIOMotorClient(
            settings.mongo_db_uri,
            timeoutMS=timeout_ms,
            serverSelectionTimeoutMS=timeout_ms,
            connectTimeoutMS=timeout_ms,
            tz_aware=True,
            # what was acknowledged outlives the server's death; SecantusDB writes 900/s so, else
            # 1,700
            journal=True,
            appname="shoal",
        )
    try:
        database = client[settings.database]
        with mongo_errors():
            is_secantus = await is_embedded(database)
        yield _collections(database, is_secantus)
    finally:
        client.close()


def _collections(database: Database, is_secantus: bool) -> Collections:
    def windows(name: str) -> Windows | None:
        return Windows(database[name], prefixes(name)) if is_secantus else None

    return Collections(
        database=database,
        users=Collection(User, database["users"]),
        sessions=Collection(Session, database["sessions"]),
        invitations=Collection(Invitation, database["invitations"]),
        api_keys=Collection(ApiKey, database["api_keys"]),
        uploads=Collection(Upload, database["uploads"]),
        datasets=Collection(Dataset, database["datasets"]),
        dataset_versions=Collection(DatasetVersion, database["dataset_versions"]),
        jobs=JobCollection(Job, database["jobs"], windows("jobs")),
        queues=Collection(QueueState, database["queues"]),
        embed_shards=EmbedShardCollection(EmbedShard, database["embed_shards"]),
        models=Collection(Model, database["models"]),
        model_versions=Collection(ModelVersion, database["model_versions"]),
        cards=Collection(Card, database["cards"]),
        comparisons=Collection(Comparison, database["comparisons"]),
        learning_rounds=Collection(LearningRound, database["learning_rounds"]),
        drift_reports=Collection(DriftReport, database["drift_reports"]),
        labelling_batches=Collection(LabellingBatch, database["labelling_batches"]),
        golden_questions=Collection(GoldenQuestion, database["golden_questions"]),
        cluster_maps=Collection(ClusterMap, database["cluster_maps"]),
        cluster_edits=Collection(ClusterEdit, database["cluster_edits"]),
        cluster_logs=Collection(ClusterLog, database["cluster_logs"]),
        findings=FindingCollection(Finding, database["findings"]),
        predictions=Collection(Prediction, database["predictions"], windows("predictions")),
        bulk_predictions=Collection(BulkPrediction, database["bulk_predictions"]),
        bulk_operations=Collection(BulkOperation, database["bulk_operations"]),
        search_indexes=Collection(SearchIndex, database["search_indexes"]),
        rates=Collection(Rate, database["rates"]),
        trials=Collection(Trial, database["trials"]),
        allowances=Collection(Allowance, database["allowances"]),
        idempotency=Collection(IdempotentCall, database["idempotency"]),
        undo_steps=Collection(UndoStep, database["undo_steps"]),
        audit_log=AuditCollection(database),
        webhooks=Collection(Webhook, database["webhooks"]),
        webhook_progress=Collection(WebhookProgress, database["webhook_progress"]),
        webhook_deliveries=Collection(
            Delivery, database["webhook_deliveries"], windows("webhook_deliveries")
        ),
        platform=PlatformNotes(database),
    )
