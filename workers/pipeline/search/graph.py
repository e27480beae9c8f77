"""An HNSW graph (Malkov and Yashunin 2018) over more vectors than one can compare each time.

How far a search goes is settled when the graph is built: doubled until RECALL of the ten nearest
rows are found, over queries beside the rows. Which edges a graph has depends on the order in which
threads insert; but it is built once, kept as a file, and from then on the same query finds the
same rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from workers.pipeline.arrays import Floats, Mask, Places
from workers.pipeline.embedders.unit import unit
from workers.pipeline.progress import Progress

LINKS = 32
BUILD_WIDTH = 120
WIDTHS = (64, 128, 256, 512, 1_024)
"""Candidates that a search holds; tried in turn."""
RECALL = 0.97
"""Aimed at, so that queries of another kind still find 0.95."""
QUERIES = 200
NOISE = 0.7
"""Length of what is added to a row to make a query of it: a question is no copy of its answer."""
NEAREST = 10
_BATCH = 10_000
_faiss: Any = faiss
"""Its own types know neither search parameters nor what Python adds to its constructors."""


@dataclass(frozen=True)
class Graph:
    index: faiss.Index
    width: int

    @classmethod
    def load(cls, path: Path, width: int) -> Graph:
        return cls(faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC), width)

    def nearest(self, vector: Floats, count: int, mask: Mask | None = None) -> Places:
        """Places of about `count` rows near `vector` (d,), of those in `mask`; maybe fewer."""
        # a filter hides what lies beside the way, so the search goes on for longer
        share = 1.0 if mask is None else float(mask.mean())
        asked = _as_far_as(max(self.width, int(2 * count / share)), mask)
        _, places = self.index.search(vector[None], count, params=asked)
        found: Places = places[0][places[0] >= 0].astype(np.intp)
        return found


def _as_far_as(width: int, mask: Mask | None = None) -> Any:
    """What to search with: so many candidates, of these rows."""
    if mask is None:
        return _faiss.SearchParametersHNSW(efSearch=width)
    selector = _faiss.IDSelectorBitmap(np.packbits(mask, bitorder="little"))
    return _faiss.SearchParametersHNSW(efSearch=width, sel=selector)


def build_graph(vectors: Floats, progress: Progress) -> faiss.Index:
    """A graph over unit vectors (n, d), which it holds as float16."""
    quantizer = _faiss.ScalarQuantizer.QT_fp16
    index: faiss.IndexHNSW = _faiss.IndexHNSWSQ(
        vectors.shape[1], quantizer, LINKS, faiss.METRIC_INNER_PRODUCT
    )
    index.hnsw.efConstruction = BUILD_WIDTH
    index.train(vectors[:_BATCH])
    for start in range(0, len(vectors), _BATCH):
        index.add(np.ascontiguousarray(vectors[start : start + _BATCH], np.float32))
        progress(min(start + _BATCH, len(vectors)), len(vectors))
    return index


def measured(index: faiss.Index, vectors: Floats, seed: int = 0) -> tuple[int, float]:
    """The least width that finds RECALL of the nearest rows, and the recall at it.

    The widest, with what it finds, where none finds as many.
    """
    queries = questions(vectors, QUERIES, seed)
    truth = exact(vectors, queries, NEAREST)
    recall = 0.0
    for width in WIDTHS:
        _, found = index.search(queries, NEAREST, params=_as_far_as(width))
        hits = [len(np.intersect1d(*each)) for each in zip(found, truth, strict=True)]
        recall = sum(hits) / (NEAREST * len(queries))
        if recall >= RECALL:
            return width, recall
    return WIDTHS[-1], recall


def questions(vectors: Floats, count: int, seed: int) -> Floats:
    """(count, d): vectors beside rows, as texts are that somebody asks about."""
    chance = np.random.default_rng(seed)
    chosen = np.sort(chance.choice(len(vectors), min(count, len(vectors)), replace=False))
    noise = unit(chance.standard_normal((len(chosen), vectors.shape[1])).astype(np.float32))
    return unit(np.asarray(vectors[chosen], np.float32) + np.float32(NOISE) * noise)


def exact(vectors: Floats, queries: Floats, count: int) -> Places:
    """(m, count): the nearest rows of each query, found by comparing all."""
    best = np.full((len(queries), count), -np.inf, np.float32)
    places = np.full((len(queries), count), -1, np.intp)
    for start in range(0, len(vectors), _BATCH):
        cosines = queries @ np.asarray(vectors[start : start + _BATCH], np.float32).T
        here = np.broadcast_to(np.arange(start, start + cosines.shape[1]), cosines.shape)
        both, where = np.hstack([best, cosines]), np.hstack([places, here])
        order = np.argsort(-both, axis=1, kind="stable")[:, :count]
        best = np.take_along_axis(both, order, 1)
        places = np.take_along_axis(where, order, 1)
    return places
