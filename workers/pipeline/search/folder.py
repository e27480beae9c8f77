"""An index as a folder: written whole, checked before it answers."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from store.digest import sha256_of
from store.records.dataset import DataKind
from workers.pipeline.arrays import Floats, Ints
from workers.pipeline.notes import note, warn
from workers.pipeline.progress import Progress
from workers.pipeline.search import index as exactly
from workers.pipeline.search.columns import Columns, write_columns
from workers.pipeline.search.figures import Figures
from workers.pipeline.search.graph import Graph, build_graph, measured
from workers.pipeline.search.index import Index
from workers.pipeline.search.keywords import Keywords, write_keywords
from workers.pipeline.search.vectors import Vectors, write_vectors
from workers.pipeline.table import Table

FORMAT = 1
MANIFEST = "manifest.json"
ENGINE = "engine"
LEAST_RECALL = 0.95


class IndexRefused(Exception):
    """The folder is not a whole, unchanged index."""


@dataclass(frozen=True)
class Parts:
    """What an index is made of: n rows and their unit vectors."""

    kind: DataKind
    table: Table
    vectors: Floats
    embedder_key: str | None
    engine: Path | None
    """Of an embedder that was fitted to these rows."""


def write_index(folder: Path, parts: Parts, progress: Progress) -> Figures:
    """Leave what `load_index` reads."""
    folder.mkdir(parents=True)
    order = np.argsort(parts.table.row, kind="stable")
    table, vectors = _in_order(parts, order)
    write_columns(folder / "rows", table)
    write_vectors(folder / "vectors.npy", vectors)
    if parts.engine is not None:
        shutil.copytree(parts.engine, folder / ENGINE)
    # a sequence is one long word: nobody asks for exactly that
    texts = table.text if parts.kind is DataKind.TEXT else []
    words = write_keywords(folder / "words", texts)
    width, recall = _graph(folder / "graph.faiss", vectors, progress)
    progress(len(table), len(table))
    files = _digests(folder)
    size = sum(file["bytes"] for file in files.values())
    rows, dimensions = vectors.shape
    figures = Figures(size, rows, dimensions, words, width is not None, recall)
    manifest = {
        "format": FORMAT, "kind": parts.kind, "embedder_key": parts.embedder_key,
        "rows": len(table), "width": width, "recall": recall, "files": files,
    }  # fmt: skip
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1))
    return figures


def load_index(folder: Path) -> Index:
    """Check the folder and open it. Raises IndexRefused."""
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        if manifest["format"] != FORMAT:
            raise IndexRefused(f"format {manifest['format']} is not known here")
        _check_files(folder, manifest["files"])
        return _open(folder, manifest)
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RuntimeError) as error:
        raise IndexRefused(f"{folder.name} is not an index: {error}") from error


def _open(folder: Path, manifest: dict[str, Any]) -> Index:
    columns, vectors = Columns.load(folder / "rows"), Vectors.load(folder / "vectors.npy")
    width = manifest["width"]
    if not len(columns) == len(vectors.packed) == manifest["rows"]:
        raise ValueError("rows and vectors differ in number")
    return Index(
        kind=DataKind(manifest["kind"]),
        embedder_key=manifest["embedder_key"],
        columns=columns,
        vectors=vectors,
        keywords=Keywords.load(folder / "words", len(columns)),
        graph=Graph.load(folder / "graph.faiss", width) if width else None,
    )


def _in_order(parts: Parts, order: Ints) -> tuple[Table, Floats]:
    """By row number, as ties are settled; they nearly always are."""
    if (order == np.arange(len(order))).all():
        return parts.table, parts.vectors
    return parts.table.take(order), parts.vectors[order]


def _graph(path: Path, vectors: Floats, progress: Progress) -> tuple[int | None, float]:
    """Its width and recall; no graph where few rows need none, or where it would miss too many."""
    if len(vectors) <= exactly.EXACT_ROWS:
        return None, 1.0
    graph = build_graph(vectors, progress)
    width, recall = measured(graph, vectors)
    note(f"a graph that finds {recall:.3f} of the ten nearest rows", width=width)
    if recall < LEAST_RECALL:
        warn("the graph misses too many rows, so every search compares all of them")
        return None, 1.0
    exactly_to(path, graph)
    return width, recall


def exactly_to(path: Path, graph: Any) -> None:
    """Write the graph; faiss takes no Path."""
    import faiss  # noqa: PLC0415  (loaded already where a graph was built)

    faiss.write_index(graph, str(path))


def _digests(folder: Path) -> dict[str, dict[str, Any]]:
    return {
        path.relative_to(folder).as_posix(): {
            "sha256": sha256_of(path), "bytes": path.stat().st_size,
        }
        for path in _files(folder)
    }  # fmt: skip


def _check_files(folder: Path, files: dict[str, dict[str, Any]]) -> None:
    found = {path.relative_to(folder).as_posix() for path in _files(folder)}
    if found != {MANIFEST, *files}:
        raise IndexRefused(f"files are missing or strange: {sorted(found ^ {MANIFEST, *files})}")
    for name, said in files.items():
        if sha256_of(folder / name) != said["sha256"]:
            raise IndexRefused(f"{name} is not the file that was built")


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())
