"""A vector for each row; texts whose vectors are known are not embedded again."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np

from store.records.training import TrainingSpec
from workers.pipeline.arrays import Floats
from workers.pipeline.embedders import Embedder, open_embedder
from workers.pipeline.notes import note, warn
from workers.pipeline.progress import Progress
from workers.pipeline.stages.clean import read_rows
from workers.pipeline.vectors import Known, key_of, read_vectors, write_vectors
from workers.pipeline.workspace import Outcome, Workspace


def run(work: Workspace, spec: TrainingSpec, progress: Progress) -> Outcome:
    """Leave `vectors` (n, d), `truncated` (n,) and a fitted engine; new vectors for the cache.

    New vectors that are there already were embedded for this training, shard by shard.
    """
    texts = read_rows(work).text
    embedder = _open(work, spec, texts, progress)
    keys = [key_of(text) for text in texts]
    cached = read_vectors(work.cache) if embedder.key else {}
    fresh = read_vectors(work.new_vectors) if embedder.key else {}
    known = fresh | cached
    missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    known |= _embed(work, embedder, missing, len(texts), progress)
    embedded = sum(key not in cached for key in keys)
    truncated = _write(work, embedder, [known[key] for key in keys], embedded)
    dimensions = known[keys[0]][0].size  # to ask the embedder would load it, maybe for this alone
    note(f"vectors of {dimensions} numbers", embedder=embedder.key, known=len(cached))
    progress(len(texts), len(texts))
    if truncated:
        warn(f"{truncated:,} rows are longer than the embedder reads", rows=truncated)
    cut = f", {truncated:,} cut at the embedder's length" if truncated else ""
    told = f"{embedded:,} rows embedded, {len(texts) - embedded:,} known before{cut}"
    return Outcome(len(texts), told, fresh=embedded)


def _open(work: Workspace, spec: TrainingSpec, texts: list[str], progress: Progress) -> Embedder:
    """The embedder, fitted where it learns: from the rows that are not in the test."""
    embedder = open_embedder(spec.embedder, work.engine)
    if embedder.key is None:
        train = np.flatnonzero(work.array("split", "train"))
        embedder.fit([texts[i] for i in train], progress)
    return embedder


def _write(
    work: Workspace, embedder: Embedder, rows: list[tuple[Floats, bool]], embedded: int
) -> int:
    """Write the stage's folder; how many rows were cut."""
    truncated = np.array([cut for _, cut in rows])
    with work.writing("embed") as folder:
        np.save(folder / "vectors.npy", np.stack([vector for vector, _ in rows]))
        np.save(folder / "truncated.npy", truncated)
        counts = {"embedded": embedded, "cached": len(rows) - embedded}
        (folder / "counts.json").write_text(json.dumps(counts))
        if embedder.key is None:  # others are shared by their key
            embedder.save(folder / "engine")
    return int(truncated.sum())


def _embed(
    work: Workspace, embedder: Embedder, missing: dict[bytes, str], rows: int, progress: Progress
) -> Known:
    """Vectors of the missing texts, kept for later trainings if others can use them."""
    texts: Sequence[str] = list(missing.values())
    before = rows - len(texts)

    def tell(done: int, total: int) -> None:
        progress(before + done, rows)

    if not texts:
        return {}
    embedded = embedder.embed(texts, tell)
    if embedder.key:
        write_vectors(work.new_vectors, missing, embedded)
    pairs = zip(embedded.vectors, embedded.truncated, strict=True)
    return {key: (vector, bool(cut)) for key, (vector, cut) in zip(missing, pairs, strict=True)}
