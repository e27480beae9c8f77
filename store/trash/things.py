"""Data sets and models, alike in that they can be deleted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from store import ids
from store.mongo import Collection, Collections
from store.records.dataset import Dataset
from store.records.event import EventKind, Topic
from store.records.job import JobStatus
from store.records.model import Model

Thing = Dataset | Model
UNDER_WAY = [status.value for status in JobStatus if not status.is_terminal]


@dataclass(frozen=True, slots=True)
class Kind:
    """What differs between the two."""

    noun: str
    reference: str
    """The field of jobs, versions and predictions that names it."""
    topic: Topic
    trashed: EventKind
    restored: EventKind
    purged: EventKind


DATASET = Kind(
    "Dataset", "dataset_id", Topic.DATASET, EventKind.DATASET_TRASHED,
    EventKind.DATASET_RESTORED, EventKind.DATASET_PURGED,
)  # fmt: skip
MODEL = Kind(
    "Model", "model_id", Topic.MODEL, EventKind.MODEL_TRASHED, EventKind.MODEL_RESTORED,
    EventKind.MODEL_PURGED,
)  # fmt: skip


def kind_of(identifier: str) -> Kind:
    """The kind of a data set's or a model's id."""
    return DATASET if ids.prefix_of(identifier) == ids.DATASET else MODEL


def records_of(mongo: Collections, identifier: str) -> Collection[Any]:
    """The collection that an id of either belongs to."""
    return mongo.datasets if kind_of(identifier) is DATASET else mongo.models


def working_on(identifier: str) -> dict[str, Any]:
    """The filter of jobs that wait or run for a data set or a model."""
    return {kind_of(identifier).reference: identifier, "status": {"$in": UNDER_WAY}}
