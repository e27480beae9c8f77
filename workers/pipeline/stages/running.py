"""One stage of a training run by its name."""

from __future__ import annotations

import time
from collections.abc import Callable

from threadpoolctl import threadpool_limits

from store.records.training import TrainingSpec
from workers.pipeline.progress import Progress
from workers.pipeline.stages import (
    calibrate,
    clean,
    cluster,
    embed,
    evaluate,
    fit,
    package,
    project,
    split,
)
from workers.pipeline.workspace import Outcome, Workspace

Stage = Callable[[Workspace, TrainingSpec, Progress], Outcome]

STAGES: dict[str, Stage] = {
    "clean": clean.run,
    "split": split.run,
    "embed": embed.run,
    "cluster": cluster.run,
    "project": project.run,
    "fit": fit.run,
    "calibrate": calibrate.run,
    "evaluate": evaluate.run,
    "package": package.run,
}


def run_stage(
    name: str, work: Workspace, spec: TrainingSpec, progress: Progress, before_s: float = 0.0
) -> Outcome:
    """Run one stage and leave beside its files how long it took, with what it took `before_s`.

    Matrix products keep to one thread. Split over cores, a sum depends in its last bits on how many
    there are; and where others keep those cores busy, threads that wait for each other take 3 to 10
    times as long (k-means of banking77: 5 to 14 s on two threads, 1 s on one). What gains from more
    cores, embedding and the fits, runs side by side instead.
    """
    began = time.perf_counter()
    with threadpool_limits(1):
        outcome = STAGES[name](work, spec, progress)
    work.time(name, before_s + time.perf_counter() - began, outcome.done)
    return outcome
