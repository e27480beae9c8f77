"""Model families: found by name, or made, when a training asks for one."""

from __future__ import annotations

from contextlib import suppress

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

        Raises InvalidValue, and AlreadyExists when a given name belongs to somebody else, or to a
        model in the trash.
        """
        if name is not None:
            return await self.named(owner_id, naming.slug(name))
        dataset = await self._mongo.datasets.get(version.dataset_id)
        slug = naming.slug_of(dataset.name)
        for candidate in (slug, *(f"{slug}-{number}" for number in range(2, MAX_NAMESAKES))):
            with suppress(AlreadyExists):
                return await self.named(owner_id, candidate)
        raise AlreadyExists(f"{slug} and its numbered names belong to others; choose a name")

    async def named(self, owner_id: str, name: str) -> Model:
        """As `family`, for a name that is well formed."""
        model = await self._mongo.models.find_by(name=name)
        model = model or await self._created(owner_id, name)
        if model.owner_id != owner_id:
            raise AlreadyExists(f"the model name {name} belongs to somebody else")
        if model.is_trashed:
            raise AlreadyExists(f"the model {name} is in the trash; restore or purge it first")
        return model

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
