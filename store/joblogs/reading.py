"""Somebody's way through one log, wherever it is."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from store.errors import NotFound
from store.events import Events, Feed, Gap
from store.events.cursor import Cursor
from store.events.state import Chunk
from store.joblogs.archive import Archive
from store.objects import ObjectStore
from store.records.job import Job


class Reading:
    """Reads the archive of a log that has one, else the stream.

    A stream goes only after its log was archived, so who finds none looks for the archive again.
    """

    def __init__(self, job: Job, key: str, *, events: Events, objects: ObjectStore) -> None:
        self._has_ended = job.status.is_terminal
        self._key = key
        self._events = events
        self._objects = objects
        self._archive: Archive | None = None
        self._is_lost = False

    @property
    def is_over(self) -> bool:
        """Whether what was read is all that there will ever be."""
        return self._archive is not None or self._is_lost

    async def read(self, feed: Feed, after: Cursor, count: int) -> Chunk:
        """At most `count` lines after a cursor, and whether some of them are gone."""
        if self._has_ended and await self._finds_archive():
            return self._archived(after, count)
        chunk = await self._events.read(feed, after, count)
        if chunk.has_stream:
            return chunk
        if not self._has_ended and await self._finds_archive():
            return self._archived(after, count)
        self._is_lost = self._has_ended
        lost = Gap(str(after), str(chunk.cursor)) if self._is_lost else None
        return replace(chunk, gap=chunk.gap or lost)

    async def _finds_archive(self) -> bool:
        if self._archive is None:
            try:
                packed = await self._objects.get_bytes(self._key)
            except NotFound:
                return False
            self._archive = await asyncio.to_thread(Archive, packed)
        return True

    def _archived(self, after: Cursor, count: int) -> Chunk:
        assert self._archive is not None
        return self._archive.read(after, count)
