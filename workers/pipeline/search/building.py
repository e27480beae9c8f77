"""What a child does of an indexing job: rows laid for the embed stage, an index made of both."""

from __future__ import annotations

import numpy as np

from store.records.training import TrainingSpec
from workers.pipeline.embedders import embedder_key
from workers.pipeline.notes import note
from workers.pipeline.progress import Progress
from workers.pipeline.search.figures import INDEX, Figures
from workers.pipeline.search.folder import Parts, write_index
from workers.pipeline.stages.clean import ROWS, read_rows
from workers.pipeline.stages.refusal import refusal
from workers.pipeline.table import read_shards
from workers.pipeline.workspace import Workspace


def lay_rows(work: Workspace, progress: Progress) -> int:
    """Leave all rows as the embed stage of a training finds them; how many these are.

    Unlike in a training none is held out, dropped for its label, or left out of a sample. Raises
    BadData where there is nothing to find.
    """
    table = read_shards(work.input)
    table = table.take(np.flatnonzero([bool(text.strip()) for text in table.text]))
    if not len(table):
        raise refusal("NO_ROWS", "no row has a text to be found by", "append rows with text")
    with work.writing("clean") as folder:
        table.write(folder / ROWS)
    with work.writing("split") as folder:
        np.save(folder / "train.npy", np.ones(len(table), np.bool_))
    progress(len(table), len(table))
    return len(table)


def build(work: Workspace, spec: TrainingSpec, progress: Progress) -> Figures:
    """Leave the folder `index` out of what `lay_rows` and the embed stage left."""
    table, key = read_rows(work), embedder_key(spec.embedder)
    progress(0, len(table))
    parts = Parts(
        kind=work.kind,
        table=table,
        vectors=work.array("embed", "vectors", mapped=True),
        embedder_key=key,
        engine=None if key else work.folder / "embed" / "engine",
    )
    with work.writing(INDEX) as folder:
        figures = write_index(folder / INDEX, parts, progress)
    note(f"{figures.rows:,} rows by {figures.words:,} words", bytes=figures.bytes)
    return figures
