"""The objects of a data set or a model: those that are its alone, and those that others need too.

A data set has what lies under its prefixes, and the uploads that its versions were made from, which
other data sets may have been made from as well. A model has the files of its versions' bundles,
which are kept once by content and shared with all versions that have the same file.

Whatever is being purged needs nothing any more. So of two that share an object and are purged at
the same time either deletes it, and it is not left behind by both.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from dataclasses import dataclass

from store.mongo import Collections
from store.objects import ObjectStat, ObjectStore, keys
from store.records.dataset import Dataset
from store.trash.things import Thing, records_of

AT_ONCE = 8
IN_ONE_QUERY = 500


@dataclass(frozen=True, slots=True)
class Objects:
    """What is there; `shared` is needed elsewhere."""

    own: tuple[ObjectStat, ...]
    shared: tuple[ObjectStat, ...]

    @property
    def own_bytes(self) -> int:
        return sum(each.size for each in self.own)

    @property
    def all_bytes(self) -> int:
        return self.own_bytes + sum(each.size for each in self.shared)


class Belongings:
    """Raises Unavailable when MongoDB or the object store is away."""

    def __init__(self, *, mongo: Collections, objects: ObjectStore) -> None:
        self._mongo = mongo
        self._objects = objects

    async def of(self, thing: Thing) -> Objects:
        """Every object that is there now."""
        inside = [each async for each in self._inside(thing)]
        sharable = await self._there(await self._sharable(thing))
        needed = await self.needed_elsewhere(thing, [each.key for each in sharable])
        return Objects(
            own=(*inside, *(each for each in sharable if each.key not in needed)),
            shared=tuple(each for each in sharable if each.key in needed),
        )

    async def needed_elsewhere(self, thing: Thing, candidates: Sequence[str]) -> set[str]:
        """Those of these keys that belong to something else as well, which is not being purged."""
        needed: set[str] = set()
        for some in _batches(candidates):
            if isinstance(thing, Dataset):
                needed |= await self._sources_elsewhere(thing.id, some)
            else:
                needed |= await self._blobs_elsewhere(thing.id, some)
        return needed

    # -- a data set -------------------------------------------------------------------------------

    async def _inside(self, thing: Thing) -> AsyncIterator[ObjectStat]:
        """What is under prefixes of its own."""
        for prefix in await self._prefixes(thing):
            for each in await self._objects.list(prefix):
                yield each

    async def _prefixes(self, thing: Thing) -> tuple[str, ...]:
        """Also of what a model answered in bulk, of whichever data sets."""
        if isinstance(thing, Dataset):
            return keys.of_dataset(thing.id)
        answered = {"model_id": thing.id, "dataset_id": {"$ne": ""}}
        datasets = await self._mongo.bulk_predictions.distinct("dataset_id", answered)
        return *keys.of_model(thing.id), *(keys.bulk_of(thing.id, each) for each in datasets)

    async def _sharable(self, thing: Thing) -> list[str]:
        if not isinstance(thing, Dataset):
            files = await self._mongo.model_versions.distinct("files", {"model_id": thing.id})
            return sorted({keys.blob(file["sha256"]) for file in files})
        versions = {"dataset_id": thing.id}
        sources = await self._mongo.dataset_versions.distinct("source.object_key", versions)
        return sorted(key for key in sources if keys.upload_of(key))

    async def _sources_elsewhere(self, dataset_id: str, some: Collection[str]) -> set[str]:
        versions = self._mongo.dataset_versions
        where = {"source.object_key": {"$in": list(some)}, "dataset_id": {"$ne": dataset_id}}
        others = await versions.distinct("dataset_id", where)
        where["dataset_id"] = {"$in": await self._not_purging(others)}
        return set(await versions.distinct("source.object_key", where))

    # -- a model ----------------------------------------------------------------------------------

    async def _blobs_elsewhere(self, model_id: str, some: Collection[str]) -> set[str]:
        digests = [key.rpartition("/")[2] for key in some]
        where = {"files.sha256": {"$in": digests}, "model_id": {"$ne": model_id}}
        others = await self._mongo.model_versions.distinct("model_id", where)
        where["model_id"] = {"$in": await self._not_purging(others)}
        files = await self._mongo.model_versions.distinct("files", where)
        return {keys.blob(file["sha256"]) for file in files} & set(some)

    # -- how --------------------------------------------------------------------------------------

    async def _not_purging(self, others: Sequence[str]) -> list[str]:
        if not others:
            return []
        known = await records_of(self._mongo, others[0]).get_many(others)
        return [each for each in others if each not in known or not known[each].is_purging]

    async def _there(self, sharable: Sequence[str]) -> list[ObjectStat]:
        """Those of the objects that exist, looked for a few at a time."""
        free = asyncio.Semaphore(AT_ONCE)

        async def look(key: str) -> ObjectStat | None:
            async with free:
                return await self._objects.stat(key)

        found = await asyncio.gather(*map(look, sharable))
        return [each for each in found if each is not None]


def _batches(of: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(of), IN_ONE_QUERY):
        yield of[start : start + IN_ONE_QUERY]
