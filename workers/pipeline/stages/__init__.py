"""The stages of a training, by name; each is loaded when it is run."""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib import import_module
from typing import cast

from store.records.training import TrainingSpec
from workers.pipeline.progress import Progress
from workers.pipeline.workspace import ORDER, Outcome, Workspace

Stage = Callable[[Workspace, TrainingSpec, Progress], Outcome]


def run_stage(name: str, work: Workspace, spec: TrainingSpec, progress: Progress) -> Outcome:
    """Run one stage and leave beside its files how long it took."""
    began = time.perf_counter()
    run = cast(Stage, import_module(f"{__name__}.{name}").run)
    outcome = run(work, spec, progress)
    work.time(name, time.perf_counter() - began, outcome.done)
    return outcome


def run_all(work: Workspace, spec: TrainingSpec, progress: Progress) -> dict[str, Outcome]:
    """Every stage in order, in this process."""
    return {name: run_stage(name, work, spec, progress) for name in ORDER}
