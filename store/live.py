"""What is in use: records whose data set or model is not in the trash.

What is in the trash is not there for anybody but the trash itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol, TypeVar

from store.errors import NotFound
from store.mongo import Collections
from store.records.comparison import Comparison
from store.records.dataset import Dataset, DatasetVersion
from store.records.drift import DriftReport
from store.records.job import Job
from store.records.labelling import LabellingBatch
from store.records.model import Model, ModelVersion
from store.records.trial import Trial

IN_USE: dict[str, Any] = {"trashed_at": None}
"""The filter of data sets and models that are not in the trash."""


R = TypeVar("R")


class OfBoth(Protocol):
    """What tells of a model and of the data set that it was trained on."""

    @property
    def model_id(self) -> str: ...
    @property
    def dataset_id(self) -> str: ...


B = TypeVar("B", bound=OfBoth)


class Live:
    """Those that exist, by id; the verbs in the singular raise NotFound for all others."""

    def __init__(self, mongo: Collections) -> None:
        self._mongo = mongo

    async def datasets(self, ids: Iterable[str]) -> dict[str, Dataset]:
        found = await self._mongo.datasets.get_many(ids)
        return {id: dataset for id, dataset in found.items() if not dataset.is_trashed}

    async def dataset_versions(self, ids: Iterable[str]) -> dict[str, DatasetVersion]:
        found = await self._mongo.dataset_versions.get_many(ids)
        datasets = await self.datasets({version.dataset_id for version in found.values()})
        return {id: each for id, each in found.items() if each.dataset_id in datasets}

    async def models(self, ids: Iterable[str]) -> dict[str, Model]:
        found = await self._mongo.models.get_many(ids)
        return {id: model for id, model in found.items() if not model.is_trashed}

    async def model_versions(self, ids: Iterable[str]) -> dict[str, ModelVersion]:
        found = await self._mongo.model_versions.get_many(ids)
        models = await self.models({version.model_id for version in found.values()})
        return {id: each for id, each in found.items() if each.model_id in models}

    async def trials(self, ids: Iterable[str]) -> dict[str, Trial]:
        return await self._in_use(await self._mongo.trials.get_many(ids))

    async def comparisons(self, ids: Iterable[str]) -> dict[str, Comparison]:
        return await self._in_use(await self._mongo.comparisons.get_many(ids))

    async def drift_reports(self, ids: Iterable[str]) -> dict[str, DriftReport]:
        return await self._in_use(await self._mongo.drift_reports.get_many(ids))

    async def labelling_batches(self, ids: Iterable[str]) -> dict[str, LabellingBatch]:
        return await self._in_use(await self._mongo.labelling_batches.get_many(ids))

    async def dataset(self, identifier: str) -> Dataset:
        return _only(await self.datasets([identifier]), identifier)

    async def dataset_version(self, identifier: str) -> DatasetVersion:
        return _only(await self.dataset_versions([identifier]), identifier)

    async def model_version(self, identifier: str) -> ModelVersion:
        return _only(await self.model_versions([identifier]), identifier)

    async def _in_use(self, found: dict[str, B]) -> dict[str, B]:
        """Those whose model and data set are: they tell of both."""
        models = await self.models({each.model_id for each in found.values()})
        datasets = await self.datasets({each.dataset_id for each in found.values()})
        return {
            id: each for id, each in found.items()
            if each.model_id in models and each.dataset_id in datasets
        }  # fmt: skip

    async def check(self, job: Job) -> None:
        """Raises NotFound when the data set or the model of a job went to the trash.

        Whoever begins an ingest or a training asks, and `Trash.put` looks for jobs after it has
        moved the record. So one of both notices the other, whichever comes first.
        """
        await self.dataset(job.dataset_id)
        if job.model_id is not None:
            _only(await self.models([job.model_id]), job.model_id)


def _only(found: dict[str, R], identifier: str) -> R:
    if identifier not in found:
        raise NotFound(f"there is no {identifier}, or it is in the trash")
    return found[identifier]
