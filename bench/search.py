"""Search in rows made up: how long a call takes through a worker, and how much a graph finds."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np

from bench.figure import Figure, at_least, at_most
from bench.platform import Platform
from store.clock import now
from store.codec import to_plain
from store.datasets.datasets import Row
from store.objects import keys
from store.records.dataset import DataKind
from store.records.index import Built, IndexStatus, SearchIndex, index_id
from store.records.search import Query, SearchMode
from store.records.training import EmbedderSpec
from store.store import Store, open_store
from workers.attempts.folders import push
from workers.engines import keep_engine
from workers.pipeline.arrays import Floats
from workers.pipeline.embedders import embedder_key, open_embedder
from workers.pipeline.embedders.unit import unit
from workers.pipeline.progress import silent
from workers.pipeline.search.figures import Figures
from workers.pipeline.search.folder import Parts, load_index, write_index
from workers.pipeline.search.graph import exact, questions
from workers.pipeline.table import Table

FEW, MANY = 100_000, 250_000
DIMENSIONS = 384
WORDS, WORDS_A_ROW = 30_000, 12
ROWS_A_CENTRE = 100
CALLS, WARM_UP = 200, 20
QUERIES = 200


async def search(platform: Platform) -> list[Figure]:
    """Few rows, which are all compared, and many, which are not."""
    async with open_store(platform.settings) as store:
        with tempfile.TemporaryDirectory() as scratch:
            few, _ = await asyncio.to_thread(_built, Path(scratch, "few"), FEW)
            few_ms = await _p50_ms(store, Path(scratch, "few"), few)
            many, vectors = await asyncio.to_thread(_built, Path(scratch, "many"), MANY)
            recall = await asyncio.to_thread(_recall, Path(scratch, "many"), vectors)
            many_ms = await _p50_ms(store, Path(scratch, "many"), many)
    print(f"# megabytes: {few.bytes / 2**20:.0f} and {many.bytes / 2**20:.0f}")
    return [
        at_most(f"search_{FEW}_rows", few_ms, 25, "ms"),
        at_most(f"search_{MANY}_rows", many_ms, 25, "ms"),
        at_least(f"search_{MANY}_rows_recall_at_10", recall, 0.95),
    ]


def _built(folder: Path, rows: int) -> tuple[Figures, Floats]:
    """An index of rows around centres, as embedded texts are, with words as texts have them."""
    chance = np.random.default_rng(0)
    centres = chance.standard_normal((rows // ROWS_A_CENTRE, DIMENSIONS)).astype(np.float32)
    vectors = centres[chance.integers(0, len(centres), rows)]
    for start in range(0, rows, 10_000):
        part = vectors[start : start + 10_000]
        noise = chance.standard_normal(part.shape).astype(np.float32)
        vectors[start : start + 10_000] = unit(part + np.float32(0.6) * noise)
    texts = [
        " ".join(f"w{word}" for word in row)
        for row in (chance.zipf(1.3, (rows, WORDS_A_ROW)) % WORDS).tolist()
    ]
    nothing: list[str | None] = [None] * rows
    numbers = np.arange(rows)
    table = Table(numbers, texts, nothing, nothing, numbers, nothing)
    parts = Parts(DataKind.TEXT, table, vectors, embedder_key(EmbedderSpec()), None)
    return write_index(folder, parts, silent), vectors


def _recall(folder: Path, vectors: Floats) -> float:
    """Share of the ten rows of highest cosine that are found."""
    index, asked = load_index(folder), questions(vectors, QUERIES, seed=1)
    truth = exact(vectors, asked, 10).tolist()
    answers = index.search(["?"] * QUERIES, list(asked), Query(SearchMode.SEMANTIC))
    found = (
        len({hit.row for hit in answer.hits} & set(rows))
        for answer, rows in zip(answers, truth, strict=True)
    )
    return sum(found) / (10 * QUERIES)


async def _p50_ms(store: Store, folder: Path, made: Figures) -> float:
    """From a text to its hits: the queue, the text's vector, both parts of the score."""
    index = await _kept(store, folder, made)
    taken = []
    for number in range(WARM_UP + CALLS):
        text = f"where is my w{number} and the w{3 * number} that I sent"
        began = time.perf_counter()
        answer = await store.search.ask(index, text, Query())
        taken.append((time.perf_counter() - began) * 1000)
        assert len(answer.hits) == 10
    return statistics.median(taken[WARM_UP:])


async def _kept(store: Store, folder: Path, made: Figures) -> SearchIndex:
    """The folder where a worker looks for the index of a data set."""
    spec = EmbedderSpec()
    key = embedder_key(spec)
    assert key is not None
    with tempfile.TemporaryDirectory() as engine:
        await asyncio.to_thread(open_embedder, spec, Path(engine))
        await keep_engine(store.objects, key, Path(engine))
    _, version, _ = await store.datasets.create_from_rows("bench", "rows", rows=[Row(text="one")])
    identifier = index_id(version.id, spec)
    prefix = keys.index(version.dataset_id, identifier, "bench")
    await push(store.objects, folder, prefix)
    built = Built(prefix=prefix, embedder_key=key, **to_plain(made))
    index = SearchIndex(
        identifier, version.dataset_id, version.id, "bench", spec, "", now(), IndexStatus.READY,
        built, now(),
    )  # fmt: skip
    return await store.mongo.search_indexes.insert(index)
