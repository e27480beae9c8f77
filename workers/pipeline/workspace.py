"""The folder that one training works in: every file name in one place.

Each stage writes the folder of its own name, whole or not at all: it fills a draft beside it, and
the draft is renamed at the end. So a folder that is there is finished; a retry goes on after it.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from store.records.dataset import DataKind
from store.records.job import STAGES, JobKind

TIME = "time.json"
ORDER = STAGES[JobKind.TRAIN]


@dataclass(frozen=True)
class Outcome:
    """What a stage tells of itself: the rows it went over, and one sentence for people."""

    done: int
    summary: str
    fresh: int | None = None
    """Rows of these that were not known before; None for all."""


@dataclass(frozen=True)
class Workspace:
    """Paths under `folder`; `input`, `cache` and `engine` are laid before the first stage."""

    folder: Path

    @property
    def input(self) -> Path:
        """The version's shards, `*.parquet`, in order."""
        return self.folder / "input"

    @property
    def about(self) -> Path:
        """`{"kind", "dataset_version_id", "job_id"}`."""
        return self.folder / "input" / "about.json"

    @property
    def cache(self) -> Path:
        """Vectors known from earlier trainings, `*.npz`."""
        return self.folder / "cache"

    @property
    def new_vectors(self) -> Path:
        """Vectors that this training adds, as in `cache`."""
        return self.folder / "new_vectors"

    @property
    def shards(self) -> Path:
        """The texts of the embed stage that are handed around, `*.parquet`."""
        return self.folder / "shards"

    @property
    def engine(self) -> Path:
        """What the embedder was made into; empty at first for an embedder never used before."""
        return self.folder / "engine"

    @property
    def bundle(self) -> Path:
        return self.folder / "package" / "bundle"

    @property
    def report(self) -> Path:
        return self.folder / "package" / "report.json"

    @property
    def map(self) -> Path:
        """As `workers.pipeline.drawing` leaves it."""
        return self.folder / "package" / "map"

    @property
    def labels(self) -> Path:
        return self.folder / "package" / "labels.json"

    @property
    def kind(self) -> DataKind:
        return DataKind(self.read_about()["kind"])

    def read_about(self) -> dict[str, str]:
        about: dict[str, str] = json.loads(self.about.read_bytes())
        return about

    @contextmanager
    def writing(self, stage: str) -> Iterator[Path]:
        """A draft of the stage's folder, which takes its place when the block ends well."""
        draft = self.folder / f"{stage}.draft"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        yield draft
        shutil.rmtree(self.folder / stage, ignore_errors=True)
        draft.rename(self.folder / stage)

    def nothing_embedded(self) -> None:
        """Note that every vector was there before: the stage was taken over from another job."""
        counts = self.json("embed", "counts")
        counts = {"embedded": 0, "cached": counts["embedded"] + counts["cached"]}
        draft = self.folder / "counts.draft"
        draft.write_text(json.dumps(counts))
        draft.replace(self.folder / "embed" / "counts.json")  # it may be a link to what is kept

    def time(self, stage: str, seconds: float, rows: int) -> None:
        """Note how long the stage took over how many rows."""
        (self.folder / stage / TIME).write_text(json.dumps([seconds, rows]))

    def times(self) -> dict[str, tuple[float, int]]:
        """Seconds and rows of each finished stage, by name."""
        found = self.folder.glob(f"*/{TIME}")
        told = {path.parent.name: json.loads(path.read_bytes()) for path in found}
        return {name: (told[name][0], told[name][1]) for name in ORDER if name in told}

    def array(self, stage: str, name: str, *, mapped: bool = False) -> NDArray[Any]:
        """The array that a stage left; `mapped` reads its pages as they are touched."""
        path = self.folder / stage / f"{name}.npy"
        array: NDArray[Any] = np.load(path, mmap_mode="r" if mapped else None, allow_pickle=False)
        return array

    def json(self, stage: str, name: str) -> Any:
        return json.loads((self.folder / stage / f"{name}.json").read_bytes())
