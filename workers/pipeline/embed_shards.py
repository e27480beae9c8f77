"""The embed stage in shards: files of texts that whoever is free embeds, each by itself.

A shard is named as its file of vectors will be: by the keys of its texts. So a shard whose
vectors are there is done, whoever did it, and texts that are not its own are found out.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from store.records.training import EmbedderSpec, TrainingSpec
from workers.pipeline.embedders import Embedder, open_embedder, open_engine
from workers.pipeline.progress import Progress
from workers.pipeline.stages.clean import read_rows
from workers.pipeline.vectors import key_of, name_of, read_keys, write_vectors
from workers.pipeline.workspace import Workspace

SHARD_TEXTS = 500
"""Half a second on one core. Every shard but the last is of this size, so that what one attempt
left undone is cut by the next as it was."""
FEW_TEXTS = 1_500
"""So many are embedded sooner than they are handed around."""


@dataclass(frozen=True)
class ShardPlan:
    name: str
    rows: int


@dataclass(frozen=True)
class EmbedPlan:
    rows: int
    """Of the training."""
    known: int
    """Rows that need no embedding: their vector is there, or that of another of the same text."""
    shards: tuple[ShardPlan, ...]
    """Of the texts that are left; none where these are few."""


@dataclass(frozen=True)
class ShardRequest:
    name: str
    texts: Path
    embedder: EmbedderSpec
    key: str
    """The embedder's: two engines with the same one give the same vectors."""
    engine: Path
    out: Path
    """The folder for its file of vectors."""


class BrokenShard(Exception):
    """A file of texts is not what was planned."""


def plan(work: Workspace, spec: TrainingSpec, progress: Progress) -> EmbedPlan:
    """Leave a file of texts for each shard in `work.shards`, and the engine that embeds them."""
    texts = read_rows(work).text
    known = read_keys(work.cache) | read_keys(work.new_vectors)
    by_key = {key_of(text): text for text in texts}
    missing = [(key, text) for key, text in by_key.items() if key not in known]
    progress(len(texts) - len(missing), len(texts))
    shards: tuple[ShardPlan, ...] = ()
    if len(missing) > FEW_TEXTS:
        open_embedder(spec.embedder, work.engine)
        starts = range(0, len(missing), SHARD_TEXTS)
        shards = tuple(_write(work.shards, missing[at : at + SHARD_TEXTS]) for at in starts)
    return EmbedPlan(len(texts), len(texts) - len(missing), shards)


def embed_shard(asked: ShardRequest, progress: Progress) -> int:
    """Leave the vectors of the shard's texts; how many these are. Raises BrokenShard."""
    texts = _read(asked.texts)
    keys = [key_of(text) for text in texts]
    if name_of(keys) != asked.name:
        raise BrokenShard(f"the texts of shard {asked.name} are not those it is named by")
    embedded = _loaded(asked).embed(texts, progress)
    write_vectors(asked.out, keys, embedded)
    return len(texts)


def _write(folder: Path, rows: list[tuple[bytes, str]]) -> ShardPlan:
    folder.mkdir(parents=True, exist_ok=True)
    shard = ShardPlan(name_of(key for key, _ in rows), len(rows))
    texts = pa.array([text for _, text in rows], pa.string())
    pq.write_table(pa.table({"text": texts}), folder / f"{shard.name}.parquet", compression="zstd")
    return shard


def _read(path: Path) -> list[str]:
    try:
        return [str(text) for text in pq.read_table(path)["text"].to_pylist()]
    except (pa.ArrowException, KeyError) as error:
        raise BrokenShard(f"the texts of shard {path.stem} cannot be read: {error}") from error


_latest: dict[str, Embedder] = {}
"""The one that was used last, by its key: most trainings embed as the one before did."""


def _loaded(asked: ShardRequest) -> Embedder:
    if asked.key not in _latest:
        _latest.clear()
        _latest[asked.key] = open_engine(asked.embedder, asked.engine)
    return _latest[asked.key]
