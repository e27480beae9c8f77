"""Every index; a change of them needs a migration, which makes those that are missing."""

from __future__ import annotations

from typing import Any

import pymongo
from motor.motor_asyncio import AsyncIOMotorDatabase
from pymongo import ASCENDING, IndexModel

from store.mongo.errors import mongo_errors
from store.mongo.windows import MARK

BUILD_TIMEOUT_S = 600
DAY_S = 24 * 3600


def _by(*names: str, unique: bool = False, forget_after_s: int | None = None) -> IndexModel:
    """An index over `names`; `forget_after_s` deletes records that long after the one date."""
    options: dict[str, Any] = {"unique": unique}
    if forget_after_s is not None:
        options["expireAfterSeconds"] = forget_after_s
    return IndexModel([(name, ASCENDING) for name in names], **options)


def _windows(*fields: str) -> list[IndexModel]:
    """What pages of a large collection are cut by; `fields` are dates that never change."""
    names = [(MARK, ASCENDING), ("_id", ASCENDING)]
    marks = IndexModel(names, unique=False, partialFilterExpression={MARK: {"$gt": 0}})
    # SecantusDB has no index of the ids' order but one that begins with them
    return [marks, *(_by("_id", field) for field in fields)]


INDEXES: dict[str, list[IndexModel]] = {
    "users": [_by("email", unique=True)],
    # kept a month past their end, so that the reuse of an old token is still noticed
    "sessions": [_by("user_id", "_id"), _by("expires_at", forget_after_s=30 * DAY_S)],
    "invitations": [_by("token_hash", unique=True), _by("email")],
    "api_keys": [_by("secret_hash", unique=True), _by("user_id", "_id")],
    "uploads": [_by("owner_id", "_id"), _by("status", "expires_at")],
    "datasets": [_by("owner_id", "_id"), _by("trashed_at"), _by("purge_job_id")],
    "dataset_versions": [
        _by("dataset_id", "number", unique=True),
        _by("owner_id", "_id"),
        _by("source.object_key"),
    ],
    "jobs": [
        *_windows("created_at"),
        _by("owner_id", "_id"),
        _by("owner_id", "status", "_id"),
        _by("owner_id", "kind", "_id"),
        _by("owner_id", "created_at"),
        _by("status", "_id"),
        _by("kind", "_id"),
        _by("ended_at"),
        _by("dataset_id", "_id"),
        _by("dataset_version_id", "_id"),
        _by("model_id", "_id"),
        _by("retry_of", "_id"),
        _by("purges"),
    ],
    "models": [
        _by("name", unique=True),
        _by("owner_id", "_id"),
        _by("published_version_id"),
        _by("trashed_at"),
        _by("purge_job_id"),
    ],
    "model_versions": [
        _by("owner_id"),
        _by("job_id", unique=True),
        _by("model_id", "number", unique=True),
        _by("dataset_id"),
        _by("dataset_version_id", "_id"),
        _by("files.sha256"),
    ],
    "learning_rounds": [_by("model_id", "_id"), _by("training_job_id"), _by("dataset_id")],
    "drift_reports": [
        _by("model_version_id", "_id"),
        _by("model_version_id", "measured_at"),
        _by("model_id"),
        _by("dataset_id"),
    ],
    "labelling_batches": [_by("model_id", "_id"), _by("report_id"), _by("dataset_id")],
    "comparisons": [_by("model_id", "_id"), _by("dataset_id")],
    "golden_questions": [_by("model_id", "_id")],
    "cluster_maps": [_by("model_id", "_id")],
    "cluster_edits": [_by("model_id", "_id")],
    "predictions": [
        *_windows("at"),
        _by("model_id", "_id"),
        _by("model_version_id", "_id"),
        _by("model_version_id", "abstained", "correction"),
        _by("model_version_id", "user_id", "_id"),
        _by("user_id", "_id"),
    ],
    "findings": [
        _by("job_id", "kind", "_id"),
        _by("dataset_version_id", "job_id"),
        _by("dataset_id", "status"),
        _by("fixed_in"),
    ],
    "bulk_predictions": [
        _by("owner_id", "_id"),
        _by("status", "expires_at"),
        _by("model_id", "_id"),
        _by("dataset_id", "_id"),
        _by("upload_id"),
    ],
    "bulk_operations": [
        _by("slot", unique=True),
        _by("owner_id", "_id"),
        _by("status", "expires_at"),
        _by("upload_id"),
    ],
    "search_indexes": [
        _by("dataset_version_id", "created_at"),
        _by("dataset_id", "status"),
        _by("owner_id"),
    ],
    "embed_shards": [
        _by("job_id", "job_attempt", "status"),
        _by("status", "lease_until"),
        _by("worker", "status"),
    ],
    "cards": [],  # found by their id alone, as the next three are
    "cluster_logs": [],
    "queues": [],
    "allowances": [],
    "rates": [],
    "idempotency": [_by("at", forget_after_s=DAY_S)],
    "undo_steps": [_by("at", forget_after_s=DAY_S), _by("subject_id")],
    "trials": [_by("model_version_id", "_id"), _by("model_id"), _by("dataset_id")],
    "webhooks": [_by("slot", unique=True), _by("owner_id", "_id"), _by("off")],
    "webhook_progress": [],
    "platform": [],
    "webhook_deliveries": [
        *_windows(),
        _by("webhook_id", "_id"),
        _by("webhook_id", "status", "_id"),
        _by("status", "webhook_id"),
        _by("is_test", "status", "next_try_at"),
        _by("created_at", forget_after_s=30 * DAY_S),
    ],
    "audit_log": [
        _by("number"),
        _by("subject_ids", "number"),
        _by("actor_id", "number"),
        _by("api_key_id", "number"),
        _by("action", "number"),
    ],
}


def is_marked(name: str) -> bool:
    """Whether the collection's pages are read by windows where that is quicker."""
    return any(MARK in index.document["key"] for index in INDEXES.get(name, ()))


def prefixes(name: str) -> list[tuple[str, ...]]:
    """The fields that stand before the id in each index of the collection that has it."""
    keys = [tuple(index.document["key"]) for index in INDEXES[name]]
    return [key[: key.index("_id")] for key in keys if "_id" in key and MARK not in key]


async def make_indexes(database: AsyncIOMotorDatabase[dict[str, Any]]) -> None:
    """Raises Unavailable. Building over many old records may take longer than one answer does."""
    with mongo_errors(), pymongo.timeout(BUILD_TIMEOUT_S):
        for name, indexes in INDEXES.items():
            if indexes:
                await database[name].create_indexes(indexes)
