"""What every part of the trash has at hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from store.events import Events
from store.jobs import Jobs
from store.models.models import Models
from store.mongo import Collections
from store.objects import ObjectStore
from store.records.event import Event, EventKind
from store.settings import Settings
from store.trash.belongings import Belongings
from store.trash.effect import Effects
from store.trash.things import Thing, kind_of, records_of


class Part:
    """The collaborators; things of both kinds, read, moved and talked about."""

    def __init__(
        self, *, settings: Settings, mongo: Collections, objects: ObjectStore, events: Events,
        jobs: Jobs, models: Models,
    ) -> None:  # fmt: skip
        self._keep = timedelta(seconds=settings.trash_ttl_s)
        self._mongo = mongo
        self._objects = objects
        self._events = events
        self._jobs = jobs
        self._models = models
        self._belongings = Belongings(mongo=mongo, objects=objects)
        self._effects = Effects(keep=self._keep, mongo=mongo, belongings=self._belongings)

    async def _get(self, identifier: str) -> Thing:
        thing: Thing = await records_of(self._mongo, identifier).get(identifier)
        return thing

    async def _move(
        self, identifier: str, move: Callable[[Any], Any], expected_revision: int | None = None
    ) -> Thing:
        moved: Thing = await records_of(self._mongo, identifier).amend(
            identifier, move, expected_revision=expected_revision
        )
        self._models.forget(identifier)
        return moved

    async def _tell(
        self, kind: EventKind, thing: Thing, message: str, at: datetime, **related: str
    ) -> None:
        """Say it once, however often, if `at` is the same."""
        topic, owner = kind_of(thing.id).topic, thing.owner_id
        event = Event(topic, kind, thing.id, owner, at, message, related=related)
        await self._events.append_if_missing(event)
