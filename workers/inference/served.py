"""The bundles that an inference worker holds in memory."""

from __future__ import annotations

import asyncio
import shutil
from collections import OrderedDict, defaultdict
from pathlib import Path

import structlog

from store.store import Store
from workers.attempts.folders import fetch_bundle
from workers.pipeline.bundle import load_bundle
from workers.pipeline.serving import Bundle

MAX_HELD = 8
ENCODER_THREADS = 1
"""A chunk keeps to its core: there is a loop for each."""
log = structlog.get_logger()


class Served:
    """Loads each version once, keeps the MAX_HELD that were asked for last."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._held: OrderedDict[str, Bundle] = OrderedDict()
        self._loading: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def get(self, version_id: str) -> Bundle:
        """The version's bundle. Raises NotFound, Unavailable or BundleRefused."""
        async with self._loading[version_id]:
            if version_id not in self._held:
                await self._load(version_id)
        self._held.move_to_end(version_id)
        return self._held[version_id]

    def held(self) -> tuple[str, ...]:
        """The versions in memory, by their ids."""
        return tuple(sorted(self._held))

    async def tidy(self) -> None:
        """Let go of versions whose model is purged or in the trash, on this host's disk as well.

        On a volume their files are links to objects: while one is left, nothing is freed.
        """
        there = await asyncio.to_thread(_names, self._folder)
        live = await self._store.live.model_versions(there)
        for version_id in there:
            if version_id not in live:
                async with self._loading[version_id]:
                    self._held.pop(version_id, None)
                    await asyncio.to_thread(shutil.rmtree, self._folder / version_id, True)

    @property
    def _folder(self) -> Path:
        return self._store.settings.data.absolute() / "bundles"

    async def _load(self, version_id: str) -> None:
        version = await self._store.live.model_version(version_id)
        folder = self._folder / version_id
        await fetch_bundle(self._store.objects, version, folder)
        self._held[version_id] = await asyncio.to_thread(load_bundle, folder, ENCODER_THREADS)
        log.info("model served", model_version=version_id, bytes=version.bytes)
        while len(self._held) > MAX_HELD:
            self._held.popitem(last=False)


def _names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()] if folder.is_dir() else []
