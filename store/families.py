"""Model families: found by name, or made, when a training asks for one."""

from __future__ import annotations

from collections.abc import Iterable

from store import ids, naming
from store.clock import now
from store.errors import AlreadyExists
from store.events import Events
from store.mongo import Collections
from store.records.dataset import DatasetVersion
from store.records.event import Event, EventKind, Topic
from store.records.model import Model

MAX_NAMESAKES = 100


class Families:
    """Names of models are unique; each belongs to one owner."""

    def __init__(self, *, mongo: Collections, events: Events) -> None:
        self._mongo = mongo
        self._events = events

    async def family(self, owner_id: str, version: DatasetVersion, name: str | None) -> Model:
        """The owner's model of that name or, without one, of the data set's; new if need be.

        Raises InvalidValue, and AlreadyExists when a given name belongs to somebody else.
        """
        for candidate in await self._candidates(version, name):
            model = await self._mongo.models.find_by(name=candidate)
            model = model or await self._created(owner_id, candidate)
            if model.owner_id == owner_id:
                return model
        raise AlreadyExists(f"the model name {candidate} belongs to somebody else")

    async def _candidates(self, version: DatasetVersion, name: str | None) -> Iterable[str]:
        if name is not None:
            return [naming.slug(name)]
        dataset = await self._mongo.datasets.get(version.dataset_id)
        slug = naming.slug_of(dataset.name)
        return [slug, *(f"{slug}-{number}" for number in range(2, MAX_NAMESAKES))]

    async def _created(self, owner_id: str, name: str) -> Model:
        model = Model(ids.new(ids.MODEL), owner_id, name, description="", created_at=now())
        try:
            await self._mongo.models.insert(model)
        except AlreadyExists:
            # somebody was faster, perhaps the same owner
            return await self._mongo.models.find_by(name=name) or model
        what = f"{name} was created"
        event = Event(Topic.MODEL, EventKind.MODEL_CREATED, model.id, owner_id, now(), what)
        await self._events.append(event)
        return model
