"""The stages of a training, by name; each is loaded when it is run."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import cast

from store.records.job import STAGES as NAMES
from store.records.job import JobKind
from store.records.training import TrainingSpec
from workers.pipeline.progress import Progress
from workers.pipeline.workspace import Outcome, Workspace

Stage = Callable[[Workspace, TrainingSpec, Progress], Outcome]


def stage(name: str) -> Stage:
    """The stage's `run`."""
    return cast(Stage, import_module(f"{__name__}.{name}").run)


def run_all(work: Workspace, spec: TrainingSpec, progress: Progress) -> dict[str, Outcome]:
    """Every stage in order, in this process."""
    return {name: stage(name)(work, spec, progress) for name in NAMES[JobKind.TRAIN]}
