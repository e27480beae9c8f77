"""A part's rows answered, by the same lines that answer a single text.

Equal texts are asked once and texts of like length go together. A few chunks run side by side, each
on a core: while one of them embeds, another one's labels are worked out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pyarrow.parquet as pq

from store.records.bulk import BulkSpec
from store.records.prediction import Answer
from workers.pipeline.bulk.columns import answered
from workers.pipeline.bulk.names import read_names
from workers.pipeline.bundle import load_bundle
from workers.pipeline.embedders.encoders import default_threads
from workers.pipeline.progress import Progress
from workers.pipeline.requests import PartRequest
from workers.pipeline.serving import Bundle

R = TypeVar("R")
CHUNK_TEXTS = 64
CHUNK_CHARACTERS = 20_000
"""Either ends a chunk: a cancel waits for those at hand, under a second."""


class Bundles:
    """The bundle that was used last: a job asks for the same one part after part."""

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._bundle: Bundle | None = None

    def at(self, folder: Path) -> Bundle:
        """Raises BundleRefused."""
        if self._bundle is None or folder != self._folder:
            self._bundle = None  # two at once may be too many
            self._bundle, self._folder = load_bundle(folder, threads=1), folder
        return self._bundle


def predict_part(bundle: Bundle, request: PartRequest, progress: Progress) -> int:
    """Answer every row of a part; how many these are. Raises what `progress` raises."""
    asked = pq.read_table(request.asked)
    texts = [str(text) for text in asked.column("text").to_pylist()]
    named = replace(bundle, names=read_names(request.names))
    found = answers(named, texts, request.spec, progress)
    draft = request.out.with_suffix(".draft")
    pq.write_table(answered(asked, found, request.spec), draft, compression="zstd")
    draft.replace(request.out)
    return len(found)


def answers(
    bundle: Bundle, texts: Sequence[str], spec: BulkSpec, progress: Progress
) -> list[Answer]:
    """One answer a text, in order."""
    top_k = spec.top_k if spec.has_scores else 1
    return in_chunks(lambda chunk: bundle.answer(chunk, top_k, spec.neighbours), texts, progress)


def in_chunks(
    ask: Callable[[Sequence[str]], Sequence[R]], texts: Sequence[str], progress: Progress
) -> list[R]:
    """What `ask` gives for each text, in order."""
    rows = Counter(texts)
    chunks = list(_chunks(sorted(rows, key=len, reverse=True)))
    found: dict[str, R] = {}
    done = 0
    progress(0, len(texts))
    with ThreadPoolExecutor(default_threads()) as pool:
        try:
            asked = [pool.submit(ask, chunk) for chunk in chunks]
            for chunk, future in zip(chunks, asked, strict=True):
                found |= zip(chunk, future.result(), strict=True)
                done += sum(rows[text] for text in chunk)
                progress(done, len(texts))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return [found[text] for text in texts]


def _chunks(texts: Sequence[str]) -> Iterator[list[str]]:
    chunk: list[str] = []
    characters = 0
    for text in texts:
        chunk.append(text)
        characters += len(text)
        if len(chunk) == CHUNK_TEXTS or characters >= CHUNK_CHARACTERS:
            yield chunk
            chunk, characters = [], 0
    if chunk:
        yield chunk
