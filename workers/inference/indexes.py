"""The search indexes that an inference worker holds, and what it finds with them."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections import OrderedDict, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from store.codec import from_plain
from store.errors import NotFound, Refused
from store.records.index import Built, SearchIndex
from store.records.search import Query, SearchAnswer, SearchMode
from store.store import Store
from workers.attempts.folders import pull
from workers.engines import engine_here
from workers.inference.served import ENCODER_THREADS
from workers.pipeline.embedders import Encoder, load_encoder
from workers.pipeline.search.folder import ENGINE, IndexRefused, load_index
from workers.pipeline.search.index import Index, NoSuchRow

MAX_HELD, MAX_HELD_BYTES = 8, 2 * 2**30
MAX_ENCODERS = 4
UNAVAILABLE = "INDEX_UNAVAILABLE"
log = structlog.get_logger()


@dataclass(frozen=True)
class Held:
    index: Index
    encoder: Encoder

    def search(self, texts: Sequence[str], query: Query) -> list[SearchAnswer]:
        """Blocks. Raises NoSuchRow."""
        plain = [self.index.plain(text) for text in texts]
        if query.mode is SearchMode.KEYWORD or query.like_row is not None:
            return self.index.search(plain, [None] * len(plain), query)
        return self.index.search(plain, list(self.encoder.encode(plain).vectors), query)


class Indexes:
    """Loads each index once, and keeps those that were asked for last within both bounds."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._held: OrderedDict[str, Held] = OrderedDict()
        self._encoders: OrderedDict[str, Encoder] = OrderedDict()
        self._loading: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def answer(
        self, subject: str, texts: Sequence[str], *, query: dict[str, Any]
    ) -> Sequence[SearchAnswer]:
        """The rows found for each text. Raises Refused, and Unavailable."""
        try:
            held = await self.get(subject)
            return await asyncio.to_thread(held.search, texts, from_plain(Query, query))
        except (NotFound, IndexRefused) as refused:
            raise Refused(UNAVAILABLE, str(refused)) from refused
        except NoSuchRow as refused:
            raise Refused("NO_SUCH_ROW", str(refused)) from refused

    async def get(self, index_id: str) -> Held:
        """Raises NotFound, Unavailable or IndexRefused."""
        async with self._loading[index_id]:
            if index_id not in self._held:
                await self._load(index_id)
            self._held.move_to_end(index_id)
            return self._held[index_id]

    async def tidy(self) -> None:
        """Let go of indexes whose data set is purged or in the trash, on this host's disk as well.

        On a volume their files are links to objects: while one is left, nothing is freed.
        """
        there = await asyncio.to_thread(_names, self._folder)
        live = await self._store.search.live_indexes(there)
        for index_id in there:
            if index_id not in live:
                async with self._loading[index_id]:
                    self._held.pop(index_id, None)
                    await asyncio.to_thread(shutil.rmtree, self._folder / index_id, True)

    @property
    def _folder(self) -> Path:
        return self._store.settings.data.absolute() / "indexes"

    async def _load(self, index_id: str) -> None:
        found = (await self._store.search.live_indexes([index_id])).get(index_id)
        if found is None or found.built is None:
            raise NotFound(f"there is no index {index_id} that is ready")
        folder = await self._here(found, found.built)
        try:
            index = await asyncio.to_thread(load_index, folder)
        except IndexRefused:  # what is damaged here may be whole there, the next time
            await asyncio.to_thread(shutil.rmtree, folder, True)
            raise
        self._held[index_id] = Held(index, await self._encoder(index.embedder_key, folder))
        log.info("index served", index=index_id, rows=len(index.columns), bytes=found.built.bytes)
        while len(self._held) > 1 and self._is_too_much():
            self._held.popitem(last=False)

    def _is_too_much(self) -> bool:
        held_bytes = sum(held.index.held_bytes for held in self._held.values())
        return len(self._held) > MAX_HELD or held_bytes > MAX_HELD_BYTES

    async def _here(self, found: SearchIndex, built: Built) -> Path:
        """This host's copy: a folder that is there is whole."""
        folder = self._folder / found.id / built.prefix.rstrip("/").rpartition("/")[2]
        if folder.is_dir():
            return folder
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".") as scratch:
            draft = Path(scratch, "draft")
            if not await pull(self._store.objects, built.prefix, draft):
                raise NotFound(f"the files of index {found.id} are not in the object store")
            _move(draft, folder)
        return folder

    async def _encoder(self, key: str | None, folder: Path) -> Encoder:
        """Shared by indexes of one embedder, but for one that was fitted to its own rows."""
        if key is None:
            return await asyncio.to_thread(load_encoder, folder / ENGINE, ENCODER_THREADS)
        if key not in self._encoders:
            engine = await engine_here(self._store, key)
            self._encoders[key] = await asyncio.to_thread(load_encoder, engine, ENCODER_THREADS)
        self._encoders.move_to_end(key)
        while len(self._encoders) > MAX_ENCODERS:
            self._encoders.popitem(last=False)
        return self._encoders[key]


def _move(draft: Path, folder: Path) -> None:
    try:
        draft.rename(folder)
    except OSError:
        if not folder.is_dir():  # else another process of this host was faster
            raise


def _names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()] if folder.is_dir() else []
