"""One thing of every kind that has an id, all of them one person's."""

from __future__ import annotations

import dataclasses
import types
import typing
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from schema.visibility import FINDERS
from store import ids
from store.clock import now
from store.mongo import Collections
from store.records.index import index_id
from tests.schema.conftest import Caller
from tests.schema.making import trained

COLLECTIONS = {
    ids.API_KEY: "api_keys",
    ids.BULK: "bulk_predictions",
    ids.CLUSTER_EDIT: "cluster_edits",
    ids.COMPARISON: "comparisons",
    ids.DRIFT: "drift_reports",
    ids.FINDING: "findings",
    ids.GOLDEN: "golden_questions",
    ids.INDEX: "search_indexes",
    ids.INVITATION: "invitations",
    ids.LABELLING: "labelling_batches",
    ids.LEARNING: "learning_rounds",
    ids.OPERATION: "bulk_operations",
    ids.PREDICTION: "predictions",
    ids.SESSION: "sessions",
    ids.TRIAL: "trials",
    ids.UPLOAD: "uploads",
    ids.WEBHOOK: "webhooks",
    ids.WEBHOOK_DELIVERY: "webhook_deliveries",
}
"""Where a kind is kept; data sets, models and jobs are made as people make them."""


UNIQUE = ("token_hash", "secret_hash", "slot", "mark")
"""Fields of which no two records have the same."""


def sample(hint: Any, **known: Any) -> Any:
    """Some value of a type: a record with these fields, and with as little as it can have else."""
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        return None
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        hints = typing.get_type_hints(hint)
        given = {
            field.name: known[field.name] if field.name in known else sample(hints[field.name])
            for field in dataclasses.fields(hint)
            if field.name in known or not _has_default(field)
        }
        return hint(**given)
    if origin in (tuple, list, dict, set, frozenset):
        return origin()
    if isinstance(hint, type) and issubclass(hint, Enum):
        return next(iter(hint))
    return now() + timedelta(hours=1) if hint is datetime else hint()


def _has_default(field: dataclasses.Field[Any]) -> bool:
    missing = dataclasses.MISSING
    return field.default is not missing or field.default_factory is not missing


@dataclass(frozen=True)
class World:
    """Everything is the owner's; by its kind, the id of one thing."""

    owner: Caller
    ids: dict[str, str]

    def unknown(self, kind: str) -> str:
        """An id of that kind that nothing has."""
        if kind == ids.INDEX:
            return f"{ids.new(ids.DATASET_VERSION)}-{'0' * 12}"
        return ids.new(kind)


async def build(owner: Caller) -> World:
    """Raises KeyError for a kind that COLLECTIONS does not know yet."""
    mongo = owner.store.mongo
    job, version = await trained(owner, f"letters-{owner.id[-6:].lower()}")
    made = {
        ids.USER: owner.id, ids.JOB: job.id, ids.MODEL: version.model_id,
        ids.MODEL_VERSION: version.id, ids.DATASET: version.dataset_id,
        ids.DATASET_VERSION: version.dataset_version_id,
    }  # fmt: skip
    known: dict[str, Any] = {
        "owner_id": owner.id, "user_id": owner.id, "by": owner.id, "pinned_by": owner.id,
        "asked_by": owner.id,
        "model_id": version.model_id, "model_version_id": version.id, "version_id": version.id,
        "before_id": version.id, "after_id": version.id, "dataset_id": version.dataset_id,
        "dataset_version_id": version.dataset_version_id, "embedder": version.spec.embedder,
    }  # fmt: skip
    kinds = typing.get_type_hints(Collections)
    await mongo.cluster_maps.insert(
        sample(typing.get_args(kinds["cluster_maps"])[0], **known, id=version.id)
    )
    for prefix in sorted(FINDERS.keys() - made.keys(), key=_parents_first):
        name = COLLECTIONS[prefix]
        identifier = ids.new(prefix)
        if prefix == ids.INDEX:
            identifier = index_id(version.dataset_version_id, version.spec.embedder)
        unique: dict[str, Any] = dict.fromkeys(UNIQUE, identifier)
        unique |= {"clusters": ("clu_x",), "job_id": job.id}
        record = sample(_record_of(kinds[name]), **known, **unique, id=identifier)
        await getattr(mongo, name).insert(record)
        made[prefix] = identifier
        known[f"{name.removesuffix('s')}_id"] = identifier
    return World(owner, made)


def _parents_first(prefix: str) -> tuple[bool, str]:
    return prefix == ids.WEBHOOK_DELIVERY, prefix


def _record_of(collection: Any) -> Any:
    """The record of `Collection[Record]`, or of a class made from that."""
    if args := typing.get_args(collection):
        return args[0]
    return typing.get_args(collection.__orig_bases__[0])[0]
