"""Records by id, those asked for in one turn of the loop fetched together.

Loaders batch and never cache: a socket's context lives for hours, and a subscription must see
every record as it is.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from strawberry.dataloader import DataLoader

from store.records.account import User
from store.records.dataset import Dataset, DatasetVersion
from store.records.job import Job
from store.records.model import Model, ModelVersion
from store.store import Store

R = TypeVar("R")
GetMany = Callable[[Sequence[str]], Awaitable[Mapping[str, R]]]


def _by_id(get_many: GetMany[R]) -> DataLoader[str, R | None]:
    async def load(ids: list[str]) -> list[R | None]:
        found = await get_many(list(dict.fromkeys(ids)))
        return [found.get(identifier) for identifier in ids]

    return DataLoader(load, cache=False)


@dataclass(frozen=True, slots=True)
class Loaders:
    """One loader a kind; each gives None for an id that does not exist."""

    users: DataLoader[str, User | None]
    datasets: DataLoader[str, Dataset | None]
    dataset_versions: DataLoader[str, DatasetVersion | None]
    jobs: DataLoader[str, Job | None]
    models: DataLoader[str, Model | None]
    model_versions: DataLoader[str, ModelVersion | None]


def open_loaders(store: Store) -> Loaders:
    """Loaders over the store, for one operation or one socket."""
    mongo = store.mongo
    return Loaders(
        users=_by_id(mongo.users.get_many),
        datasets=_by_id(mongo.datasets.get_many),
        dataset_versions=_by_id(mongo.dataset_versions.get_many),
        jobs=_by_id(mongo.jobs.get_many),
        models=_by_id(mongo.models.get_many),
        model_versions=_by_id(mongo.model_versions.get_many),
    )
