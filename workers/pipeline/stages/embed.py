"""A vector for each row; texts whose vectors are known from before are not embedded again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from store.records.training import TrainingSpec
from workers.pipeline.arrays import Floats
from workers.pipeline.embedders import Embedder, open_embedder
from workers.pipeline.progress import Progress
from workers.pipeline.stages.clean import read_rows
from workers.pipeline.workspace import Outcome, Workspace

Known = dict[bytes, tuple[Floats, bool]]
KEY_BYTES = 16


def run(work: Workspace, spec: TrainingSpec, progress: Progress) -> Outcome:
    """Leave `vectors` (n, d), `truncated` (n,) and a fitted engine; new vectors for the cache."""
    texts = read_rows(work).text
    embedder = _open(work, spec, texts, progress)
    keys = [key_of(text) for text in texts]
    known = read_vectors(work.cache) if embedder.key else {}
    missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    fresh = _embed(embedder, missing, len(texts), progress)
    if embedder.key and fresh:
        _write_vectors(work.new_vectors, fresh)
    embedded = sum(key in missing for key in keys)
    known |= fresh
    truncated = _write(work, embedder, [known[key] for key in keys], embedded)
    progress(len(texts), len(texts))
    cut = f", {truncated:,} cut at the embedder's length" if truncated else ""
    told = f"{embedded:,} rows embedded, {len(texts) - embedded:,} known before{cut}"
    return Outcome(len(texts), told)


def key_of(text: str) -> bytes:
    """What a vector is found by: 16 bytes of BLAKE2b of the text."""
    return hashlib.blake2b(text.encode(), digest_size=KEY_BYTES).digest()


def read_vectors(folder: Path) -> Known:
    """Every vector in the folder's files, by key."""
    known: Known = {}
    for path in sorted(folder.glob("*.npz")):
        with np.load(path, allow_pickle=False) as saved:
            keys = saved["keys"].view(f"V{KEY_BYTES}").ravel()
            rows = zip(keys, saved["vectors"], saved["truncated"], strict=True)
            known.update((bytes(key), (vector, bool(cut))) for key, vector, cut in rows)
    return known


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


def _embed(embedder: Embedder, missing: dict[bytes, str], rows: int, progress: Progress) -> Known:
    texts: Sequence[str] = list(missing.values())
    before = rows - len(texts)

    def tell(done: int, total: int) -> None:
        progress(before + done, rows)

    if not texts:
        return {}
    embedded = embedder.embed(texts, tell)
    pairs = zip(embedded.vectors, embedded.truncated, strict=True)
    return {key: (vector, bool(cut)) for key, (vector, cut) in zip(missing, pairs, strict=True)}


def _write_vectors(folder: Path, fresh: Known) -> None:
    """One file, named by its keys: two trainings that embed the same texts write the same name."""
    folder.mkdir(parents=True, exist_ok=True)
    keys = b"".join(fresh)
    path = folder / f"{hashlib.sha256(keys).hexdigest()}.npz"
    np.savez(
        path,
        keys=np.frombuffer(keys, np.uint8).reshape(-1, KEY_BYTES),
        vectors=np.stack([vector for vector, _ in fresh.values()]),
        truncated=np.array([cut for _, cut in fresh.values()]),
    )
